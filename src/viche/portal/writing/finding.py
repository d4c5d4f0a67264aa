"""The place of a project by its address, where the body has connected a geocoder. It works without scripts."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from viche.connectors.systems.kinds.geocoder.searching import NotFound, geocoder_of, search_places
from viche.projects.models import Project

PICK = "pick:"


def with_picked(sent: QueryDict) -> QueryDict:
    """What was sent, with the coordinates of the place that was chosen from the list."""
    act = sent.get("act", "")
    if not act.startswith(PICK):
        return sent
    changed = sent.copy()
    changed["coordinates"] = act.removeprefix(PICK)[:60]
    return changed


def found_for(project: Project, *, is_asked: bool) -> dict[str, Any]:
    """What the page shows: whether one can search, and, where it is asked, what was found or why nothing."""
    geocoder = geocoder_of(project.contest.community)
    context: dict[str, Any] = {"has_search": geocoder is not None}
    if geocoder is None or not is_asked or not project.place_name:
        return context
    # a village has streets of the same names as its neighbour
    words = f"{project.place_name}, {project.territory.name}"
    try:
        found = search_places(geocoder, words, language=get_language() or "uk")
    except NotFound as fault:
        return {**context, "found_fault": str(fault)}
    return {
        **context, "found": found, "is_nothing_found": not found, "attribution": geocoder.settings["attribution"],
    }  # fmt: skip
