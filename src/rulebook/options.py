"""What a regulation may tell each counting rule: the names, values and meaning of its options.

Kept apart from the rules' code so that a document can be checked, and a form drawn, before anything is
counted. A test keeps this table and the registry of counting rules equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rulebook.problem import Problem

REFUSE, EARLIER, CHEAPER, SUPPORT, LOT, DECISION, FILE_ORDER = TIES = (
    "refuse",
    "earlier",
    "cheaper",
    "support",
    "lot",
    "decision",
    "file-order",
)
"""Ways to decide a tie. ``refuse``: the count stops there and names the tied projects; ``earlier``: the
project submitted first; ``cheaper``: the lower cost; ``support``: the more support signatures; ``lot``: the
public lot; ``decision``: the commission's recorded decision; ``file-order``: the place in the list of projects
that was published, for elections counted elsewhere whose submission times are not known. A tie that none of
the listed ways decides waits for the commission's decision."""

VOTES, POINTS, PER_COST, BORDA, NET = SCORES = ("votes", "points", "votes-per-cost", "borda", "net")
SKIP, STOP, PARTIAL = FITS = ("skip", "stop", "partial")

COST, CARDINALITY = "cost", "cardinality"
UTILITIES = (COST, CARDINALITY, POINTS, BORDA)
"""What a funded project is worth to a voter who named it: its cost, one, the points given to it, or the
places it stands above the end of the voter's ranking."""

NO_COMPLETION, ADD1, ADD1_EXHAUSTIVE, TOP_UP, ADD1_TOP_UP = COMPLETIONS = (
    "none",
    "add1",
    "add1-exhaustive",
    "greedy",
    "add1-greedy",
)
NO_COMPARISON, WITH_GREEDY = COMPARISONS = ("none", "greedy")
RATIO, EXCESS = SELECTIONS = ("ratio", "excess")

EVERY = "*"
"""The key of a table that holds for every key without an entry of its own; the pool of all pots."""

CLASS, POT, CATEGORY, TERRITORY = "class", "pot", "category", "territory"


@dataclass(frozen=True)
class Option:
    """One option of a counting rule.

    Either one word of ``values`` (the first is the default); or, with ``table``, whole numbers of at least
    zero by the ids of that dimension (or "*"); or, with ``least``, one whole number of at least that; or,
    with ``moves``, a list of ``{"from": [pot, …], "to": pot}`` where "*" stands for all pots together.
    """

    name: str
    values: tuple[str, ...] = ()
    table: str = ""
    least: int | None = None
    moves: bool = False

    @property
    def domain(self) -> object:
        """What the option takes, as JSON-able data."""
        if self.values:
            return list(self.values)
        if self.table:
            return f"table by {self.table}"
        return "list of moves" if self.moves else f"whole number from {self.least}"


_THRESHOLDS = (Option("threshold", table=CLASS), Option("threshold_share", table=CLASS))

OPTIONS: Mapping[str, tuple[Option, ...]] = {
    "greedy-v1": (
        Option("score", SCORES),
        Option("fit", FITS),
        *_THRESHOLDS,
        Option("winners", table=POT),
        Option("winners_per_class", table=CLASS),
        Option("winners_per_category", table=CATEGORY),
        Option("winners_per_territory", table=TERRITORY),
        Option("leftovers", moves=True),
    ),
    "equal-shares-v1": (
        Option("utility", UTILITIES),
        Option("completion", COMPLETIONS),
        Option("increment", least=1),
        Option("comparison", COMPARISONS),
        *_THRESHOLDS,
    ),
    "phragmen-v1": _THRESHOLDS,
    "max-satisfaction-v1": (Option("utility", (CARDINALITY, COST, POINTS, BORDA)), *_THRESHOLDS),
    "cstv-v1": (Option("select", SELECTIONS), *_THRESHOLDS),
}
"""The counting rules by id, each with its options. An id never changes meaning."""

SCORES_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "approval": (VOTES, PER_COST),
    "choose-1": (VOTES, PER_COST),
    "points": (POINTS, VOTES, PER_COST),
    "ranking": (BORDA, VOTES, PER_COST),
    "plus-minus": (NET, VOTES, PER_COST),
}
"""The scores that can be read off each kind of ballot; the first is the usual one."""

UTILITIES_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "approval": (COST, CARDINALITY),
    "choose-1": (COST, CARDINALITY),
    "points": (POINTS, COST, CARDINALITY),
    "ranking": (BORDA, COST, CARDINALITY),
    "plus-minus": (COST, CARDINALITY),
}
"""The utilities that can be read off each kind of ballot; the first is the usual one."""


COUNTS_TOTALS = "greedy-v1"
"""The counting rule that needs no single ballots."""

COUNTED_IN_TOTALS = ("approval", "choose-1", "points")
"""Kinds of ballots that can be counted from how many votes or points each project got."""


def counts_totals(rule: str, kind: str, options: Mapping[str, object]) -> bool:
    """Whether the rule can count votes of which only sums are known.

    The protocol of a points vote adds up points: on how many ballots a project stands nobody noted.
    """
    return (
        rule == COUNTS_TOTALS
        and kind in COUNTED_IN_TOTALS
        and (kind != "points" or options.get("score") == POINTS)
    )


def usual_score(kind: str) -> str:
    """The score that totals and thresholds usually speak of on ballots of a kind: votes, or what they grade."""
    return {"points": POINTS, "ranking": BORDA}.get(kind, VOTES)


def usual_options(rule: str, kind: str) -> dict[str, str]:
    """The score and utility that a rule usually takes from ballots of a kind, where not its own default."""
    if kind in ("approval", "choose-1"):
        return {}
    usual = {"score": SCORES_OF_KIND[kind][0], "utility": UTILITIES_OF_KIND[kind][0]}
    return {option.name: usual[option.name] for option in OPTIONS.get(rule, ()) if option.name in usual}


def option_problems(
    rule: str, options: Mapping[str, object], known: Mapping[str, frozenset[str]]
) -> list[Problem]:
    """Faults of the options named for a rule; paths start at the options. An unknown rule has none.

    ``known`` holds the ids of each dimension (class, pot, category); one that is not in it is not looked at.
    """
    if rule not in OPTIONS:
        return []
    by_name = {option.name: option for option in OPTIONS[rule]}
    found: list[Problem] = []
    for name, value in options.items():
        option = by_name.get(name)
        if option is None:
            found.append(Problem(f"/{name}", "unknown_option", {"option": name, "rule": rule}))
        elif option.values:
            if value not in option.values:
                found.append(Problem(f"/{name}", "not_one_of", {"value": value, "allowed": option.values}))
        elif option.table:
            found.extend(_table_problems(option, value, known.get(option.table)))
        elif option.moves:
            found.extend(_move_problems(name, value, known.get(POT, frozenset())))
        elif type(value) is not int or value < (option.least or 0):
            found.append(Problem(f"/{name}", "not_a_count", {"value": value}))
    return found


def _table_problems(option: Option, value: object, known: frozenset[str] | None) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(f"/{option.name}", "wrong_type", {"expected": "object"})
        return
    unknown = {CLASS: "unknown_class", POT: "unknown_pot", CATEGORY: "unknown_category"}
    for key, amount in value.items():
        if key != EVERY and known is not None and key not in known:
            yield Problem(f"/{option.name}/{key}", unknown[option.table], {option.table: key})
        if type(amount) is not int or amount < 0:
            yield Problem(f"/{option.name}/{key}", "not_a_count", {"value": amount})


def _move_problems(name: str, value: object, pots: frozenset[str]) -> Iterator[Problem]:
    if not isinstance(value, (list, tuple)):
        yield Problem(f"/{name}", "wrong_type", {"expected": "array"})
        return
    for index, move in enumerate(value):
        path = f"/{name}/{index}"
        sources = move.get("from") if isinstance(move, Mapping) else None
        if not isinstance(move, Mapping) or set(move) != {"from", "to"}:
            yield Problem(path, "wrong_type", {"expected": "object"})
        elif not isinstance(sources, (list, tuple)) or not sources:
            yield Problem(f"{path}/from", "wrong_type", {"expected": "array"})
        else:
            for pot in (*sources, move["to"]):
                if not isinstance(pot, str) or (pot != EVERY and pot not in pots):
                    yield Problem(path, "unknown_pot", {"pot": str(pot)})
            if move["to"] != EVERY and move["to"] in sources:
                yield Problem(path, "move_to_itself", {"pot": move["to"]})
