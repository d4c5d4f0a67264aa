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


@dataclass(frozen=True)
class WorkStarted(ProjectEvent):
    sentence = gettext_noop("The implementation of project No. %(number)s began")


@dataclass(frozen=True)
class WorkRevised(ProjectEvent):
    """digest: SHA-256 of who is responsible, the planned and the actual cost, as they stand now."""

    sentence = gettext_noop("The plan of implementing project No. %(number)s was revised")
    digest: str


@dataclass(frozen=True)
class ContractRecorded(ProjectEvent):
    """amount in kopiykas."""

    sentence = gettext_noop("A contract about project No. %(number)s is recorded")
    amount: int


@dataclass(frozen=True)
class ContractWithdrawn(ProjectEvent):
    sentence = gettext_noop(
        "A contract about project No. %(number)s was recorded by mistake and is taken back"
    )
    amount: int


@dataclass(frozen=True)
class MilestoneReached(ProjectEvent):
    sentence = gettext_noop("A step of the work on project No. %(number)s is done: %(done)s of %(planned)s")
    done: int
    planned: int


@dataclass(frozen=True)
class WorkDelayed(ProjectEvent):
    """due_on: the new term, an ISO day."""

    sentence = gettext_noop("The term of project No. %(number)s was moved to %(due_on)s")
    due_on: str
    reason_digest: str


@dataclass(frozen=True)
class WorkPictured(ProjectEvent):
    """digest: SHA-256 of the picture."""

    sentence = gettext_noop("A photograph of project No. %(number)s was added")
    digest: str


@dataclass(frozen=True)
class ProjectImplemented(ProjectEvent):
    """actual_cost in kopiykas; accepted_on: an ISO day."""

    sentence = gettext_noop("Project No. %(number)s is built and accepted")
    accepted_on: str
    actual_cost: int


@dataclass(frozen=True)
class WorkCancelled(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s will not be implemented")
    reason_digest: str


@dataclass(frozen=True)
class WorkReopened(ProjectEvent):
    sentence = gettext_noop("The implementation of project No. %(number)s goes on")
    reason_digest: str


@dataclass(frozen=True)
class AppealFiled(ProjectEvent):
    """reason_digest: SHA-256 of the appeal's text."""

    sentence = gettext_noop("The author appeals against the refusal of project No. %(number)s")
    reason_digest: str


@dataclass(frozen=True)
class AppealGranted(ProjectEvent):
    sentence = gettext_noop("The appeal about project No. %(number)s is granted: it is under review again")
    reason_digest: str


@dataclass(frozen=True)
class AppealDismissed(ProjectEvent):
    sentence = gettext_noop("The appeal about project No. %(number)s is dismissed, with the reason")
    reason_digest: str
