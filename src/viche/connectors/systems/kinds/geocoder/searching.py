"""Where an address lies: asked once, kept for a month, at most one question a second.

Nominatim: GET /search?format=jsonv2&q=…; Photon: GET /api?q=…. Asked by our server: the geocoder learns of no reader.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.communities.models import Community
from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.kinds.kind import Field, Finding, Kind, Thresholds
from viche.connectors.systems.models import FoundPlaces, System
from viche.connectors.systems.outlet import garbage, request, succeeded
from viche.connectors.systems.queries import system_in_use
from viche.foundation import clock, keys
from viche.foundation.outgoing import Unreachable
from viche.foundation.sealing import SealBroken

NAME = "geocoder"
PLACES_KEPT = timedelta(days=30)
PAUSE = timedelta(seconds=1)
MOST, LONGEST, SECONDS = 5, 200, 2
SIX = Decimal("0.000001")


class NotFound(Exception):
    """No answer now; str() is a translated sentence for the one who searches."""


@dataclass(frozen=True)
class Place:
    """One place that was found."""

    words: str
    latitude: Decimal
    longitude: Decimal

    @property
    def point(self) -> str:
        """As coordinates are typed."""
        return f"{self.latitude:f}, {self.longitude:f}"


def geocoder_of(community: Community) -> System | None:
    """The body's geocoder that is switched on."""
    return system_in_use(community, NAME)


def search_places(system: System, text: str, *, language: str) -> list[Place]:
    """Places for the words, the best first. Raises NotFound: too many questions at once, or no answer."""
    words = " ".join(text.split())[:LONGEST]
    if not words:
        return []
    mark = keys.person_token("geocoder", f"{system.pk}|{language}|{words.casefold()}").hex()
    known = FoundPlaces.objects.filter(system=system, mark=mark, at__gt=clock.now() - PLACES_KEPT).first()
    if known is not None:
        return _kept(known.places)
    if system.calls.filter(at__gt=clock.now() - PAUSE).exists():
        raise NotFound(_("Somebody is searching at this moment: press the button once more."))
    try:
        found = call(system, "search", lambda: _asked(system, words, language))
    except (NeighbourDown, NeighbourFault, Unreachable, SealBroken):
        raise NotFound(
            _("The search for addresses does not answer now: type the coordinates, or go on without them.")
        ) from None
    FoundPlaces.objects.update_or_create(
        system=system, mark=mark,
        defaults={
            "at": clock.now(), "places": [[each.words, str(each.latitude), str(each.longitude)] for each in found],
        },
    )  # fmt: skip
    return found


def delete_old_places() -> int:
    """Delete answers after PLACES_KEPT; how many."""
    number, _models = FoundPlaces.objects.filter(at__lte=clock.now() - PLACES_KEPT).delete()
    return number


def _kept(rows: Sequence[Sequence[str]]) -> list[Place]:
    return [Place(words, Decimal(latitude), Decimal(longitude)) for words, latitude, longitude in rows]


def _asked(system: System, words: str, language: str) -> list[Place]:
    settings, base = system.settings, system.settings["server"].rstrip("/")
    if settings["flavour"] == "photon":
        url = f"{base}/api?{urlencode({'q': words, 'limit': MOST})}"
    else:
        facts = {"format": "jsonv2", "q": words, "limit": MOST, "accept-language": language}
        if settings["country"]:
            facts["countrycodes"] = settings["country"]
        url = f"{base}/search?{urlencode(facts)}"
    headers = {"Accept": "application/json", "User-Agent": "Viche (participatory budget)"}
    answer = succeeded(request(system, "GET", url, headers=headers, seconds=SECONDS))
    try:
        # numbers stay what was written: no binary fraction is made of a coordinate
        document = json.loads(answer.body.decode("utf-8"), parse_float=Decimal, parse_int=Decimal)
        read = _photon if settings["flavour"] == "photon" else _nominatim
        return read(document)[:MOST]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, InvalidOperation):
        raise garbage() from None


def _nominatim(document: Any) -> list[Place]:
    if not isinstance(document, list):
        raise TypeError
    return [_place(str(each["display_name"]), each["lat"], each["lon"]) for each in document]


def _photon(document: Any) -> list[Place]:
    places = []
    for each in document["features"]:
        facts, (longitude, latitude) = each["properties"], each["geometry"]["coordinates"][:2]
        house = " ".join(str(facts[name]) for name in ("street", "housenumber") if facts.get(name))
        parts = [facts.get("name"), house, facts.get("city"), facts.get("state")]
        words = ", ".join(dict.fromkeys(str(part) for part in parts if part))
        places.append(_place(words, latitude, longitude))
    return places


def _place(words: str, latitude: Any, longitude: Any) -> Place:
    found = Decimal(str(latitude)).quantize(SIX), Decimal(str(longitude)).quantize(SIX)
    if not words or abs(found[0]) > 90 or abs(found[1]) > 180:
        raise ValueError
    return Place(words[:LONGEST], *found)


def try_geocoder(system: System) -> Finding:
    """Ask where the body itself lies."""
    words = system.community.territory.full_name
    try:
        found = call(system, "check", lambda: _asked(system, words, "uk"))
    except (NeighbourDown, NeighbourFault, Unreachable) as fault:
        return Finding(False, str(fault))
    if not found:
        return Finding(False, _("It answers, but does not know where “%(place)s” lies.") % {"place": words})
    return Finding(
        True,
        _("It knows where “%(place)s” lies.") % {"place": words},
        [(each.words, each.point) for each in found[:1]],
    )


KINDS = (
    Kind(
        NAME, gettext_lazy("Search for addresses: Nominatim, Photon"),
        gettext_lazy(
            "Authors find the place of their project by its address. Your own server, or one whose terms of use "
            "allow it; it is asked by our server and learns of no reader."
        ),
        (
            Field(
                "flavour", gettext_lazy("What it is"), "choice", first="nominatim",
                choices=(("nominatim", "Nominatim"), ("photon", "Photon")),
            ),
            Field("server", gettext_lazy("Address of the server"), "address"),
            Field(
                "country", gettext_lazy("Only in these countries (Nominatim)"), first="ua", is_required=False,
                longest=40,
            ),
            Field(
                "attribution", gettext_lazy("Whose data it is"), first="© OpenStreetMap contributors",
                help=gettext_lazy("Shown under what was found, as the licence of the data wants it."),
            ),
        ),
        try_geocoder, icon="map-pin", simulator="geocoder", is_single=True,
        thresholds=Thresholds(failures=3, pause=60, longest=1800, trial=10),
    ),
)  # fmt: skip
