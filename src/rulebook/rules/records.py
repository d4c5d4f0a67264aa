"""The parts of a regulation as frozen records. Money in kopiykas, shares in hundredths of a percent.

A field marked LATER came after the first documents were hashed: it is left out of a document where it has
its default, so that no hash changes when the schema learns to say more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from typing import Any

from rulebook.rules.vocabulary import BALLOTS, CALENDAR_DAYS, CITIZENSHIPS, NEVER, WAYS_TO_SUPPORT
from rulebook.workdays import add_days

WHOLE = 10_000
"""One hundred percent."""


LATER: Mapping[str, bool] = {"later": True}


class Text(dict[str, str]):
    """A name in several languages, by language code; Ukrainian is always there."""

    def get(self, lang: str, default: str = "") -> str:  # type: ignore[override]
        """The text in ``lang``, else in Ukrainian, else ``default``."""
        return dict.get(self, lang) or dict.get(self, "uk") or default


@dataclass(frozen=True)
class SizeClass:
    """A class of projects by cost, in kopiykas, both bounds inclusive; no upper bound when None.

    ``scope`` is the level of territory its projects are for (see SCOPES); None where the regulation names none.
    """

    id: str
    name: Text
    min_cost: int
    max_cost: int | None = None
    scope: str | None = field(default=None, metadata=LATER)

    def holds(self, cost: int) -> bool:
        """Whether a project of this cost belongs to the class."""
        return self.min_cost <= cost and (self.max_cost is None or cost <= self.max_cost)


@dataclass(frozen=True)
class Category:
    """A theme of projects that the regulation names, or a type of them."""

    id: str
    name: Text


@dataclass(frozen=True)
class Pot:
    """Money for projects of one size class, category and territory (KATOTTG code); None means any.

    ``share`` is set where the regulation states a part of the total instead of an amount; ``parse`` has then put
    the amount it comes to into ``amount``.
    """

    id: str
    name: Text
    amount: int
    size_class: str | None = None
    category: str | None = None
    territory: str | None = None
    share: int | None = field(default=None, metadata=LATER)

    def holds(self, *, size_class: str | None, category: str | None, territory: str | None) -> bool:
        """Whether a project of these dimensions is paid from the pot."""
        return (
            self.size_class in (None, size_class)
            and self.category in (None, category)
            and self.territory in (None, territory)
        )


@dataclass(frozen=True)
class Eligibility:
    """Who may take part. ``age_on`` is "act" (the day of the act) or a date; one of ``bases`` is enough.

    ``channels`` limits a basis to some channels (a basis without an entry has all), ``evidence`` says what proves
    it (without an entry, any of EVIDENCE); ``operator_grant``: an operator may confirm a basis by a document;
    ``personal_number``: a personal number (РНОКПП) must be proved. Ages in full years, both inclusive.
    """

    min_age: int | None = None
    age_on: str = "act"
    bases: tuple[str, ...] = ("registered",)
    max_age: int | None = field(default=None, metadata=LATER)
    citizenship: tuple[str, ...] = field(default=CITIZENSHIPS, metadata=LATER)
    channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict, metadata=LATER)
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict, metadata=LATER)
    operator_grant: bool = field(default=True, metadata=LATER)
    personal_number: bool = field(default=False, metadata=LATER)

    def reference_date(self, acted_on: date) -> date:
        """The day on which the age is looked at, for an act of ``acted_on``."""
        return acted_on if self.age_on == "act" else date.fromisoformat(self.age_on)

    def may_use(self, basis: str, channel: str) -> bool:
        """Whether somebody of this basis may take part through the channel."""
        return basis in self.bases and (basis not in self.channels or channel in self.channels[basis])


@dataclass(frozen=True)
class Submission:
    """What is asked of a submitted project; None is no limit.

    ``reserve_share``: the part of the estimate that is a reserve, in hundredths of a percent; ``categories``: the
    only ones admitted this year, all of the regulation's when empty; ``max_team``: the most people in a team of
    authors; ``least_amount``: the author may state the smallest sum the project can do with (for "partial");
    ``identity_methods``: by which an author identifies to submit, all of the rules that work online when empty.
    """

    max_per_class: Mapping[str, int] = field(default_factory=dict, metadata=LATER)
    reserve_share: int = field(default=0, metadata=LATER)
    categories: tuple[str, ...] = field(default=(), metadata=LATER)
    max_team: int | None = field(default=None, metadata=LATER)
    paper_original: bool = field(default=False, metadata=LATER)
    least_amount: bool = field(default=False, metadata=LATER)
    check: FormalCheck | None = field(default=None, metadata=LATER)
    edits: str = field(default=NEVER, metadata=LATER)
    questions: tuple[Question, ...] = field(default=(), metadata=LATER)
    identity_methods: tuple[str, ...] = field(default=(), metadata=LATER)


@dataclass(frozen=True)
class FormalCheck:
    """The check of form before a project is published: which body, in how many days (None unstated).

    ``publish_silent``: a project nobody has checked in time is published.
    """

    body: Text
    days: int | None = None
    day_kind: str = CALENDAR_DAYS
    publish_silent: bool = False

    def deadline(self, start: date, calendar: str) -> date | None:
        """The last day of the check, ``start`` the day of submission; None where no term is stated."""
        return (
            None if self.days is None else add_days(start, self.days, kind=self.day_kind, calendar=calendar)
        )


@dataclass(frozen=True)
class Question:
    """A question of the community's own in the form of a project (see QUESTION_KINDS).

    ``options``: what a choice offers. ``is_public``: the answer is published with the project.
    """

    id: str
    name: Text
    kind: str = "line"
    help: Text | None = field(default=None, metadata=LATER)
    options: tuple[Category, ...] = field(default=(), metadata=LATER)
    required: bool = False
    is_public: bool = True


@dataclass(frozen=True)
class Support:
    """Collection of support before the review.

    ``threshold``: how many people must support a project, by size class, "*" for classes without their own entry.
    ``days``: how long, from ``counted_from``; None is the support phase of the schedule. ``author_counts``: the
    author is one of them. ``max_per_person``: the most projects one person may support. ``withdrawal``: a supporter
    may take a signature back while they are collected. ``signatories``: what of them is published (see SIGNATORIES).
    ``e_signature``: whether a qualified electronic signature over the text of the project goes with it (E_SIGNATURES).
    ``identity_methods``: by which a supporter identifies online, all of the rules that work there when empty.
    """

    threshold: Mapping[str, int]
    days: int | None = None
    counted_from: str = "publication"
    author_counts: bool = False
    ways: tuple[str, ...] = WAYS_TO_SUPPORT
    max_per_person: int | None = None
    withdrawal: bool = field(default=False, metadata=LATER)
    signatories: str = field(default="number", metadata=LATER)
    e_signature: str = field(default="none", metadata=LATER)
    identity_methods: tuple[str, ...] = field(default=(), metadata=LATER)

    def needed(self, size_class: str | None) -> int:
        """How many supporters a project of the class needs."""
        default = self.threshold.get("*", 0)
        return default if size_class is None else self.threshold.get(size_class, default)


@dataclass(frozen=True)
class ReviewStage:
    """One stage of the review: which body, in how many days (None unstated), what it may decide (see REVIEW_OUTCOMES).

    ``correction_days`` (of the same kind as ``days``) are the author's; ``reject_silent``: a project not corrected in
    time is rejected; ``reject_refusal``: one whose author refuses the changes asked for is rejected. ``checks``: what
    the departments give an opinion on, all of CHECKS when empty. ``quorum``: how many members of the body must take
    part in a decision of it, which is then taken at a meeting by roll-call; None: one member decides.
    """

    id: str
    name: Text
    body: Text
    outcomes: tuple[str, ...]
    days: int | None = None
    day_kind: str = CALENDAR_DAYS
    correction_days: int | None = None
    reject_silent: bool = False
    reject_refusal: bool = False
    checks: tuple[str, ...] = field(default=(), metadata=LATER)
    quorum: int | None = field(default=None, metadata=LATER)

    def deadline(self, start: date, calendar: str) -> date | None:
        """The last day of the stage, ``start`` the day of the event it follows; None where no term is stated."""
        return (
            None if self.days is None else add_days(start, self.days, kind=self.day_kind, calendar=calendar)
        )

    def correction_deadline(self, start: date, calendar: str) -> date | None:
        """The last day for a project returned on ``start`` to be corrected; None where no term is stated."""
        days = self.correction_days
        return None if days is None else add_days(start, days, kind=self.day_kind, calendar=calendar)


@dataclass(frozen=True)
class Appeal:
    """An author's appeal against a refusal: to which body, within how many days, decided in how many."""

    body: Text
    days: int
    day_kind: str = CALENDAR_DAYS
    decision_days: int | None = None

    def deadline(self, start: date, calendar: str) -> date:
        """The last day to appeal, ``start`` the day of the refusal."""
        return add_days(start, self.days, kind=self.day_kind, calendar=calendar)

    def decision_deadline(self, start: date, calendar: str) -> date | None:
        """The last day to decide it, ``start`` the day of the appeal; None where no term is stated."""
        days = self.decision_days
        return None if days is None else add_days(start, days, kind=self.day_kind, calendar=calendar)


@dataclass(frozen=True)
class Channel:
    """A way to vote. ``from_day`` to ``to_day`` of the voting (its first day is 1), None to its end.

    ``identity_methods`` are those accepted here; where empty, all that the rules name and that can work here.
    """

    kind: str
    from_day: int = 1
    to_day: int | None = None
    identity_methods: tuple[str, ...] = ()

    def is_open(self, day: int) -> bool:
        """Whether the channel is open on that day of the voting."""
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True)
class Extension:
    """How phases may be extended: by whose decision, how often and by how many days each time; None is no limit.

    ``phases`` are those it may be; all when empty. ``times`` 0: none is ever extended.
    """

    body: Text
    phases: tuple[str, ...] = ()
    times: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class Approval:
    """One step of approving the results: which body, in how many days after the step before (None unstated)."""

    body: Text
    days: int | None = None
    day_kind: str = CALENDAR_DAYS

    def deadline(self, start: date, calendar: str) -> date | None:
        """The last day of the step, ``start`` the day of the step before; None where no term is stated."""
        return (
            None if self.days is None else add_days(start, self.days, kind=self.day_kind, calendar=calendar)
        )


@dataclass(frozen=True)
class Implementation:
    """When the winners are built: ``year_offset`` years after the voting; who answers for it; reports a year.

    ``stall_days``: officials are reminded of a project in which nothing has moved for so many days; None: never.
    """

    year_offset: int = 1
    responsible: Text | None = field(default=None, metadata=LATER)
    reports_per_year: int = 0
    stall_days: int | None = field(default=None, metadata=LATER)


@dataclass(frozen=True)
class Publication:
    """What is published (see PUBLISHED) and for how many years; None is without end."""

    what: tuple[str, ...]
    years: int | None = None


@dataclass(frozen=True)
class BallotShape:
    """What one ballot may hold. None is no limit; ``max_cost`` bounds the sum of costs, in kopiykas.

    On a plus-minus ballot ``max_choices`` bounds the marks for, ``max_minus`` the marks against. ``cancel``: a voter
    may take back a ballot cast at a terminal until the voting ends, and has not voted then.
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
    cancel: bool = field(default=False, metadata=LATER)

    @property
    def choice_limit(self) -> int | None:
        """The most projects on one ballot; None when there is no overall limit."""
        return 1 if self.kind == "choose-1" else self.max_choices


@dataclass(frozen=True)
class PaperVoting:
    """How paper ballots come in (see PAPER_MODES).

    ``is_named`` False: ballots are numbered, a voter is looked up when one is given out, and the sheet carries no
    name; True: the sheet carries the voter's name and number, and the voter is looked up when it is entered.
    ``recheck_percent``: the part of the entered sheets that is compared with the paper again, drawn in public.
    """

    mode: str = BALLOTS
    is_named: bool = False
    recheck_percent: int = 5


@dataclass(frozen=True)
class Counting:
    """The counting rule by its id, its options, and what decides a tie, tried in this order."""

    rule: str = "greedy-v1"
    options: Mapping[str, Any] = field(default_factory=dict)
    ties: tuple[str, ...] = ("refuse",)


def plain(value: Any) -> Any:
    """JSON-able form of a record or a part of one: later fields only where they differ from their default."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    document = {
        entry.name: plain(getattr(value, entry.name))
        for entry in fields(value)
        if not (entry.metadata.get("later") and getattr(value, entry.name) == _default(entry))
    }
    if isinstance(value, Pot) and value.share is not None:
        del document["amount"]  # it follows from the share
    return document


def _default(entry: Field[Any]) -> Any:
    return entry.default if entry.default_factory is MISSING else entry.default_factory()
