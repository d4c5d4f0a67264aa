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
from rulebook.pabulib import META_RULES

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
FILES = sorted(FOLDER.glob("*.pb"))

# File: projects of which at most one could win, which its META does not say in a form that can be read;
# docs/counting/pabulib.md says where each is known from.
COMPETING = {
    "Poland_Warszawa_2020_Targowek.pb": {"910", "1667"},
    "Poland_Warszawa_2022_Bemowo.pb": {"773", "153"},
}

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
    if election.official is None or election.meta.get("rule") not in META_RULES:
        return
    if file.name in COMPETING:
        assert set(outcome.funded) != election.official, "no longer an exception: take it off the list"
        outcome = count(with_rivals(dossier, COMPETING[file.name]))
    assert set(outcome.funded) == election.official


def with_rivals(dossier: Dossier, names: set[str]) -> Dossier:
    projects = [replace(each, rivals="one place" if each.id in names else None) for each in dossier.projects]
    return replace(dossier, projects=tuple(projects))


@without_data
def test_nearly_all_files_that_state_a_rule_need_nothing_else():
    """At least 98 of 100 need only what META says; the others the list above."""
    stated = [
        file.name
        for file in FILES
        if (election := pabulib.read(file)).official is not None and election.meta.get("rule") in META_RULES
    ]
    assert len(stated) >= 90
    assert 100 * len(COMPETING.keys() & set(stated)) <= 3 * len(stated)
    assert {"Netherlands_Assen_2024.pb", "Poland_Swiecie_2023.pb"} <= set(stated)
    assert "Poland_Wieliczka_2023_Green_Budget.pb" in stated


@without_data
@pytest.mark.parametrize("name", sorted(COMPETING))
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
