"""Contradictions about the count: its options, thresholds, numbers of winners and ties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulebook.options import (
    EVERY,
    OPTIONS,
    PARTIAL,
    REFUSE,
    SCORES_OF_KIND,
    SUPPORT,
    UTILITIES_OF_KIND,
    option_problems,
)
from rulebook.problem import Problem
from rulebook.rules.model import Rules
from rulebook.rules.records import WHOLE

TABLES = ("winners", "winners_per_class", "winners_per_category", "winners_per_territory")


def found(rules: Rules) -> Iterator[Problem]:
    """What the rules of the count say against themselves."""
    counting = rules.counting
    if counting.rule not in OPTIONS:
        yield Problem("/counting/rule", "unknown_rule", {"rule": counting.rule, "known": tuple(OPTIONS)})
        return
    faults = option_problems(counting.rule, counting.options, rules.dimensions)
    for fault in faults:
        yield Problem(f"/counting/options{fault.path}", fault.code, fault.params)
    yield from _scores(rules)
    if not faults:
        yield from _thresholds(rules)
        yield from _winners(rules)
    if counting.options.get("fit") == PARTIAL and not rules.submission.least_amount:
        yield Problem("/counting/options/fit", "partial_without_consent")
    if REFUSE in counting.ties[:-1]:
        # nothing after a refusal is ever asked
        yield Problem("/counting/ties", "refuse_not_last", {"ties": counting.ties})
    if SUPPORT in counting.ties and rules.support is None:
        yield Problem("/counting/ties", "tie_without_support")


def _scores(rules: Rules) -> Iterator[Problem]:
    counting = rules.counting
    for option in OPTIONS[counting.rule]:
        readable = {"score": SCORES_OF_KIND, "utility": UTILITIES_OF_KIND}.get(option.name)
        if readable is None:
            continue
        word = counting.options.get(option.name, option.values[0])
        if isinstance(word, str) and word not in readable.get(rules.ballot.kind, ()):
            params = {
                "score": word,
                "kind": rules.ballot.kind,
                "readable": readable.get(rules.ballot.kind, ()),
            }
            yield Problem(f"/counting/options/{option.name}", "score_not_on_ballot", params)


def _thresholds(rules: Rules) -> Iterator[Problem]:
    shares: Mapping[str, int] = rules.counting.options.get("threshold_share", {})
    for entry, share in shares.items():
        if share > WHOLE:
            path = f"/counting/options/threshold_share/{entry}"
            yield Problem(path, "threshold_above_all_ballots", {"share": share})


def _winners(rules: Rules) -> Iterator[Problem]:
    options = rules.counting.options
    for name in TABLES:
        table: Mapping[str, int] = options.get(name, {})
        if table and not any(table.values()):
            yield Problem(f"/counting/options/{name}", "nobody_can_win")
    in_pots: Mapping[str, int] = options.get("winners", {})
    limits = [in_pots.get(pot.id, in_pots.get(EVERY)) for pot in rules.pots]
    if limits and None not in limits:
        overall = sum(limit for limit in limits if limit is not None)
        for name in TABLES[1:]:
            for entry, quota in options.get(name, {}).items():
                if entry != EVERY and quota > overall:
                    params: dict[str, object] = {"quota": quota, "limit": overall}
                    yield Problem(f"/counting/options/{name}/{entry}", "quota_above_winners", params)
    for entry, quota in options.get("winners_per_class", {}).items():
        named = rules.size_class(entry)
        if named is None:
            continue
        money = sum(pot.amount for pot in rules.pots if pot.size_class in (None, entry))
        if quota * named.min_cost > money:
            params = {"quota": quota, "needed": quota * named.min_cost, "amount": money}
            yield Problem(f"/counting/options/winners_per_class/{entry}", "quota_above_money", params)
    for pot in rules.pots:
        least = [entry.min_cost for entry in rules.size_classes if pot.size_class in (None, entry.id)]
        quota = in_pots.get(pot.id, 0)
        if least and quota * min(least) > pot.amount:
            params = {"quota": quota, "needed": quota * min(least), "amount": pot.amount}
            yield Problem(f"/counting/options/winners/{pot.id}", "quota_above_money", params)
