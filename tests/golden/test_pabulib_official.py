"""Real elections: each file is read and counted, and the official winners are ours.

The files are not in the repository: PABULIB_DIR, or ``../shared/pabulib`` beside the clone, holds them.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from rulebook import pabulib
from rulebook.canonical import canonical
from rulebook.counting import count
from rulebook.dossier import Dossier

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
FILES = sorted(FOLDER.glob("*.pb"))

STATED = ("greedy", "greedy-no-skip", "greedy-threshold", "greedy-custom")
"""Rules of META whose official outcome must come out; docs/counting/pabulib.md says how each is read."""

# File: the projects the city set aside for a reason outside the rule that META names. Without them the
# same rule gives the official winners; docs/counting/pabulib.md gives the reason of each.
SET_ASIDE = {"Poland_Warszawa_2020_Targowek.pb": {"1667"}}

pytestmark = pytest.mark.pabulib

without_data = pytest.mark.skipif(
    not FILES, reason=f"no .pb files in {FOLDER}: set PABULIB_DIR to a folder of Pabulib's files"
)


@without_data
@pytest.mark.parametrize("file", FILES or [None], ids=lambda file: file.stem if file else "no files")
def test_the_official_winners_come_out(file: Path):
    election = pabulib.read(file)
    dossier = election.dossier()
    outcome = count(dossier)
    answers = [*outcome.funded, *outcome.rejected, *outcome.undecided]
    assert sorted(answers) == sorted(project.id for project in election.projects)
    assert outcome.voters + sum(outcome.invalid.values()) == election.voters
    assert outcome.spent[dossier.pots[0].id] <= election.budget
    if election.official is None or election.meta["rule"] not in STATED:
        return
    if file.name not in SET_ASIDE:
        assert set(outcome.funded) == election.official
        return
    assert set(outcome.funded) != election.official, "no longer an exception: take it off the list"
    remaining = [project for project in dossier.projects if project.id not in SET_ASIDE[file.name]]
    groups = [
        (tuple(pair for pair in choices if pair[0] not in SET_ASIDE[file.name]), times)
        for choices, times in dossier.ballots
    ]
    without = Dossier.build(contest=dossier.contest, rules=dossier.rules, projects=remaining, groups=groups)
    assert set(count(without).funded) == election.official


@without_data
@pytest.mark.parametrize("name", sorted(SET_ASIDE))
def test_every_exception_is_a_file_that_is_there_and_is_documented(name):
    assert (FOLDER / name).exists()
    assert name in (ROOT / "docs" / "counting" / "pabulib.md").read_text(encoding="utf-8")


@without_data
@pytest.mark.parametrize("file", FILES[::40] or [None], ids=lambda file: file.stem if file else "no files")
def test_a_real_election_survives_writing_and_its_dossier(file: Path):
    election = pabulib.read(file)
    dossier = election.dossier()
    assert pabulib.read(pabulib.write(election)).dossier().digest == dossier.digest
    again = Dossier.from_json(canonical(dossier.document()))
    assert again.digest == dossier.digest
    assert count(again).digest == count(dossier).digest
    other = replace(dossier, ballots=dossier.ballots[1:])
    assert other.digest != dossier.digest
