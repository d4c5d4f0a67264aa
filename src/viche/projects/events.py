"""Events of the projects room."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.contests.events import moment_text
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
class ProjectPublished(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s passed the check of form and is published")


@dataclass(frozen=True)
class ProjectPublishedUnchecked(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s is published: the term of its check is over")


@dataclass(frozen=True)
class ProjectSentBack(ProjectEvent):
    sentence = gettext_noop("The check of form sent project No. %(number)s back to its author")
    reason_digest: str


@dataclass(frozen=True)
class ProjectSubmittedAgain(ProjectEvent):
    sentence = gettext_noop("The author submitted project No. %(number)s to the check of form again")
    digest: str


@dataclass(frozen=True)
class ProjectRefusedByCheck(ProjectEvent):
    sentence = gettext_noop("The check of form refused project No. %(number)s")
    reason_digest: str


@dataclass(frozen=True)
class SignatureEvent(ProjectEvent):
    """Base of the events about one signature. commitment: projects.signatures.commitment_of; the nonce is not here.

    Filed apart from what happens to the project: there are as many as supporters.
    """

    ordinal: int
    commitment: str

    sentence = ""
    about = "support:{project}"


@dataclass(frozen=True)
class ProjectSigned(SignatureEvent):
    sentence = gettext_noop("Project No. %(number)s got its signature No. %(ordinal)s")


@dataclass(frozen=True)
class ProjectSignatureWithdrawn(SignatureEvent):
    sentence = gettext_noop("Signature No. %(ordinal)s of project No. %(number)s is withdrawn")


@dataclass(frozen=True)
class SupportReached(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s has enough support: %(supporters)s of %(needed)s")
    supporters: int
    needed: int


@dataclass(frozen=True)
class ProjectNotSupported(ProjectEvent):
    """until: the moment at which the collection was over, ISO, UTC."""

    sentence = gettext_noop(
        "Project No. %(number)s is closed for want of support: %(supporters)s of %(needed)s by %(until)s"
    )
    supporters: int
    needed: int
    until: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "until": moment_text(str(data["until"]))}
