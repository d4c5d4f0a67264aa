"""Writes of the reports room: aggregates kept as fresh as the journal."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.journal.models import Entry, Log
from viche.projects.models import Project
from viche.reports.figure import digest_of
from viche.reports.measures import MEASURES, Measure, Rows
from viche.reports.models import Cursor, Keeping, Tally
from viche.reports.turnout import read_once

logger = logging.getLogger(__name__)

BATCH = 50_000


def count_tallies(*, contest: Contest) -> None:
    """Count everything about a contest anew and keep what changed; what is lasting and kept already stays.

    Locks the contest's row of freshness, so that two workers never mix their numbers; one transaction for what may
    change and one for each lasting measure; no journal entry: nothing is decided here.
    """
    _count_changing(contest)
    _count_lasting(contest)


def _count_changing(contest: Contest) -> None:
    with transaction.atomic(), read_once():
        Keeping.objects.get_or_create(contest=contest)
        keeping = Keeping.objects.select_for_update().get(contest=contest)
        moment = clock.now()
        for measure in MEASURES.values():
            if not measure.is_lasting:
                _keep(contest, measure, measure.count(contest), moment)
        keeping.is_stale, keeping.counted_at = False, moment
        keeping.save(update_fields=["is_stale", "counted_at"])


def _count_lasting(contest: Contest) -> None:
    """What takes long and never changes: each by itself, so that all that changes is there long before."""
    kept = set(Tally.objects.filter(contest=contest).values_list("measure", flat=True))
    for key, measure in MEASURES.items():
        if measure.is_lasting and key not in kept:
            with transaction.atomic():
                Keeping.objects.select_for_update().get(contest=contest)
                _keep(contest, measure, measure.count(contest), clock.now())


def _keep(contest: Contest, measure: Measure, rows: Rows | None, moment: datetime) -> None:
    if rows is None:
        Tally.objects.filter(contest=contest, measure=measure.key).delete()
        return
    Tally.objects.update_or_create(
        contest=contest, measure=measure.key, community_id=contest.community_id,
        defaults={
            "rows": [row.document() for row in rows], "digest": digest_of(measure.key, measure.columns, rows),
            "counted_at": moment,
        },
    )  # fmt: skip


def refresh_tallies() -> int:
    """Read every log from its cursor, then count the contests anew about which something was written, or for which a
    day or a stage has begun since; how many were counted. One that fails stops no other, and what takes long comes when
    everything else is there.
    """
    for log in Log.objects.order_by("name"):
        _read_log(log)
    _mark_by_time()
    stale = Keeping.objects.filter(is_stale=True).values_list("contest_id", flat=True)
    contests = list(Contest.objects.filter(pk__in=list(stale)).select_related("community__territory"))
    number = sum(_is_counted(_count_changing, contest) for contest in contests)
    for contest in Contest.objects.filter(pk__in=_lacking()).select_related("community__territory"):
        _is_counted(_count_lasting, contest)
    return number


def _lacking() -> set[UUID]:
    """Contests with a published result of which something lasting was not counted yet."""
    lasting = [key for key, measure in MEASURES.items() if measure.is_lasting]
    kept = Counter(Tally.objects.filter(measure__in=lasting).values_list("contest_id", flat=True))
    published = Tally.objects.filter(measure="winners").values_list("contest_id", flat=True)
    return {contest for contest in published if kept[contest] < len(lasting)}


def _is_counted(count: Callable[[Contest], None], contest: Contest) -> bool:
    try:
        count(contest)
    except Exception:
        logger.exception("figures of %s were not counted", contest.pk)
        return False
    return True


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
