"""viche contests: import a real election, list contests."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from viche.communities.models import Community
from viche.communities.queries import community_by_slug
from viche.connectors.pabulib.actions import import_election
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.journal.actions import sequence_all

STAGES = {"read": "reading", "projects": "projects", "ballots": "ballots", "count": "counting"}
BAR = 30


class Command(BaseCommand):
    help = "Import a finished election from a Pabulib file, list contests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        load = acts.add_parser("import", help="a .pb file becomes a finished, counted, published contest")
        load.add_argument("file", type=Path)
        load.add_argument(
            "--community", required=True, help="КАТОТТГ code or address of a connected community"
        )
        acts.add_parser("list", help="all contests")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "list":
            for contest in Contest.objects.select_related("community").order_by("community", "slug"):
                self.stdout.write(f"/{contest.community.slug}/{contest.slug}/  {contest.name}")
            return
        name = options["community"]
        community = Community.objects.filter(
            pk__isnull=False, territory_id=name
        ).first() or community_by_slug(name)
        if community is None:
            raise CommandError(
                f"no connected community {name!r}: see viche communities list, or connect it first"
            )
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        started = time.monotonic()
        try:
            done = import_election(content=content, community=community, progress=self._progress)
        except Refused as refused:
            raise CommandError(f"{options['file']}: {refused.message}. Nothing was imported.") from None
        sequence_all()
        contest = done.contest
        address = f"/{community.slug}/{contest.slug}/results/"
        if not done.is_new:
            self.stdout.write(f"this file is already imported: {address}; nothing changed")
            return
        seconds = int(time.monotonic() - started)
        self.stdout.write(self.style.SUCCESS(f"imported, counted and published in {seconds} s: {address}"))
        publication = contest.publication
        if publication.note == "official:equal":
            self.stdout.write("the count funds exactly the file's official winners")
        elif publication.note == "official:different":
            self.stdout.write(self.style.WARNING("the file's official winners differ from this count"))

    def _progress(self, stage: str, done: int, total: int) -> None:
        if not sys.stderr.isatty() and done < total:
            return
        filled = BAR * done // max(total, 1)
        line = f"{STAGES[stage]:<10} [{'█' * filled}{'·' * (BAR - filled)}] {done:,} of {total:,}"
        self.stderr.write(f"\r{line}", ending="\n" if done == total else "")
