"""Searches that people follow, as text: the address of a project list, in one order, without what only orders it."""

from urllib.parse import parse_qsl

from viche.projects.filters import canonical as query_from
from viche.projects.filters import filters_from

__all__ = ["filters_from", "query_from", "words_of"]


def words_of(query: str) -> str:
    """The search as its person sees it in their list: what they typed, or the values of the filters."""
    found = dict(parse_qsl(query))
    return found.get("q", "")[:120]
