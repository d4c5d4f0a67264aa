"""Events of the contests room."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class ContestCreated(Event):
    sentence = gettext_noop("The contest “%(slug)s” of %(year)s is announced")
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
