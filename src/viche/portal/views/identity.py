"""Identification: choose a method, go to the provider, come back."""

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from viche.ballots.queries import marks_of
from viche.channels.booth import selection
from viche.foundation.refused import Refused
from viche.identity import sessions
from viche.identity.providers import ProviderError
from viche.identity.providers.ports import RedirectProvider
from viche.identity.queries import (
    connections_by,
    latest_identifications,
    live_memberships,
    live_offices,
    requests_of,
)
from viche.identity.registry import providers
from viche.portal.contest_page import community_prefix
from viche.portal.guards import identified, public
from viche.portal.identifying import (
    LANGUAGE,
    begin_attempt,
    entered,
    failed,
    home_of,
    offered_methods,
    refusal_of,
    way_name,
)
from viche.portal.taking_part import taking_part_links
from viche.projects.queries import projects_by, signatures_by

log = logging.getLogger("viche.identity")


def callback_url(request: HttpRequest, provider: str) -> str:
    """The address registered with the provider: on this host, outside any community's path and language."""
    return request.build_absolute_uri(f"/identity/callback/{provider}/")


def _wanted(request: HttpRequest) -> str:
    """Where to go after identification. The page of methods and the provider's callback are no such places."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    path, _mark, query = wanted.partition("?")
    if path.endswith("/login/"):
        wanted = QueryDict(query).get("next", "")
        path = wanted.partition("?")[0]
    return (
        wanted if wanted and not path.endswith("/login/") and "/identity/" not in path else home_of(request)
    )


@public
def login(request: HttpRequest) -> HttpResponse:
    """Choose how to identify oneself, or a way to add to one's own; the way on leads to the provider."""
    next_url, joins = _wanted(request), bool(request.POST.get("add") or request.GET.get("add"))
    known = providers()
    if joins and not request.visitor.is_fresh():  # type: ignore[attr-defined]
        joins = False  # whoever adds a way identifies first by one they have
    if request.method == "POST":
        name, _dot, method = request.POST.get("method", "").partition(":")
        if (name, method) not in known.methods:
            raise Refused("unknown_method", _("Choose one of the methods."), status=422)
        request.session[LANGUAGE] = get_language()
        if known.waits(name):
            return begin_attempt(request, name, method, next_url=next_url, joins=joins)
        state = sessions.begin(request, provider=name, next_url=next_url, joins=joins)
        target = known.redirects[name].authorization_url(
            state=state, redirect_uri=callback_url(request, name), methods=(method,)
        )
        return HttpResponseRedirect(target)
    response = render(
        request,
        "portal/login.html",
        {"groups": offered_methods(request, known), "next": next_url, "joins": joins},
    )
    response["Cache-Control"] = "no-store"
    return response


@public
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Back from the provider: state, code, claims, session; then on to where the person wanted to go."""
    client = providers().redirects.get(provider)
    if client is None:
        raise Http404(provider)
    # the provider comes back to an address without a language: the person's own was kept on the way out
    with override(request.session.get(LANGUAGE) or get_language()):
        return _returned(request, provider, client)


def _returned(request: HttpRequest, provider: str, client: RedirectProvider) -> HttpResponse:
    state = request.GET.get("state", "")
    next_url = str(request.session.get(sessions.STATES, {}).get(state, {}).get("next", home_of(request)))
    try:
        what = sessions.redeem(request, provider=provider, state=state)
        next_url = what.next_url
        code = client.code_from_callback(request.GET, expected_state=state)
        claims = client.identify(code, state=state, redirect_uri=callback_url(request, provider))
        sessions.enter(request, claims, what)
    except ProviderError as error:
        log.warning("identification by %s failed: %s", provider, error)
        return failed(request, refusal_of(error), next_url)
    except Refused as refused:
        return failed(request, refused, next_url)
    return entered(request, what)


@public
def logout(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        sessions.leave(request)
        messages.success(request, _("You have left your session."))
    response = HttpResponseRedirect(home_of(request))
    if request.method == "POST":
        selection.forget_all(response, request)
    return response


def _outside(request: HttpRequest, name: str) -> str:
    """The address of one of the platform's own pages, from inside a community too."""
    place = request.place  # type: ignore[attr-defined]
    address = reverse(name, urlconf="viche.config.urls")
    if place.community is None:
        return address
    # at a body's own host the platform's pages are at another one
    return f"/{address.removeprefix(place.prefix)}" if place.prefix != "/" else ""


@identified
def my(request: HttpRequest) -> HttpResponse:
    """What the platform knows about me: memberships, offices, my projects, where I voted (that, not how)."""
    person = request.visitor.person  # type: ignore[attr-defined]
    marks = marks_of(person)
    projects = projects_by(person)
    return render(
        request,
        "portal/my.html",
        {
            "memberships": list(live_memberships(person)),
            "requests": [
                {"request": each, "prefix": community_prefix(each.community)} for each in requests_of(person)
            ],
            "running": taking_part_links(request),
            "offices": [
                {"office": office, "prefix": community_prefix(office.community)}
                for office in live_offices(person)
            ],
            "marks": [{"mark": mark, "prefix": community_prefix(mark.contest.community)} for mark in marks],
            "projects": [
                {"project": each, "prefix": community_prefix(each.contest.community)} for each in projects
            ],
            "signatures": [
                {"signature": each, "prefix": community_prefix(each.contest.community)}
                for each in signatures_by(person)
            ],
            "identifications": [
                {"at": each.at, "method": way_name(each.provider, each.method)}
                for each in latest_identifications(person)
            ],
            "connections": connections_by(person),
            "connect_href": _outside(request, "connect"),
            "home": reverse("start", urlconf="viche.config.urls"),
        },
    )
