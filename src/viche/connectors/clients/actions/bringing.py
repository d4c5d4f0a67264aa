"""Projects that residents brought on paper, submitted by a program of the body in the name of an operator."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rulebook import lifecycle
from viche.connectors.clients.models import BroughtProject, Client
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions import person_by_number, record_access
from viche.identity.models import DataKind, Person, Role
from viche.projects import actions as projects
from viche.projects.actions import Draft
from viche.projects.models import Project


def identify_author(*, client: Client, contest: Contest, tax_number: str, by: Actor) -> Person | None:
    """Who has identified here with this tax number. The look is written down as an operator's, whoever is found.

    To be called before the transaction that submits: the record stands even where the project is refused. No journal
    entry. Refused: not_operator.
    """
    _operators_only(contest, by)
    author = person_by_number(tax_number=tax_number)
    record_access(
        official=client.official, community=contest.community, role=Role.OPERATOR, kind=DataKind.SEARCHES,
        page="api-projects", people=[author.pk] if author else [], number=None if author else 0,
    )  # fmt: skip
    return author


def submit_brought_project(
    *, client: Client, contest: Contest, author: Person | None, reference: str, draft: Draft, by: Actor
) -> Project:
    """Submit a resident's project; what its author must sign is on the paper that the operator keeps.

    author: whom identify_author has found. reference: what the body's own system calls it. Journal: ProjectSubmitted.
    Refused: not_operator, reference_used, not_eligible (alike for whoever is unknown), and what submit_project refuses.
    """
    _operators_only(contest, by)
    with transaction.atomic():
        # one at a time for a program: the reference is looked at before a number is given
        Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
        if BroughtProject.objects.filter(client=client, reference=reference).exists():
            message = _("A project with this reference was already submitted.")
            raise Refused("reference_used", message, fields={"reference": message})
        if author is None:
            raise _no_author()
        try:
            made = projects.submit_project(contest=contest, author=author, draft=draft, by=by)
        except Refused as refused:
            if refused.code == "not_eligible":
                raise _no_author() from None
            raise
        BroughtProject.objects.create(
            community=contest.community, client=client, project=made, reference=reference, at=clock.now()
        )
    return made


def _no_author() -> Refused:
    """Whether somebody is unknown or may not submit is not told apart: a number opens nobody's record."""
    message = _(
        "Nobody with this number can submit a project here: they have not identified yet, or the rules do not let them."
    )
    return Refused("not_eligible", message, fields={"author": message}, status=422)


def revise_brought_project(
    *, client: Client, project: Project, changes: Mapping[str, Any], revision: int, by: Actor
) -> Project:
    """Change a project that this program brought, as long as the procedure lets its author do so.

    Journal: ProjectEdited. Refused: not_operator, not_brought (403), stale, and what save_project refuses.
    """
    _operators_only(project.contest, by)
    if not BroughtProject.objects.filter(client=client, project=project).exists():
        raise Refused(
            "not_brought", _("Only projects that this program submitted are changed by it."), status=403
        )
    author = Actor(by.kind, by.reference, by.roles | {lifecycle.AUTHOR}, by.community)
    return projects.save_project(
        project=project, changes=changes, revision=revision, note="edited", by=author
    )


def _operators_only(contest: Contest, by: Actor) -> None:
    if not by.holds(Role.OPERATOR, Role.ADMINISTRATOR, community=contest.community.code):
        raise Refused("not_operator", _("Only an operator submits projects for residents."), status=403)
