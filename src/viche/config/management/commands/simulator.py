"""viche simulator: providers that speak the real protocols on this machine, for demo and development only."""

import sys
from argparse import REMAINDER, ArgumentParser
from importlib import import_module
from typing import Any

from django.conf import settings

from viche.config.management import base

PROVIDERS = ("isei", "bankid", "kep", "mobileid", "diia", "oidc")
TERMINAL = "terminal"
# (room, options of its own) of the other simulators
NEIGHBOURS: dict[str, tuple[str, tuple[str, ...]]] = {
    "documents": ("connectors.documents", ()),
    "treasury": ("connectors.treasury", ()),
    "prozorro": ("connectors.treasury", ("--procurement",)),
}


class Command(base.Command):
    help = "Run the simulator of an identity provider, or a terminal (never with production settings)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", choices=(*PROVIDERS, TERMINAL, *NEIGHBOURS))
        parser.add_argument(
            "options", nargs=REMAINDER, help="of the simulator itself: --port, --allow, --help"
        )

    def handle(self, *args: Any, provider: str, **options: Any) -> None:
        room = "channels.terminals" if provider == TERMINAL else f"identity.providers.{provider}"
        room, own = NEIGHBOURS.get(provider, (room, ()))
        simulator = import_module(f"viche.{room}.simulator.__main__")
        sys.exit(simulator.main([*own, *options["options"], "--environment", settings.ENVIRONMENT]))
