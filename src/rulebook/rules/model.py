"""The rules of one contest as frozen records, and their JSON document there and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from rulebook.canonical import CanonicalError, canonical, digest
from rulebook.problem import Problem
from rulebook.rules.schema import (
    BALLOT_KINDS,
    BASES,
    IDENTITY_METHODS,
    LIVE_RESULTS,
    SCHEMA_NUMBER,
    shape_problems,
)

__all__ = [
    "BALLOT_KINDS",
    "BASES",
    "IDENTITY_METHODS",
    "LIVE_RESULTS",
    "BallotShape",
    "Category",
    "Counting",
    "Eligibility",
    "Pot",
    "Rules",
    "RulesError",
    "SizeClass",
    "Text",
    "parse",
]


class RulesError(ValueError):
    """The document is not a rules document; ``problems`` lists all that is wrong with its shape."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = list(problems)


class Text(dict[str, str]):
    """A name in several languages, by language code; Ukrainian is always there."""

    def get(self, lang: str, default: str = "") -> str:  # type: ignore[override]
        """The text in ``lang``, else in Ukrainian, else ``default``."""
        return dict.get(self, lang) or dict.get(self, "uk") or default


@dataclass(frozen=True)
class SizeClass:
    """A class of projects by cost, in kopiykas, both bounds inclusive; no upper bound when None."""

    id: str
    name: Text
    min_cost: int
    max_cost: int | None = None

    def holds(self, cost: int) -> bool:
        """Whether a project of this cost belongs to the class."""
        return self.min_cost <= cost and (self.max_cost is None or cost <= self.max_cost)


@dataclass(frozen=True)
class Category:
    """A theme of projects that the regulation names."""

    id: str
    name: Text


@dataclass(frozen=True)
class Pot:
    """Money for projects of one size class, category and territory (KATOTTG code); None means any."""

    id: str
    name: Text
    amount: int
    size_class: str | None = None
    category: str | None = None
    territory: str | None = None

    def holds(self, *, size_class: str | None, category: str | None, territory: str | None) -> bool:
        """Whether a project of these dimensions is paid from the pot."""
        return (
            self.size_class in (None, size_class)
            and self.category in (None, category)
            and self.territory in (None, territory)
        )


@dataclass(frozen=True)
class Eligibility:
    """Who may take part. ``age_on`` is "act" (the day of the act) or a date; one of ``bases`` is enough."""

    min_age: int | None = None
    age_on: str = "act"
    bases: tuple[str, ...] = ("registered",)

    def reference_date(self, acted_on: date) -> date:
        """The day on which the age is looked at, for an act of ``acted_on``."""
        return acted_on if self.age_on == "act" else date.fromisoformat(self.age_on)


@dataclass(frozen=True)
class BallotShape:
    """What one ballot may hold. None is no limit; ``max_cost`` bounds the sum of costs, in kopiykas.

    On a plus-minus ballot ``max_choices`` bounds the marks for, ``max_minus`` the marks against.
    """

    kind: str = "approval"
    max_choices: int | None = None
    min_choices: int = 1
    max_per_class: Mapping[str, int] = field(default_factory=dict)
    max_per_category: Mapping[str, int] = field(default_factory=dict)
    max_per_territory: int | None = None
    max_points: int | None = None
    max_points_per_project: int | None = None
    max_minus: int | None = None
    own_project: bool = True
    max_cost: int | None = None
    revote: bool = False

    @property
    def choice_limit(self) -> int | None:
        """The most projects on one ballot; None when there is no overall limit."""
        return 1 if self.kind == "choose-1" else self.max_choices


@dataclass(frozen=True)
class Counting:
    """The counting rule by its id, its options, and what decides a tie, tried in this order."""

    rule: str = "greedy-v1"
    options: Mapping[str, Any] = field(default_factory=dict)
    ties: tuple[str, ...] = ("refuse",)


@dataclass(frozen=True)
class Rules:
    """The regulation of one contest. ``source`` cites the decision it comes from."""

    title: Text
    pots: tuple[Pot, ...]
    counting: Counting
    size_classes: tuple[SizeClass, ...] = ()
    categories: tuple[Category, ...] = ()
    author: Eligibility = field(default_factory=Eligibility)
    author_max_projects: int | None = None
    voter: Eligibility = field(default_factory=Eligibility)
    ballot: BallotShape = field(default_factory=BallotShape)
    live_results: str = "turnout"
    identity_methods: tuple[str, ...] = ("isei",)
    source: str = ""
    schema: int = SCHEMA_NUMBER

    def as_document(self) -> dict[str, Any]:
        """The JSON document, every field present; ``parse`` gives these rules back."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical document."""
        return digest(self.as_document())

    @property
    def dimensions(self) -> dict[str, frozenset[str]]:
        """The ids of size classes, categories and pots: what an option of the count may be told by."""
        return {
            "class": frozenset(entry.id for entry in self.size_classes),
            "category": frozenset(entry.id for entry in self.categories),
            "pot": frozenset(entry.id for entry in self.pots),
        }

    def size_class(self, class_id: str) -> SizeClass | None:
        """The size class with this id."""
        return next((entry for entry in self.size_classes if entry.id == class_id), None)

    def category(self, category_id: str) -> Category | None:
        """The category with this id."""
        return next((entry for entry in self.categories if entry.id == category_id), None)

    def pot(self, pot_id: str) -> Pot | None:
        """The pot with this id."""
        return next((entry for entry in self.pots if entry.id == pot_id), None)

    def size_class_of(self, cost: int) -> SizeClass | None:
        """The class a project of ``cost`` kopiykas belongs to; None when it fits none."""
        return next((entry for entry in self.size_classes if entry.holds(cost)), None)

    def pot_of(
        self, *, size_class: str | None = None, category: str | None = None, territory: str | None = None
    ) -> Pot | None:
        """The pot that pays for a project of these dimensions; None when there is none."""
        for pot in self.pots:
            if pot.holds(size_class=size_class, category=category, territory=territory):
                return pot
        return None


def parse(document: Mapping[str, Any]) -> Rules:
    """The rules a document states.

    Raises RulesError listing every fault of shape. A well-formed document may still contradict itself:
    ask ``problems`` for that.
    """
    found = shape_problems(document)
    if not found:
        found = [*_date_problems(document), *_value_problems(document)]
    if found:
        raise RulesError(found)
    return Rules(
        schema=document["schema"],
        title=Text(document["title"]),
        size_classes=tuple(SizeClass(**_named(entry)) for entry in document.get("size_classes", ())),
        categories=tuple(Category(**_named(entry)) for entry in document.get("categories", ())),
        pots=tuple(Pot(**_named(entry)) for entry in document["pots"]),
        author=_eligibility(document.get("author", {})),
        author_max_projects=document.get("author_max_projects"),
        voter=_eligibility(document.get("voter", {})),
        ballot=BallotShape(**_copied(document.get("ballot", {}))),
        counting=Counting(**_copied(document["counting"])),
        live_results=document.get("live_results", "turnout"),
        identity_methods=tuple(document.get("identity_methods", ("isei",))),
        source=document.get("source", ""),
    )


def _date_problems(document: Mapping[str, Any]) -> list[Problem]:
    found = []
    for who in ("author", "voter"):
        age_on = document.get(who, {}).get("age_on", "act")
        if age_on != "act":
            try:
                date.fromisoformat(age_on)
            except ValueError:
                found.append(Problem(f"/{who}/age_on", "bad_format", {"value": age_on}))
    return found


def _value_problems(document: Mapping[str, Any]) -> list[Problem]:
    # the options are free-form for the schema, but they are hashed with the rest
    try:
        canonical(_plain(document["counting"].get("options", {})))
        canonical(_plain({key: value for key, value in document.items() if key != "counting"}))
    except CanonicalError as error:
        return [Problem("/counting/options", "no_canonical_form", {"detail": str(error)})]
    return []


def _named(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "name": Text(entry["name"])}


def _eligibility(entry: Mapping[str, Any]) -> Eligibility:
    return Eligibility(**_copied(entry))


def _copied(entry: Mapping[str, Any]) -> dict[str, Any]:
    # copies, so that nobody changes frozen rules through the document they came from
    return {
        name: tuple(value) if isinstance(value, (list, tuple)) else _plain(value)
        for name, value in entry.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    return value
