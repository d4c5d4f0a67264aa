"""viche simulator: providers and neighbours that speak the real protocols on this machine, for demo and development."""

import sys
from argparse import REMAINDER, ArgumentParser
from importlib import import_module
from typing import Any

from django.conf import settings

from viche.config.management import base

PROVIDERS = ("isei", "bankid", "kep", "mobileid", "diia", "oidc")
TERMINAL = "terminal"
# other systems of a body: folders of connectors.systems.kinds
NEIGHBOURS = {"register": "residents", "sms": "gateways", "smtp": "gateways", "analytics": "analytics"}
# (room, options of its own) of systems that have a room to themselves
EXCHANGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "documents": ("connectors.documents", ()),
    "treasury": ("connectors.treasury", ()),
    "prozorro": ("connectors.treasury", ("--procurement",)),
}


class Command(base.Command):
    help = "Run the simulator of an identity provider, or a terminal (never with production settings)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", choices=(*PROVIDERS, TERMINAL, *NEIGHBOURS, *EXCHANGES))
        parser.add_argument(
            "options", nargs=REMAINDER, help="of the simulator itself: --port, --allow, --help"
        )

    def handle(self, *args: Any, provider: str, **options: Any) -> None:
        room, own = EXCHANGES.get(provider, (f"identity.providers.{provider}", ()))
        if provider == TERMINAL:
            room = "channels.terminals"
        elif provider in NEIGHBOURS:
            room = f"connectors.systems.kinds.{NEIGHBOURS[provider]}"
        simulator = import_module(f"viche.{room}.simulator.__main__")
        # a folder with several simulators is told which one
        which = {"name": provider} if provider in {"sms", "smtp"} else {}
        given = [*own, *options["options"], "--environment", settings.ENVIRONMENT]
        sys.exit(simulator.main(given, **which))
