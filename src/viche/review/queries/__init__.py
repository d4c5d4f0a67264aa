"""Reads of the review room."""

from viche.review.departments import reviewers_of, writes_for
from viche.review.queries.decisions import (
    asked_of_author,
    can_be_edited,
    decisions_about,
    replies_to,
    waiting_projects,
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
    "NOBODY", "Narrowing", "Row", "asked_of_author", "assignment_in", "assignments_about", "assignments_of",
    "board", "can_be_edited", "checks_of", "corrected", "decisions_about", "draft_opinion", "due_assignments",
    "due_corrections", "given_opinions", "merge_offers", "merged_into", "open_assignments", "open_corrections",
    "opinion_file", "question_file", "questions_about", "replies_to", "reviewer_of", "reviewers_of",
    "silent_projects", "stage_with", "stages_of", "standing_of", "waiting_projects", "work_in", "writes_for",
]  # fmt: skip
