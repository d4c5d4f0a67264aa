"""People who write a project together: the authors' page, and the invitation as the invited meet it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.portal.contest_page import contest_url
from viche.portal.forms_team import CoauthorForm
from viche.portal.guards import identified, in_contest, in_own_project, public, to_login
from viche.portal.refusals import refusal_page
from viche.portal.team_panel import keep_link, team_panel
from viche.projects.actions import (
    accept_coauthor_invitation,
    decline_coauthor_invitation,
    end_coauthorship,
    invite_coauthor,
    resend_coauthor_invitation,
)
from viche.projects.models import Project, TeamMember
from viche.projects.team import invitation_to, is_invitation_open, member_of


@identified
@in_contest
@in_own_project
def team(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Who writes the project; invite, invite anew, take off, leave."""
    form = None
    if request.method == "POST":
        form = CoauthorForm(request.POST) if request.POST.get("act") == "invite" else None
        try:
            if form is None or form.is_valid():
                return HttpResponseRedirect(_acted(request, contest, project, form))
        except Refused as refused:
            if form is None or refused.status == 403:
                raise
            form.refuse(refused)
    return render(
        request,
        "portal/team.html",
        {
            "contest": contest, "project": project,
            "team": team_panel(request, contest, project, form=form),
        },
        status=422 if form is not None and form.errors else 200,
    )  # fmt: skip


def _acted(request: HttpRequest, contest: Contest, project: Project, form: CoauthorForm | None) -> str:
    """Does what the form asks for; returns where to go then."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    here = reverse("write-team", args=[contest.slug, project.pk])
    sending: dict[str, Any] = {
        "language": (get_language() or "uk")[:2], "by": by,
        "base": request.build_absolute_uri(request.place.prefix),  # type: ignore[attr-defined]
    }  # fmt: skip
    if form is not None:
        data = form.cleaned_data
        made, secret = invite_coauthor(project=project, name=data["name"], email=data["email"], **sending)
        keep_link(request, contest, made, secret)
        return here
    member = _member(project, request.POST.get("member", ""))
    if request.POST.get("act") == "resend":
        made, secret = resend_coauthor_invitation(member=member, **sending)
        keep_link(request, contest, made, secret)
        return here
    is_leaving = member.person_id == by.person_id
    end_coauthorship(member=member, by=by)
    if is_leaving:
        messages.success(request, _("You do not write this project any more."))
        return contest_url(contest)
    messages.success(request, _("Done: the team is as you see it here."))
    return here


def _member(project: Project, reference: str) -> TeamMember:
    try:
        found = member_of(project, UUID(reference))
    except ValueError:
        found = None
    if found is None:
        raise Http404("member")
    return found


@public
@in_contest
def invitation(request: HttpRequest, contest: Contest, name: str) -> HttpResponse:
    """What the invited joins, by whom; agree after identification, or decline. name: the secret of the link."""
    member = invitation_to(name, contest)
    if member is None:
        raise Http404("invitation")
    member.project.contest = contest
    person = request.visitor.person  # type: ignore[attr-defined]
    is_mine = person is not None and member.person_id == person.id and member.state == "confirmed"
    try:
        if not is_mine and not is_invitation_open(member):
            raise Refused(
                "not_open", _("It was answered, taken back or has ended: ask for a new one."), status=410
            )
        if request.method == "POST":
            response = _answered(request, contest, member)
        else:
            response = _shown(request, contest, member, is_mine=is_mine)
    except Refused as refused:
        response = refusal_page(request, refused, title=_("This invitation cannot be used"))
    response["Cache-Control"] = "no-store"
    return response


def _shown(request: HttpRequest, contest: Contest, member: TeamMember, *, is_mine: bool) -> HttpResponse:
    person = request.visitor.person  # type: ignore[attr-defined]
    found = (
        obstacles(
            person=person,
            territory=contest.community.territory,
            rule=contest.rules.author,
            moment=clock.now(),
        )
        if person is not None
        else []
    )
    return render(
        request,
        "portal/team_invitation.html",
        {
            "contest": contest, "member": member, "project": member.project, "is_mine": is_mine,
            "obstacles": found,
        },
    )  # fmt: skip


def _answered(request: HttpRequest, contest: Contest, member: TeamMember) -> HttpResponse:
    if request.POST.get("act") == "decline":
        decline_coauthor_invitation(member=member)
        messages.success(request, _("Thank you: the author sees that you do not join."))
        return HttpResponseRedirect(contest_url(contest))
    person = request.visitor.person  # type: ignore[attr-defined]
    if person is None:
        return to_login(request)
    accept_coauthor_invitation(member=member, person=person, shows_name="shows_name" in request.POST)
    messages.success(request, _("You write this project too now."))
    return HttpResponseRedirect(reverse("write-team", args=[contest.slug, member.project_id]))
