"""viche data: the open data of contests as files, and the check of such files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from viche.communities.queries import community_by_slug, connected_communities
from viche.config.management import base
from viche.connectors.open_data.actions import write_data
from viche.connectors.open_data.checking import faults_in
from viche.contests.models import Contest
from viche.contests.queries import contest_at, opened_contests_of
from viche.foundation.refused import Refused


class Command(base.Command):
    help = "Write the open data of contests into a folder, or check a folder of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        export = acts.add_parser("export", help="write every file of the contests named, or of all contests")
        export.add_argument(
            "folder", type=Path, help="each contest gets a new folder in it: community/contest"
        )
        export.add_argument(
            "--contest", action="append", default=[], help="community/contest; may be repeated"
        )
        check = acts.add_parser("check", help="whether the files of a contest's folder are whole and valid")
        check.add_argument("folder", type=Path)

    def handle(
        self, *args: Any, act: str, folder: Path, contest: list[str] | None = None, **options: Any
    ) -> None:
        if act == "check":
            self._check(folder)
            return
        for each in self._contests(contest or []):
            target = folder.joinpath(each.community.slug, each.slug)
            try:
                names = write_data(contest=each, folder=target)
            except Refused as refused:
                raise CommandError(f"{target}: {refused.message}") from None
            except OSError as error:
                raise CommandError(f"{error.filename or target}: {error.strerror}") from None
            self.stdout.write(self.style.SUCCESS(f"{target}: {len(names)} files"))

    def _contests(self, wanted: list[str]) -> list[Contest]:
        if not wanted:
            return [each for body in connected_communities() for each in opened_contests_of(body)]
        found = []
        for address in wanted:
            place, _slash, slug = address.strip("/").partition("/")
            community = community_by_slug(place)
            contest = contest_at(community, slug) if community else None
            if contest is None:
                raise CommandError(f"no contest {address!r}: see viche contests list")
            found.append(contest)
        return found

    def _check(self, folder: Path) -> None:
        faults = 0
        for faults, line in enumerate(faults_in(folder), start=1):  # noqa: B007 (how many there were)
            self.stderr.write(line)
        if faults:
            raise CommandError(f"{folder}: {faults} faults")
        self.stdout.write(self.style.SUCCESS(f"{folder}: everything holds"))
