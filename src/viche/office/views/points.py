"""Polling points: the list, one point with its shifts and screens."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.queries import areas_of
from viche.contests.queries import contests_of
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Person, Role
from viche.identity.queries import staff_of
from viche.office.forms.points import PointForm, ScreenForm, ShiftForm
from viche.points.actions import (
    add_point,
    add_screen,
    cancel_shift,
    close_point,
    plan_shift,
    revise_point,
    revoke_screen,
)
from viche.points.hours import closes_at, week_lines
from viche.points.models import Point
from viche.points.queries import (
    contests_at,
    duties_of,
    point_named,
    points_in,
    screen_named,
    screens_of,
    shifts_of,
)
from viche.portal.guards import official

CODE = "screen_code"


@official(Role.ADMINISTRATOR, Role.OPERATOR, shows=NOTHING)
def points(request: HttpRequest) -> HttpResponse:
    """All points of the body, and where the visitor works today."""
    community = request.place.community  # type: ignore[attr-defined]
    duties = duties_of(community, request.visitor.person.pk)  # type: ignore[attr-defined]
    now = clock.now()
    return render(
        request,
        "office/points.html",
        {
            "points": [
                {"point": each, "until": closes_at(each.hours, now), "hours": week_lines(each.hours)}
                for each in points_in(community)
            ],
            "duties": [
                {
                    "shift": each, "is_now": each.starts_at <= now,
                    "contests": contests_at(each.point) if each.starts_at <= now else [],
                }
                for each in duties
            ],
        },
    )  # fmt: skip


@official(Role.ADMINISTRATOR, shows=NOTHING)
def new_point(request: HttpRequest) -> HttpResponse:
    """Add a polling point."""
    form = _facts_form(request, None)
    if request.method == "POST" and form.is_valid():
        try:
            point = add_point(
                community=request.place.community, by=request.visitor.actor(), **form.said(),  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, _("The polling point is added: now plan its shifts."))
            return HttpResponseRedirect(reverse("office-point", args=[point.pk]))
        except Refused as refused:
            form.tell(refused)
    return render(request, "office/point_new.html", {"form": form}, status=422 if form.errors else 200)


@official(Role.ADMINISTRATOR, Role.OPERATOR, shows=DataKind.STAFF)
def point(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One point: shifts, screens, facts. An act is one of the forms of the page."""
    found = point_named(request.place.community, reference)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(str(reference))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = {
        "facts": _facts_form(request, found, is_sent=act == "facts"),
        "shift": ShiftForm(
            request.POST if act == "shift" else None, people=_operators(request), auto_id="shift-%s"
        ),
        "screen": ScreenForm(request.POST if act == "screen" else None, auto_id="screen-%s"),
    }
    if act and _done(request, found, act, forms):
        return HttpResponseRedirect(f"{reverse('office-point', args=[found.pk])}#{_part_of(act)}")
    shifts = list(shifts_of(found, since=clock.now()))
    people = [duty.person_id for shift in shifts for duty in shift.duties.all()]
    request.shown.about([*people, *(each.pk for each in _operators(request))])  # type: ignore[attr-defined]
    return render(
        request,
        "office/point.html",
        {
            "point": found, "shifts": shifts, "screens": screens_of(found), "hours": week_lines(found.hours),
            "now": clock.now(), "contests": contests_at(found), "code": request.session.pop(CODE, None),
            "is_planner": Role.ADMINISTRATOR in request.visitor.roles,  # type: ignore[attr-defined]
            "kiosk": request.build_absolute_uri(reverse("kiosk")), "facts": forms["facts"],
            "shift_form": forms["shift"], "screen_form": forms["screen"],
        },
        status=422 if any(form.errors for form in forms.values()) else 200,
    )  # fmt: skip


def _done(request: HttpRequest, point: Point, act: str, forms: dict[str, Any]) -> bool:
    """Whether the act of a form is done; otherwise its form says why not. Refused: what no form can say."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    form = forms.get(act)
    if form is not None and not form.is_valid():
        return False
    try:
        if act == "facts":
            revise_point(point=point, by=by, **form.said())
            messages.success(request, _("Saved."))
        elif act == "shift":
            plan_shift(point=point, by=by, **form.said())
            messages.success(request, _("The shift is planned."))
        elif act == "screen":
            screen, code = add_screen(point=point, name=form.cleaned_data["name"], by=by)
            request.session[CODE] = {"name": screen.name, "code": f"{code[:4]} {code[4:]}"}
        elif act == "cancel":
            cancel_shift(shift=_shift(point, request.POST.get("shift", "")), by=by)
            messages.success(request, _("The shift is cancelled."))
        elif act == "revoke":
            revoke_screen(screen=_screen(point, request.POST.get("screen", "")), by=by)
            messages.success(request, _("The screen is shut out."))
        elif act == "close":
            close_point(point=point, by=by)
            messages.success(request, _("The polling point is closed."))
        else:
            return False
    except Refused as refused:
        if form is None or refused.status == 403:
            raise
        form.refuse(refused)
        return False
    return True


def _part_of(act: str) -> str:
    return {
        "facts": "facts",
        "shift": "shifts",
        "cancel": "shifts",
        "screen": "screens",
        "revoke": "screens",
    }.get(act, "")


def _facts_form(request: HttpRequest, point: Point | None, *, is_sent: bool = True) -> PointForm:
    community = request.place.community  # type: ignore[attr-defined]
    return PointForm(
        request.POST if request.method == "POST" and is_sent else None,
        areas=areas_of(community.territory), contests=list(contests_of(community)), point=point,
    )  # fmt: skip


def _operators(request: HttpRequest) -> list[Person]:
    """Who may work at a desk here, in the order of the list of staff."""
    held = staff_of(request.place.community)  # type: ignore[attr-defined]
    return list({
        each.office.person_id: each.office.person for each in held if each.office.role == Role.OPERATOR
    }.values())  # fmt: skip


def _shift(point: Point, reference: str) -> Any:
    found = next((each for each in shifts_of(point, since=clock.now()) if str(each.pk) == reference), None)
    if found is None:
        raise Refused("not_found", _("There is no such shift any more."), status=404)
    return found


def _screen(point: Point, reference: str) -> Any:
    found = screen_named(point, reference)
    if found is None:
        raise Refused("not_found", _("There is no such screen any more."), status=404)
    return found
