"""viche communities: connect a self-government body, find a code, list what is connected, update the codifier."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from viche.communities.actions import apply_codifier, codifier_changes, connect_community
from viche.communities.codifier.reading import read_edition, read_successors
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

        codifier = acts.add_parser("codifier", help="take over an edition of the codifier")
        codifier.add_argument(
            "file", type=Path, help="XLSX or CSV as the Ministry publishes it, or our table"
        )
        codifier.add_argument("--dry-run", action="store_true", help="only show what would change")
        codifier.add_argument(
            "--successors", type=Path, help="table of two columns: a closed code, the code in its place"
        )
        codifier.add_argument(
            "--edition", default="", help="its name or date; by default the name of the file"
        )

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
        if act == "codifier":
            self._codifier(**options)
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

    def _codifier(
        self, *, file: Path, successors: Path | None, dry_run: bool, edition: str, **_: Any
    ) -> None:
        try:
            rows = read_edition(file)
            heirs = read_successors(successors) if successors else {}
            if dry_run:
                changes = codifier_changes(rows, successors=heirs)
            else:
                changes = apply_codifier(rows=rows, edition=edition or file.name, successors=heirs, by=SYSTEM)
                sequence_all()
        except Refused as refused:
            lines = [str(refused.message)]
            for said in list(refused.fields.values())[:50]:
                lines += said if isinstance(said, list) else [str(said)]
            raise CommandError("\n".join(lines)) from None
        for change in changes:
            self.stdout.write("\t".join((change.kind, change.code, change.before, change.after)))
        done = "would change" if dry_run else "changed"
        self.stdout.write(self.style.SUCCESS(f"{len(rows)} objects read, {len(changes)} {done}"))
