"""What is asked and answered, as OpenAPI describes it. Money is in kopiykas, time in UTC (ISO 8601)."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StrictInt

REQUEST_KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")

Money = Annotated[int, Field(description="In kopiykas.", examples=[30_000_000])]
Sum = Annotated[StrictInt, Field(gt=0, lt=10**13, description="In kopiykas.", examples=[29_850_000])]
Words = Annotated[
    dict[str, str], Field(description="By language.", examples=[{"uk": "Парки", "en": "Parks"}])
]


def letters(most: int, *, least: int = 1, example: str = "", note: str = "") -> Any:
    """A text of so many letters without a zero byte."""
    return Annotated[
        str,
        Field(
            min_length=least, max_length=most, pattern=r"^[^\x00]*$", examples=[example] if example else None,
            description=note or None,
        ),
    ]  # fmt: skip


class Strict(Schema):
    """A body with a field that nobody knows is refused: a typing error must not go unnoticed."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """A refusal (RFC 9457). code: stable, for programs; title: in the language asked for; errors: by field."""

    type: str
    title: str
    status: int
    code: str
    errors: dict[str, Any] | None = None


# --- what is read ---------------------------------------------------------------------------------------------


class CommunityLine(Schema):
    """A connected body. community: its address here."""

    community: str = Field(examples=["poltava"])
    code: str = Field(description="КАТОТТГ", examples=["UA53080370010073240"])
    name: Words
    region: str = Field(description="КАТОТТГ of its region.")
    website: str
    has_left: bool
    href: str
    page: str


class Communities(Schema):
    items: list[CommunityLine]
    next: str | None


class ContestLine(Schema):
    contest: str = Field(examples=["2026"])
    year: int
    title: Words
    currency: str
    phases: list[str] = Field(description="The phases that run now.")
    is_published: bool = Field(description="Whether the result of the voting is published.")
    href: str
    page: str


class Contests(Schema):
    items: list[ContestLine]


class Contest(ContestLine):
    summary: Words
    rules: str
    stages: str
    projects: str
    results: str
    works: str
    money: Money
    number: int = Field(description="How many projects are public.")
    cost: Money
    by_state: dict[str, int]


class Rules(Schema):
    """The rules in force: the document whose SHA-256 was published, and the decision it cites."""

    version: int
    digest: str
    decision: str
    decision_date: date | None
    decision_url: str
    frozen_at: datetime | None
    document: dict[str, Any]


class Stage(Schema):
    phase: str
    name: Words
    starts_at: datetime
    ends_at: datetime | None
    is_open: bool


class Stages(Schema):
    now: datetime
    items: list[Stage]


class ProjectLine(Schema):
    number: int
    code: str
    title: str
    summary: str
    state: str
    category: str
    size_class: str
    territory: str = Field(description="КАТОТТГ")
    place: str
    latitude: str | None
    longitude: str | None
    cost: Money
    supporters: int
    published_at: datetime | None
    updated_at: datetime | None
    href: str
    page: str


class Projects(Schema):
    items: list[ProjectLine]
    next: str | None


class Item(Schema):
    name: str
    unit: str
    quantity: str
    price: Money | None


class Picture(Schema):
    href: str
    alt: str


class Project(ProjectLine):
    text: str
    type: str
    author: str
    items: list[Item]
    area: dict[str, Any] | None
    pictures: list[Picture]
    revision: int
    signatures: str
    opinions: str
    work: str | None


class DayOfSignatures(Schema):
    day: date
    number: int


class Signatures(Schema):
    """Counts only: nobody's name is here."""

    number: int
    needed: int | None
    until: datetime | None
    days: list[DayOfSignatures]


class Opinion(Schema):
    unit: str
    stage: str
    conclusion: str
    reasons: str
    corrected_cost: Money | None
    checks: dict[str, Any]
    given_at: datetime


class DecisionLine(Schema):
    stage: str
    verdict: str
    reason: str
    conditions: str
    protocol: str
    decided_at: datetime


class Opinions(Schema):
    opinions: list[Opinion]
    decisions: list[DecisionLine]


class Result(Schema):
    """Of one project. total: what the rule counts (votes, points); votes: how many ballots named it."""

    number: int
    code: str
    title: str
    cost: Money
    amount: Money | None = Field(description="What it gets; null where it has not won.")
    is_funded: bool
    total: int | None
    votes: int | None
    rank: int | None
    reason: str = Field(description="Why it has not won, as a code; empty for winners.")
    href: str


class Results(Schema):
    rule: str
    published_at: datetime
    voters: int
    invalid: dict[str, int]
    spent: dict[str, int] = Field(description="By pot, in kopiykas.")
    left: dict[str, int]
    dossier_digest: str = Field(description="SHA-256 of the dossier.")
    outcome_digest: str
    dossier: str
    outcome: str
    note: str
    items: list[Result]


class LogLine(Schema):
    """log: the year, with the edition after the first. size: how many entries have their place."""

    log: str
    origin: str
    size: int
    root: str = Field(description="RFC 9162 root of the tree over all entries, hexadecimal.")
    entries: str
    checkpoint: str = Field(description="C2SP checkpoint, signed; 404 until the first is signed.")


class Logs(Schema):
    items: list[LogLine]


class Entry(Schema):
    """leaf: the very text that is hashed."""

    index: int
    kind: str
    subject: str
    at: datetime | None
    leaf: str
    leaf_hash: str


class Entries(Schema):
    size: int
    items: list[Entry]
    next: str | None


class Step(Schema):
    id: UUID
    title: str
    due_on: date
    done_on: date | None


class ContractLine(Schema):
    number: str
    signed_on: date
    contractor: str
    amount: Money
    url: str


class DelayLine(Schema):
    former_due: date
    new_due: date
    reason: str


class Work(Schema):
    """How a winner is built. paid: what it cost so far, or in the end."""

    number: int
    title: str
    state: str
    won: Money
    responsible_unit: str
    plan: Money | None
    paid: Money | None
    starts_on: date | None
    due_on: date | None
    accepted_on: date | None
    acceptance: str
    note: str
    revision: int
    steps: list[Step]
    contracts: list[ContractLine]
    delays: list[DelayLine]
    project: str
    href: str
    page: str


class Works(Schema):
    items: list[Work]


class Report(Schema):
    """Figures that are for the body only. Nothing of votes before the publication."""

    by_state: dict[str, int]
    cost: Money
    waiting_for_check: int
    late_reviews: int
    open_opinions: int
    works: dict[str, int]


class Register(Schema):
    """The body's register of members: its version in force. Nobody's row can be read."""

    version: int | None
    rows: int
    digest: str
    imported_at: datetime | None


class Asked(Schema):
    """A department's opinion that is waited for, and that this program's official may sign."""

    contest: str
    number: int
    title: str
    unit: str
    stage: str
    due_on: date | None
    checks: list[str]
    href: str


class AskedList(Schema):
    items: list[Asked]


# --- what is written ------------------------------------------------------------------------------------------


class NewItem(Strict):
    name: letters(200, example="Лавки")  # type: ignore[valid-type]
    unit: letters(20, least=0, example="шт.") = ""  # type: ignore[valid-type]
    quantity: Annotated[str, Field(pattern=r"^[0-9]{1,9}([.,][0-9]{1,3})?$", examples=["10"])]
    price: Sum


class ProjectFields(Strict):
    """What a project says."""

    title: letters(500, least=5, example="Сквер на місці пустиря")  # type: ignore[valid-type]
    summary: letters(600, example="Зелений куточок для всього двору.")  # type: ignore[valid-type]
    text: letters(20_000, example="Пустир біля школи стане сквером.")  # type: ignore[valid-type]
    category: letters(200, least=0, example="parks") = ""  # type: ignore[valid-type]
    type: letters(40, least=0) = ""  # type: ignore[valid-type]
    territory: Annotated[
        str,
        Field(
            pattern=r"^UA[0-9]{17}(-[0-9]{1,4})?$", description="КАТОТТГ", examples=["UA53080370010339303"]
        ),
    ]
    place: letters(200, least=0, example="вул. Соборності, 1") = ""  # type: ignore[valid-type]
    cost: Sum
    items: list[NewItem] = Field(default=[], max_length=100)


class NewProject(ProjectFields):
    """author: the tax number of the resident, who has identified here before; it is not kept. reference: what the
    body's own system calls the project.
    """

    author: Annotated[str, Field(pattern=r"^[0-9]{10}$", examples=["3141592659"])]
    reference: letters(80, example="ЦНАП-2026/17")  # type: ignore[valid-type]


class ProjectChanges(Strict):
    """Only what is to change."""

    title: letters(500, least=5) | None = None  # type: ignore[valid-type]
    summary: letters(600) | None = None  # type: ignore[valid-type]
    text: letters(20_000) | None = None  # type: ignore[valid-type]
    category: letters(200) | None = None  # type: ignore[valid-type]
    place: letters(200, least=0) | None = None  # type: ignore[valid-type]
    cost: Sum | None = None
    items: Annotated[list[NewItem], Field(max_length=100)] | None = None


class Submitted(Schema):
    number: int
    state: str
    reference: str
    href: str


class NewCheck(Strict):
    answer: Literal["yes", "remarks", "no", "n/a"]
    note: letters(2000, least=0) = ""  # type: ignore[valid-type]


class NewOpinion(Strict):
    """unit: the department, where the official writes for several that were asked."""

    conclusion: Literal["positive", "with_changes", "negative"]
    reasons: letters(10_000, least=0, example="Земля належить громаді.") = ""  # type: ignore[valid-type]
    checks: dict[letters(40), NewCheck] = Field(default={}, max_length=20)  # type: ignore[valid-type]
    corrected_cost: Sum | None = None
    unit: letters(200, least=0) = ""  # type: ignore[valid-type]


class Signed(Schema):
    unit: str
    conclusion: str
    given_at: datetime
    href: str


class NewDecision(Strict):
    """stage: the one that was looked at, as opinions name it. protocol: of the meeting, where the stage has one."""

    verdict: Literal["admit", "admit-with-correction", "return", "reject"]
    reason: letters(5000, least=0) = ""  # type: ignore[valid-type]
    conditions: letters(5000, least=0) = ""  # type: ignore[valid-type]
    protocol: letters(200, least=0) = ""  # type: ignore[valid-type]
    stage: letters(64, least=0) = ""  # type: ignore[valid-type]


class Decided(Schema):
    verdict: str
    state: str
    href: str


class Member(Strict):
    """A row of the register. number: the tax number, or its token of 64 hexadecimal digits made with the body's key."""

    number: Annotated[str, Field(pattern=r"^([0-9]{10}|[0-9a-fA-F]{64})$", examples=["3141592659"])]
    territory: Annotated[
        str,
        Field(
            pattern=r"^UA[0-9]{17}$",
            description="КАТОТТГ of the settlement",
            examples=["UA53080370010073240"],
        ),
    ]
    basis: Literal["registered", "declared", "displaced", "work", "study", "service", "property", "birth"] = (
        "registered"
    )


class MemberChanges(Strict):
    """put: rows that are new or have changed; withdrawn: rows that are true no longer."""

    put: list[Member] = Field(default=[], max_length=10_000)
    withdrawn: list[Member] = Field(default=[], max_length=10_000)


class Imported(Schema):
    version: int
    rows: int
    new: int
    gone: int
    digest: str
    href: str


class NewWork(Strict):
    responsible_unit: letters(200, example="Управління ЖКГ")  # type: ignore[valid-type]
    plan: Sum
    starts_on: date
    due_on: date


class WorkChanges(Strict):
    """Only what is to change. paid: what was paid so far."""

    responsible_unit: letters(200) | None = None  # type: ignore[valid-type]
    plan: Sum | None = None
    paid: Sum | None = None


class NewContract(Strict):
    number: letters(100, example="17/26")  # type: ignore[valid-type]
    signed_on: date
    contractor: letters(200, example="ТОВ «Зелений двір»")  # type: ignore[valid-type]
    amount: Sum
    url: Annotated[str, Field(max_length=200, pattern=r"^(https://[^\s\x00]+)?$")] = ""


class NewStep(Strict):
    title: letters(200, example="Укладено плитку")  # type: ignore[valid-type]
    due_on: date


class StepDone(Strict):
    """done_on: null where it is not done after all."""

    done_on: date | None


class NewDelay(Strict):
    new_due: date
    reason: letters(1000, example="Затяжні дощі.")  # type: ignore[valid-type]


class Acceptance(Strict):
    """acceptance: the act, by number and date. paid: what it cost in the end."""

    accepted_on: date
    acceptance: letters(200, example="Акт № 5 від 01.10.2026")  # type: ignore[valid-type]
    paid: Sum


class Written(Schema):
    state: str
    revision: int
    href: str


class Token(Schema):
    """RFC 6749, 5.1."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str
