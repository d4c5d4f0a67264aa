"""Scene: voting in person in the running contest of the city: points with shifts, numbered ballots that were given out,
a stack that is in the box and one that two officials read differently.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from viche.ballots.papers import issue_paper, mark_papers, print_papers
from viche.channels.paper.actions import close_stack, open_stack, record_entry
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.clock import KYIV
from viche.identity.actions import identify_person
from viche.identity.models import Person
from viche.identity.providers import Address, VerifiedClaims, make_tax_number
from viche.points.actions import PointFacts, add_point, plan_shift
from viche.points.models import Point
from viche.projects.queries import ballot_codes

WEEK = [[(8 * 60, 20 * 60)]] * 5 + [[(9 * 60, 16 * 60)], []]
DAYS = 10
GIVEN_OUT, SPOILED, IN_BOX, IN_HAND = 14, 2, 8, 4
NAMES = (
    "Алла", "Борис", "Віра", "Гліб", "Дарина", "Євген", "Жанна", "Захар", "Інна", "Кирило", "Лідія", "Максим", "Ніна",
    "Остап",
)  # fmt: skip


def stage(contest: Contest, actors: Sequence[Actor]) -> int:
    """Points, shifts and paper of the contest whose voting runs; how many ballots were given out.

    actors: officials of the city, an administrator, an operator and somebody of the commission among them.
    """
    administrator, operator, commission = (
        _one(actors, role) for role in ("administrator", "operator", "commission")
    )
    if administrator is None or operator is None or commission is None:
        return 0
    centre = _point(contest, "Центр надання послуг", "cnap", "вул. Соборності, 36", administrator)
    _point(contest, "Бібліотека імені Котляревського", "library", "вул. Європейська, 4", administrator)
    _plan_shifts(centre, operator, administrator)
    numbers = print_papers(contest=contest, number=60, point=centre.pk, by=administrator)
    for place, number in enumerate(numbers[:GIVEN_OUT]):
        issue_paper(
            contest=contest, voter=_voter(place), serial=number, by=operator,
            request_key=sha256(f"demo paper {number}".encode()).digest(),
        )  # fmt: skip
    mark_papers(contest=contest, serials=numbers[-SPOILED:], state="spoiled", by=operator)
    _enter(contest, centre, "Перший день", numbers[:IN_BOX], operator, commission, is_closed=True)
    in_hand = numbers[IN_BOX : IN_BOX + IN_HAND]
    _enter(contest, centre, "Другий день", in_hand, operator, commission, is_closed=False)
    return GIVEN_OUT


def _point(contest: Contest, name: str, kind: str, address: str, by: Actor) -> Point:
    facts = PointFacts(
        name=name, kind=kind, address=address, territory=contest.community.territory, hours=WEEK,
        access_note="Пандус з боку двору, кнопка виклику біля входу.",
    )  # fmt: skip
    return add_point(community=contest.community, facts=facts, contests=[contest], by=by)


def _plan_shifts(point: Point, operator: Actor, by: Actor) -> None:
    """Today from now on, and the days that follow, so that the desk can be tried whenever the demo is."""
    person = Person.objects.get(pk=operator.person_id)
    now = clock.now()
    today = now.astimezone(KYIV).date()
    midnight = _kyiv(today + timedelta(days=1), 0)
    plan_shift(
        point=point,
        starts_at=max(now, midnight - timedelta(hours=16)),
        ends_at=midnight,
        operators=[person],
        by=by,
    )
    for days in range(1, DAYS):
        day = today + timedelta(days=days)
        plan_shift(point=point, starts_at=_kyiv(day, 7), ends_at=_kyiv(day, 22), operators=[person], by=by)


def _kyiv(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), KYIV)


def _enter(
    contest: Contest,
    point: Point,
    name: str,
    numbers: Sequence[int],
    first: Actor,
    second: Actor,
    *,
    is_closed: bool,
) -> None:
    """Two officials read every sheet; in a stack that stays open they differ about the last one."""
    codes = sorted(ballot_codes(contest))
    stack = open_stack(contest=contest, name=f"{point.name}: {name}", by=first, point=point.pk)
    for place, number in enumerate(numbers):
        is_unsigned = is_closed and place == 3
        choice, reason = ("", "unsigned") if is_unsigned else (codes[place % len(codes)], "")
        record_entry(stack=stack, sheet=str(number), choices=choice, reason=reason, by=first)
        if not is_closed and place == len(numbers) - 1:
            choice = codes[(place + 1) % len(codes)]
        record_entry(stack=stack, sheet=str(number), choices=choice, reason=reason, by=second)
    if is_closed:
        close_stack(stack=stack, by=second)


def _one(actors: Sequence[Actor], role: str) -> Actor | None:
    return next((each for each in actors if role in each.roles), None)


def _voter(place: int) -> Person:
    number = make_tax_number(
        date(1949, 2, 3) + timedelta(days=place * 1217), "female", 4800 + place * 2
    ).number
    return identify_person(
        claims=VerifiedClaims(
            provider="isei",
            method="bank_id",
            tax_number=number,
            family_name="Паперенко",
            given_name=NAMES[place],
            patronymic="",
            address=Address(region="Полтавська", locality="м. Полтава", text=""),
            issuer="demo",
        )
    )
