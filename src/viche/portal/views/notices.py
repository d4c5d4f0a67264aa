"""What a person follows and what they are told: the list, following, marking as read."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from viche.connectors.messages.actions import end_follow, follow_subject, mark_read
from viche.connectors.messages.queries import follows_of, notice_of, notices_of
from viche.connectors.messages.searches import query_from
from viche.contests.queries import contest_at
from viche.foundation.fields import whole_number
from viche.portal.guards import identified
from viche.portal.notices_page import groups_of, rows_of, target_of
from viche.projects.queries import project_numbered

PAGE = 30


@identified
def notices(request: HttpRequest) -> HttpResponse:
    """The unread first, grouped by what they are about."""
    person = request.visitor.person  # type: ignore[attr-defined]
    page = Paginator(notices_of(person), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/notices.html", {"page": page, "groups": groups_of(list(page))})


@identified
def notice(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Open what a notice is about; by that it is read."""
    person = request.visitor.person  # type: ignore[attr-defined]
    found = notice_of(person, reference)
    if found is None:
        raise Http404(reference)
    mark_read(person=person, notice=found.pk)
    return HttpResponseRedirect(target_of(found))


@identified
def read(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    if request.method == "POST":
        mark_read(person=request.visitor.person)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("notices"))


@identified
def follows(request: HttpRequest) -> HttpResponse:
    """Everything the person follows, each with a button to end it."""
    person = request.visitor.person  # type: ignore[attr-defined]
    return render(request, "portal/follows.html", {"rows": rows_of(follows_of(person))})


@identified
def follow(request: HttpRequest) -> HttpResponse:
    """Follow what the form names, or follow it no longer; back to the page of the button."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("follows"))
    subject = _subject(request)
    person = request.visitor.person  # type: ignore[attr-defined]
    if request.POST.get("act") == "end":
        end_follow(person=person, **subject)
        messages.success(request, _("You do not follow this any more."))
    else:
        follow_subject(person=person, **subject)
        text = _("You follow this now. What happens stands under “Notices”.")
        messages.success(request, text)
    back = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if is_own else reverse("follows"))


def _subject(request: HttpRequest) -> dict[str, Any]:
    """What the form is about. Raises Http404 for what is not in this community."""
    community, sent = request.place.community, request.POST  # type: ignore[attr-defined]
    if not sent.get("contest"):
        return {"community": community}
    contest = contest_at(community, sent["contest"])
    if contest is None:
        raise Http404(sent["contest"])
    if sent.get("is_search"):
        query = query_from(dict(parse_qsl(sent.get("query", ""))))
        return {"community": community, "contest": contest, "query": query}
    if not sent.get("number"):
        return {"community": community, "contest": contest}
    project = project_numbered(contest, whole_number(sent["number"]) or 0)
    if project is None:
        raise Http404(sent["number"])
    return {"community": community, "contest": contest, "project": project}
