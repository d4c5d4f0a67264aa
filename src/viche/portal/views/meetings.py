"""Meetings of the commission as everybody sees them, their protocols, and an author's appeal."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.portal.contest_page import contest_url
from viche.portal.forms_meetings import AppealForm
from viche.portal.guards import identified, in_contest, in_project, public
from viche.portal.protocol_page import protocol_page
from viche.projects.actions.moves import is_written_by
from viche.projects.models import Project
from viche.review.actions import appeal_refusal
from viche.review.queries import agenda_of, last_appeal_day, meeting_numbered, meetings_of


@public
@in_contest
def meetings(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Every meeting, the latest first."""
    return render(
        request, "portal/meetings.html", {"contest": contest, "meetings": list(meetings_of(contest))}
    )


@public
@in_contest
def meeting(request: HttpRequest, contest: Contest, number: int) -> HttpResponse:
    """A meeting that is called, with its agenda; or its protocol once it is closed."""
    found = meeting_numbered(contest, number)
    if found is None:
        raise Http404(number)
    shown = {"contest": contest, "meeting": found}
    if found.protocol is None:
        return render(request, "portal/meeting.html", shown | {"items": agenda_of(found)})
    return render(request, "portal/protocol.html", shown | {"protocol": protocol_page(found.protocol)})


@public
@in_contest
def protocol(request: HttpRequest, contest: Contest, number: int) -> HttpResponse:
    """The frozen protocol, byte for byte what its digest is of."""
    found = meeting_numbered(contest, number)
    if found is None or found.protocol is None:
        raise Http404(number)
    return HttpResponse(canonical(found.protocol), content_type="application/json")


@identified
@in_contest
@in_project
def appeal(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """The author appeals against the refusal of their project."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if not is_written_by(project, by.person_id):
        raise Refused("wrong_role", _("Only the author of the project appeals."), status=403)
    form = AppealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal_refusal(
                project=project, reason=form.cleaned_data["reason"], by=by,
                documents=[(each.name or "", each.read()) for each in form.cleaned_data["documents"]],
            )  # fmt: skip
            messages.success(request, _("Your appeal is filed."))
            return HttpResponseRedirect(contest_url(contest, "project", project.number))
        except Refused as refused:
            form.refuse(refused)
    return render(
        request, "portal/appeal.html",
        {"contest": contest, "project": project, "form": form, "last": last_appeal_day(project)},
        status=422 if form.errors else 200,
    )  # fmt: skip
