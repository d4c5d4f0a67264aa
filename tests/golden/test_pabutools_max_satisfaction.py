"""max-satisfaction-v1 beside pabutools on real elections: the greatest total satisfaction is one number.

Compared is that number, which every best set has, and the set where there is but one. pabutools bounds its
search with floating point (exactly enough on these files); its sets among several best ones are arbitrary.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rulebook import pabulib
from rulebook.counting import count
from rulebook.options import UTILITIES_OF_KIND

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
FILES = sorted(FOLDER.glob("*.pb"))

SMALL = 120_000
"""pabutools reads slowly: larger files, in bytes, are counted here but not compared."""

SLOWEST = 10
"""Seconds that no file may take, on however busy a machine; 0.6 was the most when this was written."""

# Files in which projects are named with zero points: for pabutools these are supporters, here
# who gives a project nothing has not named it.
ZERO_POINTS = {("Switzerland_Zurich_S5D10.pb", "cardinality")}

pytestmark = pytest.mark.pabulib

without_data = pytest.mark.skipif(
    not FILES, reason=f"no .pb files in {FOLDER}: set PABULIB_DIR to a folder of Pabulib's files"
)


def ours(file, utility):
    dossier = pabulib.read(file).dossier("max-satisfaction-v1")
    counting = replace(dossier.rules.counting, options={"utility": utility}, ties=("file-order",))
    return replace(dossier, rules=replace(dossier.rules, counting=counting))


def theirs(file, utility):
    from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
    from pabutools.rules import max_additive_utilitarian_welfare

    instance, profile = parse_pabulib(str(file))
    sat_class = {"cardinality": Cardinality_Sat, "cost": Cost_Sat}[utility]
    sat_profile = profile.as_multiprofile().as_sat_profile(sat_class)
    chosen = max_additive_utilitarian_welfare(instance, profile, sat_profile=sat_profile)
    return {project.name for project in chosen}


@without_data
@pytest.mark.parametrize("utility", ["cardinality", "cost"])
@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.stat().st_size < SMALL][::6] or [None],
    ids=lambda file: file.stem if file else "no files",
)
def test_no_set_of_pabutools_gives_more(file, utility):
    dossier = ours(file, utility)
    outcome = count(dossier)
    costs = {project.id: project.cost for project in dossier.projects}

    def gives(names):
        return sum(outcome.votes[name] * (costs[name] if utility == "cost" else 1) for name in names)

    chosen = theirs(file, utility)
    if (file.name, utility) in ZERO_POINTS:
        assert gives(outcome.funded) > gives(chosen), "no longer an exception: take it off the list"
        return
    assert sum(costs[name] for name in chosen) <= dossier.pots[0].amount
    assert gives(outcome.funded) == gives(chosen) == outcome.facts[dossier.pots[0].id]["satisfaction"]
    if not outcome.ties:
        assert {name for name in chosen if outcome.votes[name]} == set(outcome.funded)


@without_data
@pytest.mark.parametrize("file", FILES or [None], ids=lambda file: file.stem if file else "no files")
def test_every_file_is_counted_with_every_utility_in_seconds(file):
    kind = pabulib.read(file).dossier().rules.ballot.kind
    for utility in UTILITIES_OF_KIND[kind]:
        dossier = ours(file, utility)
        start = time.perf_counter()
        outcome = count(dossier)
        assert time.perf_counter() - start < SLOWEST
        assert outcome.is_decided
        assert outcome.spent[dossier.pots[0].id] <= dossier.pots[0].amount
