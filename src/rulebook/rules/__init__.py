"""A regulation as one frozen document: parsed, checked for contradictions, hashed.

``parse`` refuses a document whose shape is wrong; ``problems`` finds what a well-formed document says
against itself, before anybody votes. ``JSON_SCHEMA`` is the published description of the document.
"""

from rulebook.options import TIES
from rulebook.problem import Problem
from rulebook.rules.contradictions import WARNINGS, forbidding, is_warning, problems, schedule_contradictions
from rulebook.rules.differing import Change, apply_changes, differences, merge
from rulebook.rules.model import Rules, RulesError, parse
from rulebook.rules.records import (
    Appeal,
    Approval,
    BallotShape,
    Category,
    Channel,
    Counting,
    Eligibility,
    Extension,
    FormalCheck,
    Implementation,
    PaperVoting,
    Pot,
    Publication,
    Question,
    ReviewStage,
    SizeClass,
    Submission,
    Support,
    Text,
)
from rulebook.rules.schema import JSON_SCHEMA, published_schema, shape_problems
from rulebook.rules.vocabulary import (
    BALLOT_KINDS,
    BASES,
    CHANNELS,
    CHECKS,
    CITIZENSHIPS,
    COMMENTS,
    E_SIGNATURES,
    EDITS,
    EVIDENCE,
    IDENTITY_METHODS,
    INVALID_PAPERS,
    KEY_HOLDERS,
    LIVE_RESULTS,
    PAPER_MODES,
    PUBLISHED,
    QUESTION_KINDS,
    REVIEW_OUTCOMES,
    SCOPES,
    SIGNATORIES,
    WORKING_CALENDARS,
)

__all__ = [
    "BALLOT_KINDS", "BASES", "CHANNELS", "CHECKS", "CITIZENSHIPS", "COMMENTS", "EDITS", "EVIDENCE", "E_SIGNATURES",
    "IDENTITY_METHODS", "INVALID_PAPERS", "JSON_SCHEMA", "KEY_HOLDERS", "LIVE_RESULTS", "PAPER_MODES", "PUBLISHED",
    "QUESTION_KINDS", "REVIEW_OUTCOMES", "SCOPES", "SIGNATORIES", "TIES", "WARNINGS", "WORKING_CALENDARS", "Appeal",
    "Approval", "BallotShape", "Category", "Change", "Channel", "Counting", "Eligibility", "Extension", "FormalCheck",
    "Implementation", "PaperVoting", "Pot", "Problem",
    "Publication", "Question", "ReviewStage", "Rules", "RulesError", "SizeClass", "Submission", "Support", "Text",
    "apply_changes", "differences", "forbidding", "is_warning", "merge", "parse", "problems", "published_schema",
    "schedule_contradictions", "shape_problems",
]  # fmt: skip
