"""viche simulator: providers that speak the real protocols on this machine, for demo and development only."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from viche.config.management import base


class Command(base.Command):
    help = "Run the simulator of id.gov.ua (never with production settings)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", choices=["isei"])
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--allow", action="append", default=[])

    def handle(self, *args: Any, port: int, allow: list[str], **options: Any) -> None:
        from viche.identity.providers.isei import simulator

        try:
            simulator.run(
                port=port, allow=allow or ["http://localhost:8000/"], environment=settings.ENVIRONMENT
            )
        except simulator.SimulatorRefused as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            sys.exit(0)
