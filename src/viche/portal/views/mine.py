"""The page of a project that is not public, for those who write it: its state, what was asked, what comes next."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from rulebook import lifecycle
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.portal.contest_page import category_names, class_names, contest_url
from viche.portal.guards import identified, in_contest
from viche.portal.views.projects import STATE_KINDS
from viche.projects.actions import resubmit_for_check, withdraw_project
from viche.projects.checking import faults_text
from viche.projects.models import CheckDecision, Project, State
from viche.projects.queries import checks_of, unpublished_project


@identified
@in_contest
def mine(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """One project of the visitor's own before it is published; afterwards its public page."""
    visitor = request.visitor  # type: ignore[attr-defined]
    project = unpublished_project(contest, reference, visitor.person)
    if project is None:
        raise Http404(reference)
    project.contest = contest
    if project.is_public:
        return HttpResponseRedirect(contest_url(contest, "project", project.number))
    if request.method == "POST":
        messages.success(request, _act(project, request.POST.get("act", ""), visitor.actor()))
        return HttpResponseRedirect(contest_url(contest, "mine", project.id))
    checks = checks_of(project)
    return render(
        request,
        "portal/mine.html",
        {
            "contest": contest, "project": project, "state_kind": STATE_KINDS.get(State(project.state), "neutral"),
            "checks": [(each, faults_text(each.faults)) for each in checks],
            "asked": next((each for each in checks if each.verdict in ASKED), None),
            "can": {
                move.name
                for move, refusal in lifecycle.available(
                    project.state, {lifecycle.AUTHOR}, contest.phases, lifecycle.steps_of(contest.rules)
                )
                if refusal is None
            },
            "check": contest.rules.submission.check, "has_support": contest.rules.support is not None,
            "category": category_names(contest).get(project.category, ""),
            "size_class": class_names(contest).get(project.size_class, ""),
            "pictures": list(project.pictures.all()),
        },
    )  # fmt: skip


ASKED = (CheckDecision.Verdict.SENT_BACK, CheckDecision.Verdict.REFUSED)


def _act(project: Project, act: str, by: object) -> str:
    """Do what was pressed; returns what to say."""
    if act == "resubmit":
        resubmit_for_check(project=project, by=by)
        return _("Submitted again: the check begins anew.")
    if act == "withdraw":
        withdraw_project(project=project, by=by)
        return _("The project is withdrawn.")
    raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
