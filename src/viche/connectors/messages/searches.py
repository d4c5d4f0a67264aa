"""Searches that people follow, as text: the address of a project list, in one order, without what only orders it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError

from viche.foundation.fields import MoneyField
from viche.projects.queries import Filters

NAMES = ("area", "max", "min", "q", "size", "state", "type")
LONGEST = 120


def query_from(values: Mapping[str, str]) -> str:
    """The canonical text of the filters in an address: sorted, without order, page and empty ones."""
    kept = [(name, " ".join(values.get(name, "").split())[:LONGEST]) for name in NAMES]
    return urlencode([(name, value) for name, value in kept if value])


def filters_from(query: str) -> Filters:
    """The filters that a canonical text names; what means nothing narrows nothing."""
    found = dict(parse_qsl(query))
    return Filters(
        text=found.get("q", ""), size_class=found.get("size", ""), category=found.get("type", ""),
        territory=found.get("area", ""), state=found.get("state", ""), min_cost=_kopiykas(found.get("min", "")),
        max_cost=_kopiykas(found.get("max", "")), sort="number",
    )  # fmt: skip


def words_of(query: str) -> str:
    """The search as its person sees it in their list: what they typed, or the values of the filters."""
    found = dict(parse_qsl(query))
    return found.get("q", "")[:120]


def _kopiykas(text: str) -> int | None:
    try:
        return MoneyField(required=False).clean(text)
    except ValidationError:
        return None
