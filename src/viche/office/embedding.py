"""Code for other websites: the same widget as an element, as a frame, as a link, as a WordPress shortcode."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import override

from viche.communities.models import Community
from viche.connectors.website.element import NEWEST, element_of
from viche.connectors.website.feeds import FEEDS
from viche.portal.feeds import WORDS, feed_address
from viche.portal.widgets import KINDS

# what a widget takes, in the order in which it is written
NAMES = ("contest", "kind", "project", "state", "n", "theme", "accent", "lang")
USUAL = {"theme": "auto", "lang": "uk"}
# where else a widget leads than to the contest: the page that is the plain link
PAGES = {
    "vote": "vote",
    "projects": "projects",
    "map": "projects-map",
    "turnout": "turnout",
    "results": "results",
}


@dataclass(frozen=True)
class Codes:
    """Ready to be copied. src: of the frame. origin: what the policy of the other site has to let in."""

    src: str
    origin: str
    element: str
    frame: str
    link: str
    shortcode: str
    height: int
    about: str


def chosen(values: dict[str, Any]) -> dict[str, str]:
    """What was chosen and differs from what is usual."""
    kind = values.get("kind") or "status"
    said = {name: str(values.get(name) or "") for name in NAMES} | {"kind": kind}
    if kind != "project":
        said["project"] = ""
    if kind not in {"projects", "map"}:
        said["state"] = ""
    if kind not in {"projects", "results"}:
        said["n"] = ""
    return {name: text for name, text in said.items() if text and text != USUAL.get(name)}


def codes(request: HttpRequest, community: Community, values: dict[str, Any]) -> Codes:
    """The code for what was chosen."""
    said = chosen(values)
    kind = KINDS[said["kind"]]
    query = urlencode({name: text for name, text in said.items() if name != "kind"})
    there = "viche.config.community_urls"
    src = request.build_absolute_uri(reverse("widget", args=[said["kind"]], urlconf=there))
    src += f"?{query}" if query else ""
    with override(said.get("lang", "uk")):
        title = f"{kind.text}: {community.title}"
        href = request.build_absolute_uri(_page(said))
    root, slug = roots(request, community)
    return Codes(
        src, request.build_absolute_uri("/").rstrip("/"), _element(root, slug, said, href, title),
        f'<iframe src="{escape(src)}" title="{escape(title)}" width="100%" height="{kind.height}" loading="lazy"'
        ' frameborder="0"></iframe>',
        f'<a href="{escape(href)}">{escape(title)}</a>', _shortcode(said), kind.height, str(kind.about),
    )  # fmt: skip


def roots(request: HttpRequest, community: Community) -> tuple[str, str]:
    """(address under which the element's script lies, slug of the body below it; "" at a host of its own)."""
    prefix = request.place.prefix  # type: ignore[attr-defined]
    is_inside = prefix.endswith(f"/{community.slug}/")
    root = prefix[: -len(community.slug) - 1] if is_inside else prefix
    return request.build_absolute_uri(root), community.slug if is_inside else ""


def _page(said: dict[str, str]) -> str:
    there = "viche.config.community_urls"
    contest = said.get("contest", "")
    if not contest:
        return reverse("home", urlconf=there)
    if said["kind"] == "project" and "project" in said:
        return reverse("project", args=[contest, int(said["project"])], urlconf=there)
    return reverse(PAGES.get(said["kind"], "contest"), args=[contest], urlconf=there)


def _element(root: str, slug: str, said: dict[str, str], href: str, title: str) -> str:
    newest = element_of(NEWEST)
    script = format_html(
        '<script src="{}widgets/viche-widget-{}.js" integrity="{}" crossorigin="anonymous" async></script>',
        root, NEWEST, newest.integrity if newest else "",
    )  # fmt: skip
    own = ({"community": slug} if slug else {}) | said
    attributes = format_html_join(" ", '{}="{}"', own.items())
    return f'{script}\n<viche-widget {attributes}><a href="{escape(href)}">{escape(title)}</a></viche-widget>'


def _shortcode(said: dict[str, str]) -> str:
    return "[viche " + " ".join(f'{name}="{text}"' for name, text in said.items()) + "]"


def ways(found: Codes) -> list[tuple[str, str, str, str]]:
    """(id, name, for whom it is, the code)."""
    return [
        ("element", _("With a script"), _(
            "The best one: the widget is as high as its contents. Needs a site that lets you put in a script."
        ), found.element),
        ("frame", _("Without a script"), _(
            "For a builder of sites that takes HTML but no scripts. The height is fixed; change it if you like."
        ), found.frame),
        ("link", _("A plain link"), _("For where nothing else is possible: letters, groups, posts."), found.link),
    ]  # fmt: skip


def feed_links(request: HttpRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    """(what the feed tells, its formats with their addresses)."""
    return [
        (
            str(text),
            [(WORDS[kind], request.build_absolute_uri(feed_address(name, kind, None))) for kind in WORDS],
        )
        for name, text in FEEDS.items()
    ]
