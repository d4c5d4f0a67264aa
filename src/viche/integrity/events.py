"""Events of the integrity room. They name no voter, no network and no device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.contests.events import ContestEvent
from viche.integrity.models import Decision
from viche.integrity.thresholds import RULES


def rule_text(rule: str) -> str:
    """The rule's title; its name where a later version knows it no more."""
    return str(RULES[rule].title) if rule in RULES else rule


@dataclass(frozen=True)
class SignalDecided(ContestEvent):
    """rule: a key of thresholds.RULES; outcome: a word of Decision.Outcome. votes: of the signal; proposed: for how
    many of them an annulment was proposed.
    """

    sentence = gettext_noop(
        "A signal of the integrity desk (%(rule)s; votes: %(votes)s) is decided: %(outcome)s. %(text)s"
    )
    signal: str
    rule: str
    outcome: str
    votes: int
    proposed: int
    text: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        outcome = str(Decision.Outcome(data["outcome"]).label)
        return {**data, "rule": rule_text(data["rule"]), "outcome": outcome}


@dataclass(frozen=True)
class ThresholdsSet(ContestEvent):
    """digest: SHA-256 (hex) of all thresholds now in force, as canonical JSON: who reads the journal shall not learn
    how far one may go, and can check it afterwards.
    """

    sentence = gettext_noop(
        "Thresholds of the integrity desk are changed: %(rules)s; their hash is %(digest)s"
    )
    rules: list[str]
    digest: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "rules": ", ".join(rule_text(rule) for rule in data["rules"])}


@dataclass(frozen=True)
class NamesOpened(ContestEvent):
    sentence = gettext_noop(
        "Names of voters behind a signal of the integrity desk were opened (votes: %(votes)s): %(text)s"
    )
    signal: str
    votes: int
    text: str
