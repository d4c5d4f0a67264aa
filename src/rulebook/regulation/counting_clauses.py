"""The clauses about the count: the rule, each of its options, and what decides a tie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebook.options import ADD1, ADD1_EXHAUSTIVE, ADD1_TOP_UP, EVERY, OPTIONS, Option, option_problems
from rulebook.regulation.phrases import Phrases
from rulebook.rules import Rules

Said = tuple[str, tuple[str, ...]]
Names = Mapping[tuple[str, str], str]


def counting(rules: Rules, say: Phrases, names: Names) -> Iterator[Said]:
    """Sentences about the count, each with its list."""
    stated = rules.counting.options
    yield say.of("rule", rules.counting.rule), ()
    unreadable = {
        problem.path.split("/")[1]
        for problem in option_problems(rules.counting.rule, stated, rules.dimensions)
        if problem.code in ("wrong_type", "not_a_count", "not_one_of", "unknown_option")
    }
    known = OPTIONS.get(rules.counting.rule, ())
    for name, value in stated.items():
        if name in unreadable or not known:
            yield f"{name}: {value}", ()
    for option in known:
        if option.name in unreadable:
            continue
        value = stated.get(option.name, option.values[0] if option.values else None)
        if value is not None or option.moves:
            yield from _option(option, value, stated, say, names)
    if len(rules.counting.ties) > 1:
        yield say("ties"), tuple(say.of("tie", tie) for tie in rules.counting.ties)
    elif rules.counting.ties:
        yield say("ties.one", tie=say.of("tie", rules.counting.ties[0])), ()
    else:
        yield say("ties.none"), ()


def _option(
    option: Option, value: Any, stated: Mapping[str, Any], say: Phrases, names: Names
) -> Iterator[Said]:
    if option.values:
        yield say.of(option.name, value), ()
    elif option.table:
        if value:
            lines = tuple(_entry(option, entry, number, say, names) for entry, number in value.items())
            yield say(option.name), lines
    elif option.moves:
        if value:
            yield say("leftovers"), tuple(_move(move, say, names) for move in value)
        else:
            yield say("leftovers.stay"), ()
    elif stated.get("completion") in (ADD1, ADD1_EXHAUSTIVE, ADD1_TOP_UP):
        yield say("increment", amount=say.money(value)), ()


def _entry(option: Option, entry: str, number: int, say: Phrases, names: Names) -> str:
    name = say(f"every.{option.table}") if entry == EVERY else names.get((option.table, entry), entry)
    if option.name == "threshold_share":
        amount = say.percent(number)
    elif option.name == "threshold":
        amount = str(number)
    else:
        amount = say.count(number, "winners")
    return say("entry", name=name, amount=amount)


def _move(move: Mapping[str, Any], say: Phrases, names: Names) -> str:
    sources = [_pot(pot, "from", say, names) for pot in move["from"]]
    return say("move", source=", ".join(sources), to=_pot(move["to"], "to", say, names))


def _pot(pot: object, side: str, say: Phrases, names: Names) -> str:
    return say(f"move.{side}.all") if pot == EVERY else names.get(("pot", str(pot)), str(pot))
