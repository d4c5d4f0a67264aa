"""cstv-v1 beside pabutools on real elections, as far as the two mean the same.

Where pabutools 1.2.3 means something else, the test says it otherwise through pabutools' own parameters:

- Its reverse eliminations go through a set, in no stated order, and its idea of what is left leaves out excess
  that had nowhere to go. Compared is what is funded by support alone.
- It eliminates by excess under both of its combinations; by ratio the test chooses who is eliminated, and
  pabutools passes the support on.
- It drops an excess of less than a hundredth of a unit; the unit here is the kopiyka's.
"""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from rulebook import pabulib
from rulebook.counting import count

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")

# files with points of every country, and a few of the other kinds, small enough for its fractions
NAMES = (
    "Switzerland_Zurich_D5.pb",
    "Switzerland_Zurich_D10.pb",
    "Switzerland_Zurich_S5D10.pb",
    "Worldwide_Mechanical_Turk_Utilities_7.pb",
    "Worldwide_Mechanical_Turk_Utilities_8.pb",
    "Poland_Czestochowa_2024_Trzech_Wieszczow.pb",
    "Poland_Czestochowa_2024_Zawodzie_-_Dabie.pb",
    "Poland_Czestochowa_2025_Stare_Miasto.pb",
    "Poland_Czestochowa_2025_Lisiniec.pb",
    "Poland_Katowice_2022_Bogucice.pb",
)

MOST_PAID = 9
"""The digits of the fractions double with every project paid for: more is not compared."""

pytestmark = pytest.mark.pabulib

without_data = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there is no {FOLDER}: set PABULIB_DIR")


def ours(name, select):
    dossier = pabulib.read(FOLDER / name).dossier("cstv-v1")
    counting = replace(dossier.rules.counting, options={"select": select}, ties=("refuse",))
    dossier = replace(dossier, rules=replace(dossier.rules, counting=counting))
    return dossier, count(dossier)


def theirs(dossier, select):
    from gmpy2 import mpq
    from pabutools.election import Instance, Project
    from pabutools.election.ballot import CumulativeBallot
    from pabutools.election.profile import CumulativeProfile

    # the package hides the module behind its function of the same name
    cstv = import_module("pabutools.rules.cstv")
    kind = dossier.rules.ballot.kind
    projects = {project.id: Project(project.id, project.cost) for project in dossier.projects}
    voters = [choices for choices, times in dossier.ballots for _ in range(times) if choices]
    share = mpq(dossier.pots[0].amount, len(voters))
    ballots = []
    for choices in voters:
        weights = {name: len(choices) + 1 - value if kind == "ranking" else value for name, value in choices}
        whole = sum(weights.values())
        ballots.append(
            CumulativeBallot({projects[name]: share * weights.get(name, 0) / whole for name in projects})
        )
    named = {name for choices in voters for name, _ in choices}
    instance = Instance(
        [project for name, project in projects.items() if name in named],
        budget_limit=dossier.pots[0].amount,
    )
    eliminate = cstv.elimination_with_transfers

    def eliminate_by_ratio(standing, donors, eliminated, select_func, tie_breaking):
        if len(standing) < 2:
            return eliminate(standing, donors, eliminated, select_func, tie_breaking)
        least = min(standing, key=lambda each: sum(donor[each] for donor in donors) / each.cost)
        standing.remove(least)
        return eliminate([least, least], donors, eliminated, select_func, tie_breaking)

    by_ratio = select == "ratio"
    return cstv.cstv(
        instance,
        CumulativeProfile(ballots, instance=instance),
        select_project_to_fund_func=cstv.select_project_gsc if by_ratio else cstv.select_project_ge,
        eligible_projects_func=cstv.is_eligible_gsc if by_ratio else cstv.is_eligible_ge,
        no_eligible_project_func=eliminate_by_ratio if by_ratio else eliminate,
        exhaustiveness_postprocess_func=lambda *_: None,
    )


@without_data
@pytest.mark.parametrize("select", ["ratio", "excess"])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_funded_by_support_is_what_pabutools_funds(name, select):
    dossier, outcome = ours(name, select)
    assert outcome.is_decided
    assert outcome.ties == ()
    paid = [step.project for step in outcome.steps if step.kind == "fund" and "round" in step.params]
    if len(paid) > MOST_PAID:
        pytest.skip(f"{len(paid)} projects are paid for: pabutools' fractions would not end")
    assert [project.name for project in theirs(dossier, select)] == paid


@without_data
@pytest.mark.parametrize(
    "file", sorted(FOLDER.glob("*.pb"))[::4] or [None], ids=lambda file: file and file.stem
)
def test_ballots_of_every_kind_are_counted_within_the_pot(file):
    dossier, outcome = ours(file.name, "ratio")
    answers = [*outcome.funded, *outcome.rejected, *outcome.undecided]
    assert sorted(answers) == sorted(project.id for project in dossier.projects)
    assert outcome.left[dossier.pots[0].id] >= 0
    left = {project.id: project.cost for project in dossier.projects if project.id in outcome.rejected}
    if outcome.is_decided:
        # whatever was eliminated and fits was funded after all
        assert all(
            cost > outcome.left[dossier.pots[0].id]
            for name, cost in left.items()
            if outcome.rejected[name].code == "eliminated"
        )
