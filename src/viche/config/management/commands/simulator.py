"""viche simulator: providers that speak the real protocols on this machine, for demo and development only."""

import sys
from argparse import REMAINDER, ArgumentParser
from importlib import import_module
from typing import Any

from django.conf import settings

from viche.config.management import base

PROVIDERS = ("isei", "bankid", "kep", "mobileid", "diia", "oidc")
TERMINAL = "terminal"
# sites of a body: results are pushed there
SITES = ("wordpress", "webdav")


class Command(base.Command):
    help = (
        "Run the simulator of an identity provider, a terminal, or a site (never with production settings)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", choices=(*PROVIDERS, TERMINAL, *SITES))
        parser.add_argument(
            "options", nargs=REMAINDER, help="of the simulator itself: --port, --allow, --help"
        )

    def handle(self, *args: Any, provider: str, **options: Any) -> None:
        room = "channels.terminals" if provider == TERMINAL else f"identity.providers.{provider}"
        if provider in SITES:
            room, options["options"] = "connectors.website.pushing", [provider, *options["options"]]
        simulator = import_module(f"viche.{room}.simulator.__main__")
        sys.exit(simulator.main([*options["options"], "--environment", settings.ENVIRONMENT]))
