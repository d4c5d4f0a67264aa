"""What the API answers, as typed dictionaries. Amounts are in kopiykas, moments are ISO 8601 in UTC."""

from typing import Any, TypedDict


class Contest(TypedDict):
    contest: str
    year: int
    title: dict[str, str]
    currency: str
    phases: list[str]
    is_published: bool
    href: str
    page: str


class ProjectLine(TypedDict):
    number: int
    code: str
    title: str
    summary: str
    state: str
    category: str
    size_class: str
    territory: str
    place: str
    latitude: str | None
    longitude: str | None
    cost: int
    supporters: int
    published_at: str | None
    updated_at: str | None
    href: str
    page: str


class Project(ProjectLine):
    text: str
    type: str
    author: str
    items: list[dict[str, Any]]
    area: dict[str, Any] | None
    pictures: list[dict[str, str]]
    revision: int
    signatures: str
    opinions: str
    work: str | None


class Results(TypedDict):
    rule: str
    published_at: str
    voters: int
    spent: dict[str, int]
    dossier_digest: str
    outcome_digest: str
    dossier: str
    outcome: str
    items: list[dict[str, Any]]


class FigureLine(TypedDict):
    key: str
    title: dict[str, str]
    about: dict[str, str]
    as_of: str
    sha256: str
    href: str
    page: str


class OfficialReport(TypedDict):
    """files: {"form", "name", "size", "sha256", "signer", "signed_at", "href"}."""

    number: str
    kind: str
    title: str
    language: str
    author: str
    made_at: str
    sha256: str
    withdrawn_at: str | None
    reason: str
    files: list[dict[str, Any]]


class Figure(TypedDict):
    """rows: {"key", "label", "values"}; of values null is not known, "hidden" would single somebody out."""

    key: str
    title: dict[str, str]
    about: dict[str, str]
    as_of: str
    currency: str
    heading: dict[str, str]
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    total: list[int | str | None] | None
    notes: list[dict[str, str]]
    sha256: str
    page: str


class Work(TypedDict):
    number: int
    title: str
    state: str
    won: int
    plan: int | None
    paid: int | None
    starts_on: str | None
    due_on: str | None
    accepted_on: str | None
    steps: list[dict[str, Any]]
    contracts: list[dict[str, Any]]
    delays: list[dict[str, Any]]
    href: str


class Register(TypedDict):
    version: int | None
    rows: int
    digest: str
    imported_at: str | None


class LogLine(TypedDict):
    log: str
    origin: str
    size: int
    root: str
    entries: str
    checkpoint: str


class Entry(TypedDict):
    index: int
    kind: str
    subject: str
    at: str | None
    leaf: str
    leaf_hash: str


class Written(TypedDict, total=False):
    """What a write is answered: where to look at it, and what became of it."""

    href: str
    state: str
    number: int
    reference: str
    revision: int
    version: int
    rows: int
    new: int
    gone: int
    unit: str
    conclusion: str
    given_at: str
    verdict: str
