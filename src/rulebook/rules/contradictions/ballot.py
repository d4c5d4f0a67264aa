"""Contradictions about the ballot: limits that nobody can reach, marks that its kind has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulebook.options import COUNTED_IN_TOTALS, COUNTS_TOTALS, OPTIONS, VOTES, counts_totals
from rulebook.problem import Problem
from rulebook.rules.model import Rules
from rulebook.rules.records import BallotShape, PaperVoting
from rulebook.rules.vocabulary import PAPER, TERMINAL, TOTALS


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
    yield from _paper(rules)


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


def _paper(rules: Rules) -> Iterator[Problem]:
    """What is said of paper and of terminals, and no ballot could be voted or counted by."""
    offered = {channel.kind for channel in rules.channels}
    if offered and rules.paper != PaperVoting() and PAPER not in offered:
        yield Problem("/paper", "paper_unused")
    if offered and rules.ballot.cancel and TERMINAL not in offered:
        yield Problem("/ballot/cancel", "cancel_without_terminal")
    if rules.paper.mode != TOTALS:
        return
    kind, counting = rules.ballot.kind, rules.counting
    if rules.paper.is_named:
        yield Problem("/paper/is_named", "totals_of_named_papers")
    if kind not in COUNTED_IN_TOTALS:
        yield Problem("/paper/mode", "totals_of_such_ballots", {"kind": kind})
    if counting.rule in OPTIONS and counting.rule != COUNTS_TOTALS:
        params = {"rule": counting.rule, "counts": COUNTS_TOTALS}
        yield Problem("/paper/mode", "totals_under_such_rule", params)
    elif kind == "points" and not counts_totals(counting.rule, kind, counting.options):
        # a protocol of a points vote adds up points; on how many ballots a project stands nobody noted
        yield Problem(
            "/counting/options/score", "totals_are_points", {"score": counting.options.get("score", VOTES)}
        )
