"""Talk about a project: comments, reports of abuse, news, and posters to hang up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.portal.contest_page import contest_url, standing
from viche.portal.forms_talk import CommentForm, NewsForm, ReportForm
from viche.portal.guards import identified, in_contest, in_project, public, to_login
from viche.portal.qr import qr_svg
from viche.projects.actions.moves import is_written_by, roles_about
from viche.projects.models import Project, State
from viche.talk.actions import publish_news, report_comment, withdraw_comment, write_comment
from viche.talk.models import Comment
from viche.talk.queries import comment_of, comments_on, news_of

PAGE = 30
SIZES = ("a4", "a3", "leaflets")


@public
@in_contest
@in_project
def talk(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """Everything said about a project, and a place to say more."""
    person = request.visitor.person  # type: ignore[attr-defined]
    is_author = person is not None and is_written_by(project, person.pk)
    # one form on the page is the sent one: an answer's stands under what it answers
    form = CommentForm(request.POST or None, is_author=is_author)
    if request.method == "POST":
        if person is None:
            return to_login(request)
        if form.is_valid() and (made := _write(request, project, form)):
            _tell(request, made)
            return HttpResponseRedirect(contest_url(contest, "talk", project.number) + f"#c-{made.pk}")
    page = Paginator(comments_on(project, person), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "portal/talk.html",
        {
            "contest": contest, "project": project, "page": page, "form": form, "is_author": is_author,
            "answered": str(form.data.get("parent", "")) if form.is_bound else request.GET.get("answer", ""),
            "reader": person, "is_open": contest.rules.comments != "off",
            "is_read_before": contest.rules.comments == "before",
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _write(request: HttpRequest, project: Project, form: CommentForm) -> Comment | None:
    said = form.cleaned_data
    try:
        return write_comment(
            project=project, text=said["text"], parent=said["parent"], by=request.visitor.actor(),  # type: ignore[attr-defined]
            kind=Comment.Kind.QUESTION if said.get("is_question") else Comment.Kind.COMMENT,
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused)
        return None


def _tell(request: HttpRequest, made: Comment) -> None:
    if made.state == Comment.State.WAITING:
        messages.success(request, _("Thank you. A moderator reads it before it is published."))
    else:
        messages.success(request, _("Published."))


@identified
@in_contest
@in_project
def report(request: HttpRequest, contest: Contest, project: Project, reference: UUID) -> HttpResponse:
    """Report a comment that breaks the rules, or take back one’s own."""
    comment = _comment(project, reference)
    by = request.visitor.actor()  # type: ignore[attr-defined]
    is_own = comment.person_id == by.person_id
    form = ReportForm(request.POST or None)
    back = HttpResponseRedirect(contest_url(contest, "talk", project.number))
    if request.method == "POST" and is_own:
        withdraw_comment(comment=comment, by=by)
        messages.success(request, _("Your comment is taken back: its text is erased."))
        return back
    if request.method == "POST" and form.is_valid():
        report_comment(comment=comment, reason=form.cleaned_data["reason"], by=by)
        messages.success(request, _("Thank you. A moderator will look at it."))
        return back
    return render(
        request,
        "portal/talk_report.html",
        {"contest": contest, "project": project, "comment": comment, "form": form, "is_own": is_own},
        status=422 if form.errors else 200,
    )


def _comment(project: Project, reference: UUID) -> Comment:
    found = comment_of(project, reference)
    if found is None or found.state != Comment.State.PUBLISHED:
        raise Http404(reference)
    return found


@public
@in_contest
@in_project
def news(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """All news of a project; its authors and the body's officials write here."""
    visitor = request.visitor  # type: ignore[attr-defined]
    writes = visitor.person is not None and bool(
        roles_about(project, visitor.actor()) & {"author", "editor", "administrator"}
    )
    form = NewsForm(request.POST or None) if writes else None
    if request.method == "POST" and form is None:
        raise Refused("wrong_role", _("News is written by the author and by officials."), status=403)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            publish_news(project=project, by=visitor.actor(), **form.cleaned_data)
            messages.success(request, _("Published."))
            return HttpResponseRedirect(contest_url(contest, "news", project.number))
        except Refused as refused:
            form.refuse(refused)
    page = Paginator(news_of(project), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "portal/news.html",
        {"contest": contest, "project": project, "form": form, "page": page},
        status=422 if form is not None and form.errors else 200,
    )


@public
@in_contest
@in_project
def poster(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """A poster to print on A4 or A3, or four leaflets on a sheet: what, where, and a code that leads here."""
    size = request.GET.get("size", "a4")
    address = request.build_absolute_uri(contest_url(contest, "project", project.number))
    return render(
        request,
        "portal/poster.html",
        {
            "contest": contest, "project": project, "size": size if size in SIZES else "a4", "sizes": _sizes(size),
            "address": address.partition("://")[2], "qr": qr_svg(address), "call": _call(project),
            "facts": standing(contest), "copies": range(4 if size == "leaflets" else 1),
        },
    )  # fmt: skip


def _sizes(current: str) -> list[tuple[str, str, bool]]:
    names = {"a4": _("Poster A4"), "a3": _("Poster A3"), "leaflets": _("Four leaflets on A4")}
    chosen = current if current in SIZES else "a4"
    return [(names[size], f"?size={size}", size == chosen) for size in SIZES]


def _call(project: Project) -> Any:
    """What the poster asks people to do."""
    if project.state == State.SIGNING:
        return _("Support this project")
    if project.state == State.ADMITTED:
        return _("Vote for this project")
    if project.state in {State.FUNDED, State.IN_PROGRESS, State.IMPLEMENTED}:
        return _("Chosen by residents")
    return _("Read about this project")
