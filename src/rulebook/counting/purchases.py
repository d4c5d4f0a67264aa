"""The market of equal shares: voters with equal money buy the projects they support, cheapest price first.

One ``Market`` holds the projects and voters of a pot; ``run`` lets the voters buy from a given share each.
The run is computed with whole numbers in a fixed-point unit and a bound on how far each balance may be from
the true one, which is a fraction with hundreds of digits. A candidate whose price interval lies below all
others is certainly the cheapest; where intervals overlap, ``Ledger`` computes the same purchases in exact
fractions and decides (docs/decisions/0011-exact-counts.md).
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from rulebook.counting.columns import SAFE_BITS, Columns, columns
from rulebook.counting.ties import Chooser
from rulebook.dossier import DossierProject

COARSE = 14
"""A balance that may be wrong by more than two to the minus this of a share is computed anew."""

PRECISION = 96
"""Bits of the whole numbers that stand for prices per unit of utility."""


@dataclass(frozen=True)
class Ware:
    """A project on the market: its cost, and its worth to a supporter per unit of the supporter's weight."""

    project: DossierProject
    worth: int
    groups: Sequence[int]
    weights: Sequence[int] | None

    @property
    def cost(self) -> int:
        """In minor units."""
        return self.project.cost


@dataclass(frozen=True)
class Payment:
    """What a project's supporters paid: ``price`` per unit of weight, how many paid, how many of them all of
    it, and the most that one voter paid (minor units)."""

    price: Fraction
    payers: int
    in_full: int
    most: Fraction


class Ledger:
    """The voters' balances in exact arithmetic: whole numbers over one common denominator.

    Voters with the same history of payments form a class, so that there are far fewer balances than voters.
    """

    def __init__(self, counts: Sequence[int], share: Fraction) -> None:
        self._counts = counts
        self._class_of = [0] * len(counts)
        self._money = [share.numerator]
        self._live = 1
        self._unit = share.denominator

    def _classes(self, ware: Ware) -> dict[tuple[int, int], int]:
        """(class, weight) of the supporters who have something → number of voters."""
        found: dict[tuple[int, int], int] = {}
        class_of, counts = self._class_of, self._counts
        if ware.weights is None:
            single: dict[int, int] = {}
            for group in ware.groups:
                single[class_of[group]] = single.get(class_of[group], 0) + counts[group]
            found = {(entry, 1): count for entry, count in single.items()}
        else:
            for group, weight in zip(ware.groups, ware.weights, strict=True):
                key = class_of[group], weight
                found[key] = found.get(key, 0) + counts[group]
        return {key: count for key, count in found.items() if self._money[key[0]]}

    def price(self, ware: Ware) -> Fraction | None:
        """The price per unit of weight at which the supporters can pay the cost; None where they cannot."""
        return self._priced(ware, self._classes(ware))

    def _priced(self, ware: Ware, classes: Mapping[tuple[int, int], int]) -> Fraction | None:
        cost = ware.cost * self._unit
        money = self._money
        if sum(money[entry] * count for (entry, _), count in classes.items()) < cost:
            return None
        rich = dict(classes)
        missing = cost
        while True:
            weight = sum(each * count for (_, each), count in rich.items())
            poor = [key for key in rich if money[key[0]] * weight < missing * key[1]]
            if not poor:
                return Fraction(missing, weight * self._unit)
            for key in poor:
                missing -= money[key[0]] * rich.pop(key)

    def buy(self, ware: Ware) -> Payment:
        """Let the supporters pay for the project. Raises ValueError where they cannot."""
        classes = self._classes(ware)
        price = self._priced(ware, classes)
        if price is None:
            raise ValueError(f"the supporters of {ware.project.id!r} cannot pay for it")
        # one common denominator for all balances, the price included
        factor = price.denominator // gcd(price.denominator, self._unit)
        if factor > 1:
            self._money = [amount * factor for amount in self._money]
            self._unit *= factor
        each = price.numerator * (self._unit // price.denominator)
        money = self._money
        after: dict[tuple[int, int], int] = {}
        payers = in_full = most = 0
        for (entry, weight), count in classes.items():
            paid = min(money[entry], each * weight)
            payers += count
            in_full += count if paid == each * weight else 0
            most = max(most, paid)
            after[entry, weight] = len(money)
            money.append(money[entry] - paid)
        class_of = self._class_of
        if ware.weights is None:
            for group in ware.groups:
                class_of[group] = after.get((class_of[group], 1), class_of[group])
        else:
            for group, weight in zip(ware.groups, ware.weights, strict=True):
                class_of[group] = after.get((class_of[group], weight), class_of[group])
        self._shorten()
        return Payment(price, payers, in_full, Fraction(most, self._unit))

    def _shorten(self) -> None:
        """Forget classes that nobody is in any more, and reduce the common denominator."""
        if len(self._money) > 2 * self._live + 1000:
            live = {entry: place for place, entry in enumerate(set(self._class_of))}
            self._class_of = [live[entry] for entry in self._class_of]
            self._money = [self._money[entry] for entry in live]
            self._live = len(live)
        common = gcd(self._unit, *self._money)
        if common > 1:
            self._money = [amount // common for amount in self._money]
            self._unit //= common

    def balances(self, one: int) -> list[int]:
        """The balance of each group of voters in units of one ``one``-th of a minor unit, rounded up."""
        money = [-(-amount * one // self._unit) for amount in self._money]
        return [money[entry] for entry in self._class_of]

    def offered(self, ware: Ware, price: Fraction) -> Fraction:
        """What the supporters of a project would pay together at a price per unit of weight."""
        ceiling, unit = price * self._unit, self._unit
        total = Fraction(0)
        for (entry, weight), count in self._classes(ware).items():
            total += min(Fraction(self._money[entry]), ceiling * weight) * count
        return total * Fraction(1, unit)

    def money_of(self, ware: Ware) -> Fraction:
        """What the supporters of a project have together."""
        classes = self._classes(ware)
        return Fraction(sum(self._money[entry] * count for (entry, _), count in classes.items()), self._unit)


@dataclass(frozen=True)
class Purchases:
    """What a run bought, in order (places in ``Market.wares``), and whether it went over the budget.

    ``room`` is by how much each share (minor units) may certainly grow without another outcome.
    """

    bought: tuple[int, ...]
    is_over: bool = False
    room: int = 0


class Market:
    """The projects and voters of one pot. ``counts`` is the number of voters in each group."""

    def __init__(self, wares: Sequence[Ware], counts: Sequence[int]) -> None:
        self.wares = wares
        self.counts = counts
        weights = [ware.weights for ware in wares if ware.weights is not None]
        self._weights = weights or None
        self._columns: dict[bool, Columns] = {}
        self._heaviest = max((max(entry, default=1) for entry in weights), default=1)
        self.voters = [sum(counts[group] for group in ware.groups) for ware in wares]
        self._weight = [
            sum(counts[group] for group in ware.groups)
            if ware.weights is None
            else sum(counts[group] * weight for group, weight in zip(ware.groups, ware.weights, strict=True))
            for ware in wares
        ]

    def columns(self, largest: int) -> Columns:
        """The voters as columns that can hold sums up to ``largest``."""
        is_huge = largest.bit_length() > SAFE_BITS
        if is_huge not in self._columns:
            groups = [ware.groups for ware in self.wares]
            self._columns[is_huge] = columns(self.counts, groups, self._weights, largest)
        return self._columns[is_huge]

    def ledger(self, share: Fraction) -> Ledger:
        """An exact ledger in which every voter has the share."""
        return Ledger(self.counts, share)

    def run(
        self, share: Fraction, chooser: Chooser, budget: int, barred: frozenset[str] = frozenset()
    ) -> Purchases:
        """Buy until no project can be paid by its supporters; stop early once ``budget`` is exceeded.

        ``barred`` are groups of competing projects of which one is funded already.
        """
        return _Run(self, share, chooser, budget, barred).purchases()


@dataclass
class _Pending:
    """A tie that proves harmless if all of it is bought, one after the other, at the same price."""

    names: frozenset[str]
    left: set[int]
    price: Fraction


class _Run:
    """One run of the market. Prices here are in the fixed-point unit, per unit of weight."""

    def __init__(
        self, market: Market, share: Fraction, chooser: Chooser, budget: int, barred: frozenset[str]
    ) -> None:
        self.market = market
        self.wares = market.wares
        self.share = share
        self.chooser = chooser
        self.budget = budget
        self.barred = barred
        voters = sum(market.counts)
        largest = max(voters, market._heaviest) * (share.numerator // share.denominator + 1)
        self.one = 1 << max(SAFE_BITS - largest.bit_length(), 0)
        self.columns = market.columns(largest)
        # nobody begins with nothing, however small the share
        start = max(share.numerator * self.one // share.denominator, min(share.numerator, 1))
        self.columns.fill(start)
        self.most = start + 1
        self.error = 1
        self.coarse = max(start >> COARSE, 4)
        self.costs = [ware.cost * self.one for ware in self.wares]
        # certain lower bounds; a price never falls while voters only spend
        self.low = [cost // weight for cost, weight in zip(self.costs, market._weight, strict=True)]
        self.heap = [
            (self._key(place, self.low[place]), place)
            for place, ware in enumerate(self.wares)
            if ware.project.rivals not in barred
        ]
        heapq.heapify(self.heap)
        self.bought: list[int] = []
        self.is_plain = True
        self._ledger: Ledger | None = None
        self._entered = 0
        self.pending: list[_Pending] = []

    def _key(self, ware: int, price: int, up: int = 0) -> int:
        """The price per unit of utility as one comparable whole number, rounded down (or up)."""
        return ((price << PRECISION) // self.wares[ware].worth) + up

    def purchases(self) -> Purchases:
        spent = 0
        rivals: set[str] = set()
        while True:
            contenders = self._contenders()
            if not contenders:
                break
            ware = self._cheapest(contenders)
            low, high = contenders[ware]
            project = self.wares[ware].project
            self.bought.append(ware)
            spent += project.cost
            if spent > self.budget:
                return Purchases(tuple(self.bought), is_over=True)
            if project.rivals is not None:
                rivals.add(project.rivals)
            self.heap = [
                entry
                for entry in self.heap
                if entry[1] != ware and (not rivals or self.wares[entry[1]].project.rivals not in rivals)
            ]
            heapq.heapify(self.heap)
            self._pay(ware, low, high)
        return Purchases(tuple(self.bought), room=self._room())

    def _room(self) -> int:
        """See ``Purchases.room``.

        Where every project was paid for in full by all its supporters, its price cannot change with larger
        shares. What was not bought then changes nothing as long as all its supporters together never have
        its cost; or, if even its lowest thinkable price is above all that were paid, as long as they do not
        have it at the end.
        """
        if not self.is_plain:
            return 0
        floors = [
            Fraction(ware.cost, weight * ware.worth)
            for ware, weight in zip(self.wares, self.market._weight, strict=True)
        ]
        highest = max((floors[ware] for ware in self.bought), default=Fraction(0))
        # a competitor of something bought stays out if it could never have come before it
        barred = {self.wares[ware].project.rivals: floors[ware] for ware in self.bought}
        barred.pop(None, None)
        room: int | None = None
        for place, ware in enumerate(self.wares):
            rival = barred.get(ware.project.rivals)
            if ware.project.rivals in self.barred:
                continue
            if place in self.bought or (rival is not None and floors[place] > rival):
                continue
            voters = self.market.voters[place]
            if rival is None and floors[place] > highest:
                has = -(-(self.columns.total(place) + self.error * voters) // self.one)
            else:
                has = -(-voters * self.share.numerator // self.share.denominator)
            # one unit less than what would do
            room_here = max(ware.cost - has - 1, 0) // voters
            room = room_here if room is None else min(room, room_here)
        return room or 0

    def _pay(self, ware: int, low: int, high: int | None) -> None:
        if high is not None:
            low, high = self._narrowed(ware, low, high)
        at = self.columns.split(ware, self.costs[ware] // self.market._weight[ware] + 2 + self.error)
        self.is_plain = self.is_plain and at.rich == self.market._weight[ware]
        if high is None or self.error + (high - low + 2) * self.market._heaviest > self.coarse:
            self.columns.load(self._ledger_now().balances(self.one))
            self.error = 1
            return
        price = (low + high) >> 1
        # a voter who has less than this has less than the price for certain
        self.columns.charge(ware, price, low - self.error)
        self.error += ((high - low + 1) // 2) * self.market._heaviest + 1

    def _contenders(self) -> dict[int, tuple[int, int | None]]:
        """The projects that may be the cheapest, each with an interval that surely holds its price.

        An upper end of None: only exact arithmetic can say.
        """
        best: int | None = None
        seen: dict[int, tuple[int, int | None]] = {}
        while self.heap and (best is None or self.heap[0][0] <= best):
            _, ware = heapq.heappop(self.heap)
            interval = self._interval(ware, best)
            if interval is None:
                continue
            low, high = interval
            self.low[ware] = max(low, self.low[ware])
            seen[ware] = self.low[ware], high
            if high is not None:
                key = self._key(ware, high, up=1)
                best = key if best is None else min(best, key)
        for ware in seen:
            heapq.heappush(self.heap, (self._key(ware, self.low[ware]), ware))
        return {
            ware: (low, high)
            for ware, (low, high) in seen.items()
            if best is None or self._key(ware, low) <= best
        }

    def _interval(self, ware: int, best: int | None) -> tuple[int, int | None] | None:
        """Certain bounds of a project's price; None where its supporters surely cannot pay.

        Newton's iteration on the money that supporters would give at a price, which is concave: it rises
        to the price from below and never passes it.
        """
        cost, error = self.costs[ware], self.error
        price = max(self.low[ware], 1)
        if price > self.most:
            # a price is never more than the largest balance
            return None
        while True:
            at = self.columns.split(ware, price)
            if not at.rich:
                if at.money + error * at.poor < cost:
                    return None
                return (self.low[ware], None) if self._can_pay(ware) else None
            reached = (cost - at.money) // at.rich
            off = -(-error * at.poor // at.rich) + 1
            above = reached + off
            # nobody stands between: poor and rich are then the same at the true price
            is_clear = price <= above < self.most and self.columns.split(ware, above + error) == at
            if is_clear or reached <= price:
                break
            price = reached
        low = reached - off - error
        if is_clear or (best is not None and self._key(ware, low) > best):
            return low, above if is_clear else None
        margin = error * (1 + self.market._heaviest)
        high = price + 2 + 2 * (margin * (at.poor + 1) // at.rich)
        while high < self.most:
            parts = self.columns.split(ware, high + error)
            if parts.money + high * parts.rich - margin * parts.poor >= cost:
                return low, high
            high += 4 * (high - low)
        return (low, None) if self._can_pay(ware) else None

    def _narrowed(self, ware: int, low: int, high: int) -> tuple[int, int]:
        """The interval of a price, narrow where nobody's balance is so near it as to lie on either side."""
        at = self.columns.split(ware, high + self.error)
        if not at.rich:
            return low, high
        reached = (self.costs[ware] - at.money) // at.rich
        off = -(-self.error * at.poor // at.rich) + 1
        below = max(reached - off, 1)
        if reached + off <= high and self.columns.split(ware, max(below - self.error, 1)) == at:
            return below, reached + off
        return low, high

    def _cheapest(self, contenders: Mapping[int, tuple[int, int | None]]) -> int:
        """The project of the lowest price per utility; among equals the one that the tie rules choose."""
        if len(contenders) == 1:
            ware = next(iter(contenders))
            if self.pending:
                self._follow_ties(ware, self._exact(ware))
            return ware
        prices = {ware: self._exact(ware) for ware in contenders}
        lowest = min(prices.values())
        tied = [ware for ware, price in prices.items() if price == lowest]
        chosen = tied[0]
        if len(tied) > 1:
            by_project = {self.wares[ware].project: ware for ware in tied}
            left = self.budget - sum(self.wares[ware].cost for ware in self.bought)
            chosen = by_project[self.chooser.choose(list(by_project), left=left)]
        self._follow_ties(chosen, lowest)
        if len(tied) > 1:
            names = frozenset(self.wares[ware].project.id for ware in tied)
            self.pending.append(_Pending(names, {*tied} - {chosen}, lowest))
        return chosen

    def _follow_ties(self, ware: int, price: Fraction) -> None:
        going_on = []
        for tie in self.pending:
            if ware in tie.left and price == tie.price:
                tie.left.discard(ware)
                if tie.left:
                    going_on.append(tie)
                else:
                    # whoever of the tie paid had enough for all of it, so no order changes anything
                    self.chooser.is_harmless(tie.names)
        self.pending = going_on

    def _can_pay(self, ware: int) -> bool:
        return self._ledger_now().price(self.wares[ware]) is not None

    def _exact(self, ware: int) -> Fraction:
        """The exact price per unit of utility."""
        entry = self.wares[ware]
        at = self.columns.split(ware, max(self.low[ware], 1))
        if at.rich and not at.poor:
            enough = min(self.costs[ware] // at.rich + 2 + self.error, self.most + 1)
            if self.columns.split(ware, enough) == at:
                # everybody with money surely has the price, which then does not depend on how much it is
                return Fraction(entry.cost, at.rich * entry.worth)
        exact = self._ledger_now().price(entry)
        if exact is None:
            raise AssertionError(f"{entry.project.id!r} was found affordable and is not")
        return exact * Fraction(1, entry.worth)

    def _ledger_now(self) -> Ledger:
        """The exact ledger after all purchases so far."""
        if self._ledger is None:
            self._ledger = self.market.ledger(self.share)
        for ware in self.bought[self._entered :]:
            self._ledger.buy(self.wares[ware])
        self._entered = len(self.bought)
        return self._ledger
