"""Votes of invented towns for the desk's tests: an ordinary voting, and the frauds of other cities inside it."""

import hashlib
import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from tests import given

from viche.ballots.traces import Trace
from viche.foundation.clock import KYIV
from viche.integrity.finding import Finding, findings
from viche.integrity.thresholds import thresholds_with

FIRST = given.START.astimezone(KYIV).replace(hour=0) + timedelta(days=40)
# of a thousand voters of a day: how many by hour, in Kyiv
WAVE = (3, 1, 1, 1, 1, 3, 9, 24, 44, 58, 66, 62, 64, 68, 60, 54, 56, 64, 78, 96, 104, 88, 52, 18)
BANKS = ("ПриватБанк", "monobank", "Ощадбанк", "ПУМБ")


def moment(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    """A moment of the so-manyth day of the voting (from 1), in Kyiv."""
    return FIRST + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)


def mark_of(text: str) -> UUID:
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])


def vote(name: str, at: datetime, **facts: object) -> Trace:
    return Trace(mark_of(name), at, str(facts.pop("channel", "online")), **facts)  # type: ignore[arg-type]


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def ordinary(voters: int = 6000, *, days: int = 15, carriers: int = 6, seed: int = 1) -> list[Trace]:
    """A town votes from its phones: half of it behind the few shared addresses of mobile carriers, families on one
    device, ages as they come, waves by day and evening.
    """
    rng = random.Random(f"ordinary/{seed}")
    found = []
    for number in range(voters):
        day = rng.choices(range(1, days + 1), [30, 17, *[10] * (days - 4), 16, 34])[0]
        hour = rng.choices(range(24), WAVE)[0]
        at = moment(day, hour, rng.randrange(60), rng.randrange(60))
        # one voter in five uses the phone of somebody before
        owner = number - number % 2 if rng.random() < 0.2 else number
        is_mobile = rng.random() < 0.5
        block = f"carrier {rng.randrange(carriers)}" if is_mobile else f"home {owner // 2}"
        born = date(2008, 1, 1) - timedelta(days=int(rng.triangular(0, 75 * 365, 30 * 365)))
        found.append(
            vote(
                f"{seed}/{number}", at, block=hashed(block), device=hashed(f"phone {owner}"),
                agent=hashed(f"agent {rng.randrange(40)}"),
                method=rng.choices(("isei:bank_id", "isei:mobile_id"), (9, 1))[0],
                issuer=rng.choices(BANKS, (50, 30, 15, 5))[0], born=born,
            )
        )  # fmt: skip
    return in_order(found)


def in_order(*groups: Iterable[Trace]) -> list[Trace]:
    return sorted((each for group in groups for each in group), key=lambda each: (each.at, each.mark))


def wroclaw_house(votes: int = 320, devices: int = 65) -> Iterator[Trace]:
    """Wrocław 2025: 320 votes from one address with 65 phones, over the whole voting."""
    for number in range(votes):
        at = moment(1 + number % 14, 9 + number % 11, number % 60)
        yield vote(
            f"house {number}", at, block=hashed("the house"), device=hashed(f"its phone {number % devices}"),
            agent=hashed(f"agent {number % 9}"), method="isei:bank_id", issuer=BANKS[number % 4],
            born=date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
        )  # fmt: skip


def wroclaw_97(votes: int = 97) -> Iterator[Trace]:
    """Wrocław 2025: 97 votes by people aged exactly 97 in one morning, from everywhere."""
    for number in range(votes):
        yield vote(
            f"old {number}", moment(6, 8 + number % 4, number % 60), block=hashed(f"elsewhere {number}"),
            device=hashed(f"old phone {number}"), method="isei:bank_id", issuer=BANKS[number % 4],
            born=date(1928, 5, 1) + timedelta(days=3 * number),
        )  # fmt: skip


def night_wave(votes: int = 120) -> Iterator[Trace]:
    """Somebody's script, between two and four at night."""
    for number in range(votes):
        yield vote(
            f"night {number}", moment(8, 2 + number % 2, number // 2), block=hashed(f"anywhere {number}"),
            device=hashed(f"bot {number}"), born=date(1955 + number % 45, 1 + number % 12, 1 + number % 28),
        )  # fmt: skip


def one_operator(votes: int = 90, *, operator: str = "an operator") -> Iterator[Trace]:
    """An operator at a desk enters a list, one vote every twenty seconds."""
    for number in range(votes):
        at = moment(9, 14, number // 3, 20 * (number % 3))
        yield vote(f"desk {number}", at, channel="desk", operator=operator, point="ЦНАП № 1", method="desk")


def found_in(traces: list[Trace], **own: dict[str, int]) -> dict[str, list[Finding]]:
    """What the rules find, by rule."""
    by_rule: dict[str, list[Finding]] = {}
    for each in findings(traces, thresholds_with(own), moment(60)):
        by_rule.setdefault(each.rule, []).append(each)
    return by_rule
