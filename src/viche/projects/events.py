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
class ProjectEdited(ProjectEvent):
    """digest: of the new content, which is a version of the project."""

    sentence = gettext_noop("The author changed project No. %(number)s")
    digest: str


@dataclass(frozen=True)
class TeamChanged(ProjectEvent):
    """people: how many write it now, the first author counted."""

    sentence = gettext_noop("The team of project No. %(number)s changed: its authors are now %(people)s")
    people: int


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
class PaymentsRecorded(ProjectEvent):
    """paid: the sum of all recorded payments, in kopiykas; payments: how many they are."""

    sentence = gettext_noop("Payments for project No. %(number)s are recorded: %(payments)s in all")
    paid: int
    payments: int


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


@dataclass(frozen=True)
class SheetEvent(ProjectEvent):
    """Base of the events about one sheet of signatures on paper. sheet: its number in the contest; scan: SHA-256 of its
    bytes.
    """

    sheet: int
    scan: str

    sentence = ""


@dataclass(frozen=True)
class SupportSheetReceived(SheetEvent):
    sentence = gettext_noop(
        "Support sheet No. %(sheet)s of project No. %(number)s is received: %(lines)s lines"
    )
    lines: int


@dataclass(frozen=True)
class SupportSheetClosed(SheetEvent):
    sentence = gettext_noop(
        "Support sheet No. %(sheet)s of project No. %(number)s is counted: %(counted)s signatures count, "
        "%(repeated)s were given before, %(not_eligible)s are not eligible, %(unreadable)s unreadable"
    )
    counted: int
    repeated: int
    not_eligible: int
    unreadable: int


@dataclass(frozen=True)
class SupportSheetDiscarded(SheetEvent):
    sentence = gettext_noop(
        "Support sheet No. %(sheet)s of project No. %(number)s is put aside as received by mistake"
    )


@dataclass(frozen=True)
class ProjectReturned(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s is returned to its author for changes")
    reason_digest: str


@dataclass(frozen=True)
class ProjectResubmitted(ProjectEvent):
    sentence = gettext_noop("The author corrected project No. %(number)s and submitted it again")
    digest: str


@dataclass(frozen=True)
class ChangesDeclined(ProjectEvent):
    sentence = gettext_noop("The author of project No. %(number)s does not agree with the changes asked for")
    reason_digest: str


@dataclass(frozen=True)
class ProjectConditionallyAdmitted(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s is admitted on conditions")
    reason_digest: str


@dataclass(frozen=True)
class ConditionsAccepted(ProjectEvent):
    sentence = gettext_noop("The author of project No. %(number)s agrees to the conditions")


@dataclass(frozen=True)
class ConditionsDeclined(ProjectEvent):
    sentence = gettext_noop("The author of project No. %(number)s does not agree to the conditions")
    reason_digest: str


@dataclass(frozen=True)
class ProjectLapsed(ProjectEvent):
    sentence = gettext_noop("Project No. %(number)s is not admitted: its author did not answer in time")


@dataclass(frozen=True)
class ReviewReopened(ProjectEvent):
    sentence = gettext_noop("The review of project No. %(number)s begins anew")
    reason_digest: str


@dataclass(frozen=True)
class ProjectMerged(ProjectEvent):
    """into: the number of the project that goes on."""

    sentence = gettext_noop("Project No. %(number)s is merged into project No. %(into)s")
    into: int


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
