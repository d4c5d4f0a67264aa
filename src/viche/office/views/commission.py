"""The commission's desk: meetings and the room of one, appeals, projects that exclude each other."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.calendar import VOTING
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.commission import AnswerForm, CallForm, ConflictForm, IncompatibleForm, ReasonForm
from viche.office.meeting_room import act_in_room, dossier_page, room_page
from viche.portal.guards import in_contest, in_project, official
from viche.projects.models import Project
from viche.review.actions import (
    call_meeting,
    decide_appeal,
    declare_conflict,
    mark_incompatible,
    withdraw_incompatible,
)
from viche.review.models import Appeal, AppealDocument, IncompatibleGroup
from viche.review.models.appeals import SHELF
from viche.review.queries import (
    appeals_in,
    conflicts_of,
    incompatible_groups,
    markable_projects,
    meeting_numbered,
    meetings_of,
    needed_quorum,
    projects_for_agenda,
    projects_under_review,
    waiting_appeals,
)


@official(Role.COMMISSION, Role.ADMINISTRATOR, Role.REVIEWER, shows=NOTHING)
@in_contest
def commission(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What waits for the commission; one's own conflicts of interest, and declaring one."""
    projects = projects_under_review(contest)
    by = request.visitor.actor()  # type: ignore[attr-defined]
    form = ConflictForm(request.POST or None, projects=projects)
    if request.method == "POST" and form.is_valid():
        project = next(each for each in projects if each.number == form.cleaned_data["project"])
        try:
            declare_conflict(project=project, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("Declared: others decide about project No. %d.") % project.number)
            return HttpResponseRedirect(reverse("office-commission", args=[contest.slug]))
        except Refused as refused:
            form.refuse(refused)
    return _page(
        request, contest, "office/commission.html", form=form,
        meetings=list(meetings_of(contest)), waiting=projects_for_agenda(contest), projects=projects,
        appeals=waiting_appeals(contest).count(), conflicts=list(conflicts_of(contest, by.person_id)),
        quorum=needed_quorum(contest),
    )  # fmt: skip


@official(Role.COMMISSION, Role.ADMINISTRATOR, shows=NOTHING)
@in_contest
def call(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Call a meeting with its agenda."""
    form = CallForm(request.POST or None, contest=contest, initial={"projects": []})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = call_meeting(
                contest=contest, starts_at=said["starts_at"], place=said["place"], link=said["link"],
                chair=form.person("chair"), secretary=form.person("secretary"),
                projects=form.agenda(), by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, _("Meeting No. %d is called.") % made.number)
            return HttpResponseRedirect(reverse("office-meeting", args=[contest.slug, made.number]))
        except Refused as refused:
            form.refuse(refused)
    return _page(request, contest, "office/meeting_call.html", form=form)


@official(Role.COMMISSION, Role.ADMINISTRATOR, shows=NOTHING)
@in_contest
def room(request: HttpRequest, contest: Contest, number: int) -> HttpResponse:
    """The room of one meeting: for the chair and secretary to lead it, for members to vote in."""
    found = meeting_numbered(contest, number)
    if found is None:
        raise Http404(number)
    by = request.visitor.actor()  # type: ignore[attr-defined]
    wrong = None
    if request.method == "POST":
        wrong = act_in_room(request, found, by)
        if wrong is None:
            return HttpResponseRedirect(reverse("office-meeting", args=[contest.slug, found.number]))
    return _page(request, contest, "office/meeting.html", form=wrong, **room_page(found, by, wrong))


@official(Role.COMMISSION, Role.ADMINISTRATOR, shows=NOTHING)
@in_contest
@in_project
def dossier(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Everything a member reads before the vote: the project, opinions, the experts' versions beside the author's."""
    return _page(request, contest, "office/dossier.html", form=None, **dossier_page(contest, project))


@official(Role.COMMISSION, Role.ADMINISTRATOR, shows=DataKind.APPEALS)
@in_contest
def appeals(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The queue of appeals, the nearest deadline on top; granting or dismissing one."""
    wrong: AnswerForm | None = None
    if request.method == "POST":
        appeal = get_object_or_404(Appeal, pk=_uuid(request), project__contest=contest)
        wrong = AnswerForm(request.POST, prefix=str(appeal.pk))
        if wrong.is_valid():
            try:
                decide_appeal(
                    appeal=appeal, is_granted=request.POST.get("act") == "grant",
                    answer=wrong.cleaned_data["answer"], by=request.visitor.actor(),  # type: ignore[attr-defined]
                )  # fmt: skip
                messages.success(
                    request, _("Decided about the appeal of project No. %d.") % appeal.project.number
                )
                return HttpResponseRedirect(reverse("office-appeals", args=[contest.slug]))
            except Refused as refused:
                wrong.refuse(refused)
    rows = []
    every = list(appeals_in(contest))
    request.shown.about([each.filed_by_id for each in every], number=len(every))  # type: ignore[attr-defined]
    for each in every:
        prefix = str(each.pk)
        form = wrong if wrong is not None and wrong.prefix == prefix else AnswerForm(prefix=prefix)
        is_late = each.state == "waiting" and each.decide_by is not None and each.decide_by <= clock.now()
        rows.append({"appeal": each, "form": form, "is_late": is_late})
    return _page(request, contest, "office/appeals.html", form=wrong, rows=rows)


@official(Role.COMMISSION, Role.ADMINISTRATOR, shows=DataKind.APPEALS)
@in_contest
def appeal_document(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """A document of an appeal, as a download."""
    document = get_object_or_404(AppealDocument, pk=reference, appeal__project__contest=contest)
    content = private_files.content_of(document.pk, shelf=SHELF)
    if content is None:
        raise Http404(reference)
    request.shown.about([document.appeal.filed_by_id], number=1)  # type: ignore[attr-defined]
    return HttpResponse(
        content, content_type=document.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{document.pk}"', "X-Content-Type-Options": "nosniff",
        },
    )  # fmt: skip


@official(Role.COMMISSION, Role.ADMINISTRATOR, shows=NOTHING)
@in_contest
def incompatible(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Mark projects that exclude each other, or take a mark back, before the vote."""
    projects = markable_projects(contest)
    is_withdrawing = request.method == "POST" and "group" in request.POST
    form = IncompatibleForm(
        request.POST if request.method == "POST" and not is_withdrawing else None, projects=projects
    )
    taking = ReasonForm(request.POST if is_withdrawing else None, prefix=request.POST.get("group", ""))
    try:
        if _change_groups(request, contest, projects, form, taking):
            return HttpResponseRedirect(reverse("office-incompatible", args=[contest.slug]))
    except Refused as refused:
        (taking if is_withdrawing else form).refuse(refused)
    groups = [
        {"group": each, "form": taking if taking.prefix == str(each.pk) else ReasonForm(prefix=str(each.pk))}
        for each in incompatible_groups(contest)
    ]
    window = contest.window(VOTING)
    return _page(
        request, contest, "office/incompatible.html", form=taking if is_withdrawing else form, mark=form, groups=groups,
        is_late=window is not None and window.starts_at <= clock.now(),
    )  # fmt: skip


def _change_groups(
    request: HttpRequest,
    contest: Contest,
    projects: list[Project],
    form: IncompatibleForm,
    taking: ReasonForm,
) -> bool:
    """Whether something was changed as asked."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if taking.is_bound and taking.is_valid():
        group = get_object_or_404(IncompatibleGroup, pk=_uuid(request, "group"), contest=contest)
        withdraw_incompatible(group=group, reason=taking.cleaned_data["reason"], by=by)
        messages.success(request, _("The mark is taken back."))
        return True
    if form.is_bound and form.is_valid():
        chosen = [each for each in projects if str(each.number) in form.cleaned_data["projects"]]
        mark_incompatible(contest=contest, projects=chosen, reason=form.cleaned_data["reason"], by=by)
        messages.success(request, _("Marked: one of them can win."))
        return True
    return False


def _uuid(request: HttpRequest, name: str = "appeal") -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404(name) from None


def _page(request: HttpRequest, contest: Contest, template: str, *, form: Any, **shown: Any) -> HttpResponse:
    return render(
        request, template,
        {"contest": contest, "tabs": contest_tabs(contest, "commission"), "form": form, **shown},
        status=422 if form is not None and form.errors else 200,
    )  # fmt: skip
