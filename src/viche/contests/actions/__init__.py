"""Writes of the contests room."""

from viche.contests.actions.announcing import (
    RESERVED_SLUGS,
    create_contest,
    describe_contest,
    discard_contest,
    reschedule_contest,
    schedule_stamp,
)
from viche.contests.actions.checking import Finding, findings, issues_before_freeze, warnings_before_freeze
from viche.contests.actions.drafts import EditedMeanwhile, discard_draft, parsed_rules, revise_rules
from viche.contests.actions.freezing import freeze_rules, issues_before_correction
from viche.contests.actions.phases import extend_phase
from viche.contests.actions.proposals import (
    confirm_proposal,
    decision_text,
    decline_proposal,
    propose_extension,
    propose_rules,
    withdraw_proposal,
)

__all__ = [
    "RESERVED_SLUGS", "EditedMeanwhile", "Finding", "confirm_proposal", "create_contest", "decision_text",
    "decline_proposal", "describe_contest", "discard_contest", "discard_draft", "extend_phase", "findings",
    "freeze_rules", "issues_before_correction", "issues_before_freeze", "parsed_rules", "propose_extension",
    "propose_rules", "reschedule_contest", "revise_rules", "schedule_stamp", "warnings_before_freeze",
    "withdraw_proposal",
]  # fmt: skip
