"""Contradictions about money: the total, the pots and the size classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from rulebook.problem import Problem
from rulebook.rules.model import Rules
from rulebook.rules.records import WHOLE, Pot, SizeClass


def found(rules: Rules) -> Iterator[Problem]:
    """What the money of the rules says against itself."""
    yield from _repeated_ids(rules)
    yield from _size_classes(rules)
    yield from _gaps(rules)
    yield from _pots(rules)
    yield from _total(rules)


def _repeated_ids(rules: Rules) -> Iterator[Problem]:
    groups: tuple[tuple[str, Iterable[str]], ...] = (
        ("size_classes", (entry.id for entry in rules.size_classes)),
        ("types", (entry.id for entry in rules.types)),
        ("categories", (entry.id for entry in rules.categories)),
        ("pots", (entry.id for entry in rules.pots)),
        ("review", (entry.id for entry in rules.review)),
    )
    for name, ids in groups:
        seen: set[str] = set()
        for index, entry in enumerate(ids):
            if entry in seen:
                yield Problem(f"/{name}/{index}/id", "repeated", {"value": entry})
            seen.add(entry)


def _size_classes(rules: Rules) -> Iterator[Problem]:
    for index, entry in enumerate(rules.size_classes):
        if entry.max_cost is not None and entry.max_cost < entry.min_cost:
            yield Problem(f"/size_classes/{index}/max_cost", "empty_class", {"class": entry.id})
        for other in rules.size_classes[:index]:
            if _classes_overlap(entry, other):
                params = {"class": entry.id, "other": other.id}
                yield Problem(f"/size_classes/{index}", "classes_overlap", params)


def _classes_overlap(one: SizeClass, other: SizeClass) -> bool:
    return (one.max_cost is None or other.min_cost <= one.max_cost) and (
        other.max_cost is None or one.min_cost <= other.max_cost
    )


def _gaps(rules: Rules) -> Iterator[Problem]:
    """Costs between two classes that belong to none."""
    in_order = sorted(enumerate(rules.size_classes), key=lambda pair: pair[1].min_cost)
    for (_, lower), (index, upper) in pairwise(in_order):
        if lower.max_cost is not None and lower.max_cost + 1 < upper.min_cost:
            params = {
                "class": lower.id,
                "other": upper.id,
                "from_cost": lower.max_cost + 1,
                "to_cost": upper.min_cost - 1,
            }
            yield Problem(f"/size_classes/{index}/min_cost", "gap_between_classes", params)


def _pots(rules: Rules) -> Iterator[Problem]:
    classes = {entry.id: entry for entry in rules.size_classes}
    categories = {entry.id for entry in rules.categories}
    admitted = set(rules.submission.categories)
    if not rules.pots:
        yield Problem("/pots", "no_pot")
    for index, pot in enumerate(rules.pots):
        path = f"/pots/{index}"
        if pot.share is not None and rules.total is None:
            yield Problem(f"{path}/share", "share_without_total", {"pot": pot.id})
        elif pot.amount == 0:
            yield Problem(f"{path}/amount", "empty_pot", {"pot": pot.id})
        else:
            yield from _projects_of(pot, path, rules)
        if pot.size_class is not None and pot.size_class not in classes:
            yield Problem(f"{path}/size_class", "unknown_class", {"class": pot.size_class})
        if pot.category is not None and pot.category not in categories:
            yield Problem(f"{path}/category", "unknown_category", {"category": pot.category})
        elif pot.category is not None and admitted and pot.category not in admitted:
            params = {"pot": pot.id, "category": pot.category}
            yield Problem(f"{path}/category", "pot_of_category_not_admitted", params)
        for other in rules.pots[:index]:
            if _pots_overlap(pot, other):
                yield Problem(path, "pots_overlap", {"pot": pot.id, "other": other.id})
    for index, entry in enumerate(rules.size_classes):
        if rules.pots and not any(pot.size_class in (None, entry.id) for pot in rules.pots):
            yield Problem(f"/size_classes/{index}", "class_without_pot", {"class": entry.id})
    for number, category in enumerate(rules.categories):
        if rules.pots and not any(pot.category in (None, category.id) for pot in rules.pots):
            yield Problem(f"/categories/{number}", "category_without_pot", {"category": category.id})


def _projects_of(pot: Pot, path: str, rules: Rules) -> Iterator[Problem]:
    for entry in rules.size_classes:
        if pot.size_class not in (None, entry.id):
            continue
        if entry.min_cost > pot.amount:
            params = {"pot": pot.id, "class": entry.id, "amount": pot.amount, "min_cost": entry.min_cost}
            yield Problem(f"{path}/amount", "pot_below_smallest_project", params)
        elif entry.max_cost is not None and entry.max_cost > pot.amount:
            params = {"pot": pot.id, "class": entry.id, "amount": pot.amount, "max_cost": entry.max_cost}
            yield Problem(f"{path}/amount", "class_larger_than_pot", params)


def _pots_overlap(one: Pot, other: Pot) -> bool:
    # two pots overlap when some project would match both: every dimension equal or left open
    pairs = (
        (one.size_class, other.size_class),
        (one.category, other.category),
        (one.territory, other.territory),
    )
    return all(left is None or right is None or left == right for left, right in pairs)


def _total(rules: Rules) -> Iterator[Problem]:
    shares = [pot.share for pot in rules.pots if pot.share is not None]
    if shares and len(shares) == len(rules.pots) and sum(shares) != WHOLE:
        yield Problem("/pots", "shares_not_whole", {"sum": sum(shares)})
    elif rules.total is not None and rules.pots:
        together = sum(pot.amount for pot in rules.pots)
        params = {"sum": together, "total": rules.total}
        if together > rules.total:
            yield Problem("/total", "pots_above_total", params)
        elif together < rules.total:
            yield Problem("/total", "pots_below_total", params)
