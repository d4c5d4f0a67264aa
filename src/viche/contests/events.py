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
class ContestCreated(Event):
    sentence = gettext_noop("The contest of %(year)s is announced under the address “%(slug)s”")
    contest: str
    slug: str
    year: int
    schedule: list[list[str]]

    @property
    def subject(self) -> str:
        return f"contest:{self.contest}"


@dataclass(frozen=True)
class RulesFrozen(Event):
    sentence = gettext_noop("The rules of the contest are frozen by decision “%(decision)s”, hash %(digest)s")
    contest: str
    number: int
    digest: str
    decision: str

    @property
    def subject(self) -> str:
        return f"contest:{self.contest}"


@dataclass(frozen=True)
class PhaseMoved(Event):
    sentence = gettext_noop("The phase “%(phase)s” now ends at %(ends_at)s by decision “%(decision)s”")
    contest: str
    phase: str
    ends_at: str
    decision: str

    @property
    def subject(self) -> str:
        return f"contest:{self.contest}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "phase": PHASE_NAMES[data["phase"]], "ends_at": moment_text(data["ends_at"])}


@dataclass(frozen=True)
class PhaseDelayed(Event):
    """The voting was extended, and what may begin only after it begins later."""

    sentence = gettext_noop("The phase “%(phase)s” now begins at %(starts_at)s by decision “%(decision)s”")
    contest: str
    phase: str
    starts_at: str
    decision: str

    @property
    def subject(self) -> str:
        return f"contest:{self.contest}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "phase": PHASE_NAMES[data["phase"]], "starts_at": moment_text(data["starts_at"])}
