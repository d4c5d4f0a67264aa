"""What the page of a meeting's room shows, and what is pressed there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.office.forms.commission import NotesForm, PlanForm
from viche.portal.refusable import RefusableForm
from viche.portal.versions_page import documents_shown
from viche.projects.estimate import estimate_lines
from viche.projects.likeness import idea_of, like_projects
from viche.projects.models import Project
from viche.projects.versions import content_of
from viche.review import actions, queries
from viche.review.models import AgendaItem, Choice, Meeting
from viche.review.queries import agenda_of, item_at, members_of, present_members, protocol_name, roll_call

CAST = [(choice.value, choice.label) for choice in (Choice.FOR, Choice.AGAINST, Choice.ABSTAINED)]


def act_in_room(request: HttpRequest, meeting: Meeting, by: Actor) -> RefusableForm | None:
    """Do what was pressed; the form with its faults where what was typed cannot be taken."""
    act = request.POST.get("act", "")
    form = _typed(request, meeting, act)
    if form is not None and not form.is_valid():
        return form
    try:
        _do(request, meeting, act, form, by)
    except Refused as refused:
        if form is not None:
            form.refuse(refused)
            return form
        messages.error(request, refused.message)
    return None


def _item(request: HttpRequest, meeting: Meeting) -> AgendaItem:
    position = request.POST.get("item", "")
    if not position.isdecimal() or len(position) > 4:
        raise Http404(position)
    found = item_at(meeting, int(position))
    if found is None:
        raise Http404(position)
    return found


def _typed(request: HttpRequest, meeting: Meeting, act: str) -> RefusableForm | None:
    if act == "plan":
        item = _item(request, meeting)
        return PlanForm(request.POST, prefix=f"plan-{item.position}", project=item.project)
    if act == "notes":
        return NotesForm(request.POST, prefix=f"notes-{_item(request, meeting).position}")
    return None


def _do(request: HttpRequest, meeting: Meeting, act: str, form: RefusableForm | None, by: Actor) -> None:
    sent = request.POST
    if act == "attendance":
        actions.record_attendance(meeting=meeting, present=_people(sent.getlist("present")), by=by)
        messages.success(request, _("Noted who takes part."))
    elif act == "open":
        actions.open_meeting(meeting=meeting, by=by)
    elif act == "close":
        actions.close_meeting(meeting=meeting, by=by)
    elif act == "approve":
        actions.approve_protocol(meeting=meeting, digest_seen=sent.get("digest", ""), by=by)
    elif act in ("up", "down"):
        actions.revise_agenda(item=_item(request, meeting), is_up=act == "up", by=by)
    elif act == "open-item":
        actions.open_item(item=_item(request, meeting), by=by)
    elif act == "close-item":
        actions.close_item(item=_item(request, meeting), by=by)
    elif act == "vote":
        wanted = _people([sent.get("member", "")])
        for person in members_of(meeting.community):
            if person.pk in wanted:
                choice = sent.get("choice", "")
                actions.record_vote(item=_item(request, meeting), member=person, choice=choice, by=by)
    elif act == "plan" and form is not None:
        actions.plan_item(item=_item(request, meeting), by=by, **form.cleaned_data)
        messages.success(request, _("The proposal is saved."))
    elif act == "notes" and form is not None:
        actions.write_notes(item=_item(request, meeting), by=by, **form.cleaned_data)
        messages.success(request, _("The notes are saved."))


def _people(sent: list[str]) -> set[UUID]:
    found = set()
    for text in sent:
        try:
            found.add(UUID(text))
        except ValueError:
            raise Http404(text) from None
    return found


def room_page(meeting: Meeting, by: Actor, wrong: RefusableForm | None) -> dict[str, Any]:
    """Agenda, attendance and roll-call as this official sees them."""
    present = present_members(meeting)
    noted = {row.person_id: row.is_present for row in meeting.attendances.all()}
    leads = by.person_id is not None and by.person_id in (meeting.chair_id, meeting.secretary_id)
    office = "chair" if by.person_id == meeting.chair_id else "secretary"
    rows = [_row(item, by, leads, wrong) for item in agenda_of(meeting)]
    now = next((row for row in rows if row["item"].state == AgendaItem.State.OPEN), None)
    return {
        "meeting": meeting,
        "now": now,
        "leads": leads and meeting.state != "closed",
        "can_approve": leads and meeting.state == "closed" and getattr(meeting, f"{office}_approved_at") is None,
        "can_begin": meeting.starts_at <= clock.now() and bool(noted),
        "members": [
            (person.pk, protocol_name(person), noted.get(person.pk, False)) for person in members_of(meeting.community)
        ],
        "present": len(present),
        "rows": rows,
        "cast": CAST,
        "member": by.person_id if by.person_id in present else None,
        "is_member": Role.COMMISSION in by.roles_in(meeting.community.code),
    }  # fmt: skip


def _row(item: AgendaItem, by: Actor, leads: bool, wrong: RefusableForm | None) -> dict[str, Any]:
    plan = PlanForm(
        prefix=f"plan-{item.position}",
        project=item.project,
        initial={"verdict": item.verdict, "reason": item.reason, "conditions": item.conditions},
    )
    notes = NotesForm(prefix=f"notes-{item.position}", initial={"notes": item.notes})
    if wrong is not None and wrong.prefix in (plan.prefix, notes.prefix):
        plan, notes = (wrong, notes) if wrong.prefix == plan.prefix else (plan, wrong)  # type: ignore[assignment]
    votes = {vote.person_id: vote for vote in item.votes.all()}
    row = {
        "item": item, "plan": plan, "notes": notes, "votes": list(votes.values()), "own": votes.get(by.person_id),
        "is_wrong": wrong in (plan, notes),
    }  # fmt: skip
    if item.state == AgendaItem.State.OPEN:
        stands = roll_call(item)
        row |= {
            "stands": stands,
            "calls": [
                (person, name, votes.get(person), person in stands.recused)
                for person, name in stands.present.items()
            ],
            "can_vote": by.person_id in stands.able, "able": len(stands.able), "leads": leads,
        }  # fmt: skip
    return row


def dossier_page(contest: Contest, project: Project) -> dict[str, Any]:
    """The dossier of a project: its words, estimate, opinions, questions, the experts’ versions, its likes."""
    project.contest = contest
    now = content_of(project)
    return {
        "project": project,
        "pictures": list(project.pictures.all()),
        "estimate": {"items": rows} if (rows := estimate_lines(project.items)) else None,
        "opinions": queries.given_opinions(project),
        "questions": list(queries.questions_about(project)),
        "corrections": [
            {
                "row": each,
                "shown": documents_shown(contest, now, content_of(queries.corrected(project, each))),
            }
            for each in queries.open_corrections(project)
        ],
        "likes": like_projects(contest.community, idea_of(project)),
        "conflicts": queries.conflicts_about(project).count(),
    }
