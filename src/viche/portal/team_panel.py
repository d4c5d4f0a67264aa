"""What a project's authors see of their team: in the steps of writing and on a page of its own."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from rulebook import lifecycle
from rulebook.calendar import SUBMISSION
from viche.contests.models import Contest
from viche.portal.forms_team import CoauthorForm
from viche.projects.models import Project, TeamMember
from viche.projects.team import places_taken, team_limit, team_of

LINK = "team_link"
_KINDS = {"invited": "info", "confirmed": "success", "declined": "danger"}


def keep_link(request: HttpRequest, contest: Contest, member: TeamMember, secret: str) -> None:
    """The link is shown once, on the next page, to whoever invited, to pass on."""
    link = request.build_absolute_uri(reverse("team-invitation", args=[contest.slug, secret]))
    request.session[LINK] = {"project": str(member.project_id), "name": member.name, "link": link}


def team_panel(
    request: HttpRequest, contest: Contest, project: Project, *, form: CoauthorForm | None = None
) -> dict[str, Any]:
    """What portal/writing/team.html shows, as ``team``. Takes the link that is shown once."""
    person = request.visitor.person  # type: ignore[attr-defined]
    link = request.session.get(LINK)
    if link is not None and link["project"] == str(project.pk):
        del request.session[LINK]
    else:
        link = None
    decision = lifecycle.decide(
        project.state, "edit", roles={lifecycle.AUTHOR}, phases=contest.phases,
        steps=lifecycle.steps_of(contest.rules),
    )  # fmt: skip
    is_open = isinstance(decision, lifecycle.Move)
    taken, most = places_taken(project), team_limit(contest)
    has_ended = contest.has_ended(SUBMISSION)
    members = [_row(each, has_ended) for each in team_of(project)]
    return {
        "action": reverse("write-team", args=[contest.slug, project.pk]),
        "author": project.author, "members": members, "most": most, "left": max(0, most - taken),
        "waiting": sum(each["is_open"] for each in members),
        "can_invite": is_open and not has_ended, "can_remove": is_open and project.author_id == person.id,
        "has_ended": has_ended, "link": link, "form": form or CoauthorForm(), "person": person,
        "is_author": project.author_id == person.id,
    }  # fmt: skip


def _row(member: TeamMember, has_ended: bool) -> dict[str, Any]:
    is_confirmed = member.state == TeamMember.State.CONFIRMED
    return {
        "member": member,
        "name": member.person.display_name if is_confirmed and member.person else member.name,
        "kind": _KINDS.get(member.state, "neutral"),
        "is_confirmed": is_confirmed,
        "is_open": member.state == TeamMember.State.INVITED and not has_ended,
        "has_lapsed": member.state == TeamMember.State.INVITED and has_ended,
        "can_resend": not is_confirmed,
    }
