"""The national view: which self-government bodies hold contests, on a map and in a list."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from viche.communities.queries import (
    BODY_LEVELS,
    bodies_by_region,
    bodies_found,
    hromadas_of,
    region_at,
    regions,
)
from viche.contests.queries import BODY_STATES, bodies_in_state, with_opened_contests
from viche.portal.bodies_page import body_rows
from viche.portal.contest_page import community_prefix
from viche.portal.guards import public
from viche.portal.maps import country

PAGE = 24
EVERY = ("", _("all"))
LEVEL_NAMES = {
    "region": _("regions"), "district": _("districts of regions"), "hromada": _("territorial communities"),
    "city": _("cities"), "city-district": _("districts of cities"),
}  # fmt: skip
STATE_NAMES = {"voting": _("voting now"), "running": _("a contest runs now"), "finished": _("finished")}


class BodiesForm(forms.Form):
    """The filters of the list; a value that means nothing is left out, never an error page."""

    says_optional = False

    q = forms.CharField(required=False, max_length=120, label=_("Search"))
    region = forms.ChoiceField(required=False, label=_("Region"))
    level = forms.ChoiceField(
        required=False,
        label=_("Level"),
        choices=[EVERY, *((each, LEVEL_NAMES[each]) for each in BODY_LEVELS)],
    )
    state = forms.ChoiceField(
        required=False,
        label=_("Contest"),
        choices=[EVERY, *((each, STATE_NAMES[each]) for each in BODY_STATES)],
    )

    def __init__(self, data: Any, *, regions: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["region"].choices = [EVERY, *regions]
        if not regions:
            del self.fields["region"]

    def clean(self) -> dict[str, Any]:
        for name in list(self.errors):
            del self.errors[name]
        return self.cleaned_data


def _listed(request: HttpRequest, form: BodiesForm, region: str) -> dict[str, Any]:
    wanted = form.cleaned_data if form.is_valid() else {}
    text = wanted.get("q") or ""
    found = bodies_found(
        text=text, region=region or wanted.get("region") or "", level=wanted.get("level") or ""
    )
    if wanted.get("state"):
        found = found.filter(pk__in=bodies_in_state(wanted["state"]))
    page = Paginator(with_opened_contests(found), PAGE).get_page(request.GET.get("page"))
    query = urlencode({name: value for name, value in request.GET.items() if value and name != "page"})
    is_narrow = any(wanted.get(name) for name in ("region", "level", "state"))
    return {
        "form": form, "text": text, "page": page, "query": query, "is_narrow": is_narrow,
        "rows": body_rows(list(page)), "is_filtered": is_narrow or bool(text),
    }  # fmt: skip


@public
def bodies(request: HttpRequest) -> HttpResponse:
    """Every connected body: by region on the map, and as a list with filters."""
    every = regions()
    form = BodiesForm(request.GET, regions=[(each.code, each.full_name) for each in every])
    numbers = bodies_by_region()
    listed = _listed(request, form, "")
    return render(
        request,
        "portal/bodies.html",
        {**listed, "country": country(every, numbers), "number": sum(numbers.values())},
    )


@public
def region(request: HttpRequest, name: str) -> HttpResponse:
    """The bodies of the region with this code, and its hromadas that are not connected yet."""
    territory = region_at(name)
    if territory is None:
        raise Http404(name)
    form = BodiesForm(request.GET, regions=[])
    hromadas = hromadas_of(territory)
    waiting: dict[str, list[str]] = {}
    connected = []
    for each in hromadas:
        body = getattr(each, "community", None)
        if body is None or body.archived_at is not None:
            waiting.setdefault(each.parent.full_name if each.parent else "", []).append(each.full_name)
        else:
            connected.append((body, community_prefix(body)))
    return render(
        request,
        "portal/bodies_region.html",
        {
            **_listed(request, form, territory.code), "region": territory, "waiting": list(waiting.items()),
            "hromadas": len(hromadas), "connected": len(connected),
        },
    )  # fmt: skip
