"""The rules of one contest, and their JSON document there and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from rulebook.canonical import CanonicalError, canonical, digest
from rulebook.problem import Problem
from rulebook.rules.records import (
    LATER,
    WHOLE,
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
    plain,
)
from rulebook.rules.schema import SCHEMA_NUMBER, shape_problems
from rulebook.rules.vocabulary import METHODS_OF, ONLINE, PLATFORM
from rulebook.workdays import UKRAINE

Record = TypeVar("Record")


class RulesError(ValueError):
    """The document is not a rules document; ``problems`` lists all that is wrong with its shape."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Rules:
    """The regulation of one contest. ``source`` cites the decision it comes from.

    ``total`` is all the money in kopiykas, None where only the pots are stated. ``supporter`` None: the voters.
    ``support`` None: no support is collected. ``channels`` empty: every connected one, the whole voting.
    ``extension``, ``implementation``, ``publication`` None: the regulation does not say. ``appeal`` None: a refusal is
    final. ``comments``: whether projects are talked about, and when a moderator reads it (COMMENTS).
    ``fresh_minutes``: how old an identification may be when a ballot is cast online; None: as the installation says.
    ``box_key``: who holds the key of the ballot box until the voting has ended (KEY_HOLDERS).
    ``working_calendar``: which days are working days (WORKING_CALENDARS). ``paper``: how paper ballots come in.
    """

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
    total: int | None = field(default=None, metadata=LATER)
    types: tuple[Category, ...] = field(default=(), metadata=LATER)
    supporter: Eligibility | None = field(default=None, metadata=LATER)
    submission: Submission = field(default_factory=Submission, metadata=LATER)
    support: Support | None = field(default=None, metadata=LATER)
    review: tuple[ReviewStage, ...] = field(default=(), metadata=LATER)
    channels: tuple[Channel, ...] = field(default=(), metadata=LATER)
    extension: Extension | None = field(default=None, metadata=LATER)
    approval: tuple[Approval, ...] = field(default=(), metadata=LATER)
    implementation: Implementation | None = field(default=None, metadata=LATER)
    publication: Publication | None = field(default=None, metadata=LATER)
    appeal: Appeal | None = field(default=None, metadata=LATER)
    comments: str = field(default="after", metadata=LATER)
    working_calendar: str = field(default=UKRAINE, metadata=LATER)
    fresh_minutes: int | None = field(default=None, metadata=LATER)
    box_key: str = field(default=PLATFORM, metadata=LATER)
    paper: PaperVoting = field(default_factory=PaperVoting, metadata=LATER)

    def as_document(self) -> dict[str, Any]:
        """The JSON document; ``parse`` gives these rules back.

        Every field of the first documents is present; one that the schema learnt later only where it says
        something, so that the hash of a document never changes because the schema grew.
        """
        document: dict[str, Any] = plain(self)
        return document

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

    @property
    def supporters(self) -> Eligibility:
        """Who may support a project: those the regulation names, else its voters."""
        return self.voter if self.supporter is None else self.supporter

    def methods_in(self, channel: Channel) -> tuple[str, ...]:
        """The methods of identification accepted in a channel."""
        if channel.identity_methods:
            return channel.identity_methods
        return tuple(method for method in self.identity_methods if method in METHODS_OF[channel.kind])

    @property
    def methods_to_submit(self) -> tuple[str, ...]:
        """The methods by which an author identifies to submit a project."""
        return self.submission.identity_methods or self.methods_in(Channel(ONLINE))

    @property
    def methods_to_support(self) -> tuple[str, ...]:
        """The methods by which a supporter identifies to sign for a project online."""
        own = self.support.identity_methods if self.support is not None else ()
        return own or self.methods_in(Channel(ONLINE))


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
    stated = {
        name: _built(name, value) for name, value in document.items() if name not in ("pots", "counting")
    }
    return Rules(
        **stated,
        pots=_pots(document["pots"], document.get("total")),
        counting=Counting(**{name: _frozen(value, 1) for name, value in document["counting"].items()}),
    )


_RECORDS: Mapping[str, type] = {
    "size_classes": SizeClass,
    "types": Category,
    "categories": Category,
    "author": Eligibility,
    "supporter": Eligibility,
    "voter": Eligibility,
    "submission": Submission,
    "support": Support,
    "review": ReviewStage,
    "ballot": BallotShape,
    "channels": Channel,
    "paper": PaperVoting,
    "extension": Extension,
    "approval": Approval,
    "implementation": Implementation,
    "publication": Publication,
    "appeal": Appeal,
}


def _built(name: str, value: Any) -> Any:
    if name == "title":
        return Text(value)
    if name not in _RECORDS:
        return _frozen(value)
    if isinstance(value, Mapping):
        return _record(_RECORDS[name], value)
    return tuple(_record(_RECORDS[name], entry) for entry in value)


def _record(record: type[Record], entry: Mapping[str, Any]) -> Record:
    return record(**{key: _value(key, value) for key, value in entry.items()})


def _value(key: str, value: Any) -> Any:
    if key in ("name", "body", "responsible", "help"):
        return Text(value)
    if key == "check":
        return _record(FormalCheck, value)
    if key in ("questions", "options"):
        part = Question if key == "questions" else Category
        return tuple(_record(part, entry) for entry in value)
    return _frozen(value)


def _pots(entries: Sequence[Mapping[str, Any]], total: int | None) -> tuple[Pot, ...]:
    amounts = amounts_by_share([entry.get("share") for entry in entries], total or 0)
    return tuple(
        _record(Pot, entry if "amount" in entry else {**entry, "amount": amount})
        for entry, amount in zip(entries, amounts, strict=True)
    )


def amounts_by_share(shares: Sequence[int | None], total: int) -> list[int]:
    """What each share of a total in kopiykas comes to; 0 for a pot without a share.

    All shares together are rounded down to whole kopiykas, and so is each but the last, which gets the rest:
    kopiykas that do not divide stay with the last pot by share.
    """
    whole = total * sum(share or 0 for share in shares) // WHOLE
    amounts = [total * (share or 0) // WHOLE for share in shares]
    last = max((index for index, share in enumerate(shares) if share is not None), default=None)
    if last is not None:
        amounts[last] += whole - sum(amounts)
    return amounts


def _date_problems(document: Mapping[str, Any]) -> list[Problem]:
    found = []
    for who in ("author", "supporter", "voter"):
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
        canonical(plain(document["counting"].get("options", {})))
        canonical(plain({key: value for key, value in document.items() if key != "counting"}))
    except CanonicalError as error:
        return [Problem("/counting/options", "no_canonical_form", {"detail": str(error)})]
    return []


def _frozen(value: Any, depth: int = 9) -> Any:
    # copies, so that nobody changes frozen rules through the document they came from; the options of a count
    # are free-form, and stay lists below their first level
    if isinstance(value, Mapping):
        return plain(value) if depth == 1 else {key: _frozen(item, depth - 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(item, depth - 1) for item in value)
    return value
