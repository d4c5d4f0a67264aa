"""Reads of the review room."""

from viche.review.queries.decisions import asked_of_author, decisions_about, replies_to, waiting_projects
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
    "Row", "asked_of_author", "assignment_in", "assignments_about", "assignments_of", "board", "checks_of",
    "decisions_about", "draft_opinion", "due_assignments", "due_corrections", "given_opinions", "merge_offers",
    "open_correction", "opinion_file", "questions_about", "replies_to", "silent_projects", "stages_of", "standing_of",
    "waiting_projects",
]  # fmt: skip
