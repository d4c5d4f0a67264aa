"""viche contests: import a real election, list contests."""

import json
import sys
import time
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from datetime import time as dtime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from rulebook.calendar import Window
from viche.communities.models import Community
from viche.communities.queries import community_by_slug
from viche.config.management import base
from viche.connectors.pabulib.actions import import_election
from viche.contests.actions import create_contest, extend_phase, issues_before_freeze, warnings_before_freeze
from viche.contests.models import Contest
from viche.contests.queries import contest_at
from viche.foundation.actor import SYSTEM
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.journal.actions import sequence_all

STAGES = {"read": "reading", "projects": "projects", "ballots": "ballots", "count": "counting"}
BAR = 30


def moment(text: str, *, is_end: bool = False) -> datetime:
    """An ISO moment with its time zone, or a day in Kyiv: its beginning, or as an end the midnight after it."""
    if len(text) == 10:
        day = date.fromisoformat(text) + timedelta(days=1 if is_end else 0)
        return datetime.combine(day, dtime(), tzinfo=KYIV)
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a moment needs its time zone, for example 2026-03-01T18:00+02:00")
    return found


class Command(base.Command):
    help = "Import a finished election from a Pabulib file, list contests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        load = acts.add_parser("import", help="a .pb file becomes a finished, counted, published contest")
        load.add_argument("file", type=Path)
        load.add_argument(
            "--community", required=True, help="КАТОТТГ code or address of a connected community"
        )
        acts.add_parser("list", help="all contests")
        create = acts.add_parser(
            "create", help="announce a contest from a document (docs/how-to/run-a-contest.md)"
        )
        create.add_argument("file", type=Path)
        create.add_argument(
            "--community", required=True, help="КАТОТТГ code or address of a connected community"
        )
        extend = acts.add_parser("extend", help="move the end of a phase by a recorded decision")
        extend.add_argument("contest", help="community/contest, as in the address")
        extend.add_argument("phase")
        extend.add_argument("until", help="day (its end, in Kyiv) or ISO moment")
        extend.add_argument("--decision", required=True, help="number and date")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "list":
            for contest in Contest.objects.select_related("community").order_by("community", "slug"):
                self.stdout.write(f"/{contest.community.slug}/{contest.slug}/  {contest.name}")
            return
        if act == "extend":
            self._extend(**options)
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
        if act == "create":
            self._create(community, content, options["file"])
            return
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

    def _create(self, community: Community, content: bytes, file: Path) -> None:
        try:
            document = json.loads(content)
            schedule = [
                Window(
                    each["phase"],
                    moment(each["from"]),
                    moment(each["to"], is_end=True) if each.get("to") else None,
                )
                for each in document["schedule"]
            ]
            contest = create_contest(
                community=community, slug=document["slug"], year=document["year"], title=document["title"],
                currency=document.get("currency", "UAH"), rules=document["rules"], schedule=schedule, by=SYSTEM,
            )  # fmt: skip
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{file}: {type(error).__name__}: {error}") from None
        except Refused as refused:
            raise CommandError(f"{file}: {refused.message}") from None
        sequence_all()
        self.stdout.write(self.style.SUCCESS(f"announced: /{community.slug}/{contest.slug}/"))
        for issue in issues_before_freeze(contest):
            self.stdout.write(self.style.WARNING(f"before the rules can be frozen: {issue}"))
        for warning in warnings_before_freeze(contest):
            self.stdout.write(f"look again: {warning}")

    def _extend(self, *, contest: str, phase: str, until: str, decision: str, **_: Any) -> None:
        place, _slash, slug = contest.strip("/").partition("/")
        community = community_by_slug(place)
        found = contest_at(community, slug) if community else None
        if found is None:
            raise CommandError(f"no contest {contest!r}: see viche contests list")
        try:
            ends_at = moment(until, is_end=True)
            extend_phase(contest=found, phase=phase, ends_at=ends_at, decision=decision, by=SYSTEM)
        except ValueError as error:
            raise CommandError(f"{until}: {error}") from None
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        sequence_all()
        self.stdout.write(self.style.SUCCESS(f"{phase} of /{contest}/ now ends at {ends_at.isoformat()}"))

    def _progress(self, stage: str, done: int, total: int) -> None:
        if not sys.stderr.isatty() and done < total:
            return
        filled = BAR * done // max(total, 1)
        line = f"{STAGES[stage]:<10} [{'█' * filled}{'·' * (BAR - filled)}] {done:,} of {total:,}"
        self.stderr.write(f"\r{line}", ending="\n" if done == total else "")
