"""Ballots to scores: exact integers, one pass over the groups of identical ballots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rulebook.ballot import BallotPaper, Candidate, defects
from rulebook.dossier import Choices, Dossier
from rulebook.options import BORDA, POINTS, VOTES
from rulebook.rules import Rules


@dataclass(frozen=True)
class Tally:
    """Scores and votes of every project, in the order of the dossier; how many ballots counted or not."""

    scores: Mapping[str, int]
    votes: Mapping[str, int]
    voters: int
    invalid: Mapping[str, int]


def tally(dossier: Dossier, score: str) -> Tally:
    """The scores of all projects: "votes", "points" (their sum) or "borda".

    Borda: the last place of a ranking gives one point, each place above it one more, so the first gives
    as many as the ballot ranks (the modified Borda count, and how Pabulib's scores are made).

    A ballot with any defect counts for nothing and is reported under the code of its first defect.
    """
    votes = {project.id: 0 for project in dossier.projects}
    scores = dict(votes)
    candidates = {project.id: project.candidate() for project in dossier.projects}
    is_plainly_valid = plain_check(dossier.rules, candidates)
    voters = 0
    invalid: Counter[str] = Counter()
    for choices, count in dossier.ballots:
        if not is_plainly_valid(choices):
            found = defects(BallotPaper(choices), dossier.rules, candidates)
            if found:
                invalid[found[0].code] += count
                continue
        voters += count
        if score == VOTES:
            for project, _ in choices:
                votes[project] += count
        elif score == POINTS:
            for project, value in choices:
                votes[project] += count
                scores[project] += count * value
        elif score == BORDA:
            above = len(choices) + 1
            for project, rank in choices:
                votes[project] += count
                scores[project] += count * (above - rank)
        else:
            raise ValueError(f"no score is called {score!r}")
    return Tally(
        scores=votes if score == VOTES else scores,
        votes=votes,
        voters=voters,
        invalid=dict(sorted(invalid.items())),
    )


def plain_check(rules: Rules, candidates: Mapping[str, Candidate]) -> Callable[[Choices], bool]:
    """A quick test that is only ever true for a valid ballot; where it is false ``defects`` must be asked.

    It spares the full examination where the rules set none of the rarer limits.
    """
    shape = rules.ballot
    known = frozenset(candidates)
    most = shape.choice_limit
    has_rare_limits = (
        bool(shape.max_per_class)
        or bool(shape.max_per_category)
        or shape.max_per_territory is not None
        or shape.max_cost is not None
    )
    if has_rare_limits or (not shape.own_project and any(entry.is_own for entry in candidates.values())):
        return lambda choices: False
    least = shape.min_choices
    is_ranking = shape.kind == "ranking"
    is_points = shape.kind == "points"
    most_each = shape.max_points_per_project
    most_points = shape.max_points

    def check(choices: Choices) -> bool:
        size = len(choices)
        if size < least or (most is not None and size > most):
            return False
        ids = {project for project, _ in choices}
        if len(ids) != size or not ids <= known:
            return False
        if is_ranking:
            return all(rank == place for place, (_, rank) in enumerate(choices, start=1))
        if not is_points:
            return all(value == 1 for _, value in choices)
        values = [value for _, value in choices]
        return all(value > 0 and (most_each is None or value <= most_each) for value in values) and (
            most_points is None or sum(values) <= most_points
        )

    return check
