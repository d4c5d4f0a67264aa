"""The choice of greatest value within a capacity, exactly: a knapsack in which some things exclude others.

Things come in classes, of each of which at most one is chosen (a multiple-choice knapsack; a class of one
thing is the ordinary 0/1 item). The linear relaxation gives a first choice, the base, and a price of
capacity; the search then goes through the classes from the price outward and keeps, as Nemhauser and Ullmann
do, only choices that no lighter one equals in value, and of these only such as may still become better than
the best found ("core" with upper bounds: D. Pisinger, "A Minimal Algorithm for the 0-1 Knapsack Problem",
Operations Research 45, 1997; "A minimal algorithm for the multiple-choice knapsack problem", EJOR 83, 1995).
All comparisons are of whole numbers of any size.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise
from math import gcd
from typing import NamedTuple


class Thing(NamedTuple):
    """Something that may be chosen: its name, its weight (at least 0), its value (at least 0)."""

    name: str
    weight: int
    value: int


class _Change(NamedTuple):
    """Another choice in a class than the base's: the difference it makes. ``name`` None: nothing of it."""

    weight: int
    value: int
    name: str | None


# the changes made so far, the last first: (class, name, the changes before)
_Trail = tuple[int, "str | None", "_Trail"] | None
_State = tuple[int, int, _Trail]


class _Rate(NamedTuple):
    """Value per weight: what the classes still to come can gain, or must lose, at most or least."""

    value: int
    weight: int


def best_choice(
    classes: Iterable[Sequence[Thing]], capacity: int, above: int = -1
) -> tuple[int, frozenset[str]] | None:
    """The greatest value at most one thing of each class can have within the capacity, and the names chosen.

    None where nothing within the capacity has a value greater than ``above``. Of several choices of equal
    value any may be returned. The time is proportional to the number of choices that can be neither left out
    for a lighter and better one nor ruled out by their bound: a handful where values per weight vary, up to
    exponentially many, or one for each amount of capacity, in contrived cases.
    """
    if capacity < 0:
        return None
    fitting = _fitting(classes, capacity)
    unit = gcd(*(thing.weight for entry in fitting for thing in entry)) or 1
    hulls = [_hull(Thing(each.name, each.weight // unit, each.value) for each in entry) for entry in fitting]
    return _Search([hull for hull in hulls if hull.things], capacity // unit, above).run()


def in_doubt(classes: Iterable[Sequence[Thing]], capacity: int, value: int) -> frozenset[str]:
    """The names that choices of at least ``value`` may differ on: all on which they do, and perhaps some more.

    Of every other thing it is certain that all these choices hold it or that none does, because taking or leaving
    it lowers the bound of the linear relaxation (its Lagrangian, at the price of capacity) below the value.
    """
    fitting = _fitting(classes, capacity)
    price = _Search([_hull(entry) for entry in fitting], capacity, value).price
    # what each thing gives above the price of its weight; a whole number, in units of 1 / price.weight
    given = [
        [thing.value * price.weight - thing.weight * price.value for thing in entry] for entry in fitting
    ]
    most = [max(0, *each) if each else 0 for each in given]
    spare = capacity * price.value + sum(most) - value * price.weight
    found = set()
    for entry, gives, best in zip(fitting, given, most, strict=True):
        for place, thing in enumerate(entry):
            others = max([0, *gives[:place], *gives[place + 1 :]])
            if best - gives[place] <= spare and best - others <= spare:
                found.add(thing.name)
    return frozenset(found)


def _fitting(classes: Iterable[Sequence[Thing]], capacity: int) -> list[list[Thing]]:
    return [[thing for thing in entry if thing.weight <= capacity] for entry in classes]


@dataclass(frozen=True)
class _Hull:
    """A class: what is worth choosing in it, and which of it the linear relaxation takes one after another."""

    things: list[Thing]
    corners: list[Thing]


_NOTHING = Thing("", 0, 0)


def _hull(things: Iterable[Thing]) -> _Hull:
    worth: list[Thing] = []
    for thing in sorted(things, key=lambda thing: (thing.weight, -thing.value)):
        if thing.value > (worth[-1].value if worth else 0):
            worth.append(thing)
    corners = [_NOTHING]
    for thing in worth:
        while len(corners) > 1 and not _is_steeper(corners[-2], corners[-1], thing):
            corners.pop()
        if thing.weight == 0:
            corners[0] = thing
        else:
            corners.append(thing)
    return _Hull(worth, corners)


def _is_steeper(first: Thing, second: Thing, third: Thing) -> bool:
    """Whether the way from the first to the second gains more per weight than on to the third."""
    gain, rise = second.value - first.value, third.value - second.value
    return gain * (third.weight - second.weight) > rise * (second.weight - first.weight)


class _Search:
    """One search: the base of the linear relaxation, and the ways to depart from it."""

    def __init__(self, hulls: Sequence[_Hull], capacity: int, above: int) -> None:
        self.hulls = hulls
        self.capacity = capacity
        self.base = [hull.corners[0] for hull in hulls]
        self.price = _Rate(0, 1)
        """What the relaxation would pay for one more unit of weight: nothing, while all of its steps fit."""
        self.order = self._take_base()
        self.best = above
        self.found: _Trail = None
        self.is_found = False

    def _take_base(self) -> list[int]:
        """Take corner after corner while they fit; the classes in order of their distance from the break."""
        # ratios of whole numbers below 2**n that differ do so by more than 2**-2n, so these keys sort exactly
        fine = (
            2 * max((thing.weight for hull in self.hulls for thing in hull.corners), default=0).bit_length()
        )
        steps = [
            (((after.value - before.value) << fine) // (after.weight - before.weight), number, after)
            for number, hull in enumerate(self.hulls)
            for before, after in pairwise(hull.corners)
        ]
        steps.sort(key=lambda step: step[0], reverse=True)
        left = self.capacity - sum(thing.weight for thing in self.base)
        at = 0
        for _, number, after in steps:
            heavier = after.weight - self.base[number].weight
            if heavier > left:
                self.price = _Rate(after.value - self.base[number].value, heavier)
                break
            left -= heavier
            self.base[number] = after
            at += 1
        outward: dict[int, None] = {}
        for distance in range(len(steps)):
            for place in (at + distance, at - 1 - distance):
                if 0 <= place < len(steps):
                    outward.setdefault(steps[place][1])
        for number in range(len(self.hulls)):
            outward.setdefault(number)
        return list(outward)

    def run(self) -> tuple[int, frozenset[str]] | None:
        changes = [list(self._changes(number)) for number in self.order]
        rates = self._rates(changes)
        start: _State = (
            sum(thing.weight for thing in self.base),
            sum(thing.value for thing in self.base),
            None,
        )
        self._note(start)
        states = [start]
        for number, ways, (gain, loss) in zip(self.order, changes, rates, strict=True):
            if not states:
                break
            states = self._departed(states, number, ways)
            for state in states:
                if state[0] > self.capacity:
                    break
                if state[1] > self.best:
                    self._note(state)
            states = list(self._hopeful(states, gain, loss))
        return (self.best, self._names()) if self.is_found else None

    def _changes(self, number: int) -> Iterator[_Change]:
        base = self.base[number]
        if base is not _NOTHING:
            yield _Change(-base.weight, -base.value, None)
        for thing in self.hulls[number].things:
            if thing is not base:
                yield _Change(thing.weight - base.weight, thing.value - base.value, thing.name)

    @staticmethod
    def _rates(changes: Sequence[Sequence[_Change]]) -> list[tuple[_Rate, _Rate | None]]:
        """For each class what the classes after it can gain per weight at most, and lose per weight at least.

        No loss at all (None): they cannot give any weight back.
        """
        rates: list[tuple[_Rate, _Rate | None]] = []
        gain, loss = _Rate(0, 1), None
        for ways in reversed(changes):
            rates.append((gain, loss))
            for change in ways:
                if change.weight > 0 and change.value * gain.weight > gain.value * change.weight:
                    gain = _Rate(change.value, change.weight)
                elif change.weight < 0 and (
                    loss is None or change.value * loss.weight > loss.value * change.weight
                ):
                    # both are negative: a smaller loss for the weight given back
                    loss = _Rate(-change.value, -change.weight)
        return rates[::-1]

    @staticmethod
    def _departed(states: list[_State], number: int, ways: Sequence[_Change]) -> list[_State]:
        """The states with and without each change, the lightest first, none beaten by a lighter one."""
        branches = [states]
        for weight, value, name in ways:
            branches.append(
                [(state[0] + weight, state[1] + value, (number, name, state[2])) for state in states]
            )
        kept: list[_State] = []
        most = -1
        for state in merge(*branches, key=lambda state: (state[0], -state[1])):
            if state[1] > most:
                kept.append(state)
                most = state[1]
        return kept

    def _hopeful(self, states: list[_State], gain: _Rate, loss: _Rate | None) -> Iterator[_State]:
        """The states that the classes to come may lift above the best found."""
        capacity = self.capacity
        too_heavy = bisect_right(states, capacity, key=lambda state: state[0])
        least = self.best * gain.weight - capacity * gain.value
        for state in states[:too_heavy]:
            if state[1] * gain.weight - state[0] * gain.value > least:
                yield state
        if loss is not None:
            least = self.best * loss.weight - capacity * loss.value
            for state in states[too_heavy:]:
                if state[1] * loss.weight - state[0] * loss.value > least:
                    yield state

    def _note(self, state: _State) -> None:
        if state[0] <= self.capacity and state[1] > self.best:
            self.best, self.found, self.is_found = state[1], state[2], True

    def _names(self) -> frozenset[str]:
        chosen: dict[int, str | None] = {
            number: None if thing is _NOTHING else thing.name for number, thing in enumerate(self.base)
        }
        trail = self.found
        while trail is not None:
            number, name, trail = trail
            chosen[number] = name
        return frozenset(name for name in chosen.values() if name is not None)
