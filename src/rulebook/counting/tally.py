"""Ballots to scores: exact integers, one pass over the groups of identical ballots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from rulebook.ballot import BallotPaper, Candidate, defects
from rulebook.dossier import BallotGroup, Choices, Dossier
from rulebook.options import BORDA, EVERY, PER_COST, SCORES, VOTES
from rulebook.rules import Rules


@dataclass(frozen=True)
class Tally:
    """Scores and votes of every project, in the order of the dossier; how many ballots counted or not.

    ``groups`` are the valid ballots, identical ones together. Those on protocols are among the voters and in the
    scores, but not among the groups; ``on_protocols`` says how many they are.
    """

    scores: Mapping[str, int]
    votes: Mapping[str, int]
    voters: int
    invalid: Mapping[str, int]
    groups: tuple[BallotGroup, ...]
    on_protocols: int = 0


def tally(dossier: Dossier, score: str = VOTES) -> Tally:
    """The scores of all projects: "votes", "points" (their sum), "borda" or "net"; "votes-per-cost" are votes.

    Votes are the ballots that name the project; on plus-minus ballots, those that are for it. Borda: the
    last place of a ranking gives one point, each place above it one more, so the first gives as many as the
    ballot ranks (the modified Borda count, and how Pabulib's scores are made). Net: marks for less marks
    against.

    A ballot with any defect counts for nothing and is reported under the code of its first defect. Votes on protocols
    are added as they stand; points on protocols to the scores only, since on how many ballots they were given nobody
    knows.
    """
    if score not in SCORES:
        raise ValueError(f"no score is called {score!r}")
    by_size = score == BORDA
    marks = _marks(dossier.ballots, by_size=by_size)
    groups, invalid = _valid(dossier, {pair for some in marks.values() for pair in some})
    if invalid:
        marks = _marks(groups, by_size=by_size)
    votes = {project.id: 0 for project in dossier.projects}
    scores = dict(votes)
    is_plus_minus = dossier.rules.ballot.kind == "plus-minus"
    for size, some in marks.items():
        for (project, value), ballots in some.items():
            if not is_plus_minus or value > 0:
                votes[project] += ballots
            scores[project] += ballots * (size + 1 - value if score == BORDA else value)
    for protocol in dossier.protocols:
        for project, number in protocol.votes:
            scores[project] += number
            votes[project] += 0 if dossier.rules.ballot.kind == "points" else number
    return Tally(
        scores=votes if score in (VOTES, PER_COST) else scores,
        votes=votes,
        voters=sum(group.count for group in groups) + dossier.on_protocols,
        invalid=dict(sorted(invalid.items())),
        groups=groups,
        on_protocols=dossier.on_protocols,
    )


def threshold_of(options: Mapping[str, object], size_class: str | None, voters: int) -> int:
    """The least score that a project of a size class needs: the larger of the absolute and relative one.

    ``threshold`` is in units of the score, ``threshold_share`` in hundredths of a percent of the valid
    ballots (100 is one percent), rounded up.
    """
    share = _entry(options.get("threshold_share"), size_class)
    return max(_entry(options.get("threshold"), size_class), -(-share * voters // 10_000))


def _entry(table: object, size_class: str | None) -> int:
    if not isinstance(table, Mapping):
        return 0
    default: int = table.get(EVERY, 0)
    return default if size_class is None else table.get(size_class, default)


def _marks(groups: Sequence[BallotGroup], *, by_size: bool) -> dict[int, Counter[tuple[str, int]]]:
    """On how many ballots each choice stands; apart by the size of the ballot if asked, else all under 0."""
    sizes: dict[int, list[BallotGroup]] = {}
    if by_size:
        for group in groups:
            sizes.setdefault(len(group[0]), []).append(group)
    else:
        sizes[0] = list(groups)
    found: dict[int, Counter[tuple[str, int]]] = {}
    for size, some in sizes.items():
        # most groups of a large election hold one ballot: those are counted in one go
        marks = Counter(chain.from_iterable([choices for choices, ballots in some if ballots == 1]))
        for choices, ballots in some:
            if ballots > 1:
                for pair in choices:
                    marks[pair] += ballots
        found[size] = marks
    return found


def _valid(dossier: Dossier, pairs: Set[tuple[str, int]]) -> tuple[tuple[BallotGroup, ...], Counter[str]]:
    """The valid groups, and how many ballots were set aside for what; ``pairs`` are all choices there are."""
    candidates = {project.id: project.candidate() for project in dossier.projects}
    invalid: Counter[str] = Counter()
    if _are_plainly_valid(dossier, candidates, pairs):
        return dossier.ballots, invalid
    is_plainly_valid = plain_check(dossier.rules, candidates)
    set_aside: set[Choices] = set()
    for choices, ballots in dossier.ballots:
        if not is_plainly_valid(choices):
            found = defects(BallotPaper(choices), dossier.rules, candidates)
            if found:
                invalid[found[0].code] += ballots
                set_aside.add(choices)
    if not set_aside:
        return dossier.ballots, invalid
    return tuple(group for group in dossier.ballots if group[0] not in set_aside), invalid


def _are_plainly_valid(
    dossier: Dossier, candidates: Mapping[str, Candidate], pairs: Set[tuple[str, int]]
) -> bool:
    """A quick test of all ballots at once, for the plain kinds; true only where none has a defect."""
    shape = dossier.rules.ballot
    if shape.kind not in ("approval", "choose-1") or _has_rare_limits(dossier.rules, candidates):
        return False
    ballots = [group[0] for group in dossier.ballots]
    sizes = list(map(len, ballots))
    most = len(candidates) if shape.choice_limit is None else shape.choice_limit
    return (
        min(sizes, default=shape.min_choices) >= shape.min_choices
        and max(sizes, default=0) <= most
        and pairs <= {(project, 1) for project in candidates}
        and sum(map(len, map(set, ballots))) == sum(sizes)
    )


def _has_rare_limits(rules: Rules, candidates: Mapping[str, Candidate]) -> bool:
    shape = rules.ballot
    return (
        bool(shape.max_per_class)
        or bool(shape.max_per_category)
        or shape.max_per_territory is not None
        or shape.max_cost is not None
        or (not shape.own_project and any(entry.is_own for entry in candidates.values()))
    )


def plain_check(rules: Rules, candidates: Mapping[str, Candidate]) -> Callable[[Choices], bool]:
    """A quick test that is only ever true for a valid ballot; where it is false ``defects`` must be asked.

    It spares the full examination where the rules set none of the rarer limits.
    """
    shape = rules.ballot
    most = len(candidates) if shape.choice_limit is None else shape.choice_limit
    if _has_rare_limits(rules, candidates) or shape.kind == "plus-minus":
        return lambda choices: False
    least = shape.min_choices
    known = frozenset(candidates)
    is_ranking = shape.kind == "ranking"
    is_points = shape.kind == "points"
    most_each = shape.max_points_per_project
    most_points = shape.max_points

    def check(choices: Choices) -> bool:
        size = len(choices)
        if not least <= size <= most:
            return False
        ids = {project for project, _ in choices}
        if len(ids) != size or not ids <= known:
            return False
        values = [value for _, value in choices]
        if is_ranking:
            return values == list(range(1, size + 1))
        if not is_points:
            return values.count(1) == size
        return min(values, default=1) > 0 and (
            (most_each is None or max(values, default=0) <= most_each)
            and (most_points is None or sum(values) <= most_points)
        )

    return check
