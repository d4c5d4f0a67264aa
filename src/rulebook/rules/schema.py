"""The published JSON Schema (draft 2020-12) of a rules document: docs/schemas/rules-1.json.

The schema is the one description of the shape: the parser walks it, forms and other programs read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rulebook.canonical import LARGEST_INTEGER
from rulebook.options import TIES
from rulebook.problem import Problem
from rulebook.rules.shape import departures
from rulebook.rules.vocabulary import (
    BALLOT_KINDS,
    BASES,
    CHANNELS,
    CHECKS,
    CITIZENSHIPS,
    COMMENTS,
    COUNTED_FROM,
    DAY_KINDS,
    E_SIGNATURES,
    EDITS,
    EVIDENCE,
    EXTENSIBLE,
    IDENTITY_METHODS,
    KEY_HOLDERS,
    LIVE_RESULTS,
    PAPER_MODES,
    PUBLISHED,
    QUESTION_KINDS,
    REVIEW_OUTCOMES,
    SCOPES,
    SIGNATORIES,
    WAYS_TO_SUPPORT,
    WORKING_CALENDARS,
)

SCHEMA_NUMBER = 1

_ID = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"}
_COUNT = {"type": "integer", "minimum": 0, "maximum": LARGEST_INTEGER}
_OPTIONAL_COUNT = {**_COUNT, "type": ["integer", "null"]}
_OPTIONAL_ID = {**_ID, "type": ["string", "null"]}
_LIMITS = {"type": "object", "additionalProperties": _COUNT}
_SHARE = {"type": "integer", "minimum": 0, "maximum": 10_000}
_DAYS = {"type": "integer", "minimum": 0, "maximum": 3660}
_OPTIONAL_DAYS = {**_DAYS, "type": ["integer", "null"]}
_AGE = {"type": ["integer", "null"], "minimum": 0, "maximum": 150}
_YES_OR_NO = {"type": "boolean"}
_TEXT = {"$ref": "#/$defs/text"}


def _words(vocabulary: Sequence[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": list(vocabulary)}, "uniqueItems": True}


def _by_basis(vocabulary: Sequence[str]) -> dict[str, Any]:
    properties = {basis: _words(vocabulary) for basis in BASES}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _said(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, **schema}


def _record(required: Sequence[str], /, **properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _list(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_NAMED = _record(("id", "name"), id=_said("Short name used inside the document.", _ID), name=_TEXT)

_SIZE_CLASS = _record(
    ("id", "name", "min_cost"),
    id=_said("Short name used inside the document.", _ID),
    name=_TEXT,
    min_cost=_said("The least cost, inclusive.", _COUNT),
    max_cost=_said("The largest cost, inclusive; null is no bound.", _OPTIONAL_COUNT),
    scope={
        "description": "The level of territory that projects of the class are for.",
        "enum": list(SCOPES),
    },
)

_POT = {
    **_record(
        ("id", "name"),
        id=_said("Short name used inside the document.", _ID),
        name=_TEXT,
        amount=_said("The money of the pot.", _COUNT),
        share=_said("The money of the pot as a part of the total, instead of an amount.", _SHARE),
        size_class=_said("The size class it pays for; null is any.", _OPTIONAL_ID),
        category=_said("The category it pays for; null is any.", _OPTIONAL_ID),
        territory=_said("The territory it pays for, by its KATOTTG code; null is any.", _OPTIONAL_ID),
    ),
    "oneOf": [{"required": ["amount"]}, {"required": ["share"]}],
}

_ELIGIBILITY = _record(
    (),
    min_age=_said("The least age in full years; null is none.", _AGE),
    age_on={
        "description": "The day the age is looked at: a date, or act for the day of the act.",
        "type": "string",
        "pattern": r"^(act|\d{4}-\d{2}-\d{2})$",
    },
    bases=_said("Why somebody belongs to the community; one basis is enough.", _words(BASES)),
    max_age=_said("The largest age in full years; null is none.", _AGE),
    citizenship=_said("Whose citizenship is admitted.", _words(CITIZENSHIPS)),
    channels=_said("Channels a basis is limited to; all for one without an entry.", _by_basis(CHANNELS)),
    evidence=_said("What proves a basis; anything for one without an entry.", _by_basis(EVIDENCE)),
    operator_grant=_said("Whether an operator may confirm a basis by a document shown.", _YES_OR_NO),
    personal_number=_said("Whether a personal number (tax number) must be proved.", _YES_OR_NO),
)

_DAY_KIND = {"description": "Whether all days count or working days only.", "enum": list(DAY_KINDS)}

_CHECK = _record(
    ("body",),
    body=_said("The body that checks.", _TEXT),
    days=_said("In how many days; null is unstated.", _OPTIONAL_DAYS),
    day_kind=_DAY_KIND,
    publish_silent=_said("Whether a project nobody has checked in time is published.", _YES_OR_NO),
)

_QUESTION = _record(
    ("id", "name"),
    id=_said("Short name used inside the document.", _ID),
    name=_said("The question.", _TEXT),
    kind={"description": "What answers it.", "enum": list(QUESTION_KINDS)},
    help=_said("What is said under it.", _TEXT),
    options=_said("What a choice offers.", _list(_NAMED)),
    required=_said("Whether it must be answered.", _YES_OR_NO),
    is_public=_said("Whether the answer is published with the project.", _YES_OR_NO),
)

_SUBMISSION = _record(
    (),
    max_per_class=_said("The most projects of one author by size class.", _LIMITS),
    reserve_share=_said("The part of an estimate that is kept as a reserve.", _SHARE),
    categories=_said(
        "The only categories admitted this year; all when empty.", {**_list(_ID), "uniqueItems": True}
    ),
    max_team=_said("The most people in a team of authors; null is no limit.", _OPTIONAL_COUNT),
    paper_original=_said("Whether a signed original on paper is handed in too.", _YES_OR_NO),
    least_amount=_said("Whether the author may state the least sum the project can do with.", _YES_OR_NO),
    check=_said("The check of form before publication; published at once when absent.", _CHECK),
    edits={"description": "How long an author may edit a submitted project.", "enum": list(EDITS)},
    questions=_said("Questions of the community's own.", _list(_QUESTION)),
    identity_methods=_said(
        "The methods by which an author identifies; all that work online when empty.",
        _words(IDENTITY_METHODS),
    ),
)

_SUPPORT = _record(
    ("threshold",),
    threshold=_said("How many people must support a project, by size class or *.", _LIMITS),
    days=_said("For how many days; null is the support phase of the schedule.", _OPTIONAL_DAYS),
    counted_from={"description": "What the days run from.", "enum": list(COUNTED_FROM)},
    author_counts=_said("Whether the author counts as a supporter.", _YES_OR_NO),
    ways=_said("How support is given.", _words(WAYS_TO_SUPPORT)),
    max_per_person=_said("The most projects one person may support; null is no limit.", _OPTIONAL_COUNT),
    withdrawal=_said("Whether a supporter may take a signature back while they are collected.", _YES_OR_NO),
    signatories={"description": "What of the supporters is published.", "enum": list(SIGNATORIES)},
    e_signature={
        "description": "Whether a qualified electronic signature over the text goes with support.",
        "enum": list(E_SIGNATURES),
    },
    identity_methods=_said(
        "The methods by which a supporter identifies online; all that work there when empty.",
        _words(IDENTITY_METHODS),
    ),
)

_REVIEW_STAGE = _record(
    ("id", "name", "body", "outcomes"),
    id=_said("Short name used inside the document.", _ID),
    name=_TEXT,
    body=_said("The body that decides.", _TEXT),
    days=_said("In how many days it decides; null is unstated.", _OPTIONAL_DAYS),
    outcomes=_said("What it may decide.", _words(REVIEW_OUTCOMES)),
    day_kind=_DAY_KIND,
    correction_days=_said(
        "In how many days the author corrects a project; null is unstated.", _OPTIONAL_DAYS
    ),
    reject_silent=_said("Whether a project not corrected in time is rejected.", _YES_OR_NO),
    reject_refusal=_said("Whether a project is rejected whose author refuses the changes.", _YES_OR_NO),
    checks=_said("What the departments give an opinion on; all when empty.", _words(CHECKS)),
    quorum=_said(
        "How many members take part in a decision, at a meeting; null: one member decides.", _OPTIONAL_COUNT
    ),
)

_APPEAL = _record(
    ("body", "days"),
    body=_said("The body that decides on appeals.", _TEXT),
    days=_said("Within how many days of the refusal.", _DAYS),
    day_kind=_DAY_KIND,
    decision_days=_said("In how many days it decides; null is unstated.", _OPTIONAL_DAYS),
)

_CHANNEL = _record(
    ("kind",),
    kind={"description": "The way to vote.", "enum": list(CHANNELS)},
    from_day=_said("The day of the voting on which it opens; the first is 1.", {**_DAYS, "minimum": 1}),
    to_day=_said("The last day of the voting on which it is open; null is the end.", _OPTIONAL_DAYS),
    identity_methods=_said(
        "The methods accepted here; all that can work when empty.", _words(IDENTITY_METHODS)
    ),
)

_EXTENSION = _record(
    ("body",),
    body=_said("The body that decides on it.", _TEXT),
    phases=_said("The phases that may be extended; all when empty.", _words(EXTENSIBLE)),
    times=_said("How often; 0 is never, null is no limit.", _OPTIONAL_COUNT),
    days=_said("By how many days at most each time; null is no limit.", _OPTIONAL_DAYS),
)

_APPROVAL = _record(
    ("body",),
    body=_said("The body that approves.", _TEXT),
    days=_said("In how many days after the step before; null is unstated.", _OPTIONAL_DAYS),
    day_kind=_DAY_KIND,
)

_IMPLEMENTATION = _record(
    (),
    year_offset=_said("How many years after the voting the winners are built.", {**_COUNT, "maximum": 20}),
    responsible=_said("Who answers for it.", _TEXT),
    reports_per_year=_said("How many reports a year.", {**_COUNT, "maximum": 366}),
    stall_days=_said(
        "After how many days without movement officials are reminded; null is never.", _OPTIONAL_DAYS
    ),
)

_PUBLICATION = _record(
    ("what",),
    what=_said("What is published.", _words(PUBLISHED)),
    years=_said("For how many years; null is without end.", _OPTIONAL_COUNT),
)

_BALLOT = _record(
    (),
    kind={"description": "What a voter does with a project.", "enum": list(BALLOT_KINDS)},
    max_choices=_said("The most projects on a ballot; null is no limit.", _OPTIONAL_COUNT),
    min_choices=_said("The fewest projects on a ballot; exact where equal to the most.", _COUNT),
    max_per_class=_said("The most projects by size class.", _LIMITS),
    max_per_category=_said("The most projects by category.", _LIMITS),
    max_per_territory=_said("The most projects of one territory.", _OPTIONAL_COUNT),
    max_points=_said("The points of one ballot.", _OPTIONAL_COUNT),
    max_points_per_project=_said("The most points for one project.", _OPTIONAL_COUNT),
    max_minus=_said("The most marks against projects.", _OPTIONAL_COUNT),
    own_project=_said("Whether authors may vote for their own projects.", _YES_OR_NO),
    max_cost=_said("The most that the projects on a ballot may cost together.", _OPTIONAL_COUNT),
    revote=_said("Whether a ballot may be cast again, the last one counting.", _YES_OR_NO),
    cancel=_said(
        "Whether a voter may take back a ballot cast at a terminal until the voting ends.", _YES_OR_NO
    ),
)

_PAPER = _record(
    (),
    mode={
        "description": "Whether each paper ballot is entered, or the totals of a polling point's signed protocol.",
        "enum": list(PAPER_MODES),
    },
    is_named=_said(
        "Whether the sheet carries the voter's name and number; else ballots are numbered and given out.",
        _YES_OR_NO,
    ),
    recheck_percent=_said(
        "How many percent of the entered sheets are compared with the paper again.",
        {**_COUNT, "maximum": 100},
    ),
)

_COUNTING = _record(
    ("rule",),
    rule=_said("The counting rule by its id.", {"type": "string", "maxLength": 64}),
    options=_said("The options of the rule.", {"type": "object"}),
    ties=_said("What decides a tie, tried in this order.", _words(TIES)),
)

JSON_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Rules of one participatory-budgeting contest",
    "description": "Money is a whole number of minor units (kopiykas), a share one of hundredths of a percent. "
    "Bounds are inclusive at both ends.",
    **_record(
        ("schema", "title", "pots", "counting"),
        schema=_said("The number of the schema.", {"const": SCHEMA_NUMBER}),
        title=_said("What the regulation is called.", _TEXT),
        total=_said("All the money of the contest; null is the sum of the pots.", _OPTIONAL_COUNT),
        size_classes=_said("Classes of projects by cost.", _list(_SIZE_CLASS)),
        types=_said("Types of projects.", _list(_NAMED)),
        categories=_said("Themes of projects.", _list(_NAMED)),
        pots=_said(
            "The money; kopiykas that shares leave over stay with the last pot by share.", _list(_POT)
        ),
        author=_said("Who may submit a project.", {"$ref": "#/$defs/eligibility"}),
        author_max_projects=_said("The most projects of one author; null is no limit.", _OPTIONAL_COUNT),
        supporter=_said(
            "Who may support a project; the voters when absent.", {"$ref": "#/$defs/eligibility"}
        ),
        voter=_said("Who may vote.", {"$ref": "#/$defs/eligibility"}),
        submission=_said("What is asked of a submitted project.", _SUBMISSION),
        support=_said("Collection of support; none when absent.", _SUPPORT),
        review=_said("The stages of the review, in order.", _list(_REVIEW_STAGE)),
        appeal=_said("Appeals against a refusal; none when absent.", _APPEAL),
        comments={
            "description": "Whether projects are talked about, and when a moderator reads it.",
            "enum": list(COMMENTS),
        },
        working_calendar=_said(
            "Which days are working days for terms: holidays are days off, or under martial law working days.",
            {"enum": list(WORKING_CALENDARS)},
        ),
        ballot=_said("What one ballot may hold.", _BALLOT),
        channels=_said("The ways to vote; not limited when empty.", _list(_CHANNEL)),
        paper=_said(
            "How paper ballots come in; each is entered, and they are numbered, when absent.", _PAPER
        ),
        extension=_said("How phases may be extended; not limited when absent.", _EXTENSION),
        counting=_said("How ballots become winners.", _COUNTING),
        live_results=_said("What is shown while voting is open.", {"enum": list(LIVE_RESULTS)}),
        box_key=_said(
            "Who holds the key of the ballot box until the voting has ended: the platform, or the commission in "
            "three shares of which two open it.",
            {"enum": list(KEY_HOLDERS)},
        ),
        identity_methods=_said("The methods of identification accepted.", _words(IDENTITY_METHODS)),
        fresh_minutes=_said(
            "How old an identification may be when a ballot is cast online, in minutes; null is the site's own limit.",
            {"type": ["integer", "null"], "minimum": 1, "maximum": 1440},
        ),
        approval=_said("Who approves the results, in order.", _list(_APPROVAL)),
        implementation=_said("When the winners are built.", _IMPLEMENTATION),
        publication=_said("What is published and for how long.", _PUBLICATION),
        source=_said("The decision the rules come from.", {"type": "string", "maxLength": 2000}),
    ),
    "$defs": {
        "text": {
            "title": "A name in several languages; Ukrainian is always there",
            **_record(
                ("uk",),
                uk={"type": "string", "maxLength": 500},
                en={"type": "string", "maxLength": 500},
            ),
        },
        "eligibility": {"title": "Who may take part", **_ELIGIBILITY},
    },
}


def shape_problems(document: object, schema: Mapping[str, Any] = JSON_SCHEMA) -> list[Problem]:
    """Every place where the document departs from the schema; paths are JSON Pointers.

    A document of a later schema has one problem only, ``newer_schema``: what else it says cannot be judged here.
    """
    number = document.get("schema") if isinstance(document, Mapping) else None
    if type(number) is int and number > SCHEMA_NUMBER:
        return [Problem("/schema", "newer_schema", {"schema": number, "known": SCHEMA_NUMBER})]
    return departures(document, schema)


def published_schema() -> str:
    """The text of docs/schemas/rules-1.json."""
    return json.dumps(JSON_SCHEMA, ensure_ascii=False, indent=2) + "\n"
