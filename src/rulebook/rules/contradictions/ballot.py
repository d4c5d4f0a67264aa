"""Contradictions about the ballot: limits that nobody can reach, marks that its kind has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulebook.problem import Problem
from rulebook.rules.model import Rules
from rulebook.rules.records import BallotShape


def found(rules: Rules) -> Iterator[Problem]:
    """What the ballot says against itself."""
    shape = rules.ballot
    for name in ("max_choices", "max_per_territory", "max_points", "max_points_per_project", "max_cost"):
        if getattr(shape, name) == 0:
            yield Problem(f"/ballot/{name}", "limit_zero")
    known = {
        "max_per_class": ({entry.id for entry in rules.size_classes}, "unknown_class", "class"),
        "max_per_category": ({entry.id for entry in rules.categories}, "unknown_category", "category"),
    }
    for name, (ids, code, param) in known.items():
        limits: Mapping[str, int] = getattr(shape, name)
        for entry, limit in limits.items():
            if entry not in ids:
                yield Problem(f"/ballot/{name}/{entry}", code, {param: entry})
            if shape.choice_limit is not None and limit > shape.choice_limit:
                params = {"limit": limit, "overall": shape.choice_limit}
                yield Problem(f"/ballot/{name}/{entry}", "limit_above_overall", params)
        # where every class has its limit, a larger overall limit or minimum can never be used
        if ids and ids <= set(limits):
            total = sum(limits[entry] for entry in ids)
            if total == 0:
                yield Problem(f"/ballot/{name}", "limit_zero")
            elif shape.min_choices > total:
                params = {"minimum": shape.min_choices, "reachable": total}
                yield Problem("/ballot/min_choices", "minimum_out_of_reach", params)
            elif shape.max_choices is not None and shape.max_choices > total:
                params = {"limit": shape.max_choices, "reachable": total}
                yield Problem("/ballot/max_choices", "limit_out_of_reach", params)
    if shape.choice_limit is not None and shape.min_choices > shape.choice_limit:
        params = {"minimum": shape.min_choices, "reachable": shape.choice_limit}
        yield Problem("/ballot/min_choices", "minimum_out_of_reach", params)
    yield from _kind(shape)
    yield from _points(shape)
    yield from _cost(rules)


def _kind(shape: BallotShape) -> Iterator[Problem]:
    if shape.kind == "choose-1" and shape.max_choices not in (None, 1):
        yield Problem(
            "/ballot/max_choices", "limit_out_of_reach", {"limit": shape.max_choices, "reachable": 1}
        )
    if shape.kind == "ranking" and shape.max_choices == 1:
        yield Problem("/ballot/max_choices", "ranking_of_one")
    if shape.kind != "points":
        for name in ("max_points", "max_points_per_project"):
            if getattr(shape, name) is not None:
                yield Problem(f"/ballot/{name}", "points_on_other_ballot", {"kind": shape.kind})
    if shape.kind != "plus-minus" and shape.max_minus is not None:
        yield Problem("/ballot/max_minus", "minus_on_other_ballot", {"kind": shape.kind})


def _points(shape: BallotShape) -> Iterator[Problem]:
    if shape.kind != "points" or not shape.max_points:
        return
    if shape.min_choices > shape.max_points:
        # each project named takes one point at least
        params = {"minimum": shape.min_choices, "reachable": shape.max_points}
        yield Problem("/ballot/min_choices", "minimum_out_of_reach", params)
    each = shape.max_points_per_project
    if each is not None and each > shape.max_points:
        params = {"limit": each, "overall": shape.max_points}
        yield Problem("/ballot/max_points_per_project", "limit_above_overall", params)
    if each and shape.choice_limit is not None and each * shape.choice_limit < shape.max_points:
        params = {"limit": shape.max_points, "reachable": each * shape.choice_limit}
        yield Problem("/ballot/max_points", "limit_out_of_reach", params)


def _cost(rules: Rules) -> Iterator[Problem]:
    most = rules.ballot.max_cost
    if not most or not rules.size_classes:
        return
    cheapest = min(entry.min_cost for entry in rules.size_classes)
    if cheapest > most:
        params = {"max_cost": most, "min_cost": cheapest}
        yield Problem("/ballot/max_cost", "ballot_below_smallest_project", params)
    elif cheapest * rules.ballot.min_choices > most:
        params = {"minimum": rules.ballot.min_choices, "reachable": most // cheapest}
        yield Problem("/ballot/min_choices", "minimum_out_of_reach", params)
