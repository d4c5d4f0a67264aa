"""Writes of the reports room: aggregates kept as fresh as the journal."""

import logging
from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.journal.models import Entry, Log
from viche.projects.models import Project
from viche.reports.figure import digest_of
from viche.reports.measures import MEASURES
from viche.reports.models import Cursor, Keeping, Tally

logger = logging.getLogger(__name__)

BATCH = 50_000


def count_tallies(*, contest: Contest) -> None:
    """Count everything about a contest anew and keep what changed.

    Locks the contest's row of freshness, so that two workers never mix their numbers; one transaction; no journal
    entry: nothing is decided here.
    """
    with transaction.atomic():
        Keeping.objects.get_or_create(contest=contest)
        keeping = Keeping.objects.select_for_update().get(contest=contest)
        moment = clock.now()
        kept = {each.measure: each for each in Tally.objects.filter(contest=contest)}
        for key, measure in MEASURES.items():
            if measure.is_lasting and key in kept:
                continue
            rows = measure.count(contest)
            if rows is None:
                if key in kept:
                    kept[key].delete()
                continue
            digest = digest_of(key, measure.columns, rows)
            Tally.objects.update_or_create(
                contest=contest, measure=key, community_id=contest.community_id,
                defaults={
                    "rows": [row.document() for row in rows], "digest": digest, "counted_at": moment,
                },
            )  # fmt: skip
        keeping.is_stale, keeping.counted_at = False, moment
        keeping.save(update_fields=["is_stale", "counted_at"])


def refresh_tallies() -> int:
    """Read every log from its cursor, then count the contests anew about which something was written, or for which a
    day or a stage has begun since; how many were counted. One that fails stops no other.
    """
    for log in Log.objects.order_by("name"):
        _read_log(log)
    _mark_by_time()
    number = 0
    stale = Keeping.objects.filter(is_stale=True).values_list("contest_id", flat=True)
    for contest in Contest.objects.filter(pk__in=list(stale)).select_related("community__territory"):
        try:
            count_tallies(contest=contest)
        except Exception:
            logger.exception("figures of %s were not counted", contest.pk)
            continue
        number += 1
    return number


def _read_log(log: Log) -> None:
    """Mark the contests stale that entries after the cursor speak of; the cursor and the marks are one transaction."""
    with transaction.atomic():
        Cursor.objects.get_or_create(log=log)
        cursor = Cursor.objects.select_for_update().get(log=log)
        while True:
            entries = Entry.objects.filter(
                log=log, index__gte=cursor.index, index__lt=cursor.index + BATCH
            ).order_by()
            found = set(entries.values_list("subject", flat=True).distinct())
            size = entries.count()
            if not size:
                break
            _mark(_contests_about(found))
            cursor.index += size
        cursor.save(update_fields=["index"])


def _contests_about(subjects: Iterable[str]) -> set[UUID]:
    """The contests that subjects of journal entries speak of."""
    named: dict[str, set[UUID]] = {}
    for subject in subjects:
        kind, _colon, reference = subject.partition(":")
        try:
            named.setdefault(kind, set()).add(UUID(reference))
        except ValueError:
            continue
    ids = named.get("contest", set()) | named.get("ballots", set())
    projects = Project.objects.filter(pk__in=named.get("project", set())).order_by()
    ids |= set(projects.values_list("contest_id", flat=True))
    return set(Contest.objects.filter(pk__in=ids).order_by().values_list("pk", flat=True))


def _mark(contests: Iterable[UUID]) -> None:
    contests = list(contests)
    Keeping.objects.bulk_create([Keeping(contest_id=each) for each in contests], ignore_conflicts=True)
    Keeping.objects.filter(contest_id__in=contests, is_stale=False).update(is_stale=True)


def _mark_by_time() -> None:
    """Contests never counted, and those whose numbers the calendar changes: a stage began or ended since, or a day of
    the voting is over.
    """
    now = clock.now()
    midnight = datetime.combine(now.astimezone(KYIV).date(), time(), KYIV)
    _mark(Contest.objects.filter(tallies_kept__isnull=True).order_by().values_list("pk", flat=True))
    open_ones = Contest.objects.filter(tallies_kept__is_stale=False).select_related("tallies_kept")
    passed = []
    for contest in open_ones.prefetch_related("windows"):
        counted_at = contest.tallies_kept.counted_at
        edges = [
            edge for each in contest.schedule for edge in (each.starts_at, each.ends_at) if edge is not None
        ]
        if any(counted_at < edge <= now for edge in edges) or (
            "voting" in contest.phases and counted_at < midnight
        ):
            passed.append(contest.pk)
    _mark(passed)
