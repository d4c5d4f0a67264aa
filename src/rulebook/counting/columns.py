"""The voters of one pot as columns: what each group of identical ballots still has, and who supports what.

Balances are whole numbers in a fixed-point unit chosen by the count that uses them. There are two versions
with the same answers: plain lists, and numpy's arrays where numpy is installed and there are ballots enough
for it to pay.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from operator import mul
from typing import Any, NamedTuple, Protocol

ENOUGH_FOR_ARRAYS = 20_000
"""From this many choices on the arrays are quicker than the lists."""

SAFE_BITS = 61
"""Sums of balances stay below two to this power, so that 64-bit arrays cannot overflow."""


class Split(NamedTuple):
    """The supporters of a project at a price: those who have something but less than it, and the others.

    ``money`` is what the poor have together, ``poor`` how many voters they are, ``rich`` the weight of all
    who have the price. Voters who have nothing are in neither.
    """

    money: int
    poor: int
    rich: int


class Columns(Protocol):
    """The balances of groups of voters, and the supporters of each project."""

    def fill(self, value: int) -> None:
        """Give every voter the same balance."""

    def load(self, values: Sequence[int]) -> None:
        """Give each group its balance."""

    def split(self, project: int, price: int) -> Split:
        """Part the supporters of a project by whether they have ``price`` times their weight for it."""

    def charge(self, project: int, price: int, surely: int) -> None:
        """Take ``price`` times their weight from the supporters of a project, or all they have.

        Who has less than ``surely`` times the weight is left with nothing; of the others each keeps at
        least one unit.
        """

    def total(self, project: int) -> int:
        """The balances of all supporters of a project together."""

    def assign(self, project: int, value: int) -> None:
        """Set the balance of every supporter of a project."""


def columns(
    counts: Sequence[int],
    supporters: Sequence[Sequence[int]],
    weights: Sequence[Sequence[int]] | None,
    largest: int = 0,
) -> Columns:
    """Columns for groups of ``counts`` voters; ``supporters`` and ``weights`` by project, weights 1 if None.

    ``largest`` is the largest sum there can be; above SAFE_BITS only lists can hold it. The environment
    variable RULEBOOK_PLAIN keeps numpy out.
    """
    is_large = sum(map(len, supporters)) >= ENOUGH_FOR_ARRAYS and largest.bit_length() <= SAFE_BITS
    if is_large and not os.environ.get("RULEBOOK_PLAIN"):
        try:
            import numpy
        except ImportError:
            pass
        else:
            return _Arrays(numpy, counts, supporters, weights)
    return _Lists(counts, supporters, weights)


class _Lists:
    def __init__(
        self,
        counts: Sequence[int],
        supporters: Sequence[Sequence[int]],
        weights: Sequence[Sequence[int]] | None,
    ) -> None:
        self.balance = [0] * len(counts)
        self.supporters = supporters
        self.counts = [[counts[group] for group in groups] for groups in supporters]
        self.weights = weights

    def fill(self, value: int) -> None:
        self.balance = [value] * len(self.balance)

    def load(self, values: Sequence[int]) -> None:
        self.balance = list(values)

    def split(self, project: int, price: int) -> Split:
        balance = self.balance
        money = poor = rich = 0
        if self.weights is None:
            for group, count in zip(self.supporters[project], self.counts[project], strict=True):
                has = balance[group]
                if has >= price:
                    rich += count
                elif has:
                    money += has * count
                    poor += count
            return Split(money, poor, rich)
        for group, count, weight in zip(
            self.supporters[project], self.counts[project], self.weights[project], strict=True
        ):
            has = balance[group]
            if has >= price * weight:
                # nobody with an empty account is rich, not even at the price zero
                rich += count * weight if has else 0
            elif has:
                money += has * count
                poor += count
        return Split(money, poor, rich)

    def charge(self, project: int, price: int, surely: int) -> None:
        balance = self.balance
        weights = self.weights[project] if self.weights is not None else None
        for place, group in enumerate(self.supporters[project]):
            weight = 1 if weights is None else weights[place]
            has = balance[group]
            if has < surely * weight:
                balance[group] = 0
            elif has:
                rest = has - price * weight
                balance[group] = rest if rest > 1 else 1

    def total(self, project: int) -> int:
        return sum(map(mul, map(self.balance.__getitem__, self.supporters[project]), self.counts[project]))

    def assign(self, project: int, value: int) -> None:
        for group in self.supporters[project]:
            self.balance[group] = value


class _Arrays:
    def __init__(
        self,
        numpy: Any,
        counts: Sequence[int],
        supporters: Sequence[Sequence[int]],
        weights: Sequence[Sequence[int]] | None,
    ) -> None:
        self.np = numpy
        self.balance = numpy.zeros(len(counts), dtype=numpy.int64)
        all_counts = numpy.array(counts, dtype=numpy.int64)
        self.supporters = [numpy.array(groups, dtype=numpy.intp) for groups in supporters]
        self.counts = [all_counts[groups] for groups in self.supporters]
        self.weights = (
            None if weights is None else [numpy.array(entry, dtype=numpy.int64) for entry in weights]
        )

    def fill(self, value: int) -> None:
        self.balance.fill(value)

    def load(self, values: Sequence[int]) -> None:
        self.balance = self.np.array(values, dtype=self.np.int64)

    def split(self, project: int, price: int) -> Split:
        has = self.balance[self.supporters[project]]
        counts = self.counts[project]
        if self.weights is None:
            is_rich = has >= price
            rich = int(counts.dot(is_rich))
        else:
            weights = self.weights[project]
            is_rich = (has >= price * weights) & (has > 0)
            rich = int((counts * weights).dot(is_rich))
        has[is_rich] = 0
        return Split(int(counts.dot(has)), int(counts.dot(has > 0)), rich)

    def charge(self, project: int, price: int, surely: int) -> None:
        groups = self.supporters[project]
        has = self.balance[groups]
        weights = 1 if self.weights is None else self.weights[project]
        rest = self.np.maximum(has - price * weights, 1)
        rest[(has < surely * weights) | (has == 0)] = 0
        self.balance[groups] = rest

    def total(self, project: int) -> int:
        return int(self.counts[project].dot(self.balance[self.supporters[project]]))

    def assign(self, project: int, value: int) -> None:
        self.balance[self.supporters[project]] = value
