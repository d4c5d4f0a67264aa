"""Reads of the review room."""

from viche.review.departments import reviewers_of, writes_for
from viche.review.queries.appeals import appeals_about, appeals_in, last_appeal_day, waiting_appeals
from viche.review.queries.conflicts import conflicted, conflicts_about, conflicts_of, has_conflict
from viche.review.queries.decisions import (
    asked_of_author,
    can_be_edited,
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
    NOBODY,
    Narrowing,
    Row,
    assignment_in,
    assignments_about,
    assignments_of,
    board,
    corrected,
    draft_opinion,
    due_assignments,
    due_corrections,
    given_opinions,
    merge_offers,
    merged_into,
    open_assignments,
    open_corrections,
    opinion_file,
    question_file,
    questions_about,
    reviewer_of,
    silent_projects,
    work_in,
)
from viche.review.stages import checks_of, stage_with, stages_of, standing_of

__all__ = [
    "NOBODY", "Narrowing", "Row", "agenda_of", "appeals_about", "appeals_in", "asked_of_author",
    "assignment_in", "assignments_about", "assignments_of", "board", "can_be_edited", "checks_of", "conflicted",
    "conflicts_about", "conflicts_of", "corrected", "decisions_about", "draft_opinion", "due_assignments",
    "due_corrections", "given_opinions", "has_conflict", "incompatibility_of", "incompatible_groups", "item_at",
    "last_appeal_day", "markable_projects", "meeting_numbered", "meetings_of", "members_of", "merge_offers",
    "merged_into", "moved_projects", "needed_quorum", "open_assignments", "open_corrections", "open_item_of",
    "opinion_file", "present_members", "projects_for_agenda", "projects_under_review", "protocol_name",
    "question_file", "questions_about", "replies_to", "reviewer_of", "reviewers_of", "rivals_of", "roll_call",
    "secretaries_of", "silent_projects", "stage_with", "stages_of", "standing_of", "waiting_appeals",
    "waiting_projects", "work_in", "writes_for",
]  # fmt: skip
