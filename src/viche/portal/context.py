"""What every page knows: where it is, who is looking, in which language and theme."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche import __version__
from viche.connectors.messages.queries import MOST_SHOWN, unread_number
from viche.foundation import cookies
from viche.portal.social import Social
from viche.portal.themes import THEMES


def page(request: HttpRequest | None) -> dict[str, Any]:
    if request is None or not hasattr(request, "place"):
        return {}
    place = request.place
    visitor = getattr(request, "visitor", None)
    theme = cookies.read(request, "theme")
    return {
        "place": place,
        "visitor": visitor,
        "person": visitor.person if visitor else None,
        "roles": visitor.roles if visitor else frozenset(),
        "menu": _menu(request),
        "reads_only": getattr(request, "reads_only", False),
        "person_menu": _person_menu(request) if visitor and visitor.roles else [],
        "social": Social(request),
        "unread": SimpleLazyObject(lambda: _unread(visitor)),
        "languages": _languages(request),
        "theme": theme if theme in THEMES else "auto",
        "is_demo": settings.IS_DEMO,
        "footer_links": _footer(request),
        "version": __version__,
        "source_url": settings.SOURCE_URL,
    }


def _person_menu(request: HttpRequest) -> list[tuple[str, str]]:
    """The way to the desk of whoever holds an office here, or on the platform itself."""
    is_inside = request.place.community is not None  # type: ignore[attr-defined]
    return [(_("Desk"), reverse("office" if is_inside else "platform"))]


def _unread(visitor: Any) -> str:
    """How many notices wait, for the bell; empty for none and for who is not identified, who costs no query."""
    number = unread_number(visitor.person) if visitor and visitor.person else 0
    return f"{MOST_SHOWN}+" if number > MOST_SHOWN else str(number or "")


def _languages(request: HttpRequest) -> list[tuple[str, str, str, bool]]:
    """(code, name, href, is_current): the same page in each language."""
    current = get_language() or "uk"
    prefix = request.place.prefix  # type: ignore[attr-defined]
    rest = request.path_info.lstrip("/")
    if rest == "en" or rest.startswith("en/"):
        rest = rest[3:]
    query = (
        f"?{request.META['QUERY_STRING']}"
        if request.META.get("QUERY_STRING") and request.method == "GET"
        else ""
    )
    return [
        (code, name, f"{prefix}{'' if code == 'uk' else code + '/'}{rest}{query}", code == current[:2])
        for code, name in settings.LANGUAGES
    ]


def _menu(request: HttpRequest) -> list[tuple[str, str, bool]]:
    place = request.place  # type: ignore[attr-defined]
    path = request.path
    entries: list[tuple[str, str]] = []
    if place.community is None:
        entries = [
            (_("Find your community"), reverse("start")),
            (_("Who holds contests"), reverse("bodies")),
            (_("Connect a community"), reverse("connect")),
        ]
    else:
        entries = [(_("Contests"), reverse("home"))]
        if place.contest is not None:
            entries += [(_("Projects"), reverse("projects", args=[place.contest.slug]))]
            if place.contest.has_ended("voting"):
                entries += [(_("Results"), reverse("results", args=[place.contest.slug]))]
        entries += [(_("Journal"), reverse("journal"))]
    if settings.IS_DEMO:
        entries.append((_("Demo guide"), "/demo/" if get_language() != "en" else "/en/demo/"))
    return [
        (text, href, path == href or (href.count("/") > 3 and path.startswith(href)))
        for text, href in entries
    ]


def _footer(request: HttpRequest) -> list[tuple[str, str]]:
    links = [
        (_("How it works"), reverse("page", args=["about"])),
        (_("Personal data"), reverse("page", args=["privacy"])),
        (_("Cookies"), reverse("page", args=["cookies"])),
        (_("Terms of use"), reverse("page", args=["terms"])),
        (_("Accessibility"), reverse("page", args=["accessibility"])),
        (_("Contact"), reverse("contact")),
    ]
    data = reverse("data" if request.place.community is not None else "platform-data")  # type: ignore[attr-defined]
    return [*links, (_("Open data"), data), (_("Journal"), reverse("journal"))]
