"""Project card, project page, and taking a project back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from rulebook import lifecycle
from viche.ballots.channels import why_closed
from viche.channels.booth import selection
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.portal.contest_page import category_names, class_names, contest_url, standing
from viche.portal.guards import identified, in_contest, in_project, public
from viche.portal.project_page import ASIDE, MAIN, sections
from viche.portal.social import Social
from viche.portal.support_page import meter_of
from viche.projects.actions import withdraw_project
from viche.projects.models import Project, State
from viche.projects.wording import refusal_text

STATE_KINDS = {
    State.CHECKING: "info", State.SENT_BACK: "warning", State.SIGNING: "accent", State.NOT_SUPPORTED: "neutral",
    State.IN_REVIEW: "info", State.RETURNED: "warning", State.CONDITIONAL: "warning", State.ADMITTED: "accent",
    State.REFUSED: "danger", State.APPEALED: "warning", State.MERGED: "neutral", State.WITHDRAWN: "neutral",
    State.FUNDED: "success", State.NOT_FUNDED: "neutral", State.IN_PROGRESS: "info", State.IMPLEMENTED: "success",
    State.CANCELLED: "danger",
}  # fmt: skip


def card(contest: Contest, project: Project, **extra: Any) -> dict[str, Any]:
    """What a project card shows."""
    cover = project.cover
    classes = class_names(contest)
    tags = [(project.get_state_display(), STATE_KINDS.get(State(project.state), "neutral"))]
    if project.size_class in classes:
        tags.append((classes[project.size_class], "neutral"))
    if distance := extra.pop("distance", ""):
        tags.insert(0, (distance, "info"))
    return {
        "title": project.title, "href": contest_url(contest, "project", project.number),
        "picture": cover.image.url if cover else "", "picture_alt": cover.alt if cover else "",
        "place": project.place_name or project.territory.full_name, "cost": project.cost,
        "currency": contest.currency, "number": project.number, "tags": tags, "code": project.code,
        "meter": meter_of(contest, project), **extra,
    }  # fmt: skip


@public
@in_contest
@in_project
def project(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """One project: what, where, how much, what happened to it, and the way to the ballot."""
    return render(
        request,
        "portal/project.html",
        {
            "contest": contest,
            "facts": standing(contest),
            "project": project,
            "social": Social(request, project=project),
            "pictures": list(project.pictures.all()),
            "category": category_names(contest).get(project.category, ""),
            "size_class": class_names(contest).get(project.size_class, ""),
            "state_kind": STATE_KINDS.get(State(project.state), "neutral"),
            "is_voting": project.state == State.ADMITTED and why_closed(contest) is None,
            "is_chosen": project.code in selection.chosen(request, contest),
            "main": sections(request, contest, project, MAIN),
            "aside": sections(request, contest, project, ASIDE),
        },
    )


@identified
@in_contest
@in_project
def withdraw(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """The author takes a project back, after a page that asks once more."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if project.author_id != visitor.person.id:
        raise Refused("wrong_role", _("Only its author may withdraw a project."), status=403)
    decision = lifecycle.decide(project.state, "withdraw", roles={lifecycle.AUTHOR}, phases=contest.phases)
    if isinstance(decision, lifecycle.Refusal):
        raise Refused(decision.code, refusal_text(decision))
    if request.method == "POST":
        withdraw_project(project=project, by=visitor.actor())
        return HttpResponseRedirect(contest_url(contest, "project", project.number))
    return render(
        request,
        "portal/withdraw.html",
        {"contest": contest, "project": project, "heading": _("Withdraw the project?")},
    )
