"""The check of form before publication: what waits, and one project with its list of form."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.checking import CheckForm
from viche.portal.contest_page import category_names, class_names
from viche.portal.guards import in_contest, official
from viche.projects.actions import publish_project, refuse_unpublished, send_back_project
from viche.projects.actions.moves import is_written_by
from viche.projects.checking import faults_text
from viche.projects.estimate import estimate_lines
from viche.projects.models import Project, State
from viche.projects.queries import checks_of, project_in, projects_in_check


@official(Role.EDITOR, Role.ADMINISTRATOR, shows=NOTHING)
@in_contest
def queue(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What waits for the check, the late first."""
    now = clock.now()
    waiting = projects_in_check(contest)
    return render(
        request,
        "office/check_queue.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "check"), "check": contest.rules.submission.check,
            "rows": [(each, each.check_until is not None and each.check_until <= now) for each in waiting],
            "late": sum(each.check_until is not None and each.check_until <= now for each in waiting),
        },
    )  # fmt: skip


@official(Role.EDITOR, Role.ADMINISTRATOR, shows=DataKind.AUTHORS)
@in_contest
def check(request: HttpRequest, contest: Contest, number: int) -> HttpResponse:
    """One project: what it says, what was said before; publish, send back, refuse."""
    project = project_in(contest, number)
    if project is None:
        raise Http404(number)
    project.contest = contest
    request.shown.about([project.author_id], number=1)  # type: ignore[attr-defined]
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _decide(request, project, form.cleaned_data))
            return HttpResponseRedirect(reverse("office-check", args=[contest.slug]))
        except Refused as refused:
            if refused.status != 422:
                raise
            form.refuse(refused)
    person = request.visitor.person  # type: ignore[attr-defined]
    return render(
        request,
        "office/check.html",
        {
            "contest": contest, "project": project, "form": form, "is_waiting": project.state == State.CHECKING,
            "is_own": is_written_by(project, person.pk),
            "is_late": project.check_until is not None and project.check_until <= clock.now(),
            "checks": [(each, faults_text(each.faults)) for each in checks_of(project)],
            "category": category_names(contest).get(project.category, ""),
            "size_class": class_names(contest).get(project.size_class, ""),
            "pictures": list(project.pictures.all()),
            "attachments": list(project.attachments.all()),
            "items": estimate_lines(project.items),
            "answers": _answers(contest, project),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _answers(contest: Contest, project: Project) -> list[tuple[str, Any]]:
    """The community's own questions with what the author answered."""
    named = {each.id: each for each in contest.rules.submission.questions}
    return [
        (named[key].name.get("uk"), value) for key, value in project.answers.items() if key in named and value
    ]


def _decide(request: HttpRequest, project: Project, data: dict[str, Any]) -> str:
    """Do what was pressed; what to say."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    verdict = request.POST.get("verdict", "")
    if verdict == "publish":
        if data["faults"] or data["text"].strip():
            message = _(
                "You have written what is not in order: send the project back, or empty the form to publish."
            )
            raise Refused("faults_named", message, fields={"faults": message}, status=422)
        publish_project(project=project, by=by)
        return _("Published: project No. %d.") % project.number
    if verdict == "send_back":
        send_back_project(project=project, text=data["text"], faults=data["faults"], by=by)
        return _("Sent back to the author: project No. %d.") % project.number
    if verdict == "refuse":
        refuse_unpublished(project=project, text=data["text"], faults=data["faults"], by=by)
        return _("Refused: project No. %d.") % project.number
    raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
