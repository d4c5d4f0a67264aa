"""Which addresses a copy holds, and under which file name each lies.

The addresses of a copy are those of the live site, so that a server in front can show the copy in its place.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

# pages and files of a copy by the names of their URLs, with what of a query makes another page of them
COPIED: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "home", "built", "page", "brand", "search", "contest", "rules", "rules-document", "projects-map",
            "projects-geojson", "project", "project-versions", "project-print", "project-file", "results",
            "explanation", "comparison", "result-file", "turnout", "turnout-json", "turnout-csv", "works",
            "meetings", "meeting", "protocol", "opinion-file", "paper", "paper-batch", "points", "record",
            "record-zip", "record-file", "journal-entry", "journal-entry-leaf", "journal-entry-proof",
            "journal-stamp", "journal-stamp-of", "log-file",
        ),
        frozenset(),
    ),
    "projects": frozenset({"page"}),
    "journal": frozenset({"contest", "year", "page"}),
}  # fmt: skip
# what chooses nothing: the order of a list, the way back
IDLE = frozenset({"seed", "next", "lat", "lon"})
_SAFE = re.compile(r"[\w.+@=~,()-]+(?:/[\w.+@=~,()-]+)*/?")


@dataclass(frozen=True)
class Key:
    """An address of a copy: path from the root of the host (decoded), query in a fixed order."""

    path: str
    query: str = ""

    @property
    def file(self) -> str:
        """The file's path inside the copy."""
        inside = self.path.lstrip("/")
        if not inside.endswith("/") and inside:
            return inside
        if not self.query:
            return f"{inside}index.html"
        words = "_".join(f"{name}-{value}" for name, value in parse_qsl(self.query))
        return f"{inside}{re.sub(r'[^A-Za-z0-9_-]', '-', words)}.html"

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Place:
    """What an address is: the name of its URL, the contest it lies in, its language."""

    name: str
    contest: str
    language: str


class Scope:
    """The contests of a copy: {address of the body: addresses of its contests}."""

    def __init__(self, base: str, contests: dict[str, Collection[str]]) -> None:
        self.base, self.contests = base, contests
        self.place = lru_cache(maxsize=50_000)(self._place)

    def key(self, href: str, at: Key) -> Key | None:
        """The address that a link on the page means; None where it leads out of what can be copied."""
        parts = urlsplit(urljoin(f"{self.base}{at.address}", href))
        if f"{parts.scheme}://{parts.netloc}" != self.base:
            return None
        path = unquote(parts.path) or "/"
        if not (path == "/" or _SAFE.fullmatch(path[1:])) or "/." in path:
            return None
        if path == "/" or path.startswith(("/static/", "/media/")):
            return Key(path)
        place = self.place(path)
        if place is None or place.name not in COPIED:
            return None
        query = {
            name: value
            for name, value in parse_qsl(parts.query)
            if name not in IDLE and (name, value) != ("page", "1")
        }
        if set(query) - COPIED[place.name] or not self._is_inside(
            place, query.get("contest", place.contest), path
        ):
            return None
        return Key(path, urlencode(sorted(query.items())))

    def _is_inside(self, place: Place, contest: str, path: str) -> bool:
        return not contest or contest in self.contests[path.split("/")[1]]

    def _place(self, path: str) -> Place | None:
        slug, _slash, rest = path.lstrip("/").partition("/")
        if path.startswith("/log/"):
            return Place("log-file", "", "uk")
        if slug not in self.contests:
            return None
        language = "en" if rest == "en" or rest.startswith("en/") else "uk"
        with translation.override(language):
            try:
                found = resolve(f"/{rest}", urlconf=settings.COMMUNITY_URLCONF)
            except Resolver404:
                return None
        name, contest = found.url_name or "", str(found.kwargs.get("contest", ""))
        first = rest.removeprefix("en/").split("/")
        # the body's open data, whatever its files are called
        if name not in COPIED and getattr(found.func, "guard", "") == "public" and "data" in first[:2]:
            return Place("rules-document", contest, language)
        return Place(name, contest, language)
