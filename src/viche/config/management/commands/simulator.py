"""viche simulator: providers and neighbours that speak the real protocols on this machine, for demo and development."""

import sys
from argparse import REMAINDER, ArgumentParser
from importlib import import_module
from typing import Any

from django.conf import settings

from viche.config.management import base

PROVIDERS = ("isei", "bankid", "kep", "mobileid", "diia", "oidc")
NEIGHBOURS: dict[str, tuple[str, tuple[str, ...]]] = {
    "terminal": ("channels.terminals", ()),
    "wordpress": ("connectors.website.pushing", ("wordpress",)),
    "webdav": ("connectors.website.pushing", ("webdav",)),
    "register": ("connectors.systems.kinds.residents", ()),
    "sms": ("connectors.systems.kinds.gateways", ("sms",)),
    "smtp": ("connectors.systems.kinds.gateways", ("smtp",)),
    "analytics": ("connectors.systems.kinds.analytics", ()),
    "geocoder": ("connectors.systems.kinds.geocoder", ()),
    "documents": ("connectors.documents", ()),
    "treasury": ("connectors.treasury", ()),
    "prozorro": ("connectors.treasury", ("--procurement",)),
}
"""The room of each other simulator, and options of its own."""


class Command(base.Command):
    help = "Run the simulator of an identity provider, a terminal or a neighbour (never with production settings)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", choices=(*PROVIDERS, *NEIGHBOURS))
        parser.add_argument(
            "options", nargs=REMAINDER, help="of the simulator itself: --port, --allow, --help"
        )

    def handle(self, *args: Any, provider: str, **options: Any) -> None:
        room, own = NEIGHBOURS.get(provider, (f"identity.providers.{provider}", ()))
        simulator = import_module(f"viche.{room}.simulator.__main__")
        sys.exit(simulator.main([*own, *options["options"], "--environment", settings.ENVIRONMENT]))
