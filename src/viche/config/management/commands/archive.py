"""viche archive: check the archive of a body, take one over, compare a body with one."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from viche.config.management import base
from viche.connectors.export.checking import check_archive
from viche.foundation.refused import Refused


class Command(base.Command):
    help = "Check the archive of a body, take one over, or compare a body here with one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="files, rows, journal, counts, records; needs no database")
        verify.add_argument("file", type=Path)
        arriving = acts.add_parser("import", help="take over the body of an archive: all of it or nothing")
        arriving.add_argument("file", type=Path)
        arriving.add_argument("--community", default="", help="code of the body that is meant (КАТОТТГ)")
        arriving.add_argument("--dry-run", action="store_true", help="do everything and take it back")
        equal = acts.add_parser("verify-equal", help="export the body anew and compare it file by file")
        equal.add_argument("file", type=Path)
        acts.add_parser("schema", help="the JSON Schema of the format")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "schema":
            from viche.connectors.export.schema import document

            self.stdout.write(json.dumps(document(), ensure_ascii=False, indent=1))
            return
        if not options["file"].is_file():
            raise CommandError(f"{options['file']}: there is no such file")
        try:
            {"verify": self._verify, "import": self._import, "verify-equal": self._compare}[act](**options)
        except Refused as refused:
            raise CommandError(f"{refused.code}: {refused.message}") from None

    def _verify(self, *, file: Path, **_options: Any) -> None:
        for each in check_archive(file):
            self.stdout.write(f"ok     {each.what}: {each.text}")
        self.stdout.write(self.style.SUCCESS("the archive is whole"))

    def _import(self, *, file: Path, community: str, dry_run: bool, **_options: Any) -> None:
        from viche.connectors.arrivals.actions import import_archive
        from viche.connectors.arrivals.comparing import differences

        brought = import_archive(path=file, code=community, is_dry=dry_run)
        for each in brought.proven:
            self.stdout.write(f"ok     {each.what}: {each.text}")
        for office in brought.offices:
            who = f"{office['given_name']} {office['family_name']}"
            self.stdout.write(f"invite {who}: {office['role']} {office['unit'] or ''}".rstrip())
        if brought.community is None:
            self.stdout.write(f"dry run: {brought.title}, {len(brought.contests)} contests would arrive")
            return
        self._same(differences(path=file, community=brought.community))
        self.stdout.write(self.style.SUCCESS(f"{brought.title}: {', '.join(brought.contests)}"))

    def _compare(self, *, file: Path, **_options: Any) -> None:
        from viche.communities.models import Community
        from viche.connectors.arrivals.comparing import differences
        from viche.connectors.export.reading import Reader

        with Reader(file) as reader:
            code = reader.manifest["community"]
        community = Community.objects.filter(code=code).select_related("territory").first()
        if community is None:
            raise CommandError(f"the body {code} is not here")
        self._same(differences(path=file, community=community))

    def _same(self, differing: list[str]) -> None:
        if differing:
            raise CommandError("differs from the archive in: " + ", ".join(differing[:20]))
        self.stdout.write("equal in everything that the format carries")
