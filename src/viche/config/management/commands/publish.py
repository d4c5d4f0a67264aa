"""viche publish static: finished contests as plain files for any web server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from viche.communities.queries import community_by_slug
from viche.config.management import base
from viche.connectors.record.actions import write_records
from viche.connectors.website.copies.checking import dangling_links
from viche.connectors.website.copies.writing import write_copy
from viche.contests.models import Contest
from viche.contests.queries import contest_at
from viche.foundation.refused import Refused
from viche.journal.actions import publish_logs, sequence_all
from viche.results.queries import published_contests

SHOWN = 20


class Command(base.Command):
    help = (
        "Write a static copy of contests: pages, data, log and verifier as files any web server can hand out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        static = acts.add_parser("static", help="write or bring up to date a copy in a folder")
        static.add_argument("folder", type=Path, help="an empty folder, a new one, or a copy made before")
        static.add_argument(
            "--contest", action="append", default=[], metavar="COMMUNITY/CONTEST",
            help="as in the address; once for each; without it every finished contest",
        )  # fmt: skip
        static.add_argument(
            "--base", default="", help="address of the live site, where links lead that need it"
        )

    def handle(self, *args: Any, act: str, folder: Path, contest: list[str], **options: Any) -> None:
        contests = [_named(each) for each in contest] or published_contests()
        sequence_all()
        publish_logs(is_thorough=True)
        write_records()
        try:
            report = write_copy(folder=folder, contests=contests, base=options["base"])
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or folder}: {error.strerror}") from None
        broken = list(dangling_links(folder))
        for name, href in broken[:SHOWN]:
            self.stderr.write(f"{name}: {href} leads to nothing")
        if broken:
            raise CommandError(f"{len(broken)} links of the copy lead to nothing")
        self.stdout.write(
            self.style.SUCCESS(
                f"{folder}: {report.files} files, {report.written} written, {report.deleted} deleted; "
                f"{report.size // 1024} KiB; no link leads to nothing"
            )
        )


def _named(name: str) -> Contest:
    place, _slash, slug = name.strip("/").partition("/")
    community = community_by_slug(place)
    found = contest_at(community, slug) if community else None
    if found is None:
        raise CommandError(f"no contest {name!r}: see viche contests list")
    return found
