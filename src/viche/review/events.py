"""Events of the review room. Who acted stands in the entry as a reference; texts as hashes."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

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
class ReviewerChanged(ReviewEvent):
    """assignment: its reference."""

    sentence = gettext_noop("Another reviewer of a department looks at project No. %(number)s")
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
class MergeAsked(ReviewEvent):
    """MergeOffered, told of the project that would go on. other: the number of the one offered."""

    sentence = gettext_noop(
        "The author of project No. %(other)s offers to merge it into project No. %(number)s"
    )
    other: int


@dataclass(frozen=True)
class MergeDeclined(ReviewEvent):
    sentence = gettext_noop("Project No. %(number)s will not be merged into project No. %(into)s")
    into: int
