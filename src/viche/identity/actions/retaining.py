"""Running the rules of retention: what is over its term goes, and each rule says what it did."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from viche.foundation import clock
from viche.foundation.retention import Rule, retention_rules
from viche.identity.models import RetentionRun

log = logging.getLogger("viche.retention")

# of PostgreSQL's advisory locks: no other part of the house takes this one
LOCK = 0x5669636865


def run_retention(*, is_forced: bool = False) -> list[RetentionRun]:
    """Run the rules that are due: those that did not succeed today (Kyiv) yet; all of them where is_forced.

    Each rule stands alone: one that fails is reported by the kind of its error and the next goes on. Where another
    worker runs them at the moment, nothing is done. Returns the reports, which stand in the database. No journal
    entry: what is deleted was never in it.
    """
    with _only_one() as is_mine:
        if not is_mine:
            return []
        return [_run(rule) for rule in retention_rules() if is_forced or _is_due(rule)]


def _is_due(rule: Rule) -> bool:
    last = RetentionRun.objects.filter(rule=rule.code, error="").order_by("-at").first()
    today = clock.now().astimezone(clock.KYIV).date()
    return last is None or last.at.astimezone(clock.KYIV).date() < today


def _run(rule: Rule) -> RetentionRun:
    moment, begun, number, error = clock.now(), time.monotonic_ns(), 0, ""
    try:
        number = rule.delete()
    except Exception as fault:
        error = type(fault).__name__[:80]
        log.error("the rule of retention %s failed: %s", rule.code, error)
    took = (time.monotonic_ns() - begun) // 1_000_000
    return RetentionRun.objects.create(rule=rule.code, at=moment, number=number, took=took, error=error)


@contextmanager
def _only_one() -> Iterator[bool]:
    """Whether this connection may run the rules; another one waits for nothing and does nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
