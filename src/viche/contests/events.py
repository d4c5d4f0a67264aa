"""Events of the contests room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_noop

from viche.contests.models import PHASE_NAMES, Proposal
from viche.foundation.clock import KYIV
from viche.journal.events import Event


def moment_text(moment: str) -> str:
    """An ISO moment as Kyiv reads it."""
    return date_format(datetime.fromisoformat(moment).astimezone(KYIV), "j E Y, H:i")


@dataclass(frozen=True)
class ContestEvent(Event):
    """Base of the events about one contest as a whole."""

    contest: str

    sentence = ""
    about = "contest:{contest}"


@dataclass(frozen=True)
class ContestCreated(ContestEvent):
    sentence = gettext_noop("A contest of %(year)s is begun under the address “%(slug)s”")
    slug: str
    year: int
    schedule: list[list[str]]


@dataclass(frozen=True)
class RulesFrozen(ContestEvent):
    sentence = gettext_noop("The rules of the contest are frozen by decision “%(decision)s”, hash %(digest)s")
    number: int
    digest: str
    decision: str


@dataclass(frozen=True)
class RulesCorrected(ContestEvent):
    sentence = gettext_noop("The frozen rules are corrected by decision “%(decision)s”, hash %(digest)s")
    number: int
    digest: str
    decision: str


@dataclass(frozen=True)
class ScheduleSet(ContestEvent):
    sentence = gettext_noop("The dates of the contest are set anew: %(schedule)s")
    schedule: list[list[str]]

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        lines = [
            f"{PHASE_NAMES[phase]} {moment_text(starts)}" + (f" – {moment_text(ends)}" if ends else "")
            for phase, starts, ends in data["schedule"]
        ]
        return {**data, "schedule": "; ".join(lines)}


@dataclass(frozen=True)
class ContestDiscarded(ContestEvent):
    sentence = gettext_noop(
        "The contest of %(year)s under the address “%(slug)s” is taken back before its opening"
    )
    slug: str
    year: int


@dataclass(frozen=True)
class ProposalEvent(ContestEvent):
    """Base of what happens to an act that needs two officials."""

    proposal: str
    act: str
    decision: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "act": Proposal.Act(data["act"]).label}


@dataclass(frozen=True)
class ProposalMade(ProposalEvent):
    sentence = gettext_noop("An administrator proposed to %(act)s by decision “%(decision)s”")
    facts: dict[str, Any]


@dataclass(frozen=True)
class ProposalDeclined(ProposalEvent):
    sentence = gettext_noop("A second official declined to %(act)s by decision “%(decision)s”")


@dataclass(frozen=True)
class ProposalWithdrawn(ProposalEvent):
    sentence = gettext_noop("The proposal to %(act)s by decision “%(decision)s” is withdrawn")


@dataclass(frozen=True)
class PhaseMoved(ContestEvent):
    sentence = gettext_noop("The phase “%(phase)s” now ends at %(ends_at)s by decision “%(decision)s”")
    phase: str
    ends_at: str
    decision: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "phase": PHASE_NAMES[data["phase"]], "ends_at": moment_text(data["ends_at"])}


@dataclass(frozen=True)
class PhaseDelayed(ContestEvent):
    """The voting was extended, and what may begin only after it begins later."""

    sentence = gettext_noop("The phase “%(phase)s” now begins at %(starts_at)s by decision “%(decision)s”")
    phase: str
    starts_at: str
    decision: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "phase": PHASE_NAMES[data["phase"]], "starts_at": moment_text(data["starts_at"])}
