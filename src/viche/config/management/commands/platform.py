"""viche platform: the platform's own administrators."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from viche.config.management import base
from viche.foundation.actor import SYSTEM
from viche.identity.actions import grant_office, person_by_number
from viche.identity.models import Role
from viche.identity.providers import TaxNumberError, parse_tax_number
from viche.journal.actions import sequence_all


class Command(base.Command):
    help = "Make a person who has identified once an administrator of the platform."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        administrator = acts.add_parser(
            "administrator",
            help="who decides about requests to connect, connects bodies and brings them back",
        )
        # a file, because a command line can be read by every user of the machine
        administrator.add_argument(
            "--tax-number-file", type=Path, required=True, help="file with the ten digits"
        )

    def handle(self, *args: Any, tax_number_file: Path, **options: Any) -> None:
        try:
            number = parse_tax_number(tax_number_file.read_text(encoding="utf-8"))
        except (OSError, TaxNumberError) as error:
            raise CommandError(
                f"{tax_number_file}: no valid tax number in it ({type(error).__name__})"
            ) from None
        person = person_by_number(tax_number=number.number)
        if person is None:
            raise CommandError("nobody with this number has identified here yet: sign in once first")
        grant_office(person=person, community=None, role=Role.PLATFORM, by=SYSTEM)
        sequence_all()
        self.stdout.write(self.style.SUCCESS("administrator of the platform; the desk is at /platform/"))
