"""viche communities: connect a self-government body, find a code, list what is connected."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from viche.communities.actions import connect_community
from viche.communities.models import Community
from viche.communities.queries import connected_communities, territories_named
from viche.config.management import base
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.identity.actions import grant_office, person_by_number
from viche.identity.models import Role
from viche.identity.providers import TaxNumberError, parse_tax_number
from viche.journal.actions import sequence_all


class Command(base.Command):
    help = "Connect communities of the official codifier (КАТОТТГ), find their codes, list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        connect = acts.add_parser("connect", help="connect the body of a territory")
        connect.add_argument("code", help="КАТОТТГ code: UA…")
        connect.add_argument("--slug", default="", help="address: letters a-z, digits, hyphens")
        connect.add_argument("--host", default=None, help="its own domain")
        connect.add_argument("--email", default="", dest="contact_email")
        connect.add_argument("--website", default="")
        find = acts.add_parser("find", help="find codes by name")
        find.add_argument("name")
        acts.add_parser("list", help="connected communities")
        office = acts.add_parser("office", help="give an office to a person who has identified once")
        office.add_argument("code", help="КАТОТТГ code of the community")
        office.add_argument("role", choices=list(Role.values))
        # a file, because a command line can be read by every user of the machine
        office.add_argument("--tax-number-file", type=Path, required=True, help="file with the ten digits")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "find":
            for territory in territories_named(options["name"]):
                self.stdout.write(f"{territory.code}  {territory.full_name}")
            return
        if act == "list":
            for community in connected_communities():
                self.stdout.write(f"{community.code}  /{community.slug}/  {community}")
            return
        if act == "office":
            self._office(**options)
            return
        face = {name: options[name] for name in ("host", "contact_email", "website") if options[name]}
        try:
            community = connect_community(code=options["code"], slug=options["slug"], by=SYSTEM, **face)
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        sequence_all()
        self.stdout.write(self.style.SUCCESS(f"{community}: /{community.slug}/"))

    def _office(self, *, code: str, role: str, tax_number_file: Path, **_: Any) -> None:
        community = Community.objects.filter(territory_id=code).first()
        if community is None:
            raise CommandError(f"no connected community {code!r}")
        try:
            number = parse_tax_number(tax_number_file.read_text(encoding="utf-8"))
        except (OSError, TaxNumberError) as error:
            raise CommandError(
                f"{tax_number_file}: no valid tax number in it ({type(error).__name__})"
            ) from None
        person = person_by_number(tax_number=number.number)
        if person is None:
            raise CommandError("nobody with this number has identified here yet")
        grant_office(person=person, community=community, role=role, by=SYSTEM)
        sequence_all()
        self.stdout.write(self.style.SUCCESS(f"{community}: {role}"))
