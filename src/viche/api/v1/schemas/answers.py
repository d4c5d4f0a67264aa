"""What is read, as OpenAPI describes it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from viche.api.v1.schemas.base import Money, Words


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
    figures: str
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


class OfficialReportFile(Schema):
    """form: pdf, xlsx, csv, json, or signed for a copy that an official signed."""

    form: str
    name: str
    size: int
    sha256: str
    signer: str
    signed_at: datetime | None
    href: str | None = Field(description="Null where the report was withdrawn.")


class OfficialReport(Schema):
    """An issued report. author: the office it was issued by. sha256: of everything that stands in it."""

    number: str = Field(examples=["3/2026"])
    kind: str
    title: str
    language: str
    author: str
    made_at: datetime
    sha256: str
    withdrawn_at: datetime | None
    reason: str
    files: list[OfficialReportFile]


class OfficialReports(Schema):
    items: list[OfficialReport]


class FigureColumn(Schema):
    """kind: count, money (kopiykas), share (hundredths of a percent), hundredths, days, date, state."""

    key: str
    title: Words
    kind: str


class FigureRow(Schema):
    """values: one for each column; null is not known, "hidden" would single somebody out."""

    key: str
    label: Words
    values: list[int | str | None]


class FigureLine(Schema):
    key: str = Field(examples=["turnout-by-day"])
    title: Words
    about: Words
    as_of: datetime
    sha256: str = Field(
        description="Of what was counted; the same on the page, in the PDF and in every file."
    )
    href: str
    page: str


class Figures(Schema):
    items: list[FigureLine]
    archive: str = Field(description="Everything as Parquet tables, figures among them, in one ZIP.")


class Figure(Schema):
    """One table of numbers with its words. total: sums, where they are right to show."""

    key: str
    title: Words
    about: Words
    as_of: datetime
    currency: str
    heading: Words
    columns: list[FigureColumn]
    rows: list[FigureRow]
    total: list[int | str | None] | None
    notes: list[Words]
    sha256: str = Field(
        description="Of what was counted; the same on the page, in the PDF and in every file."
    )
    page: str


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
