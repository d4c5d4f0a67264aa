"""Events of the projects room."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class ProjectEvent(Event):
    """Base of the events about one project. digest: SHA-256 of the project's content as it stood then."""

    project: str
    number: int

    sentence = ""
    about = "project:{project}"


@dataclass(frozen=True)
class ProjectSubmitted(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s is submitted")
    digest: str


@dataclass(frozen=True)
class ProjectEdited(ProjectEvent):
    """digest: of the new content, which is a version of the project."""

    sentence = gettext_noop("The author changed project No. %(number)s")
    digest: str


@dataclass(frozen=True)
class ProjectWithdrawn(ProjectEvent):
    sentence = gettext_noop("The author withdrew project No. %(number)s")


@dataclass(frozen=True)
class ProjectAdmitted(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s is admitted to voting")


@dataclass(frozen=True)
class ProjectRefused(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s is not admitted")
    reason_digest: str


@dataclass(frozen=True)
class ProjectFunded(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s won")


@dataclass(frozen=True)
class ProjectNotFunded(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s did not win")
