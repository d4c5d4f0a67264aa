"""A regulation as one frozen document: parsed, checked for contradictions, hashed.

``parse`` refuses a document whose shape is wrong; ``problems`` finds what a well-formed document says
against itself, before anybody votes. ``JSON_SCHEMA`` is the published description of the document.
"""

from rulebook.options import TIES
from rulebook.problem import Problem
from rulebook.rules.contradictions import problems
from rulebook.rules.model import (
    BALLOT_KINDS,
    BASES,
    IDENTITY_METHODS,
    LIVE_RESULTS,
    BallotShape,
    Category,
    Counting,
    Eligibility,
    Pot,
    Rules,
    RulesError,
    SizeClass,
    Text,
    parse,
)
from rulebook.rules.schema import JSON_SCHEMA, shape_problems

__all__ = [
    "BALLOT_KINDS",
    "BASES",
    "IDENTITY_METHODS",
    "JSON_SCHEMA",
    "LIVE_RESULTS",
    "TIES",
    "BallotShape",
    "Category",
    "Counting",
    "Eligibility",
    "Pot",
    "Problem",
    "Rules",
    "RulesError",
    "SizeClass",
    "Text",
    "parse",
    "problems",
    "shape_problems",
]
