"""Identification: choose a method, go to the provider, come back."""

import logging
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
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
from viche.portal.refusals import refusal_page
from viche.portal.taking_part import taking_part_links
from viche.projects.queries import projects_by, signatures_by

log = logging.getLogger("viche.identity")
LANGUAGE = "language"

METHOD_NAMES = {
    "bank_id": (gettext_lazy("BankID"), gettext_lazy("through your bank; also confirms your address")),
    "dig_sign": (
        gettext_lazy("Electronic signature"),
        gettext_lazy("a qualified signature: file, token or cloud"),
    ),
    "mobile_id": (gettext_lazy("MobileID"), gettext_lazy("a signature on your SIM card")),
    "diia_id": (gettext_lazy("Diia.Signature"), gettext_lazy("in the application Diia")),
}


def callback_url(request: HttpRequest, provider: str) -> str:
    """The address registered with the provider: on this host, outside any community's path and language."""
    return request.build_absolute_uri(f"/identity/callback/{provider}/")


def _home(request: HttpRequest) -> str:
    """The start of where the visitor is, in their language."""
    return reverse("home" if request.place.community else "start")  # type: ignore[attr-defined]


def _wanted(request: HttpRequest) -> str:
    """Where to go after identification. The page of methods and the provider's callback are no such places."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    path, _mark, query = wanted.partition("?")
    if path.endswith("/login/"):
        wanted = QueryDict(query).get("next", "")
        path = wanted.partition("?")[0]
    return wanted if wanted and not path.endswith("/login/") and "/identity/" not in path else _home(request)


@public
def login(request: HttpRequest) -> HttpResponse:
    """Choose how to identify oneself; the way on leads to the provider."""
    next_url = _wanted(request)
    known = providers()
    if request.method == "POST":
        name, _dot, method = request.POST.get("method", "").partition(":")
        provider = known.get(name)
        if provider is None or method not in provider.methods:
            raise Refused("unknown_method", _("Choose one of the methods."), status=422)
        state = sessions.begin(request, provider=name, next_url=next_url)
        request.session[LANGUAGE] = get_language()
        target = provider.authorization_url(
            state=state, redirect_uri=callback_url(request, name), methods=(method,)
        )
        return HttpResponseRedirect(target)
    methods = [
        {"value": f"{name}:{method}", "title": METHOD_NAMES[method][0], "text": METHOD_NAMES[method][1]}
        for name, provider in known.items()
        for method in provider.methods
    ]
    response = render(request, "portal/login.html", {"methods": methods, "next": next_url})
    response["Cache-Control"] = "no-store"
    return response


@public
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Back from the provider: state, code, claims, session; then on to where the person wanted to go."""
    client = providers().get(provider)
    if client is None:
        raise Http404(provider)
    # the provider comes back to an address without a language: the person's own was kept on the way out
    with override(request.session.get(LANGUAGE) or get_language()):
        return _returned(request, provider, client)


def _returned(request: HttpRequest, provider: str, client: RedirectProvider) -> HttpResponse:
    begun = request.session.get(sessions.STATES, {}).get(request.GET.get("state", ""), {})
    next_url = str(begun.get("next", _home(request)))
    try:
        next_url = sessions.redeem(request, provider=provider, state=request.GET.get("state", ""))
        code = client.code_from_callback(request.GET, expected_state=request.GET.get("state", ""))
        claims = client.identify(
            code, state=request.GET.get("state", ""), redirect_uri=callback_url(request, provider)
        )
        person = sessions.enter(request, claims)
    except ProviderError as error:
        log.warning("identification by %s failed: %s", provider, error)
        return _failed(
            request, Refused(error.code, error.message, status=502 if error.is_temporary else 400), next_url
        )
    except Refused as refused:
        return _failed(request, refused, next_url)
    messages.success(request, _("You are identified as %s.") % person.display_name)
    response = HttpResponseRedirect(next_url)
    response["Cache-Control"] = "no-store"
    return response


def _failed(request: HttpRequest, refused: Refused, next_url: str) -> HttpResponse:
    """Says why, and offers to begin again on the way to the same page."""
    again = f"{reverse('login')}?{urlencode({'next': next_url})}"
    return refusal_page(request, refused, title=_("You are not identified"), action=(_("Try again"), again))


@public
def logout(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        sessions.leave(request)
        messages.success(request, _("You have left your session."))
    response = HttpResponseRedirect(_home(request))
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
                {"at": each.at, "method": METHOD_NAMES.get(each.method, (each.method,))[0]}
                for each in latest_identifications(person)
            ],
            "connections": connections_by(person),
            "connect_href": _outside(request, "connect"),
            "home": reverse("start", urlconf="viche.config.urls"),
        },
    )
