"""Every counting rule counts every real election, and what must hold of any count holds of each."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rulebook import pabulib
from rulebook.counting import RULES, count
from rulebook.dossier import Dossier
from rulebook.explaining.proportionality import certify

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
FILES = sorted(FOLDER.glob("*.pb"))

pytestmark = pytest.mark.pabulib


@pytest.mark.skipif(
    not FILES, reason=f"no .pb files in {FOLDER}: set PABULIB_DIR to a folder of Pabulib's files"
)
@pytest.mark.parametrize("file", FILES or [None], ids=lambda file: file.stem if file else "no files")
def test_every_rule_answers_for_every_project_within_the_money(file: Path):
    election = pabulib.read(file)
    for rule in RULES:
        dossier = election.dossier(rule)
        outcome = count(dossier)
        answers = [*outcome.funded, *outcome.rejected, *outcome.undecided]
        assert sorted(answers) == sorted(project.id for project in election.projects), rule
        assert sum(outcome.amounts.values()) == sum(outcome.spent.values()) <= election.budget, rule
        assert outcome.is_decided, rule
        assert outcome.voters + sum(outcome.invalid.values()) == election.voters, rule
        # the theorem: with cost utilities and no thresholds equal shares give EJR+ up to any project
        has_cost_utility = dossier.rules.ballot.kind in ("approval", "choose-1")
        has_threshold = dossier.rules.counting.options.get("threshold")
        if rule == "equal-shares-v1" and has_cost_utility and not has_threshold:
            assert certify(dossier, outcome).is_satisfied, rule
        if election.voters < 2000:
            assert count(Dossier.from_json(dossier.canonical())).digest == outcome.digest, rule
