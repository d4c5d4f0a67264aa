"""Writing a project: drafts of a contest, its steps, their saving, submission."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.calendar import SUBMISSION
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.portal.contest_page import contest_url, standing
from viche.portal.guards import identified, in_contest
from viche.portal.writing.files import files_changed
from viche.portal.writing.pages import (
    check_page,
    edit_refusal,
    files_page,
    form_of,
    form_page,
    saved_page,
    step_saved,
)
from viche.portal.writing.steps import CHECK, FILES, IDEA, missing_in, step_url, steps_of
from viche.projects.actions import create_draft, discard_draft, submit_draft
from viche.projects.completeness import faults_of
from viche.projects.models import Project, State
from viche.projects.queries import projects_written_by
from viche.projects.submission import submission_lines


@identified
@in_contest
def submit(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The address by which a project is proposed: on to where it is written."""
    return HttpResponseRedirect(reverse("write", args=[contest.slug]))


@identified
@in_contest
def write(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What the rules ask, my drafts and projects of this contest, and the way to begin one."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if request.method == "POST":
        made = create_draft(contest=contest, author=visitor.person, by=visitor.actor())
        return redirect(step_url(made, IDEA))
    mine = list(projects_written_by(visitor.person, contest))
    found = obstacles(
        person=visitor.person,
        territory=contest.community.territory,
        rule=contest.rules.author,
        moment=clock.now(),
    )
    return render(
        request,
        "portal/writing/start.html",
        {
            "contest": contest, "facts": standing(contest), "obstacles": found,
            "asked": submission_lines(contest.rules), "is_frozen": contest.is_frozen,
            "is_over": contest.has_ended(SUBMISSION), "is_open": SUBMISSION in contest.phases,
            "window": contest.window(SUBMISSION),
            "drafts": [
                {"project": each, "missing": len(faults_of(each)), "href": step_url(each, IDEA)}
                for each in mine
                if each.state == State.DRAFT
            ],
            "submitted": [
                {"project": each, "href": step_url(each, CHECK)} for each in mine if each.state != State.DRAFT
            ],
        },
    )  # fmt: skip


def written_here(request: HttpRequest, contest: Contest, reference: UUID) -> Project:
    """The draft or project of the path, where the visitor writes it; else there is no such page."""
    person = request.visitor.person  # type: ignore[attr-defined]
    found = projects_written_by(person, contest).filter(pk=reference).first()
    if found is None:
        raise Http404(reference)
    return found


@identified
@in_contest
def opened(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """A draft by its address alone: its first step; a submitted project: all of it."""
    project = written_here(request, contest, reference)
    return redirect(step_url(project, IDEA if project.state == State.DRAFT else CHECK))


@identified
@in_contest
def step(request: HttpRequest, contest: Contest, reference: UUID, name: str) -> HttpResponse:
    """One step: shown, saved by its buttons, saved by itself while one types."""
    project = written_here(request, contest, reference)
    if name not in steps_of(project):
        raise Http404(name)
    if name == CHECK:
        return _check(request, project)
    if edit_refusal(project) is not None:
        return redirect(step_url(project, CHECK))
    if name == FILES:
        return _files(request, project)
    form = form_of(name, project, request)
    if request.method != "POST":
        return form_page(request, project, name, form)
    saved = step_saved(request, project, name, form)
    if request.headers.get("HX-Request"):
        return saved_page(request, saved, name)
    if saved.is_done:
        return redirect(saved.href(request.POST.get("act", "save")))
    return form_page(request, saved.project, name, saved.form, saved=saved)


def _files(request: HttpRequest, project: Project) -> HttpResponse:
    """Pictures and documents: added, described, put in order, taken out."""
    if request.method != "POST":
        return files_page(request, project)
    faults = files_changed(request, project)
    if faults:
        return files_page(request, project, faults)
    act = request.POST.get("act", "")
    order = steps_of(project)
    following = order[order.index(FILES) + 1]
    return redirect(step_url(project, following if act == "next" else FILES))


def _check(request: HttpRequest, project: Project) -> HttpResponse:
    """Everything at one glance; the submission itself."""
    if request.method != "POST":
        return check_page(request, project)
    try:
        visitor = request.visitor  # type: ignore[attr-defined]
        made = submit_draft(project=project, by=visitor.actor(), method=visitor.method)
    except Refused as refused:
        project.refresh_from_db()
        if project.state != State.DRAFT:  # pressed twice: it is there
            return redirect(shown_at(project))
        return check_page(request, project, refused)
    messages.success(request, _("The project is submitted: No. %d.") % made.number)
    return redirect(shown_at(made))


def shown_at(project: Project) -> str:
    """Where an author looks at a submitted project: its public page once it is public."""
    if project.is_public:
        return contest_url(project.contest, "project", project.number)
    return contest_url(project.contest, "mine", project.pk)


@identified
@in_contest
def discard(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """Delete a draft, after a page that asks once more."""
    project = written_here(request, contest, reference)
    if request.method == "POST":
        discard_draft(project=project, by=request.visitor.actor())  # type: ignore[attr-defined]
        messages.success(request, _("The draft is deleted."))
        return redirect("write", contest.slug)
    return render(
        request,
        "portal/writing/discard.html",
        {"contest": contest, "project": project, "missing": missing_in(project, {})},
    )
