"""What tests start from, made through the actions, so that no test begins in an impossible state.

The cast recurs: Olena (author), Petro (voter), Iryna and Serhii (commission), Viktor (administrator), all of
Poltava; Taras lives in Lviv.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

from rulebook.ballot import BallotPaper
from rulebook.calendar import Window
from viche.ballots.actions import make_box
from viche.communities.actions import connect_community
from viche.communities.models import Community, Territory
from viche.contests.actions import create_contest, freeze_rules
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.identity.actions import grant_membership, grant_office, identify_person
from viche.identity.models import Membership, Person
from viche.identity.providers import Address, VerifiedClaims, make_tax_number
from viche.identity.queries import actor_of
from viche.projects.actions import Draft, submit_project
from viche.projects.models import Project
from viche.review.actions import decide_review

POLTAVA, LVIV, MACHUKHY = "UA53080370010073240", "UA46060250010015970", "UA53080230000047239"
DISTRICT = "UA53080370010339303"
START = datetime(2026, 3, 1, tzinfo=UTC)

RULES: dict[str, Any] = {
    "schema": 1,
    "title": {"uk": "Громадський бюджет", "en": "Participatory budget"},
    "size_classes": [
        {"id": "small", "name": {"uk": "Малі", "en": "Small"}, "min_cost": 100_000, "max_cost": 50_000_000},
        {
            "id": "large",
            "name": {"uk": "Великі", "en": "Large"},
            "min_cost": 50_000_001,
            "max_cost": 300_000_000,
        },
    ],
    "categories": [
        {"id": "parks", "name": {"uk": "Парки", "en": "Parks"}},
        {"id": "sport", "name": {"uk": "Спорт", "en": "Sport"}},
    ],
    "pots": [
        {"id": "small", "name": {"uk": "Малі", "en": "Small"}, "amount": 100_000_000, "size_class": "small"},
        {
            "id": "large",
            "name": {"uk": "Великі", "en": "Large"},
            "amount": 400_000_000,
            "size_class": "large",
        },
    ],
    "author": {"min_age": 16, "age_on": "act", "bases": ["registered"]},
    "author_max_projects": 100,
    "voter": {"min_age": 16, "age_on": "act", "bases": ["registered"]},
    "ballot": {
        "kind": "approval",
        "min_choices": 1,
        "max_choices": 3,
        "max_per_class": {"small": 2, "large": 1},
    },
    "counting": {"rule": "greedy-v1", "options": {"score": "votes", "fit": "skip"}, "ties": ["earlier"]},
    "live_results": "turnout",
    "identity_methods": ["isei"],
}

PHASES = (
    ("submission", 0, 20),
    ("review", 20, 40),
    ("voting", 40, 60),
    ("counting", 60, 70),
    ("results", 70, None),
)


def day(number: int, *, hour: int = 12) -> datetime:
    """A moment so many days after the contest's beginning."""
    return START + timedelta(days=number, hours=hour)


def community(code: str = POLTAVA, **face: Any) -> Community:
    found = Community.objects.filter(territory_id=code).select_related("territory").first()
    return found or connect_community(code=code, by=SYSTEM, **face)


def claims(
    given_name: str, *, born: date = date(1985, 5, 5), serial: int = 100, region: str = "Полтавська",
    locality: str = "м. Полтава", method: str = "bank_id", family_name: str = "Коваленко",
    citizenship: str | None = None,
) -> VerifiedClaims:  # fmt: skip
    address = Address(region=region, locality=locality, text="") if method == "bank_id" else None
    return VerifiedClaims(
        provider="isei", method=method, tax_number=make_tax_number(born, "female", serial * 2).number,
        family_name=family_name, given_name=given_name, patronymic="", address=address, issuer="test",
        citizenship=citizenship,
    )  # fmt: skip


def serial_of(given_name: str) -> int:
    """The serial in the tax number of everybody of this name, unless one is given."""
    return crc32(given_name.encode()) % 5000


def person(given_name: str, **facts: Any) -> Person:
    """An identified person; by default a grown-up resident of Poltava. serial (0 to 4999) tells namesakes apart."""
    facts.setdefault("serial", serial_of(given_name))
    return identify_person(claims=claims(given_name, **facts))


def official(given_name: str, role: str, body: Community, **facts: Any) -> Actor:
    """Somebody who holds an office, as an actor."""
    someone = person(given_name, **facts)
    grant_office(person=someone, community=body, role=role, by=SYSTEM)
    return actor_of(someone, body)


def schedule(phases: Iterable[tuple[str, int, int | None]] = PHASES) -> list[Window]:
    return [
        Window(name, day(start, hour=0), day(end, hour=0) if end is not None else None)
        for name, start, end in phases
    ]


def contest(
    body: Community | None = None, *, slug: str = "2026", rules: Mapping[str, Any] | None = None,
    phases: Iterable[tuple[str, int, int | None]] = PHASES,
) -> Contest:  # fmt: skip
    """A contest with frozen rules and a box, announced before its first day."""
    with clock.at(day(-10)):
        made = create_contest(
            community=body or community(), slug=slug, year=2026,
            title={"uk": "Громадський бюджет 2026", "en": "Participatory budget 2026"},
            rules=dict(rules or RULES), schedule=schedule(phases), by=SYSTEM,
        )  # fmt: skip
        freeze_rules(contest=made, decision="№ 1 від 01.02.2026", by=SYSTEM)
        make_box(contest=made, by=SYSTEM)
    return made


def draft(title: str = "Сквер на місці пустиря", *, cost: int = 30_000_000, **facts: Any) -> Draft:
    base = Draft(
        title=title, summary="Зелений куточок для всього двору.", text="Пустир стане сквером.", category="parks",
        territory=Territory.objects.get(pk=DISTRICT), cost=cost,
    )  # fmt: skip
    return replace(base, **facts)


def submitted_project(
    of: Contest, title: str = "Сквер на місці пустиря", *, author: Person | None = None, **facts: Any
) -> Project:
    author = author or person("Олена")
    with clock.at(day(5)):
        return submit_project(
            contest=of, author=author, draft=draft(title, **facts), by=actor_of(author, of.community)
        )


def admitted_project(of: Contest, title: str = "Сквер на місці пустиря", **facts: Any) -> Project:
    project = submitted_project(of, title, **facts)
    with clock.at(day(25)):
        decide_review(project=project, verdict="admit", by=official("Ірина", "commission", of.community))
    return project


def voting_contest(
    body: Community | None = None,
    *,
    projects: int = 4,
    slug: str = "2026",
    rules: Mapping[str, Any] | None = None,
) -> tuple[Contest, list[Project]]:
    """A contest with admitted projects: the odd ones small, each fourth large."""
    made = contest(body, slug=slug, rules=rules)
    return made, [
        admitted_project(
            made, f"Проєкт {number}", cost=100_000_000 if number % 4 == 0 else 10_000_000 * number
        )
        for number in range(1, projects + 1)
    ]


def paper(*projects: Project) -> BallotPaper:
    return BallotPaper.approval(project.code for project in projects)


def grant(someone: Person, body: Community, *, basis: str = "work", **facts: Any) -> Membership:
    """A membership that an operator of the body confirmed by a document."""
    facts = {"territory": body.territory, "document_reference": "довідка № 5", **facts}
    by = official("Оксана", "operator", body)
    return grant_membership(person=someone, basis=basis, community=body, by=by, **facts)


# support and the check of form
THREE_SUPPORTERS: dict[str, Any] = {"threshold": {"small": 3, "large": 5}, "days": 10}
CHECKED_IN_FIVE_DAYS: dict[str, Any] = {"body": {"uk": "Відділ"}, "days": 5}


def supported_contest(
    body: Community | None = None,
    *,
    slug: str = "2026",
    check: Mapping[str, Any] | None = None,
    **support: Any,
) -> Contest:
    """A contest that collects support: three signatures for a small project, five for a large one, in ten days."""
    rules = RULES | {"support": THREE_SUPPORTERS | support}
    if check is not None:
        rules["submission"] = {"check": dict(check), "edits": "until-supported"}
    # support without days of its own is collected in a phase of the schedule
    phases = PHASES if rules["support"]["days"] else (*PHASES, ("support", 6, 9))
    return contest(body, slug=slug, rules=rules, phases=phases)


def resident(number: int, **facts: Any) -> Person:
    """One of many grown-up residents of Poltava, told apart by their number (0 to 4999)."""
    return person("Мешканка", born=date(1970, 1, 2), serial=number, **facts)
