"""Every sort of reminder, of all rooms."""

from collections.abc import Callable, Iterator
from datetime import datetime

from viche.connectors.messages.reminders import (
    Reminder,
    of_answers,
    of_checks,
    of_comments,
    of_drafts,
    of_moderation,
    of_proposals,
    of_requests,
    of_reviews,
    of_support,
    of_works,
)  # fmt: skip
from viche.connectors.messages.reminders_own import of_methods, of_objections, of_signatures, of_votes
from viche.connectors.messages.reminders_review import of_assignments, of_corrections, of_opinions
from viche.connectors.messages.reminders_systems import of_webhooks
from viche.foundation import clock

# one line a sort: other rooms' deadlines join here
SOURCES: tuple[Callable[[datetime], Iterator[Reminder]], ...] = (
    of_checks, of_support, of_drafts, of_reviews, of_works, of_requests, of_proposals,
    of_votes, of_signatures, of_methods, of_objections,
    of_comments, of_answers, of_moderation, of_assignments, of_opinions, of_corrections,
    of_webhooks,
)  # fmt: skip


def due_reminders() -> Iterator[Reminder]:
    """Everything that stands to be said now, in bodies that have not left."""
    now = clock.now()
    for source in SOURCES:
        for each in source(now):
            if each.community.archived_at is None:
                yield each
