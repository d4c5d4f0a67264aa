"""Who supports what with how much money, while projects are paid for or go out: exact answers, fast.

Every voter's money lies on the projects the voter named that still stand, in proportion to the ballot. When a
project goes, what the voter has left there passes to the others in the same proportion; so the money of all
voters whose ballots are proportional on what still stands moves together and is kept as one sum, a purse.

The true sums are fractions whose digits double with every project paid for. They are computed as whole
numbers of a fixed-point unit with a bound on the error, which only counts roundings: paying c from purses T
that support a project with shares a, T becomes T(1 - ac/s) with s the sum of all aT, and for two sets of
purses the sum of the differences does not grow by that. Where the bounds leave open which of two sums is the
greater, it is first asked whether they are equal, by fractions where there are few ballots and else by
residues modulo a prime of 521 bits; if they are not, the unit is made finer until they part. Unequal sums
would pass for equal by residues with a chance of about one in 2**521, and are never the other way round.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import gcd
from typing import Any

FIRST_BITS = 64
"""Binary places of the first fixed-point unit, a minor unit of money being one."""

PRIME = 2**521 - 1

MOST_FRACTION_WORK = 1 << 15
"""Fractions are used while ballots' choices times two to the number of paid projects are at most this."""

Shares = tuple[tuple[int, int], ...]
"""A ballot on what still stands: (project, weight) by project, the weights without a common factor."""


def shares_of(weights: Iterable[tuple[int, int]]) -> Shares:
    """The shares in which a voter's money lies on projects with positive weights."""
    pairs = sorted(weights)
    common = gcd(*(weight for _, weight in pairs))
    return tuple(pairs) if common == 1 else tuple((project, weight // common) for project, weight in pairs)


class Electorate:
    """The ballots of a pot, proportional ones together, and what becomes of them as projects go.

    ``costs`` by project in minor units; ``groups`` maps shares to the number of voters; ``amount`` (minor
    units) is divided equally among the voters.
    """

    def __init__(self, costs: Sequence[int], groups: Mapping[Shares, int], amount: int) -> None:
        self.costs = costs
        self.amount = amount
        self.voters = sum(groups.values())
        self.size = sum(map(len, groups))
        self.counts = list(groups.values())
        self.shares = list(groups)
        self.wholes = [sum(weight for _, weight in shares) for shares in self.shares]
        self._numbers = {shares: number for number, shares in enumerate(self.shares)}
        self._next: dict[tuple[int, int], int] = {}

    def without(self, number: int, project: int) -> int:
        """The purse into which the money of a purse passes when the project goes; -1 if nothing stands."""
        step = (number, project)
        found = self._next.get(step)
        if found is None:
            rest = tuple(pair for pair in self.shares[number] if pair[0] != project)
            if len(rest) == 1:
                rest = ((rest[0][0], 1),)
            elif any(weight > 1 for _, weight in rest):
                rest = shares_of(rest)
            found = self._number(rest) if rest else -1
            self._next[step] = found
        return found

    def _number(self, shares: Shares) -> int:
        number = self._numbers.get(shares)
        if number is None:
            number = self._numbers[shares] = len(self.shares)
            self.shares.append(shares)
            self.wholes.append(sum(weight for _, weight in shares))
        return number


class _Ledger(ABC):
    """All purses and the support of every project, in one kind of arithmetic."""

    def __init__(self, electorate: Electorate) -> None:
        self.electorate = electorate
        self.done = 0
        self.purses: dict[int, Any] = {}
        self.supports: list[Any] = [0] * len(electorate.costs)
        self.holders: list[list[int]] = [[] for _ in electorate.costs]
        for number, voters in enumerate(electorate.counts):
            self._add(number, self._money(voters))
        self._touched(len(self.purses), is_paid=False)

    @abstractmethod
    def _money(self, voters: int) -> Any:
        """The money of some voters at the start."""

    @abstractmethod
    def _part(self, money: Any, weight: int, whole: int) -> Any:
        """The part of a purse that lies on a project of ``weight`` among ``whole``."""

    @abstractmethod
    def _payment(self, part: Any, cost: int, support: Any) -> Any:
        """What of a part goes to the project's cost."""

    def _touched(self, purses: int, *, is_paid: bool) -> None:  # noqa: B027 - exact ledgers round nothing
        """So many purses were computed anew."""

    def _add(self, number: int, money: Any) -> None:
        shares, whole = self.electorate.shares[number], self.electorate.wholes[number]
        if number not in self.purses:
            self.purses[number] = money
            for project, _ in shares:
                self.holders[project].append(number)
        else:
            self.purses[number] += money
        supports = self.supports
        for project, weight in shares:
            supports[project] += self._part(money, weight, whole)

    def go(self, project: int, *, is_paid: bool) -> None:
        """The project goes, its cost paid or not; what is left on it passes on."""
        electorate = self.electorate
        cost, support = electorate.costs[project] if is_paid else 0, self.supports[project]
        supports, purses = self.supports, self.purses
        touched = 0
        for number in self.holders[project]:
            money = purses.pop(number, None)
            if money is None:
                continue
            touched += 1
            whole = electorate.wholes[number]
            rest = money
            for other, weight in electorate.shares[number]:
                part = self._part(money, weight, whole)
                supports[other] -= part
                if other == project and cost:
                    rest = money - self._payment(part, cost, support)
            after = electorate.without(number, project)
            if after >= 0:
                self._add(after, rest)
        self.holders[project] = []
        self._touched(touched, is_paid=is_paid)


class _Fixed(_Ledger):
    """Whole numbers of a fixed-point unit; ``error`` bounds how far any support is from the true one."""

    def __init__(self, electorate: Electorate, bits: int) -> None:
        self.bits = bits
        self._money_error = self._support_error = 0
        super().__init__(electorate)

    @property
    def error(self) -> int:
        return self._money_error + self._support_error

    def _money(self, voters: int) -> int:
        return (voters * self.electorate.amount << self.bits) // self.electorate.voters

    def _part(self, money: int, weight: int, whole: int) -> int:
        return money * weight // whole

    def _payment(self, part: int, cost: int, support: int) -> int:
        cost <<= self.bits
        return part * cost // support if support > cost else part

    def _touched(self, purses: int, *, is_paid: bool) -> None:
        # a purse is rounded at most twice, and each support that it is taken from and added to once each;
        # a payment also errs by as much as the support it is divided by
        self._money_error += 2 * purses + (self._support_error if is_paid else 0)
        self._support_error += 2 * purses


class _Fractions(_Ledger):
    def _money(self, voters: int) -> Fraction:
        return Fraction(voters * self.electorate.amount, self.electorate.voters)

    def _part(self, money: Fraction, weight: int, whole: int) -> Fraction:
        return money * Fraction(weight, whole)

    def _payment(self, part: Fraction, cost: int, support: Fraction) -> Fraction:
        return part * (cost * Fraction(support.denominator, support.numerator))

    def is_zero(self, value: Any) -> bool:
        return bool(value == 0)


class _Residues(_Ledger):
    def __init__(self, electorate: Electorate) -> None:
        self._inverses: dict[int, int] = {}
        super().__init__(electorate)

    def _inverse(self, value: int) -> int:
        found = self._inverses.get(value)
        if found is None:
            found = self._inverses[value] = pow(value, -1, PRIME)
        return found

    def _money(self, voters: int) -> int:
        return voters * self.electorate.amount * self._inverse(self.electorate.voters) % PRIME

    def _part(self, money: int, weight: int, whole: int) -> int:
        return money * weight * self._inverse(whole) % PRIME

    def _payment(self, part: int, cost: int, support: int) -> int:
        return part * cost * self._inverse(support % PRIME) % PRIME

    def is_zero(self, value: Any) -> bool:
        return bool(value % PRIME == 0)


class Supports:
    """The support of every standing project as projects go, and exact answers about it."""

    def __init__(self, electorate: Electorate) -> None:
        self.electorate = electorate
        self.gone: list[tuple[int, bool]] = []
        self._fixed = [_Fixed(electorate, FIRST_BITS)]
        self._equality: _Fractions | _Residues | None = None

    def go(self, project: int, *, is_paid: bool) -> None:
        """The project goes, its cost paid from its support or not; the rest of the support passes on."""
        self.gone.append((project, is_paid))

    def is_enough(self, project: int) -> bool:
        """Whether the support of the project is at least its cost."""
        cost = self.electorate.costs[project]
        level = 0
        while True:
            ledger = self._ledger(level)
            surplus = ledger.supports[project] - (cost << ledger.bits)
            if abs(surplus) > ledger.error:
                return bool(surplus > 0)
            if level == 0 and self._is_same(project, cost):
                return True
            level += 1

    def whole(self, project: int) -> int:
        """The support in minor units, rounded down."""
        level = 0
        while True:
            ledger = self._ledger(level)
            support, error = ledger.supports[project], ledger.error
            most = (support + error) >> ledger.bits
            least = (support - error) >> ledger.bits
            if least == most or (least == most - 1 and self._is_same(project, most)):
                return int(most)
            level += 1

    def foremost(self, projects: Sequence[int], *, by_ratio: bool, most: bool) -> list[int]:
        """Those of the projects with the most, or the least, support for their cost: all that are equal.

        By ratio, support divided by cost (all costs are positive); else support less cost.
        """
        left = list(projects)
        level = 0
        while True:
            left = self._in_front(left, self._ledger(level), by_ratio=by_ratio, most=most)
            if len(left) == 1 or all(self._are_equal(left[0], other, by_ratio) for other in left[1:]):
                return left
            level += 1

    def _in_front(self, projects: list[int], ledger: _Fixed, *, by_ratio: bool, most: bool) -> list[int]:
        """The projects that no other is certainly in front of."""
        sign = 1 if most else -1
        error, costs = ledger.error, self.electorate.costs
        if by_ratio:
            # the greatest certain lower end of all, as a fraction
            top, under = None, 1
            for project in projects:
                low, cost = sign * ledger.supports[project] - error, costs[project]
                if top is None or low * under > top * cost:
                    top, under = low, cost
            return [
                project
                for project in projects
                if top is not None
                and (sign * ledger.supports[project] + error) * under >= top * costs[project]
            ]
        values = {
            project: sign * (ledger.supports[project] - (costs[project] << ledger.bits))
            for project in projects
        }
        least = max(values.values()) - 2 * error
        return [project for project in projects if values[project] >= least]

    def _ledger(self, level: int) -> _Fixed:
        if level == len(self._fixed):
            self._fixed.append(_Fixed(self.electorate, self._fixed[-1].bits * 2))
        ledger = self._fixed[level]
        self._catch_up(ledger)
        return ledger

    def _catch_up(self, ledger: _Ledger) -> None:
        for project, is_paid in self.gone[ledger.done :]:
            ledger.go(project, is_paid=is_paid)
        ledger.done = len(self.gone)

    def _equal_ledger(self) -> _Fractions | _Residues:
        work = self.electorate.size << sum(is_paid for _, is_paid in self.gone)
        if self._equality is None or (isinstance(self._equality, _Fractions) and work > MOST_FRACTION_WORK):
            kind = _Fractions if work <= MOST_FRACTION_WORK else _Residues
            self._equality = kind(self.electorate)
        self._catch_up(self._equality)
        return self._equality

    def _is_same(self, project: int, money: int) -> bool:
        ledger = self._equal_ledger()
        return ledger.is_zero(ledger.supports[project] - money)

    def _are_equal(self, first: int, second: int, by_ratio: bool) -> bool:
        ledger, costs = self._equal_ledger(), self.electorate.costs
        one, other = ledger.supports[first], ledger.supports[second]
        if by_ratio:
            return ledger.is_zero(one * costs[second] - other * costs[first])
        return ledger.is_zero(one - costs[first] - (other - costs[second]))
