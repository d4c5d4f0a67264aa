"""What the room of projects keeps of a person, and lets go (identity.actions.erasing)."""

from django.utils.translation import gettext as _

from viche.identity.models import Person
from viche.projects.actions.drafts import discard_own_drafts
from viche.projects.actions.indexing import index_projects
from viche.projects.models import Project, Signature, State, TeamMember
from viche.projects.signatures import COLLECTING

RUNNING = (
    State.CHECKING, State.SENT_BACK, State.SIGNING, State.IN_REVIEW, State.RETURNED, State.CONDITIONAL,
    State.ADMITTED, State.APPEALED,
)  # fmt: skip
"""A project that somebody must answer for."""


def issues_before_erasing_author(*, person: Person) -> list[str]:
    """What a person began and must end first: projects on their way, signatures that are being collected."""
    found = []
    own = Project.objects.filter(author=person, state__in=RUNNING).order_by("number")
    joined = Project.objects.filter(
        team__person=person, team__state=TeamMember.State.CONFIRMED, state__in=RUNNING
    )
    for project in own:
        found.append(
            _("Your project No. %(number)s is on its way: withdraw it, or wait until it is decided.")
            % {"number": project.number}
        )
    for project in joined.order_by("number"):
        found.append(
            _("You write project No. %(number)s with others: leave its team first.")
            % {"number": project.number}
        )
    signed = Signature.objects.filter(
        person=person, withdrawn_at=None, project__state__in=COLLECTING, contest__community__archived_at=None
    ).exclude(way=Signature.Way.AUTHOR)
    for signature in signed.select_related("project").order_by("signed_at"):
        found.append(
            _(
                "Your signature under project No. %(number)s is being counted: until that ends, it must stay single."
            )
            % {"number": signature.project.number}
        )
    return found


def erase_author(*, person: Person) -> None:
    """Drafts go; published projects stay without the author's name and contact; co-authors' names go. The words and
    versions of a project are public record and stay.
    """
    discard_own_drafts(person=person)
    named = list(Project.objects.filter(author=person).values_list("pk", flat=True))
    named += TeamMember.objects.filter(person=person).values_list("project_id", flat=True)
    Project.objects.filter(author=person).update(author_name="", contact="")
    TeamMember.objects.filter(person=person).update(name="", email="", shows_name=False)
    index_projects(Project.objects.filter(pk__in=named))
