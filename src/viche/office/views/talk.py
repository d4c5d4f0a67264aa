"""The moderator's desk: comments that wait or are reported, and the newest ones."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import DataKind, Role
from viche.office.contest_tabs import contest_tabs
from viche.portal.forms_talk import HideForm
from viche.portal.guards import in_contest, official
from viche.talk.actions import hide_comment, publish_comment
from viche.talk.models import Comment
from viche.talk.queries import latest_comments, waiting_comments

PAGE = 40


@official(Role.ADMINISTRATOR, Role.EDITOR, shows=DataKind.COMMENTS)
@in_contest
def talk(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What waits for a moderator, the oldest first; and everything said lately."""
    wrong: tuple[str, HideForm] | None = None
    if request.method == "POST":
        wrong = _decide(request, contest)
        if wrong is None:
            return HttpResponseRedirect(reverse("office-talk", args=[contest.slug]))
    waiting = list(waiting_comments(contest)[:PAGE])
    page = Paginator(latest_comments(contest), PAGE).get_page(request.GET.get("page"))
    request.shown.about([each.person_id for each in (*waiting, *page)])  # type: ignore[attr-defined]
    return render(
        request,
        "office/talk.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "talk"), "page": page,
            "waiting": [_row(each, wrong) for each in waiting], "policy": contest.rules.comments,
            "latest": [_row(each, wrong) for each in page],
        },
        status=422 if wrong is not None else 200,
    )  # fmt: skip


def _row(comment: Comment, wrong: tuple[str, HideForm] | None) -> dict[str, Any]:
    reference = str(comment.pk)
    form = wrong[1] if wrong is not None and wrong[0] == reference else HideForm(prefix=reference)
    return {
        "comment": comment, "form": form, "is_open": form.is_bound,
        "reports": [each.get_reason_display() for each in comment.reports.all() if each.settled_at is None],
    }  # fmt: skip


def _decide(request: HttpRequest, contest: Contest) -> tuple[str, HideForm] | None:
    """Do what was pressed; the form with its faults where it has some."""
    reference = request.POST.get("comment", "")
    comment = _comment(contest, reference)
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if request.POST.get("act") == "publish":
        publish_comment(comment=comment, by=by)
        messages.success(request, _("Published."))
        return None
    form = HideForm(request.POST, prefix=reference)
    if not form.is_valid():
        return reference, form
    hide_comment(comment=comment, reason=form.cleaned_data["reason"], by=by)
    messages.success(request, _("Hidden, with the reason in its place."))
    return None


def _comment(contest: Contest, reference: str) -> Comment:
    """The comment of this contest. Refused: gone."""
    try:
        found = latest_comments(contest).filter(pk=UUID(reference)).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused("gone", _("Its writer has taken this comment back."))
    return found
