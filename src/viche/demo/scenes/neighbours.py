"""Scene: small hromadas of several regions, each with a register and a finished contest, so that there is something to
see across Ukraine and beside whom one stands.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from rulebook.ballot import BallotPaper
from rulebook.calendar import Window
from viche.ballots.actions import Vote, cast_ballots, make_box, open_box
from viche.communities.actions import connect_community
from viche.communities.models import Community
from viche.contests.actions import create_contest, freeze_rules
from viche.contests.models import Contest
from viche.foundation import clock, keys
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.clock import KYIV
from viche.identity.actions import grant_office, identify_person, import_register, prepare_register
from viche.identity.models import Person
from viche.identity.providers import VerifiedClaims, make_tax_number
from viche.identity.queries import actor_of
from viche.projects.actions import Draft, implement_project, start_work, submit_project
from viche.projects.delivery import works_of
from viche.projects.models import Project
from viche.results.actions import certify_result, publish_result, run_count
from viche.review.actions import decide_review

BEGINNING = 260
"""How many days ago the contests began."""

PHASES = (
    ("submission", 0, 20),
    ("review", 20, 40),
    ("voting", 45, 60),
    ("counting", 60, 65),
    ("results", 65, None),
)


@dataclass(frozen=True)
class Neighbour:
    """One hromada. members: rows of its register; voters: ballots; built: how many winners are built; pot: kopiykas."""

    code: str
    slug: str
    uk: str
    en: str
    members: int
    voters: int
    built: int
    pot: int
    choices: int
    rule: str = "greedy-v1"
    channels: tuple[str, ...] = ("online",)


NEIGHBOURS = (
    Neighbour("UA53080390000027656", "reshetylivka", "Решетилівська громада", "Reshetylivka community", 1900, 310, 2,
              60_000_000, 3, channels=("online", "desk")),
    Neighbour("UA53080350000070563", "opishnia", "Опішнянська громада", "Opishnia community", 900, 196, 1,
              30_000_000, 2),
    Neighbour("UA53080050000011754", "dykanka", "Диканська громада", "Dykanka community", 1250, 118, 0, 40_000_000, 3),
    Neighbour("UA53060330000036503", "shyshaky", "Шишацька громада", "Shyshaky community", 1100, 240, 2, 35_000_000, 3,
              rule="equal-shares-v1", channels=("online", "paper")),
    Neighbour("UA26100010000076570", "kosiv", "Косівська громада", "Kosiv community", 2100, 460, 3, 70_000_000, 3),
    Neighbour("UA68060270000042174", "slavuta", "Славутська громада", "Slavuta community", 1600, 205, 1, 50_000_000, 3),
    Neighbour("UA46020090000057315", "truskavets", "Трускавецька громада", "Truskavets community", 1800, 330, 2,
              65_000_000, 3, rule="equal-shares-v1", channels=("online", "desk")),
    Neighbour("UA53060070000077527", "sorochyntsi", "Великосорочинська громада", "Sorochyntsi community", 400, 7, 0,
              12_000_000, 1),
)  # fmt: skip

PROJECTS = (
    ("Майданчик для дітей біля школи", 38), ("Освітлення стежки до амбулаторії", 16), ("Сквер на місці пустиря", 29),
    ("Навіс на автобусній зупинці", 9), ("Спортивні тренажери у дворі", 21), ("Книги і ноутбуки для бібліотеки", 14),
    ("Велопарковки біля ЦНАПу", 7),
)  # fmt: skip
"""Titles, and costs in hundredths of the pot."""


def stage() -> list[Contest]:
    """Connect the hromadas and hold their contests; run once, at the moment of now."""
    return [_stage(each, place) for place, each in enumerate(NEIGHBOURS)]


def _stage(each: Neighbour, place: int) -> Contest:
    today = clock.now().astimezone(KYIV).date()

    def day(number: int) -> datetime:
        moment = datetime.combine(today + timedelta(days=number - BEGINNING), time(), tzinfo=KYIV)
        return moment.astimezone(UTC)

    with clock.at(day(-30)):
        names = {"uk": each.uk, "en": each.en}
        body = connect_community(code=each.code, slug=each.slug, by=SYSTEM, name=names, short_name=names)
        officials = [_official(body, place, number) for number in range(2)]
        clerk = officials[0]
        _register(body, each, place, clerk)
        contest = create_contest(
            community=body, slug=str(today.year), year=today.year, title=_title(each, today.year),
            rules=_rules(each, today.year), schedule=[
                Window(name, day(start), day(end) if end is not None else None) for name, start, end in PHASES
            ], by=SYSTEM,
        )  # fmt: skip
        freeze_rules(contest=contest, decision=f"Рішення ради № {place + 1} (демонстрація)", by=SYSTEM)
        make_box(contest=contest, by=SYSTEM)
    projects = [
        _project(contest, each, number, day(3 + number), clerk, day(25)) for number in range(len(PROJECTS))
    ]
    admitted = [project for number, project in enumerate(projects) if number != place % len(PROJECTS)]
    with clock.at(day(59)):
        cast_ballots(contest=contest, channel="online", votes=_votes(each, place, admitted, day(46)))
    contest.forget_cached()
    with clock.at(day(61)):
        open_box(contest=contest, by=clerk)
        count = run_count(contest=contest, by=clerk)
        for official in officials:
            certify_result(count=count, by=official)
        publish_result(count=count, by=clerk)
    for number, project in enumerate(list(works_of(contest))[: each.built]):
        _build(project, clerk, day(70), day(130 + 17 * number + 11 * place))
    return contest


def _title(each: Neighbour, year: int) -> dict[str, str]:
    return {"uk": f"{each.uk}: бюджет участі {year}", "en": f"{each.en}: participatory budget {year}"}


def _rules(each: Neighbour, year: int) -> dict[str, Any]:
    everything = {"uk": "Усі проєкти", "en": "All projects"}
    return {
        "schema": 1, "title": _title(each, year),
        "size_classes": [{"id": "all", "name": everything, "min_cost": 100_000, "max_cost": each.pot}],
        "categories": [{"id": "place", "name": {"uk": "Простір", "en": "Places"}}],
        "pots": [{"id": "all", "name": everything, "amount": each.pot}],
        "author": {"min_age": 16, "age_on": "act", "bases": ["registered"]}, "author_max_projects": 10,
        "voter": {"min_age": 14 if each.voters > 200 else 16, "age_on": "act", "bases": ["registered"]},
        "ballot": {"kind": "approval", "min_choices": 1, "max_choices": each.choices},
        "counting": {"rule": each.rule, "options": {}, "ties": ["earlier"]},
        "implementation": {"year_offset": 1, "stall_days": 60}, "live_results": "turnout",
        "identity_methods": ["isei", "bankid", "desk"], "channels": [{"kind": kind} for kind in each.channels],
        "source": "Положення демонстраційної громади",
    }  # fmt: skip


def _number(place: int, number: int) -> str:
    """The tax number of an invented resident."""
    born = date(1948, 1, 1) + timedelta(days=(place * 2500 + number) % 20_000)
    return make_tax_number(born, "female" if number % 2 else "male", 3000 + place * 2 + number % 2).number


def _person(place: int, number: int, given_name: str) -> Person:
    claims = VerifiedClaims(
        "isei", "bank_id", _number(place, number), "Садова", given_name, "", None, "demonstration"
    )
    return identify_person(claims=claims)


def _official(body: Community, place: int, number: int) -> Actor:
    person = _person(place, number, ("Леся", "Орест")[number])
    for role in ("administrator", "commission"):
        grant_office(person=person, community=body, role=role, by=SYSTEM)
    return actor_of(person, body)


def _register(body: Community, each: Neighbour, place: int, by: Actor) -> None:
    lines = (f"{_number(place, number)};{body.territory_id};registered" for number in range(each.members))
    preview = prepare_register(community=body, content="\n".join(lines).encode(), by=by)
    if preview.draft is None:
        raise ValueError(f"the register of {body.slug}: {preview.faults[:3]}")
    import_register(community=body, digest=preview.draft.digest, by=by)


def _project(
    contest: Contest, each: Neighbour, number: int, submitted: datetime, by: Actor, decided: datetime
) -> Project:
    place = NEIGHBOURS.index(each)
    title, share = PROJECTS[number]
    contest.forget_cached()
    with clock.at(submitted):
        author = _person(place, 10 + number, "Марко")
        draft = Draft(
            title=title, summary="Для всіх, хто тут живе.", text="Місце обрали на зборах мешканців.", category="place",
            territory=contest.community.territory, cost=each.pot * share // 100,
        )  # fmt: skip
        project = submit_project(
            contest=contest, author=author, draft=draft, by=actor_of(author, contest.community)
        )
    with clock.at(decided):
        if number == place % len(PROJECTS):
            decide_review(project=project, verdict="refuse", reason="Ділянка не належить громаді.", by=by)
        else:
            decide_review(project=project, verdict="admit", by=by)
    return project


def _votes(each: Neighbour, place: int, admitted: Sequence[Project], opens: datetime) -> Iterator[Vote]:
    chance = random.Random(each.slug)
    for number in range(each.voters):
        chosen = chance.sample(range(len(admitted)), min(each.choices, 1 + chance.randrange(3)))
        yield Vote(
            person_token=keys.person_token("tax", _number(place, number)),
            paper=BallotPaper.approval(admitted[index].code for index in sorted(chosen)),
            request_key=hashlib.sha256(f"{each.slug}/{number}".encode()).digest(),
            at=opens + timedelta(minutes=chance.randrange(12 * 24 * 60)), territory=each.code,
        )  # fmt: skip


def _build(project: Project, by: Actor, begins: datetime, ends: datetime) -> None:
    first, last = begins.astimezone(KYIV).date(), ends.astimezone(KYIV).date()
    with clock.at(begins):
        start_work(
            project=project, responsible_unit="Відділ благоустрою", plan_cost=project.cost, starts_on=first,
            due_on=first + timedelta(days=150), responsible_contact="0 532 000 020", by=by,
        )  # fmt: skip
    with clock.at(ends):
        implement_project(
            project=project, accepted_on=last, acceptance=f"№ {project.number} від {last:%d.%m.%Y}",
            actual_cost=project.cost * 97 // 100, by=by,
        )  # fmt: skip
