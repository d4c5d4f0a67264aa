"""Contests that are voted, opened and counted, and the commission that certifies and publishes."""

import pytest
from tests import given

from viche.ballots.actions import cast_ballot, open_box
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.results.actions import certify_result, publish_result, run_count
from viche.results.models import Certification, Count, Publication

# who chooses what: project 1 has three votes, 2 has two, 3 and 4 have one each
BALLOTS = ([1], [1, 2], [1, 2, 4], [3])


COSTS = (15_000_000, 30_000_000, 45_000_000, 100_000_000)


def one_pot(amount: int, **more: object) -> dict:
    """Rules with one pot for everything."""
    classes = [{**each, "max_cost": min(each["max_cost"], amount)} for each in given.RULES["size_classes"]]
    pots = [{"id": "all", "name": {"uk": "Усе"}, "amount": amount}]
    return {**given.RULES, "size_classes": classes, "pots": pots, **more}


def voted(rules: dict | None = None, costs: tuple[int, ...] = COSTS, ballots: tuple = BALLOTS) -> Contest:
    contest = given.contest(rules=rules)
    projects = [
        given.admitted_project(contest, f"Проєкт {number}", cost=cost)
        for number, cost in enumerate(costs, start=1)
    ]
    with clock.at(given.day(45)):
        for place, chosen in enumerate(ballots):
            cast_ballot(
                contest=contest, voter=given.person("Виборець", serial=place), channel="online",
                request_key=bytes([place]) * 32, paper=given.paper(*(projects[number - 1] for number in chosen)),
            )  # fmt: skip
    return contest


def opened(rules: dict | None = None, costs: tuple[int, ...] = COSTS, ballots: tuple = BALLOTS) -> Contest:
    contest = voted(rules, costs, ballots)
    with clock.at(given.day(61)):
        open_box(contest=contest)
    return contest


def counted(contest: Contest | None = None, *, by: Actor = SYSTEM) -> Count:
    with clock.at(given.day(62)):
        return run_count(contest=contest or opened(), by=by)


def certify(count: Count, by: Actor) -> Certification:
    with clock.at(given.day(63)):
        return certify_result(count=count, by=by)


def publish(count: Count, *, by: Actor | None = None, on: int = 71) -> Publication:
    with clock.at(given.day(on)):
        # as another page would: everything read anew
        fresh = Count.objects.get(pk=count.pk)
        return publish_result(
            count=fresh, by=by or given.official("Ірина", "commission", fresh.contest.community)
        )


def commission(contest: Contest) -> tuple[Actor, Actor]:
    return tuple(given.official(name, "commission", contest.community) for name in ("Ірина", "Сергій"))


def refused(act, *args, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(*args, **wanted)
    assert str(answer.value.message)
    return answer.value.code


def tied(ties: tuple[str, ...] = ("refuse",), *, rule: str = "greedy-v1") -> dict:
    """Rules under which the third and the fourth project are equal, and 55 are left for 45 or 50."""
    counting = {"rule": rule, "options": {}, "ties": list(ties)}
    return one_pot(100_000_000, counting=counting, ballot={"kind": "approval", "max_choices": 3})


TIED_COSTS = (15_000_000, 30_000_000, 45_000_000, 50_000_000)


def tied_twice() -> tuple[dict, tuple[int, ...]]:
    """Rules and costs under which two pots each have a tie: 3 or 5 of the small, 4 or 6 of the large."""
    rules = {
        **given.RULES,
        "pots": [
            {**given.RULES["pots"][0], "amount": 60_000_000},
            {**given.RULES["pots"][1], "amount": 300_000_000},
        ],
        "ballot": {"kind": "approval", "max_choices": 3},
        "counting": {"rule": "greedy-v1", "options": {}, "ties": ["refuse"]},
    }
    return rules, (15_000_000, 25_000_000, 20_000_000, 200_000_000, 19_000_000, 190_000_000)


TIED_TWICE_BALLOTS = ([1, 2], [1, 2, 4], [3, 5, 6])
