"""What the pages of identification share: the ways offered, the beginning of an attempt, the end, good or bad."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.queries import community_by_slug
from viche.foundation.refused import Refused
from viche.identity import sessions
from viche.identity.actions import record_started, start_attempt
from viche.identity.models import Attempt, Person
from viche.identity.providers import ProviderError
from viche.identity.queries import attempt_named, needs_consent
from viche.identity.registry import Providers, providers
from viche.portal.refusals import refusal_page

LANGUAGE = "language"

WAYS = {
    "bank_id": (gettext_lazy("BankID"), gettext_lazy("through your bank; also confirms your address")),
    "dig_sign": (
        gettext_lazy("Electronic signature"),
        gettext_lazy("a qualified signature: file, token or cloud"),
    ),
    "mobile_id": (gettext_lazy("MobileID"), gettext_lazy("a signature on your SIM card")),
    "diia_id": (gettext_lazy("Diia.Signature"), gettext_lazy("in the application Diia")),
    "oidc": (gettext_lazy("Log-in service"), gettext_lazy("an account this site trusts")),
}
# by a provider of its own, and not through id.gov.ua
OWN_WAYS = {
    ("kep", "dig_sign"): (
        gettext_lazy("Signature over a text"),
        gettext_lazy("download a short text, sign it with your own tool, bring the signature"),
    ),
}
GROUPS = {"isei": gettext_lazy("Through the state system id.gov.ua"), "": gettext_lazy("Directly")}


def way_name(provider: str, method: str) -> str:
    """The name of a way to identify, with the system it goes through: «BankID (id.gov.ua)»."""
    known = OWN_WAYS.get((provider, method)) or WAYS.get(method)
    if known is None:
        return method
    return f"{known[0]} (id.gov.ua)" if provider == "isei" else str(known[0])


def offered_methods(request: HttpRequest, known: Providers) -> list[dict[str, Any]]:
    """The ways, those of the state system first; each with what it proves and its button's value."""
    groups: dict[str, dict[str, Any]] = {}
    for name, method in sorted(known.methods, key=lambda way: way[0] != "isei"):
        title, text = OWN_WAYS.get((name, method)) or WAYS[method]
        label = getattr(known.redirects.get(name), "label", "")
        key = name if name in GROUPS else ""
        group = groups.setdefault(key, {"title": GROUPS[key], "ways": []})
        group["ways"].append({"value": f"{name}:{method}", "title": label or title, "text": text})
    return list(groups.values())


def home_of(request: HttpRequest) -> str:
    """The start of where the visitor is, in their language."""
    return reverse("home" if request.place.community else "start")  # type: ignore[attr-defined]


def refusal_of(error: ProviderError) -> Refused:
    return Refused(error.code, error.message, status=502 if error.is_temporary else 400)


def failed(request: HttpRequest, refused: Refused, next_url: str) -> HttpResponse:
    """Says why, and offers to begin again on the way to the same page."""
    again = f"{reverse('login')}?{urlencode({'next': next_url})}"
    return refusal_page(request, refused, title=_("You are not identified"), action=(_("Try again"), again))


def entered(request: HttpRequest, what: sessions.Begun) -> HttpResponse:
    """On to where the person wanted to go."""
    person = request.visitor.person  # type: ignore[attr-defined]
    if what.joins:
        messages.success(request, _("This way to identify is yours now."))
    else:
        messages.success(request, _("You are identified as %s.") % person.display_name)
    response = HttpResponseRedirect(_by_consent(person, what))
    response["Cache-Control"] = "no-store"
    return response


def _by_consent(person: Person, what: sessions.Begun) -> str:
    """Where to go on: by the body's text of consent, where the person has to be asked."""
    body = community_by_slug(what.place) if what.place else None
    if body is None or not needs_consent(person, body):
        return what.next_url
    return f"{reverse('consent', args=[body.slug])}?{urlencode({'next': what.next_url})}"


def begin_attempt(
    request: HttpRequest, provider: str, method: str, *, next_url: str, joins: bool
) -> HttpResponse:
    """Begin an identification that ends elsewhere, and go to its page."""
    place = request.place.community  # type: ignore[attr-defined]
    attempt = start_attempt(
        provider=provider, method=method, host=request.get_host(), asked_in=place,
        joins=request.visitor.person if joins else None,  # type: ignore[attr-defined]
    )  # fmt: skip
    sessions.begin(request, provider=provider, next_url=next_url, joins=joins, state=attempt.id.hex)
    there = reverse("attempt", args=[attempt.id])
    application = providers().delivered.get(provider)
    if application is not None:
        try:
            started = application.start(
                text=attempt.text.encode(),
                request=attempt.id.hex,
                return_url=request.build_absolute_uri(there),
            )
        except ProviderError as error:
            return failed(request, refusal_of(error), next_url)
        record_started(attempt=attempt, started=started)
    return HttpResponseRedirect(there)


def own_attempt(request: HttpRequest, reference: UUID) -> tuple[Attempt, sessions.Begun]:
    """The attempt of the address, where this browser began it. Refused: bad_state."""
    attempt = attempt_named(reference)
    provider = attempt.provider if attempt is not None else ""
    what = sessions.begun(request, provider=provider, state=reference.hex)
    if attempt is None:  # swept away while the page stood open
        raise Refused("expired_state", _("The identification took too long. Please begin again."), status=400)
    return attempt, what
