"""The worked examples of docs/counting are what the count really says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rulebook import pabulib
from rulebook.counting import RULES, count
from rulebook.explaining import explain
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
    dossier = pabulib.read(text).dossier()
    counting = dossier.rules.counting
    if "ties" in options:
        counting = replace(counting, ties=(options["ties"],))
    if "fit" in options:
        counting = replace(counting, options={**counting.options, "fit": options["fit"]})
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
