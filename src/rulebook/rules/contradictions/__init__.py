"""What a well-formed regulation says against itself, found before anybody votes.

One module for each part of a regulation. ``WARNINGS`` are the codes of what a council may mean all the same;
every other problem forbids the freezing of the rules.
"""

from __future__ import annotations

from rulebook.problem import Problem
from rulebook.rules.contradictions import ballot, course, money, people, procedure, results
from rulebook.rules.contradictions.schedule import schedule_contradictions
from rulebook.rules.model import Rules

__all__ = ["WARNINGS", "forbidding", "is_warning", "problems", "schedule_contradictions"]

WARNINGS = frozenset(
    {
        "age_not_proved",
        "appeal_beyond_review",
        "author_alone_is_enough",
        "basis_not_admitted",
        "cancel_without_terminal",
        "channel_beyond_voting",
        "channels_leave_days",
        "check_longer_than_phase",
        "checks_left_out",
        "choice_of_one",
        "class_larger_than_pot",
        "class_without_support",
        "correction_longer_than_stage",
        "correction_without_days",
        "edits_without_check",
        "edits_without_support",
        "gap_between_classes",
        "method_unused",
        "nothing_published",
        "nothing_rejected",
        "nothing_to_appeal",
        "paper_unused",
        "paper_without_e_signature",
        "partial_without_consent",
        "phase_without_support",
        "pot_of_category_not_admitted",
        "pots_below_total",
        "quota_above_money",
        "quota_above_winners",
        "ranking_of_one",
        "results_not_published",
        "review_longer_than_phase",
        "review_longer_than_year",
        "revote_on_paper",
        "signatories_not_published",
        "support_longer_than_phase",
        "supporters_not_asked",
    }
)
"""Codes that only warn: a contest can be run under the rules, but somebody should look again."""


def problems(rules: Rules) -> list[Problem]:
    """All contradictions of the rules, those that only warn among them; an empty list means there is none."""
    # what depends on the dates of a contest is found by schedule_contradictions
    return [
        problem
        for part in (money, people, course, procedure, ballot, results)
        for problem in part.found(rules)
    ]


def is_warning(problem: Problem) -> bool:
    """Whether the problem only warns; any other forbids that the rules are frozen."""
    return problem.code in WARNINGS


def forbidding(rules: Rules) -> list[Problem]:
    """The problems that forbid the freezing of the rules; an empty list means a contest can be run."""
    return [problem for problem in problems(rules) if not is_warning(problem)]
