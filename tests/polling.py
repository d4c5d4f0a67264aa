"""A polling point with a shift and a screen, for the tests."""

from datetime import datetime, timedelta
from typing import Any

from tests import given, paper_box
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.identity.models import Person
from viche.points.actions import PointFacts, add_point, add_screen, pair_screen, plan_shift
from viche.points.models import Point, Screen

DAY = paper_box.VOTING
WORKDAYS = [[(9 * 60, 18 * 60)] if day < 5 else [] for day in range(7)]


def administrator(contest: Contest) -> Actor:
    return given.official("Віктор", "administrator", contest.community)


def operator(contest: Contest, name: str = "Галина") -> Person:
    given.official(name, "operator", contest.community)
    return given.person(name)


def facts(contest: Contest, name: str = "ЦНАП № 1", **said: Any) -> PointFacts:
    said = {
        "kind": "cnap", "address": "вул. Соборності, 36", "territory": contest.community.territory, "hours": WORKDAYS,
        **said,
    }  # fmt: skip
    return PointFacts(name=name, **said)


def point(contest: Contest, name: str = "ЦНАП № 1", **said: Any) -> Point:
    with clock.at(DAY):
        return add_point(
            community=contest.community, facts=facts(contest, name, **said), contests=[contest],
            by=administrator(contest),
        )  # fmt: skip


def on_duty(place: Point, *people: Person, day: datetime = DAY) -> None:
    """A shift around the day on which tests vote, or another."""
    contest = place.contests.get()
    with clock.at(day - timedelta(hours=5)):
        plan_shift(
            point=place, starts_at=day - timedelta(hours=4), ends_at=day + timedelta(hours=6), operators=people,
            by=administrator(contest),
        )  # fmt: skip


def screen(place: Point, name: str = "Екран біля входу") -> tuple[Screen, str]:
    """A paired screen with the secret of its cookie."""
    contest = place.contests.get()
    with clock.at(DAY):
        _made, code = add_screen(point=place, name=name, by=administrator(contest))
        return pair_screen(community=contest.community, code=code)
