"""Events of the contests room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_noop

from viche.contests.models import PHASE_NAMES
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

    @property
    def subject(self) -> str:
        return f"contest:{self.contest}"


@dataclass(frozen=True)
class ContestCreated(ContestEvent):
    sentence = gettext_noop("The contest of %(year)s is announced under the address “%(slug)s”")
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
