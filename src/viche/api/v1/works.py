"""How winners are built, as the body's systems write it: plan, costs, contracts, steps, delays, acceptance."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from viche.api.v1 import documents, schemas
from viche.api.v1.core import check_match, writes
from viche.api.v1.finding import contest_of, project_of
from viche.api.v1.reading import PROJECT
from viche.communities.models import Community
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.projects import actions
from viche.projects.delivery import delivery_of
from viche.projects.models import Delivery, Project
from viche.projects.queries import WINNERS

TAG, SCOPE = "works", "works:write"


def _winner(community: Community, contest: str, number: int) -> Project:
    found = project_of(contest_of(community, contest), number)
    if found.state not in WINNERS:
        raise Http404(str(number))
    return found


def _answer(request: HttpRequest, project: Project) -> dict[str, Any]:
    """Where the work stands after the act."""
    delivery = delivery_of(project)
    state = project_of(project.contest, project.number).state
    return {
        "state": state, "revision": delivery.revision if delivery is not None else 0,
        "href": documents.contest_href(request, project.contest, "projects", project.number, "work"),
    }  # fmt: skip


@writes("POST", f"{PROJECT}/work", schemas.Written, name="work", tag=TAG, scope=SCOPE)
def start(
    request: HttpRequest, community: Community, by: Actor, contest: str, number: int, body: schemas.NewWork
) -> Any:
    """Begin the work: who is responsible, what it is to cost, from when to when."""
    found = _winner(community, contest, number)
    actions.start_work(
        project=found, responsible_unit=body.responsible_unit, plan_cost=body.plan, starts_on=body.starts_on,
        due_on=body.due_on, by=by,
    )  # fmt: skip
    return _answer(request, found)


@writes("PATCH", f"{PROJECT}/work", schemas.Written, name="work", tag=TAG, scope=SCOPE, status=200)
def revise(
    request: HttpRequest,
    community: Community,
    by: Actor,
    contest: str,
    number: int,
    body: schemas.WorkChanges,
) -> Any:
    """Report what was paid so far, or change the plan."""
    found = _winner(community, contest, number)
    delivery = _seen(request, found)
    # null says nothing, as for a project: a sum that was paid is never erased
    said = {name: value for name, value in body.dict().items() if value is not None}
    actions.revise_work(
        project=found, responsible_unit=said.get("responsible_unit", delivery.responsible_unit),
        responsible_contact=delivery.responsible_contact, plan_cost=said.get("plan", delivery.plan_cost),
        actual_cost=said.get("paid", delivery.actual_cost), revision=delivery.revision, by=by,
    )  # fmt: skip
    return _answer(request, found)


def _seen(request: HttpRequest, project: Project) -> Delivery:
    """The work of a project, which the program has seen as it is: read once, its revision is checked again by the
    action. Refused: no_match_header, changed_meanwhile, not_in_work.
    """
    delivery = delivery_of(project)
    check_match(request, documents.work_document(request, project, delivery))
    if delivery is None:
        raise Refused("not_in_work", _("The project is not being implemented now."))
    return delivery


@writes("POST", f"{PROJECT}/work/contracts", schemas.Written, name="contracts", tag=TAG, scope=SCOPE)
def contract(
    request: HttpRequest,
    community: Community,
    by: Actor,
    contest: str,
    number: int,
    body: schemas.NewContract,
) -> Any:
    """Write down a contract about the work."""
    found = _winner(community, contest, number)
    actions.record_contract(project=found, by=by, **body.dict())
    return _answer(request, found)


@writes("POST", f"{PROJECT}/work/steps", schemas.Written, name="steps", tag=TAG, scope=SCOPE)
def plan(
    request: HttpRequest, community: Community, by: Actor, contest: str, number: int, body: schemas.NewStep
) -> Any:
    """Plan a step of the work."""
    found = _winner(community, contest, number)
    actions.plan_milestone(project=found, title=body.title, due_on=body.due_on, by=by)
    return _answer(request, found)


@writes(
    "PATCH",
    f"{PROJECT}/work/steps/{{uuid:step}}",
    schemas.Written,
    name="step",
    tag=TAG,
    scope=SCOPE,
    status=200,
)
def mark(
    request: HttpRequest, community: Community, by: Actor, contest: str, number: int, step: UUID,
    body: schemas.StepDone,
) -> Any:  # fmt: skip
    """Mark a step as done on a day, or as not done after all. If-Match: the ETag of the work."""
    found = _winner(community, contest, number)
    delivery = _seen(request, found)
    actions.mark_milestone(
        project=found, milestone=str(step), done_on=body.done_on, revision=delivery.revision, by=by
    )
    return _answer(request, found)


@writes("POST", f"{PROJECT}/work/delays", schemas.Written, name="delays", tag=TAG, scope=SCOPE)
def delay(
    request: HttpRequest, community: Community, by: Actor, contest: str, number: int, body: schemas.NewDelay
) -> Any:
    """Move the term of the work, with a reason that everybody reads."""
    found = _winner(community, contest, number)
    actions.delay_work(project=found, new_due=body.new_due, reason=body.reason, by=by)
    return _answer(request, found)


@writes("POST", f"{PROJECT}/work/acceptance", schemas.Written, name="acceptance", tag=TAG, scope=SCOPE)
def accept(
    request: HttpRequest, community: Community, by: Actor, contest: str, number: int, body: schemas.Acceptance
) -> Any:
    """The work is done and accepted by an act."""
    found = _winner(community, contest, number)
    actions.implement_project(
        project=found, accepted_on=body.accepted_on, acceptance=body.acceptance, actual_cost=body.paid, by=by
    )
    return _answer(request, found)
