"""EJR+ up to any project: the certificate against its definition, and against the theorem on equal shares."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from village import a_dossier, approvals, one_pot, projects_costing

from rulebook.ballot import BallotPaper
from rulebook.counting import RULES, count
from rulebook.explaining.proportionality import certify

NAMES = "abcde"


@st.composite
def elections(draw, rule="greedy-v1", options=None):
    costs = draw(st.lists(st.integers(0, 9), min_size=1, max_size=len(NAMES)))
    ballots = draw(st.lists(st.sets(st.sampled_from(NAMES[: len(costs)])), max_size=7))
    rules = one_pot(draw(st.integers(0, 25)), ties=("file-order",))
    rules = replace(rules, counting=replace(rules.counting, rule=rule, options=options or {}))
    projects = projects_costing(**dict(zip(NAMES, costs, strict=False)))
    return a_dossier(rules, projects, map(BallotPaper.approval, ballots))


def passed_over(dossier, outcome) -> set[str]:
    """The definition, word for word: every group of voters, every project all of them named."""
    voters = [
        {project for project, _ in group.choices}
        for group in dossier.ballots
        for _ in range(group.count)
        if group.choices
    ]
    budget = dossier.pots[0].amount
    costs = {project.id: project.cost for project in dossier.projects}
    found = set()
    for size in range(1, len(voters) + 1):
        due = Fraction(size * budget, len(voters))
        for group in combinations(voters, size):
            for project in set.intersection(*group) - set(outcome.funded):
                if costs[project] <= budget and all(
                    sum(costs[each] for each in voter & set(outcome.funded)) + costs[project] <= due
                    for voter in group
                ):
                    found.add(project)
    return found


@settings(max_examples=200, deadline=None)
@given(elections())
def test_the_certificate_finds_exactly_the_projects_of_the_definition(dossier):
    outcome = count(dossier)
    certificate = certify(dossier, outcome)
    assert {violation.project for violation in certificate.violations} == passed_over(dossier, outcome)
    assert certificate.is_satisfied == (not certificate.violations)


@settings(max_examples=200, deadline=None)
@given(elections("equal-shares-v1", {"utility": "cost"}))
def test_equal_shares_with_cost_utilities_passes_nobody_over(dossier):
    assert certify(dossier, count(dossier)).is_satisfied


def test_greedy_passes_a_third_of_the_voters_over():
    # six of nine spend all of the money on the riverside; three of nine could claim a third of it
    dossier = a_dossier(one_pot(90), projects_costing(a=45, b=45, c=30), approvals(*["ab"] * 6, *["c"] * 3))
    certificate = certify(dossier, count(dossier))
    assert [vars(violation) for violation in certificate.violations] == [
        {"pot": "all", "project": "c", "group": 3, "claim": 30, "most": 0}
    ]
    assert (certificate.checked, certificate.barred) == (1, 0)
    dearer = a_dossier(one_pot(90), projects_costing(a=45, b=45, c=31), approvals(*["ab"] * 6, *["c"] * 3))
    assert certify(dearer, count(dearer)).is_satisfied


def test_nobody_can_claim_a_project_below_its_threshold():
    dossier = a_dossier(
        one_pot(90, options={"threshold": {"*": 4}}),
        projects_costing(a=45, b=45, c=30),
        approvals(*["ab"] * 6, *["c"] * 3),
    )
    certificate = certify(dossier, count(dossier))
    assert (certificate.is_satisfied, certificate.checked, certificate.barred) == (True, 0, 1)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_can_be_certified(rule):
    dossier = a_dossier(
        one_pot(90, ties=("file-order",)), projects_costing(a=45, b=45, c=30), approvals("ab", "ab", "c")
    )
    dossier = replace(
        dossier, rules=replace(dossier.rules, counting=replace(dossier.rules.counting, rule=rule))
    )
    outcome = count(dossier)
    assert {v.project for v in certify(dossier, outcome).violations} == passed_over(dossier, outcome)
