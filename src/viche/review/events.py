"""Events of the review room. Who acted stands in the entry as a reference; texts as hashes; members by name only in
the protocol of a meeting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.contests.events import ContestEvent, moment_text
from viche.journal.events import Event


@dataclass(frozen=True)
class ReviewEvent(Event):
    """Base of the events about the review of one project."""

    project: str
    number: int

    sentence = ""
    about = "project:{project}"


@dataclass(frozen=True)
class ReviewAssigned(ReviewEvent):
    """assignment: its reference."""

    sentence = gettext_noop("A department is asked for its opinion on project No. %(number)s")
    assignment: str


@dataclass(frozen=True)
class AssignmentEnded(ReviewEvent):
    sentence = gettext_noop("A department is no longer asked about project No. %(number)s")
    assignment: str


@dataclass(frozen=True)
class OpinionGiven(ReviewEvent):
    """digest: SHA-256 of checklist, conclusion and reasons."""

    sentence = gettext_noop("A department gave its opinion on project No. %(number)s")
    assignment: str
    digest: str


@dataclass(frozen=True)
class QuestionAsked(ReviewEvent):
    sentence = gettext_noop("The author of project No. %(number)s was asked a question")
    question: str


@dataclass(frozen=True)
class QuestionAnswered(ReviewEvent):
    sentence = gettext_noop("The author of project No. %(number)s answered a question")
    question: str


@dataclass(frozen=True)
class CorrectionProposed(ReviewEvent):
    sentence = gettext_noop("A reviewer proposed corrections to project No. %(number)s")
    digest: str


@dataclass(frozen=True)
class StagePassed(ReviewEvent):
    """stage: the id of the rules' stage."""

    sentence = gettext_noop("Project No. %(number)s passed a stage of the review")
    stage: str


@dataclass(frozen=True)
class MergeOffered(ReviewEvent):
    """into: the number of the other project."""

    sentence = gettext_noop(
        "The author of project No. %(number)s offers to merge it into project No. %(into)s"
    )
    into: int


@dataclass(frozen=True)
class MergeDeclined(ReviewEvent):
    sentence = gettext_noop("Project No. %(number)s will not be merged into project No. %(into)s")
    into: int


@dataclass(frozen=True)
class ConflictDeclared(Event):
    """reason_digest: SHA-256 of the reason, which officials read."""

    sentence = gettext_noop("An official declared a conflict of interest about project No. %(number)s")
    about = "project:{project}"
    project: str
    number: int
    reason_digest: str


@dataclass(frozen=True)
class MeetingCalled(ContestEvent):
    """starts_at: ISO, UTC. projects: the numbers on the agenda."""

    sentence = gettext_noop("Meeting No. %(number)s of the commission is called for %(starts_at)s")
    number: int
    starts_at: str
    projects: list[int]

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "starts_at": moment_text(str(data["starts_at"]))}


@dataclass(frozen=True)
class MeetingOpened(ContestEvent):
    sentence = gettext_noop("Meeting No. %(number)s of the commission began: %(present)s members are present")
    number: int
    present: int


@dataclass(frozen=True)
class AgendaItemClosed(ContestEvent):
    """project: its number; result: a state of an agenda item."""

    sentence = gettext_noop(
        "Meeting No. %(number)s voted on project No. %(project)s: for %(votes_for)s, against %(votes_against)s, "
        "abstained %(abstained)s, recused %(recused)s"
    )
    number: int
    project: int
    votes_for: int
    votes_against: int
    abstained: int
    recused: int
    result: str


@dataclass(frozen=True)
class MeetingClosed(ContestEvent):
    """protocol: SHA-256 of its canonical document."""

    sentence = gettext_noop(
        "Meeting No. %(number)s of the commission ended: %(decided)s items decided, %(moved)s moved; protocol "
        "%(protocol)s"
    )
    number: int
    decided: int
    moved: int
    protocol: str


@dataclass(frozen=True)
class ProtocolApproved(ContestEvent):
    """office: chair or secretary."""

    sentence = gettext_noop("Protocol No. %(number)s is approved by one of its two signatories")
    number: int
    office: str
    protocol: str


@dataclass(frozen=True)
class ProjectsMarkedIncompatible(ContestEvent):
    """projects: their numbers."""

    sentence = gettext_noop(
        "The commission marked projects %(projects)s as excluding each other: one of them can win"
    )
    number: int
    projects: list[int]
    reason_digest: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "projects": _listed(data["projects"])}


@dataclass(frozen=True)
class IncompatibilityWithdrawn(ContestEvent):
    sentence = gettext_noop("The commission withdrew its mark that projects %(projects)s exclude each other")
    number: int
    projects: list[int]
    reason_digest: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "projects": _listed(data["projects"])}


def _listed(numbers: Any) -> Any:
    return ", ".join(f"№ {number}" for number in numbers) if isinstance(numbers, list) else numbers
