"""Documents for the tests of regulations: one that says everything, and any that the schema allows."""

from __future__ import annotations

import copy

from hypothesis import strategies as st

from rulebook.rules import JSON_SCHEMA


def changed(document, **changes):
    """A copy of the document with some parts replaced; a path is written with double underscores."""
    copied = copy.deepcopy(document)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = copied
        for part in parents:
            place = place[int(part) if part.isdigit() else part]
        place[int(last) if last.isdigit() else last] = value
    return copied


def named(text_uk, text_en):
    return {"uk": text_uk, "en": text_en}


EVERYTHING = {
    "schema": 1,
    "title": named("Положення про громадський бюджет", "Regulation of the participatory budget"),
    "source": "Рішення міської ради від 01.02.2027 № 12",
    "total": 1_000_000_001,
    "size_classes": [
        {"id": "small", "name": named("малі", "small"), "min_cost": 100_000, "max_cost": 30_000_000,
         "scope": "starosta-district"},
        {"id": "large", "name": named("великі", "large"), "min_cost": 30_000_001, "max_cost": 145_000_000,
         "scope": "hromada"},
    ],
    "types": [{"id": "soft", "name": named("м’які", "soft")}, {"id": "hard", "name": named("тверді", "hard")}],
    "categories": [
        {"id": "education", "name": named("освіта", "education")},
        {"id": "parks", "name": named("благоустрій", "public space")},
        {"id": "sport", "name": named("спорт", "sport")},
    ],
    "pots": [
        {"id": "small", "name": named("Малі проєкти", "Small projects"), "share": 3000, "size_class": "small",
         "category": None, "territory": None},
        {"id": "large", "name": named("Великі проєкти", "Large projects"), "share": 7000, "size_class": "large",
         "category": None, "territory": None},
    ],
    "author": {
        "min_age": 16, "max_age": 90, "age_on": "2027-01-01", "bases": ["registered", "work", "property"],
        "citizenship": ["citizen", "stateless"], "personal_number": True,
        "channels": {"work": ["desk", "paper"]},
        "evidence": {"work": ["employment-certificate"], "property": ["property-extract"]},
    },
    "author_max_projects": 3,
    "supporter": {"min_age": 14, "bases": ["registered", "study"], "age_on": "act", "max_age": 80,
                  "citizenship": ["citizen", "foreigner"], "personal_number": True,
                  "channels": {"study": ["paper", "desk"]}, "evidence": {"study": ["study-certificate"]}},
    "voter": {
        "min_age": 18, "max_age": 99, "age_on": "2027-06-01", "bases": ["registered", "displaced"],
        "citizenship": ["citizen"], "personal_number": True,
        "channels": {"displaced": ["desk", "paper"]},
        "evidence": {"displaced": ["displaced-certificate", "passport"]},
    },
    "submission": {
        "max_per_class": {"small": 2, "large": 1}, "reserve_share": 2000, "categories": ["education", "parks"],
        "max_team": 5, "paper_original": True, "least_amount": True,
        "check": {"body": named("відділ економіки", "economic department"), "days": 3, "day_kind": "working",
                  "publish_silent": True},
        "edits": "until-supported",
        "questions": [
            {"id": "whom", "name": named("Хто цим користуватиметься?", "Who will use it?"), "kind": "choice",
             "help": named("Оберіть головне", "Choose the main one"), "required": True, "is_public": True,
             "options": [{"id": "young", "name": named("молодь", "the young")},
                         {"id": "everybody", "name": named("усі", "everybody")}]},
            {"id": "keep", "name": named("Хто доглядатиме?", "Who will look after it?"), "kind": "text",
             "required": False, "is_public": False},
        ],
        "identity_methods": ["isei", "bankid"],
    },
    "support": {
        "threshold": {"small": 15, "large": 75}, "days": 20, "counted_from": "submission", "author_counts": True,
        "ways": ["online", "paper"], "max_per_person": 10, "withdrawal": True, "signatories": "initials",
        "e_signature": "optional", "identity_methods": ["bankid"],
    },
    "review": [
        {"id": "formal", "name": named("Перевірка повноти", "Check of completeness"),
         "body": named("уповноважений орган", "responsible department"), "days": 5, "day_kind": "working",
         "outcomes": ["admit", "return"], "correction_days": 3, "reject_silent": True, "reject_refusal": False,
         "checks": ["competence", "legality", "duplication"]},
        {"id": "technical", "name": named("Технічний аналіз", "Technical analysis"),
         "body": named("робоча група", "working group"), "days": 30, "day_kind": "calendar",
         "outcomes": ["admit", "admit-with-correction", "reject"], "correction_days": 7,
         "reject_silent": False, "reject_refusal": True, "quorum": 7,
         "checks": ["land", "cost", "feasibility", "access", "maintenance"]},
    ],
    "appeal": {"body": named("координаційна рада", "coordination council"), "days": 2, "day_kind": "working",
               "decision_days": 2},
    "comments": "before",
    "ballot": {
        "kind": "points", "max_choices": 5, "min_choices": 2, "max_per_class": {"small": 3, "large": 2},
        "max_per_category": {"education": 2}, "max_per_territory": 4, "max_points": 10,
        "max_points_per_project": 6, "own_project": False, "max_cost": 500_000_000, "revote": True, "cancel": True,
    },
    "channels": [
        {"kind": "online", "from_day": 1, "to_day": 30, "identity_methods": ["isei", "bankid"]},
        {"kind": "desk", "from_day": 16, "to_day": 29, "identity_methods": ["desk"]},
        {"kind": "terminal", "from_day": 16, "to_day": 29, "identity_methods": ["bankid"]},
        {"kind": "paper", "from_day": 16, "to_day": 28, "identity_methods": ["desk"]},
    ],
    "paper": {"mode": "ballots", "is_named": True, "recheck_percent": 10},
    "extension": {"body": named("координаційна рада", "coordination council"), "phases": ["voting", "submission"],
                  "times": 2, "days": 14},
    "counting": {
        "rule": "greedy-v1",
        "options": {
            "score": "points", "fit": "partial", "threshold": {"small": 300, "large": 500},
            "threshold_share": {"*": 100}, "winners": {"small": 8, "large": 6},
            "winners_per_class": {"small": 7}, "winners_per_category": {"education": 2, "*": 4},
            "winners_per_territory": {"*": 3}, "leftovers": [{"from": ["small"], "to": "large"}],
        },
        "ties": ["support", "earlier", "lot"],
    },
    "live_results": "turnout",
    "box_key": "commission",
    "identity_methods": ["isei", "bankid", "desk"],
    "fresh_minutes": 20,
    "approval": [
        {"body": named("комісія", "commission"), "days": 8, "day_kind": "working"},
        {"body": named("міська рада", "city council"), "days": 30, "day_kind": "calendar"},
    ],
    "implementation": {"year_offset": 1, "responsible": named("головні розпорядники", "spending units"),
                       "reports_per_year": 4, "stall_days": 60},
    "publication": {"what": ["projects", "support", "results", "dossier"], "years": 5},
    "working_calendar": "ukraine-martial-law",
}  # fmt: skip
"""A regulation in which every field says something."""


def well_formed(schema=JSON_SCHEMA):
    """Documents that the schema allows, whatever they say."""
    if "$ref" in schema:
        schema = JSON_SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    return st.one_of(*(_OF_TYPE[kind](schema) for kind in kinds))


def _objects(schema):
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties")
    if not properties:
        return st.dictionaries(_IDS, well_formed(others), max_size=2) if others else st.just({})
    required = {name: well_formed(properties[name]) for name in schema.get("required", ())}
    optional = {name: well_formed(part) for name, part in properties.items() if name not in required}
    if "oneOf" not in schema:
        return st.fixed_dictionaries(required, optional=optional)
    choice = [alternative["required"][0] for alternative in schema["oneOf"]]
    kept = {name: part for name, part in optional.items() if name not in choice}
    return st.one_of(
        *(st.fixed_dictionaries({**required, name: optional[name]}, optional=kept) for name in choice)
    )


def _strings(schema):
    if schema.get("pattern", "").startswith("^(act"):
        return st.sampled_from(["act", "2027-02-28"])
    return _IDS if "pattern" in schema else st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


_IDS = st.sampled_from(["small", "large", "parks", "a.1"])
_OF_TYPE = {
    "object": _objects,
    "array": lambda schema: st.lists(
        well_formed(schema["items"]), max_size=3,
        unique_by=(lambda item: item) if schema.get("uniqueItems") else None,
    ),
    "string": _strings,
    "integer": lambda schema: st.integers(schema["minimum"], min(schema["maximum"], 200)),
    "boolean": lambda schema: st.booleans(),
    "null": lambda schema: st.none(),
}  # fmt: skip
