"""Legal texts for everybody; consent given after identification, and taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.channels.booth import selection
from viche.communities.models import Community
from viche.communities.queries import community_by_slug
from viche.foundation.clock import KYIV
from viche.identity import sessions
from viche.identity.actions import give_consent, withdraw_consent
from viche.identity.consents.wording import CONSENT, DEFAULT_DAY, NAMES, facts_of, filled, rendered
from viche.identity.queries import TextInForce, consents_of, text_in_force, text_versions
from viche.portal.contest_page import community_prefix
from viche.portal.guards import identified, public
from viche.portal.identifying import home_of


@public
def text(request: HttpRequest, name: str) -> HttpResponse:
    """A legal text of the body in the language of the page, the newest or an older version."""
    community = request.place.community  # type: ignore[attr-defined]
    asked = request.GET.get("version", "")
    found = text_in_force(community, name, int(asked) if asked.isdigit() and len(asked) < 6 else None)
    if found is None:
        raise Http404(asked)
    source = found.in_language(get_language() or "uk")
    return render(
        request,
        "portal/legal.html",
        {
            "name": name, "title": NAMES[name], "text": found,
            "html": rendered(filled(source, _facts(request, community, found))),
            "versions": text_versions(community, name) if community is not None else [],
        },
    )  # fmt: skip


def _facts(request: HttpRequest, community: Community | None, found: TextInForce) -> dict[str, str]:
    day = found.since.astimezone(KYIV).date() if found.since is not None else DEFAULT_DAY
    return facts_of(community, request.get_host(), day)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else home_of(request)


@identified
def consent(request: HttpRequest, name: str) -> HttpResponse:
    """Agree to a body's text of consent, in ten seconds of reading; who does not is signed out."""
    community = community_by_slug(name)
    if community is None:
        raise Http404(name)
    found = text_in_force(community, CONSENT)
    if request.method == "POST" and request.POST.get("act") == "refuse":
        sessions.leave(request)
        messages.info(request, _("You are signed out. Nothing of you was recorded but that you identified."))
        response = HttpResponseRedirect(community_prefix(community))
        selection.forget_all(response, request)
        return response
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        give_consent(
            person=request.visitor.person, community=community, channel="online",  # type: ignore[attr-defined]
            seen=int(seen) if seen.isdigit() and len(seen) < 6 else -1,
        )  # fmt: skip
        return redirect(_next(request))
    source = found.in_language(get_language() or "uk")
    return render(
        request, "portal/consent.html",
        {
            "community": community, "text": found, "next": _next(request), "prefix": community_prefix(community),
            "html": rendered(filled(source, _facts(request, community, found))),
        },
    )  # fmt: skip


@identified
def consents(request: HttpRequest) -> HttpResponse:
    """My consents: which, when, how; one taken back, after reading what follows."""
    person = request.visitor.person  # type: ignore[attr-defined]
    if request.method == "POST":
        community = community_by_slug(request.POST.get("body", ""))
        if community is None:
            raise Http404("body")
        withdraw_consent(person=person, community=community)
        messages.success(
            request, _("Your consent is taken back. You will be asked anew when you identify here next.")
        )
        return redirect(request.path)
    return render(
        request, "portal/consents.html",
        {"consents": [{"consent": each, "prefix": community_prefix(each.community)} for each in consents_of(person)]},
    )  # fmt: skip
