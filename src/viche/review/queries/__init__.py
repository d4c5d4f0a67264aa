"""Reads of the review room."""

from viche.review.queries.appeals import appeals_about, appeals_in, last_appeal_day, waiting_appeals
from viche.review.queries.conflicts import conflicted, conflicts_about, conflicts_of, has_conflict
from viche.review.queries.decisions import (
    asked_of_author,
    decisions_about,
    projects_under_review,
    replies_to,
    waiting_projects,
)
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
from viche.review.queries.work import (
    Row,
    assignment_in,
    assignments_about,
    assignments_of,
    board,
    draft_opinion,
    due_assignments,
    due_corrections,
    given_opinions,
    merge_offers,
    open_correction,
    opinion_file,
    questions_about,
    silent_projects,
)
from viche.review.stages import checks_of, stages_of, standing_of

__all__ = [
    "Row", "agenda_of", "appeals_about", "appeals_in", "asked_of_author", "assignment_in", "assignments_about",
    "assignments_of", "board", "checks_of", "conflicted", "conflicts_about", "conflicts_of", "decisions_about",
    "draft_opinion", "due_assignments", "due_corrections", "given_opinions", "has_conflict",
    "incompatibility_of", "incompatible_groups", "item_at", "last_appeal_day", "markable_projects",
    "meeting_numbered", "meetings_of", "members_of", "merge_offers", "moved_projects", "needed_quorum",
    "open_correction", "open_item_of", "opinion_file", "present_members", "projects_for_agenda",
    "projects_under_review", "protocol_name", "questions_about", "replies_to", "rivals_of", "roll_call",
    "secretaries_of", "silent_projects", "stages_of", "standing_of", "waiting_appeals", "waiting_projects",
]  # fmt: skip
