"""Where pabutools computes the same definition, its winners (exact fractions) are ours.

Each difference of definition is a line of the test, not of a list of files: pabutools knows no thresholds and
counts Borda from zero, so thresholds are taken off and rankings given to both as points; its ties go by the
order of the file, as ours do for Pabulib's files. There is no file left on which the winners differ.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from rulebook import pabulib
from rulebook.counting import count
from rulebook.options import usual_options

pabutools = pytest.importorskip("pabutools")
from pabutools.election import (  # noqa: E402
    Additive_Cardinal_Sat,
    CardinalBallot,
    Cardinality_Sat,
    CardinalProfile,
    Cost_Sat,
    parse_pabulib,
)
from pabutools.rules import (  # noqa: E402
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from pabutools.tiebreaking import TieBreakingRule  # noqa: E402

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")

SMALL = 60_000
"""Bytes; pabutools takes seconds to minutes over larger files."""
SMALLEST = 12_000
"""Bytes; the completion repeats the whole count many times."""

FILES = sorted(file for file in FOLDER.glob("*.pb") if file.stat().st_size <= SMALL)

pytestmark = pytest.mark.pabulib

without_data = pytest.mark.skipif(
    not FILES, reason=f"no .pb files in {FOLDER}: set PABULIB_DIR to a folder of Pabulib's files"
)
every_small_file = pytest.mark.parametrize(
    "file", FILES or [None], ids=lambda file: file.stem if file else "none"
)

MEASURES = {
    "approval": {"cost": Cost_Sat, "cardinality": Cardinality_Sat},
    "choose-1": {"cost": Cost_Sat, "cardinality": Cardinality_Sat},
    "points": {"points": Additive_Cardinal_Sat},
    "ranking": {"borda": Additive_Cardinal_Sat},
}


class Both:
    """One election read by both."""

    def __init__(self, file: Path) -> None:
        self.election = pabulib.read(file)
        self.kind = self.election.dossier().rules.ballot.kind
        self.instance, profile = parse_pabulib(str(file))
        if self.kind == "ranking":
            ballots = [
                CardinalBallot({project: len(ballot) - place for place, project in enumerate(ballot)})
                for ballot in profile
            ]
            profile = CardinalProfile(ballots, instance=self.instance)
        self.profile = profile.as_multiprofile()
        order = {project.id: place for place, project in enumerate(self.election.projects)}
        self.ties = TieBreakingRule(lambda instance, profile, project: order[project.name])

    def ours(self, rule: str, **options: object) -> set[str]:
        dossier = self.election.dossier(rule)
        counting = dossier.rules.counting
        counting = replace(counting, options={**usual_options(rule, self.kind), **options})
        rules = replace(dossier.rules, counting=counting)
        return set(count(replace(dossier, rules=rules)).funded)

    def theirs(self, rule, **arguments: object) -> set[str]:
        funded = rule(self.instance, self.profile, tie_breaking=self.ties, **arguments)
        return {project.name for project in funded}


@without_data
@every_small_file
def test_equal_shares(file: Path):
    both = Both(file)
    for utility, measure in MEASURES[both.kind].items():
        ours = both.ours("equal-shares-v1", utility=utility)
        assert ours == both.theirs(method_of_equal_shares, sat_class=measure), utility


@without_data
@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.stat().st_size <= SMALLEST] or [None],
    ids=lambda file: file.stem if file else "none",
)
def test_equal_shares_completed_by_adding_one(file: Path):
    both = Both(file)
    if both.election.budget // both.election.scale > 3000 * max(both.election.voters, 1):
        pytest.skip("thousands of steps of one")
    measure = next(iter(MEASURES[both.kind]))
    ours = both.ours("equal-shares-v1", utility=measure, completion="add1-exhaustive")
    theirs = both.theirs(
        method_of_equal_shares, sat_class=MEASURES[both.kind][measure], voter_budget_increment=1
    )
    assert ours == theirs


@without_data
@every_small_file
def test_sequential_phragmen(file: Path):
    both = Both(file)
    if both.kind in ("points", "ranking"):
        pytest.skip("defined for approval ballots")
    assert both.ours("phragmen-v1") == both.theirs(sequential_phragmen)


@without_data
@every_small_file
def test_greedy(file: Path):
    both = Both(file)
    if both.kind not in ("approval", "choose-1"):
        pytest.skip("pabutools ranks by points per cost, no regulation does")
    assert both.ours("greedy-v1", score="votes") == both.theirs(
        greedy_utilitarian_welfare, sat_class=Cost_Sat
    )
    per_cost = both.theirs(greedy_utilitarian_welfare, sat_class=Cardinality_Sat)
    assert both.ours("greedy-v1", score="votes-per-cost") == per_cost
