"""The browser session of an identified person, and the way to a provider and back.

The session holds the person's id, the moment, the method and who vouched; never a person's number or name. Its key
is cycled at identification. The state sent to the provider is random, kept in the session, single-use and short-lived.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.communities.queries import community_by_slug
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity import actions, queries
from viche.identity.models import PLATFORM, Person
from viche.identity.providers import VerifiedClaims

STATE_SECONDS = 900
FACTOR_AT, FACTOR_SEEN, FACTOR_STATE = "factor_at", "factor_seen", "factor_state"
PERSON, AT, METHOD, STATES = "person", "identified_at", "method", "identification_states"
ISSUER = "issuer"
KEPT = "kept_at"


def is_recent(moment: datetime, minutes: int | None) -> bool:
    """Whether an identification at that moment is recent enough. minutes: see Visitor.is_fresh."""
    limit = settings.FRESH_IDENTIFICATION_SECONDS if minutes is None else 60 * minutes
    return clock.now() - moment <= timedelta(seconds=limit)


class Visitor:
    """Who is at the browser: request.visitor. person is None for somebody not identified."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> Person | None:
        reference = self._request.session.get(PERSON)
        if not reference:
            return None
        person = Person.objects.filter(pk=UUID(reference), merged_into=None, erased_at=None).first()
        if person is not None and person.sessions_since is not None:
            opened = datetime.fromisoformat(self._request.session.get(KEPT) or self._request.session[AT])
            return person if opened >= person.sessions_since else None
        return person

    @property
    def identified_at(self) -> datetime | None:
        moment = self._request.session.get(AT)
        return datetime.fromisoformat(moment) if moment else None

    @property
    def method(self) -> str:
        """Provider and method of the identification: "isei:bank_id"."""
        return str(self._request.session.get(METHOD, ""))

    @property
    def issuer(self) -> str:
        """Who vouched: the bank or the certification authority; "" where the provider did not say."""
        return str(self._request.session.get(ISSUER, ""))

    def is_fresh(self, minutes: int | None = None) -> bool:
        """Whether the identification is recent enough to cast a ballot.

        minutes: how old the rules let it be (rulebook.rules.Rules.fresh_minutes); None: as the installation says.
        """
        return self.identified_at is not None and is_recent(self.identified_at, minutes)

    @property
    def is_factor_used(self) -> bool:
        """Whether the second factor was used in this session, and officials' pages since without a long pause."""
        used, seen = (self._request.session.get(name) for name in (FACTOR_AT, FACTOR_SEEN))
        if not used or not seen:
            return False
        now = clock.now()
        is_young = now - datetime.fromisoformat(used) <= timedelta(seconds=settings.STAFF_SESSION_SECONDS)
        return is_young and now - datetime.fromisoformat(seen) <= timedelta(
            seconds=settings.STAFF_IDLE_SECONDS
        )

    @cached_property
    def has_factor(self) -> bool:
        return self.person is not None and queries.has_factor(self.person)

    @property
    def lacks_factor(self) -> str:
        """What an official's page waits for: "setup", "check", or nothing.

        Where the installation only offers a second factor, it is asked of those who have set one up.
        """
        if not self.has_factor:
            return "setup" if settings.SECOND_FACTOR == "required" else ""
        return "" if self.is_factor_used else "check"

    def note_page(self) -> None:
        """An official's page was opened: the pause begins anew. Written at most once a minute."""
        seen = self._request.session.get(FACTOR_SEEN)
        if seen and clock.now() - datetime.fromisoformat(seen) > timedelta(minutes=1):
            self._request.session[FACTOR_SEEN] = clock.now().isoformat()

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles in the community of the page; on the platform's own pages the roles on the platform."""
        community: Community | None = self._request.place.community  # type: ignore[attr-defined]
        return queries.roles_in(self.person, community) if self.person else frozenset()

    def actor(self, *extra: str) -> Actor:
        """The visitor as an actor here. Refused: not_identified."""
        if self.person is None:
            raise Refused("not_identified", _("Identify yourself first."), status=401)
        kind = "official" if self.roles else "person"
        community: Community | None = self._request.place.community  # type: ignore[attr-defined]
        place = community.code if community else PLATFORM if self.roles else ""
        return Actor(
            kind=kind, reference=str(self.person.id), roles=self.roles | frozenset(extra), community=place
        )


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.visitor = Visitor(request)  # type: ignore[attr-defined]
        return self.get_response(request)


@dataclass(frozen=True)
class Begun:
    """What a browser began. place: the slug of the body where, "" on the platform's own pages.

    joins: reference of whoever was identified and adds this method to their own, "" where somebody just identifies.
    """

    next_url: str
    place: str
    joins: str


def begin(request: HttpRequest, *, provider: str, next_url: str, joins: bool = False, state: str = "") -> str:
    """Remember that this browser goes to the provider; returns the state to send along.

    joins: see Begun. state: the name of an attempt (identity.models.Attempt), by which it is this browser's own.
    """
    if not url_has_allowed_host_and_scheme(next_url, {request.get_host()}, require_https=request.is_secure()):
        next_url = "/"
    state = state or secrets.token_urlsafe(32)
    states: dict[str, Any] = dict(request.session.get(STATES, {}))
    while len(states) >= 5:  # several tabs are ordinary; a flood is not
        states.pop(min(states, key=lambda key: states[key]["at"]))
    community: Community | None = request.place.community  # type: ignore[attr-defined]
    states[state] = {
        "provider": provider, "next": next_url, "at": clock.now().isoformat(),
        "place": community.slug if community else "", "joins": str(request.session.get(PERSON, "")) if joins else "",
    }  # fmt: skip
    request.session[STATES] = states
    return state


def begun(request: HttpRequest, *, provider: str, state: str) -> Begun:
    """What this browser began under the state, which stays. Refused: bad_state."""
    kept = dict(request.session.get(STATES, {})).get(state)
    if kept is None or kept["provider"] != provider:
        raise _not_begun()
    return Begun(str(kept["next"]), kept.get("place", ""), str(kept.get("joins") or ""))


def _not_begun() -> Refused:
    return Refused(
        "bad_state",
        _("This identification was not begun in this browser, or was already used. Please begin again."),
        status=400,
    )


def redeem(request: HttpRequest, *, provider: str, state: str) -> Begun:
    """Take the state back, once; returns what was begun. Refused: bad_state, expired_state."""
    states: dict[str, Any] = dict(request.session.get(STATES, {}))
    found = next((key for key in states if hmac.compare_digest(key.encode(), state.encode())), None)
    if found is None or states[found]["provider"] != provider:
        raise _not_begun()
    kept = states.pop(found)
    request.session[STATES] = states
    if clock.now() - datetime.fromisoformat(kept["at"]) > timedelta(seconds=STATE_SECONDS):
        raise Refused("expired_state", _("The identification took too long. Please begin again."), status=400)
    return Begun(str(kept["next"]), kept.get("place", ""), str(kept.get("joins") or ""))


def enter(request: HttpRequest, claims: VerifiedClaims, what: Begun | None = None) -> Person:
    """Identify the person and open their session, under a new key; or add the method to whoever is identified.

    Refused: as identify_person, not_fresh (a method is added only soon after an identification).
    """
    # the provider comes back to an address outside any community: where the person began was kept on the way out
    asked_in = community_by_slug(what.place) if what is not None and what.place else None
    person = actions.identify_person(claims=claims, asked_in=asked_in, joined_to=joining(request, what))
    open_session(request, person, f"{claims.provider}:{claims.method}", issuer=claims.issuer)
    return person


def joining(request: HttpRequest, what: Begun | None) -> Person | None:
    """Whoever adds a method to their own; None where somebody just identifies. Refused: not_fresh."""
    if what is None or not what.joins:
        return None
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    # whoever began it, and nobody who has come to this browser meanwhile
    is_same = visitor.person is not None and str(visitor.person.pk) == what.joins
    if visitor.person is None or not is_same or not visitor.is_fresh():
        raise Refused(
            "not_fresh",
            _("To add a method, identify first by one you have: that was too long ago. Nothing was changed."),
            status=403,
        )
    return visitor.person


def open_session(request: HttpRequest, person: Person, method: str, issuer: str = "") -> None:
    """Open the session of an identified person, under a new key. method: "isei:bank_id"; issuer: the bank, say."""
    if request.session.get(PERSON, str(person.id)) != str(person.id):
        request.session.flush()  # nothing of whoever was here before goes on
    request.session.cycle_key()
    request.session[PERSON] = str(person.id)
    request.session[AT] = clock.now().isoformat()
    request.session[METHOD] = method
    request.session[ISSUER] = issuer[:80]
    request.visitor = Visitor(request)  # type: ignore[attr-defined]


def record_factor(request: HttpRequest) -> None:
    """The second factor was used: the officials' pages open, under a new key of the session."""
    request.session.cycle_key()
    request.session[FACTOR_AT] = request.session[FACTOR_SEEN] = clock.now().isoformat()


def end_others(request: HttpRequest) -> None:
    """Close every other session of the person; this one goes on, under a new key."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    assert visitor.person is not None
    now = clock.now()
    actions.close_sessions(person=visitor.person, before=now, by=visitor.actor())
    request.session.cycle_key()
    request.session[KEPT] = now.isoformat()


def leave(request: HttpRequest) -> None:
    request.session.flush()
    request.visitor = Visitor(request)  # type: ignore[attr-defined]
