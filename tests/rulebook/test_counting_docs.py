"""The worked examples of docs/counting are what the count really says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rulebook import pabulib
from rulebook.counting import RULES, count
from rulebook.explaining import explain
from rulebook.explaining.losers import losses
from rulebook.explaining.proportionality import certify
from rulebook.explaining.shares import satisfaction
from rulebook.options import OPTIONS

DOCS = Path(__file__).parents[2] / "docs" / "counting"
BLOCK = re.compile(r"^```(pb-again|pb|text)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def worked_examples(page: Path):
    """(options of the fence, .pb text, expected lines): a ``pb-again`` block counts the last file again."""
    election, options, found = "", {}, []
    for kind, info, body in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "text":
            found.append((options, election, body))
            continue
        options = dict(part.split("=") for part in info.split())
        election = election if kind == "pb-again" else body
    return found


def explained(options, text):
    """What a fence asks for: ``rule=ID``, ``ties=a,b``, and options of the rule by name, numbers as numbers."""
    options = dict(options)
    dossier = pabulib.read(text).dossier(options.pop("rule", None))
    counting = dossier.rules.counting
    if "ties" in options:
        counting = replace(counting, ties=tuple(options.pop("ties").split(",")))
    assert set(options) <= {option.name for option in OPTIONS[counting.rule]}
    stated = {name: int(value) if value.isdecimal() else value for name, value in options.items()}
    counting = replace(counting, options={**counting.options, **stated})
    dossier = replace(dossier, rules=replace(dossier.rules, counting=counting))
    return "".join(f"{line}\n" for line in explain(dossier, count(dossier)))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_counting_rule_has_a_page_whose_examples_hold(rule):
    examples = worked_examples(DOCS / f"{rule}.md")
    assert examples
    for options, text, expected in examples:
        assert explained(options, text) == expected


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_page_names_every_option_and_each_of_its_values(rule):
    page = (DOCS / f"{rule}.md").read_text(encoding="utf-8")
    for option in OPTIONS[rule]:
        for word in (option.name, *option.values):
            assert f"`{word}`" in page


def test_the_page_about_explanations_shows_what_they_really_say():
    text = (DOCS / "explaining.md").read_text(encoding="utf-8")
    [(kind, _, election), (_, _, expected)] = BLOCK.findall(text)
    assert kind == "pb"
    dossier = pabulib.read(election).dossier()
    outcome = count(dossier)
    lines = []
    for loss in losses(dossier, outcome).values():
        lines.append(
            f"{loss.project}: missing votes {loss.missing_votes} ({loss.votes_are}), "
            f"needed budget {loss.needed_budget} ({loss.budget_is}), "
            f"displaced by {', '.join(loss.displaced_by) or 'nobody'}"
        )
    got = satisfaction(outcome, dossier.ballots)
    lines.append(f"voters {got.voters}, with a winner {got.served}, winners {got.winners}")
    for violation in certify(dossier, outcome).violations:
        lines.append(
            f"passed over: {violation.group} voters who named {violation.project} can claim "
            f"{violation.claim}, got at most {violation.most}"
        )
    assert expected.splitlines() == lines
