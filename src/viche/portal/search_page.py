"""The list of projects as asked for: filters with their counts, chips that take one away, cards with what was found."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from viche.communities.queries import areas_of
from viche.portal.forms_search import FilterForm
from viche.portal.snippets import marked, snippet
from viche.projects.distances import metres
from viche.projects.filters import SORTS, Filters, box_from, place_from
from viche.projects.finding import Found, Scope, facets, place_called, search_result
from viche.projects.models import Project

_ARRANGING = ("sort", "seed", "page", "lat", "lon", "near")


@dataclass(frozen=True)
class Asked:
    """What a visitor asked, and what was found. near_name: the place distances are measured from, in words."""

    form: FilterForm
    filters: Filters
    found: Found
    near_name: str
    query: str
    chips: list[tuple[str, str]]
    exact_query: str
    is_place_unknown: bool

    @property
    def context(self) -> dict[str, Any]:
        return {
            "form": self.form, "filters": self.filters, "seed": self.filters.seed, "query": self.query,
            "chips": self.chips, "exact_query": self.exact_query, "near_name": self.near_name,
            "instead": list(self.found.instead.items()), "is_place_unknown": self.is_place_unknown,
            "shown_words": self.found.question.words if self.found.question else "",
        }  # fmt: skip


def asked(request: HttpRequest, scope: Scope, *, seed: str, counts: bool = True) -> Asked:
    """Read the address and search. counts: whether each value of a filter shows how many projects it leaves."""
    given = {name: value.replace("\x00", "") for name, value in request.GET.items()}
    form = FilterForm(given, contest=scope.contest, areas=areas_of(scope.community.territory))
    wanted = form.cleaned_data if form.is_valid() else {}
    near, near_name = place_from(given.get("lat", ""), given.get("lon", "")), _("where you are")
    typed = wanted.get("near") or ""
    if typed:
        known = place_called(scope, typed)
        near, near_name = known if known else (None, "")
    sort = wanted.get("sort") or ""
    if near is not None and not sort:
        sort = "near"
    filters = Filters(
        text=wanted.get("q") or "", size_class=wanted.get("size") or "", category=wanted.get("type") or "",
        kind=wanted.get("kind") or "", territory=wanted.get("area") or "", state=wanted.get("state") or "",
        min_cost=wanted.get("min"), max_cost=wanted.get("max"), with_pictures=bool(wanted.get("pictures")),
        near=near, box=box_from(given.get("box", "")), is_exact=bool(given.get("exact")),
        sort=sort if sort in SORTS and (sort != "near" or near) else "fair", seed=seed,
    )  # fmt: skip
    found = search_result(scope, filters)
    chips = _chips(form, request.GET, filters)
    if counts:
        form.show_counts(facets(scope, filters, found.question))
    return Asked(
        form, filters, found, near_name if near else "", urlencode({**_kept(request.GET), "seed": seed}), chips,
        urlencode({**_kept(request.GET), "exact": "1"}), bool(typed) and near is None,
    )  # fmt: skip


def _kept(values: QueryDict) -> dict[str, str]:
    return {name: value for name, value in values.items() if value and name not in {"page", "seed"}}


def _chips(form: FilterForm, values: QueryDict, filters: Filters) -> list[tuple[str, str]]:
    """(what narrows the list, the address without it)."""
    kept = _kept(values)
    active = form.in_words()
    if filters.text:
        active["q"] = f"“{filters.text}”" if filters.is_exact else filters.text
    if filters.is_exact:
        active["exact"] = _("exactly these words")
    if filters.box:
        active["box"] = _("a part of the map")
    if filters.near:
        active["near"] = _("by distance")
    found = []
    for name, text in active.items():
        gone = {"near", "lat", "lon"} if name == "near" else {name}
        if name == "near" and kept.get("sort") == "near":
            gone = gone | {"sort"}
        found.append((text, "?" + urlencode({key: value for key, value in kept.items() if key not in gone})))
    return found


def findings(project: Project, asked: Asked) -> dict[str, Any]:
    """What a card says of the search: the found words marked, a piece of the text, the distance."""
    question = asked.found.question
    said: dict[str, Any] = {"title": marked(project.title, question), "note": snippet(project, question)}
    place = project.latitude, project.longitude
    if asked.filters.near is not None and place[0] is not None and place[1] is not None:
        said["distance"] = distance_text(metres(asked.filters.near, (place[0], place[1])))
    return said


def distance_text(length: int) -> str:
    """450 m, 2.3 km, 12 km: no more exact than the eye needs."""
    if length < 1000:
        return _("%(length)d m") % {"length": max(10, (length + 5) // 10 * 10) if length >= 10 else length}
    if length < 9950:
        tenths = (length + 50) // 100
        return _("%(whole)d.%(tenth)d km") % {"whole": tenths // 10, "tenth": tenths % 10}
    return _("%(length)d km") % {"length": (length + 500) // 1000}


def without_order(filters: Filters) -> Filters:
    """The same filters in the order of numbers: for a map and a file, which have none of their own."""
    return replace(filters, sort="number")
