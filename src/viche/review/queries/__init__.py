"""Reads of the review room."""

from viche.review.queries.appeals import appeals_about, appeals_in, last_appeal_day, waiting_appeals
from viche.review.queries.conflicts import conflicted, conflicts_about, conflicts_of, has_conflict
from viche.review.queries.decisions import decisions_about, projects_under_review, waiting_projects
from viche.review.queries.incompatible import (
    incompatibility_of,
    incompatible_groups,
    markable_projects,
    rivals_of,
)
from viche.review.queries.meetings import (
    agenda_of,
    item_at,
    meeting_numbered,
    meetings_of,
    members_of,
    moved_projects,
    needed_quorum,
    open_item_of,
    present_members,
    projects_for_agenda,
    protocol_name,
    roll_call,
    secretaries_of,
)

__all__ = [
    "agenda_of", "appeals_about", "appeals_in", "conflicted", "conflicts_about", "conflicts_of",
    "decisions_about", "has_conflict", "incompatibility_of", "incompatible_groups", "item_at",
    "last_appeal_day", "markable_projects", "meeting_numbered", "meetings_of", "members_of", "moved_projects",
    "needed_quorum", "open_item_of", "present_members", "projects_for_agenda", "projects_under_review",
    "protocol_name", "rivals_of", "roll_call", "secretaries_of", "waiting_appeals", "waiting_projects",
]  # fmt: skip
