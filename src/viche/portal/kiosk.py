"""The public screen: which one this browser is, who stands there, and pages that never lead away from it."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import KIOSK
from viche.ballots.channels import why_closed
from viche.ballots.queries import box_of
from viche.channels.booth import selection
from viche.contests.models import Contest
from viche.foundation import clock, cookies
from viche.foundation.refused import Refused
from viche.identity import sessions
from viche.identity.eligibility import obstacles
from viche.identity.models import Person
from viche.points.actions import mark_screen_seen
from viche.points.models import Screen, Visit
from viche.points.queries import contests_at, screen_of_token
from viche.points.tokens import hash_of
from viche.points.visits import end_visit, live_visit, mark_visit_seen
from viche.portal.guards import public

COOKIE, YEAR = "screen", 365 * 24 * 3600
# seconds without a touch: a question, then the start; while somebody identifies on a telephone they have longer
IDLE, WAITING = (60, 90), (210, 240)

View = Callable[..., HttpResponse]


def screen_of(request: HttpRequest) -> Screen | None:
    """The screen that this browser is."""
    token = cookies.read(request, COOKIE)
    community = request.place.community  # type: ignore[attr-defined]
    return screen_of_token(community, hash_of(token)) if token and community is not None else None


def keep_screen(response: HttpResponse, token: str) -> None:
    cookies.keep(response, COOKIE, token, seconds=YEAR)


def contests_here(screen: Screen) -> list[tuple[Contest, str]]:
    """The contests of the screen's point, each with why one cannot vote in it here now, "" where one can."""
    rows = []
    for contest in contests_at(screen.point):
        if not contest.is_frozen:
            continue
        fault = shut(contest)
        if fault is None or fault.code not in {"channel_not_offered", "no_box"}:
            rows.append((contest, str(fault.message) if fault else ""))
    return rows


def shut(contest: Contest) -> Refused | None:
    """Why no ballot is taken at screens now."""
    try:
        fault = why_closed(contest, KIOSK)
    except Refused as refused:
        return refused
    if fault is None and box_of(contest) is None:
        return Refused(
            "no_box", _("Voting cannot begin: the commission has not prepared the ballot box yet.")
        )
    return fault


def scope_of(visit: Visit) -> str:
    """Sets the choices of this visit apart from those of any other at this screen."""
    return f"-k{visit.pk.hex[:10]}"


def voter_of(visit: Visit) -> Person | None:
    """Whoever has identified for this visit, as lately as the rules ask."""
    if visit.person is None or visit.identified_at is None:
        return None
    return (
        visit.person if sessions.is_recent(visit.identified_at, visit.contest.rules.fresh_minutes) else None
    )


def barred(contest: Contest, person: Person) -> list[str]:
    """Why the person may not vote at a screen, in words."""
    found = obstacles(
        person=person, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now(),
        channel=KIOSK,
    )  # fmt: skip
    return [f"{each.message} {each.remedy}".strip() for each in found]


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200,
    idle: tuple[int, int] | None = IDLE,
) -> HttpResponse:  # fmt: skip
    """A page of the screen. idle: after how many seconds it asks, and begins anew; None on pages that hold nothing."""
    warn, reset = idle or (0, 0)
    about = {"warn": warn, "reset": reset, "reset_href": reverse("kiosk-reset")}
    return private(render(request, template, {**context, **about}, status=status))


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def forgotten(request: HttpRequest, screen: Screen) -> HttpResponse:
    """To the start of the screen, with everything of whoever stood there forgotten."""
    end_visit(screen=screen)
    response = HttpResponseRedirect(reverse("kiosk"))
    selection.forget_all(response, request)
    request.session.flush()
    return private(response)


def on_screen(view: View) -> View:
    """Anybody at a paired screen; another browser goes to the page of the code. What is refused is said on a page of
    the screen, so that no link leads away.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        screen = screen_of(request)
        if screen is None:
            return private(HttpResponseRedirect(reverse("kiosk")))
        mark_screen_seen(screen=screen)
        try:
            return private(view(request, screen, *args, **kwargs))
        except Refused as refused:
            return shown(
                request, "stand/refused.html",
                {"screen": screen, "message": refused.message, "code": refused.code}, status=refused.status,
            )  # fmt: skip

    return public(wrapped)


def in_visit(view: View) -> View:
    """At a paired screen, within a visit; otherwise back to the start, so that the button Back shows nothing."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, screen: Screen, *args: Any, **kwargs: Any) -> HttpResponse:
        visit = live_visit(screen)
        if visit is None:
            return forgotten(request, screen)
        mark_visit_seen(visit=visit)
        return view(request, screen, visit, *args, **kwargs)

    return on_screen(wrapped)
