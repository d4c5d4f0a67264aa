"""The review in the office: the board, one project, a department's opinion."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.rules import ReviewStage
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.identity.queries import staff_of
from viche.office.contest_tabs import contest_tabs
from viche.office.forms import review as forms
from viche.office.forms.corrections import CorrectionForm
from viche.portal.contest_page import category_names, class_names
from viche.portal.forms_review import uploads_of
from viche.portal.guards import in_contest, in_project, official
from viche.portal.project_page.content import content_of_page
from viche.portal.refusable import RefusableForm
from viche.projects.models import Project, State
from viche.review import actions, queries
from viche.review.models import Assignment
from viche.review.wording import body_name, stage_name

REVIEWING = (Role.COMMISSION, Role.REVIEWER, Role.EDITOR, Role.ADMINISTRATOR)
SAID = {
    "decide": gettext_lazy("The decision is recorded."),
    "assign": gettext_lazy("The department is asked."),
    "ask": gettext_lazy("The author is asked."),
    "correct": gettext_lazy("The corrections wait for the author."),
    "reopen": gettext_lazy("The review begins anew."),
}


@official(*REVIEWING, shows=NOTHING)
@in_contest
def board(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What is under review, where it stands, what is late."""
    every = queries.board(contest, clock.now())
    form = forms.NarrowingForm(request.GET, rows=every)
    rows = [row for row in every if form.narrowing().fits(row)]
    person = request.visitor.person  # type: ignore[attr-defined]
    return render(
        request,
        "office/review_board.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "review"), "form": form,
            "mine": list(queries.assignments_of(person, contest)), "number": len(every),
            "rows": [{"row": row, "stage": stage_name(row.standing.stage)} for row in rows],
            "late": sum(row.is_late for row in every), "authors": sum(row.waits_for == "author" for row in every),
            "today": clock.now().astimezone(clock.KYIV).date(),
        },
    )  # fmt: skip


@official(*REVIEWING, shows=DataKind.AUTHORS)
@in_contest
@in_project
def review(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """One project under review: the dossier, departments, questions, corrections, the decision."""
    project.contest = contest
    request.shown.about([project.author_id], number=1)  # type: ignore[attr-defined]
    standing = queries.standing_of(project)
    made = _forms(request, project, standing.stage)
    act = request.POST.get("act", "decide" if "verdict" in request.POST else "")
    if request.method == "POST" and _do(request, project, act, made):
        name, place = ("office-review-board", []) if act == "decide" else ("office-review", [project.number])
        return HttpResponseRedirect(reverse(name, args=[contest.slug, *place]))
    return render(
        request,
        "office/review.html",
        {
            "contest": contest, "project": project, "forms": made, "standing": standing, "act": act,
            "tabs": contest_tabs(contest, "review"),
            "stage": stage_name(standing.stage), "body": body_name(standing.stage),
            "is_waiting": project.state == State.IN_REVIEW, "needs_meeting": bool(standing.stage.quorum),
            "can_be_reopened": project.state in {State.ADMITTED, State.REFUSED},
            "is_written": project.state in {State.IN_REVIEW, State.RETURNED},
            "is_reviewed": project.state in {State.IN_REVIEW, State.RETURNED, State.CONDITIONAL},
            "category": category_names(contest).get(project.category, ""),
            "size_class": class_names(contest).get(project.size_class, ""),
            "pictures": list(project.pictures.all()), "assignments": _assignments(request, project),
            "questions": list(queries.questions_about(project)), "decisions": list(queries.decisions_about(project)),
            "content": content_of_page(contest, project, is_official=True),
            "replies": list(queries.replies_to(project)), "corrections": list(queries.open_corrections(project)),
        },
        status=422 if any(form.errors for form in made.values()) else 200,
    )  # fmt: skip


def _assignments(request: HttpRequest, project: Project) -> list[dict[str, Any]]:
    """Departments asked, each with whether the reader writes for it."""
    person = request.visitor.person  # type: ignore[attr-defined]
    return [
        {
            "work": each, "stage": stage_name(queries.stage_with(project.contest, each.stage)),
            "is_own": queries.writes_for(each, person.pk) and each.stage == queries.standing_of(project).stage.id,
        }
        for each in queries.assignments_about(project)
    ]  # fmt: skip


def _forms(request: HttpRequest, project: Project, stage: ReviewStage) -> dict[str, Any]:
    """The forms of the page; the one that was sent holds what was typed."""
    act = request.POST.get("act", "decide" if "verdict" in request.POST else "")
    offices = [
        holder.office for holder in staff_of(project.contest.community) if holder.office.role == Role.REVIEWER
    ]
    makers: dict[str, Callable[[Any], RefusableForm]] = {
        "decide": lambda sent: forms.VerdictForm(sent, outcomes=stage.outcomes, initial={"stage": stage.id}),
        "assign": lambda sent: forms.AssignForm(sent, offices=offices, prefix="assign"),
        "ask": lambda sent: forms.QuestionForm(sent, request.FILES if sent else None, prefix="ask"),
        "correct": lambda sent: CorrectionForm(sent, project=project, prefix="correct"),
        "reopen": lambda sent: forms.ReopenForm(sent, prefix="reopen"),
    }
    return {name: make(request.POST if name == act else None) for name, make in makers.items()}


def _do(request: HttpRequest, project: Project, act: str, made: dict[str, Any]) -> bool:
    """Do what was pressed; False where its form has faults."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if act == "end":
        _end(request, project, by)
        return True
    form = made.get(act)
    if form is None:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    if not form.is_valid():
        return False
    try:
        if act == "decide":
            actions.decide_review(project=project, by=by, **form.cleaned_data)
        elif act == "assign":
            actions.assign_review(project=project, by=by, **form.said())
        elif act == "ask":
            said = {"text": form.cleaned_data["text"], "files": uploads_of(form)}
            actions.ask_author(project=project, unit=_unit(request), by=by, **said)
        elif act == "correct":
            actions.propose_correction(project=project, unit=_unit(request), by=by, **form.said())
        else:
            actions.reopen_review(project=project, reason=form.cleaned_data["reason"], by=by)
    except Refused as refused:
        if refused.status == 403:
            raise
        if refused.code == "stage_decided":
            # the page shows the stage of now: what is pressed next is about that one
            form.data = form.data.copy()
            form.data["stage"] = queries.standing_of(project).stage.id
        form.refuse(refused)
        return False
    messages.success(request, SAID[act])
    return True


def _unit(request: HttpRequest) -> str:
    """The department of whoever asks, as their office names it."""
    visitor = request.visitor  # type: ignore[attr-defined]
    community = request.place.community  # type: ignore[attr-defined]
    offices = [
        holder.office for holder in staff_of(community) if holder.office.person_id == visitor.person.pk
    ]
    return next((office.unit for office in offices if office.unit), "")


def _end(request: HttpRequest, project: Project, by: Any) -> None:
    reference = request.POST.get("row", "")
    found = next((each for each in queries.assignments_about(project) if str(each.pk) == reference), None)
    if found is None:
        raise Refused("gone", _("This department is not asked any more."))
    found.project = project
    actions.end_assignment(assignment=found, by=by)
    messages.success(request, _("The department is no longer asked."))


@official(Role.REVIEWER, shows=NOTHING)
@in_contest
def opinion(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """A department's opinion: saved half-finished, signed off when it is ready."""
    assignment = _assignment(contest, reference)
    project = assignment.project
    known = queries.draft_opinion(assignment)
    draft = known if known is not None and known.given_at is None else None
    checks = queries.checks_of(queries.stage_with(contest, assignment.stage))
    form = forms.OpinionForm(
        request.POST or None, request.FILES or None, checks=checks,
        initial=forms.OpinionForm.initial_of(known, draft.revision if draft is not None else 0),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _save(request, assignment, form):
        done = request.POST.get("act") == "give"
        messages.success(request, _("The opinion is given and public.") if done else _("Saved."))
        return HttpResponseRedirect(
            reverse("office-review", args=[contest.slug, project.number])
            if done
            else reverse("office-opinion", args=[contest.slug, reference])
        )
    is_own = queries.writes_for(assignment, request.visitor.person.pk)  # type: ignore[attr-defined]
    return render(
        request,
        "office/opinion.html",
        {
            "contest": contest, "project": project, "assignment": assignment, "form": form, "is_own": is_own,
            "tabs": contest_tabs(contest, "review"), "known": known, "draft": draft,
            "is_open": is_own and _is_open(project, assignment),
            "points": [(form[f"check_{code}"], form[f"note_{code}"]) for code in checks],
            "other": known if form.errors and draft is not None else None,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _is_open(project: Project, assignment: Assignment) -> bool:
    """Whether the stage that it is asked in is still to be decided."""
    is_reviewed = project.state in {State.IN_REVIEW, State.RETURNED}
    return is_reviewed and queries.standing_of(project).stage.id == assignment.stage


def _remove_file(assignment: Assignment, reference: str, by: Any) -> None:
    known = queries.draft_opinion(assignment)
    for file in known.files.all() if known is not None else ():
        if str(file.pk) == reference:
            actions.delete_opinion_file(assignment=assignment, reference=file.pk, by=by)


def _assignment(contest: Contest, reference: UUID) -> Assignment:
    found = queries.assignment_in(contest, reference)
    if found is None or found.state == Assignment.State.ENDED:
        raise Http404(reference)
    return found


def _save(request: HttpRequest, assignment: Assignment, form: forms.OpinionForm) -> bool:
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        saved = actions.save_opinion(assignment=assignment, by=by, **form.said())
        # what is refused after this is refused of a draft that is saved: its form goes on from it
        form.data = form.data.copy()
        form.data["revision"] = str(saved.revision)
        for file in uploads_of(form):
            actions.attach_to_opinion(assignment=assignment, name=file.name, content=file.content, by=by)
        _remove_file(assignment, request.POST.get("remove", ""), by)
        if request.POST.get("act") == "give":
            actions.give_opinion(assignment=assignment, revision=saved.revision, by=by)
    except Refused as refused:
        if refused.status == 403:
            raise
        if refused.code == "edited_meanwhile":
            latest = queries.draft_opinion(assignment)
            form.data = form.data.copy()
            form.data["revision"] = str(latest.revision if latest is not None else 0)
        form.refuse(refused)
        return False
    return True
