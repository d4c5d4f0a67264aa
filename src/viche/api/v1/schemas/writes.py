"""What is written, and what a write is answered, as OpenAPI describes it."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from viche.api.v1.schemas.base import Strict, Sum, letters


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
    """stage: the one that was looked at, as opinions name it; "" where the rules name no stages."""

    stage: letters(64, least=0)  # type: ignore[valid-type]
    verdict: Literal["admit", "admit-with-correction", "return", "reject"]
    reason: letters(5000, least=0) = ""  # type: ignore[valid-type]
    conditions: letters(5000, least=0) = ""  # type: ignore[valid-type]


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
