"""Guards: every URL of the house says who may open it. A test crawls all URLs and compares."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.contests.queries import contest_at
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.portal import showing
from viche.projects.models import Project
from viche.projects.queries import project_numbered
from viche.projects.team import project_written_by

View = Callable[..., HttpResponse]
READING = frozenset({"GET", "HEAD"})


def _declare(view: View, wrapped: View, guard: str, shows: str | tuple[str, ...] = "") -> View:
    functools.update_wrapper(wrapped, view)
    wrapped.guard = guard  # type: ignore[attr-defined]
    wrapped.shows = (shows,) if isinstance(shows, str) else shows  # type: ignore[attr-defined]
    return wrapped


def public(view: View) -> View:
    """Anybody may open this page."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return _declare(view, wrapped, "public")


def identified(view: View) -> View:
    """Only an identified person; others are sent to identify themselves and come back."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.visitor.person is None:  # type: ignore[attr-defined]
            return _signed_out(request)
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return _declare(view, wrapped, "identified")


def official(*roles: str, shows: str | tuple[str, ...] = "") -> Callable[[View], View]:
    """Only a person who holds one of the offices in this community (any office where none is named).

    shows: what personal data of other people the page shows (identity.models.DataKind, the page's own kind first), or
    NOTHING; each look is written down (portal.showing). A test fails for a page that declares neither.

    An auditor reads every page of the officials and changes nothing: request.reads_only tells the page that whoever
    looks is here as an auditor only, and any other method than GET and HEAD is refused.
    """

    def decorate(view: View) -> View:
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            visitor = request.visitor  # type: ignore[attr-defined]
            if visitor.person is None:
                return _signed_out(request)
            _admit(request, frozenset(roles))
            if (wanted := _second_factor(request)) is not None:
                return wanted
            response = showing.answered(view, request, *args, shows=shows, roles=roles, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        return _declare(view, wrapped, "official:" + ",".join(sorted(roles)), shows)

    return decorate


def _admit(request: HttpRequest, wanted: frozenset[str]) -> None:
    """Refused: not_official, auditor_reads."""
    held: frozenset[str] = request.visitor.roles  # type: ignore[attr-defined]
    matching = (held & wanted if wanted else held) - {Role.AUDITOR}
    request.reads_only = not matching  # type: ignore[attr-defined]
    if matching:
        return
    if Role.AUDITOR not in held:
        raise Refused("not_official", _("This page is for officials of the community."), status=403)
    if request.method not in READING:
        raise Refused("auditor_reads", _("An auditor reads everything and changes nothing."), status=403)


def platform(*, shows: str | tuple[str, ...] = "") -> Callable[[View], View]:
    """Only an administrator of the platform itself; on the platform's own pages. shows: as official."""

    def decorate(view: View) -> View:
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            visitor = request.visitor  # type: ignore[attr-defined]
            if visitor.person is None:
                return _signed_out(request)
            if Role.PLATFORM not in visitor.roles:
                raise Refused(
                    "not_platform", _("This page is for administrators of the platform."), status=403
                )
            if (wanted := _second_factor(request)) is not None:
                return wanted
            response = showing.answered(view, request, *args, shows=shows, roles=(Role.PLATFORM,), **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        return _declare(view, wrapped, "platform", shows)

    return decorate


def _second_factor(request: HttpRequest) -> HttpResponse | None:
    """The way to the second factor where this session lacks it, a sent form kept; None where all is well."""
    visitor = request.visitor  # type: ignore[attr-defined]
    lacks = visitor.lacks_factor
    if not lacks:
        visitor.note_page()
        return None
    place = reverse("security" if lacks == "setup" else "security-check")
    if request.method == "POST":
        return _kept(request, f"{place}?{urlencode({'next': reverse('my')})}", is_factor=True)
    return HttpResponseRedirect(f"{place}?{urlencode({'next': request.get_full_path()})}")


def to_login(request: HttpRequest) -> HttpResponse:
    """On to identification, and back to this page afterwards."""
    return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()})}")


def _signed_out(request: HttpRequest) -> HttpResponse:
    """The visitor has to identify first. A form that was sent is kept on the page, to be sent once more."""
    if request.method != "POST":
        return to_login(request)
    return _kept(request, f"{reverse('login')}?{urlencode({'next': reverse('my')})}")


def _kept(request: HttpRequest, way: str, *, is_factor: bool = False) -> HttpResponse:
    """A sent form, kept on a page until the person is back from the way they have to go first, in another tab."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    response = render(
        request,
        "portal/signed_out.html",
        {
            "fields": [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"],
            "action": request.get_full_path(),
            "login": way,
            "has_files": bool(request.FILES),
            "is_factor": is_factor,
        },
        status=401,
    )
    response["Cache-Control"] = "no-store"
    return response


def in_contest(view: View) -> View:
    """Finds the contest of the path in this community (404 otherwise) and puts it into request.place.

    A contest whose rules are not frozen yet is a draft: it is there for officials of the body only.
    """

    def wrapped(request: HttpRequest, contest: str, *args: Any, **kwargs: Any) -> HttpResponse:
        place = request.place  # type: ignore[attr-defined]
        found = contest_at(place.community, contest) if place.community else None
        if found is None or not (found.is_frozen or request.visitor.roles):  # type: ignore[attr-defined]
            raise Http404(contest)
        place.contest = found
        return view(request, found, *args, **kwargs)

    return functools.wraps(view)(wrapped)


def in_project(view: View) -> View:
    """Inside in_contest: finds the contest's public project of the path (404 otherwise)."""

    def wrapped(
        request: HttpRequest, contest: Contest, number: int, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        found: Project | None = project_numbered(contest, number)
        if found is None:
            raise Http404(number)
        return view(request, contest, found, *args, **kwargs)

    return functools.wraps(view)(wrapped)


def in_own_project(view: View) -> View:
    """Inside identified and in_contest: finds the project of the path that the visitor writes, alone or in a team,
    submitted or not (404 otherwise).
    """

    def wrapped(
        request: HttpRequest, contest: Contest, reference: UUID, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        found = project_written_by(request.visitor.person, contest, reference)  # type: ignore[attr-defined]
        if found is None:
            raise Http404(str(reference))
        # one contest on the page, with what was already read of it
        found.contest = contest
        return view(request, contest, found, *args, **kwargs)

    return functools.wraps(view)(wrapped)
