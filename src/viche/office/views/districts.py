"""The body's own districts: starosta districts of a hromada, parts of a city."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.actions import close_district, draw_district, redraw_district
from viche.communities.latin import alphabetical
from viche.communities.models import Category, Community, Territory
from viche.communities.queries import free_settlements, own_districts
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.districts import DistrictForm
from viche.portal.guards import official

DRAWING = {Category.HROMADA, Category.CITY, Category.SPECIAL_CITY}


@official(Role.ADMINISTRATOR, shows=NOTHING)
def districts(request: HttpRequest) -> HttpResponse:
    """The districts, the settlements that lie in none, and a form for a new one."""
    community = _drawing_body(request)
    free = free_settlements(community.territory)
    form = _form(request, community, free)
    if request.method == "POST" and form.is_valid():
        try:
            drawn = draw_district(community=community, by=request.visitor.actor(), **_said(form))  # type: ignore[attr-defined]
            messages.success(request, _("Drawn: %s.") % drawn.full_name)
            return HttpResponseRedirect(reverse("office-districts"))
        except Refused as refused:
            form.tell(refused)
    return render(
        request,
        "office/districts.html",
        {
            "form": form, "districts": own_districts(community.territory), "free": free,
            "has_settlements": community.territory.category == Category.HROMADA,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@official(Role.ADMINISTRATOR, shows=NOTHING)
def district(request: HttpRequest, name: str) -> HttpResponse:
    """The district with this code: another name, other settlements; or it is closed."""
    community = _drawing_body(request)
    known = {each.code: each for each in own_districts(community.territory)}
    drawn = known.get(name)
    if drawn is None:
        raise Http404(name)
    inside = sorted(drawn.children.all(), key=lambda each: alphabetical(each.name))
    form = _form(
        request, community, [*inside, *free_settlements(community.territory)], act="redraw",
        initial={"name": drawn.name, "settlements": [each.code for each in inside]},
    )  # fmt: skip
    held: list[str] = []
    if request.method == "POST":
        by = request.visitor.actor()  # type: ignore[attr-defined]
        try:
            if request.POST.get("act") == "close":
                close_district(community=community, district=drawn, by=by)
                messages.success(request, _("Closed: %s.") % drawn.full_name)
                return HttpResponseRedirect(reverse("office-districts"))
            if form.is_valid():
                redraw_district(community=community, district=drawn, by=by, **_said(form))
                messages.success(request, _("Saved: %s.") % form.cleaned_data["name"])
                return HttpResponseRedirect(reverse("office-districts"))
        except Refused as refused:
            if refused.code == "in_use":
                held = [line for lines in refused.fields.values() for line in lines]
            else:
                form.tell(refused)
    return render(
        request,
        "office/district.html",
        {"form": form, "district": drawn, "held": held},
        status=409 if held else 422 if form.errors else 200,
    )


def _drawing_body(request: HttpRequest) -> Community:
    community: Community = request.place.community  # type: ignore[attr-defined]
    if community.territory.category not in DRAWING:
        raise Refused(
            "no_districts", _("%s draws no districts of its own.") % community.territory.full_name, status=404
        )
    return community


def _form(
    request: HttpRequest,
    community: Community,
    settlements: list[Territory],
    *,
    act: str = "draw",
    **options: Any,
) -> DistrictForm:
    sent = request.POST if request.method == "POST" and request.POST.get("act", act) == act else None
    return DistrictForm(
        sent,
        settlements=settlements,
        has_settlements=community.territory.category == Category.HROMADA,
        **options,
    )


def _said(form: DistrictForm) -> dict[str, Any]:
    return {"name": form.cleaned_data["name"], "settlements": form.cleaned_data.get("settlements", [])}
