"""Feeds as readers and other sites want them: RSS 2.0, Atom and JSON Feed 1.1 of the same items."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.website.feeds import FEEDS, Item
from viche.contests.models import Contest
from viche.foundation.clock import KYIV

TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
WORDS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


class _Begun:
    """A feed without items was last changed when the body came: not at the moment somebody asks."""

    items: list[Any]
    feed: dict[str, Any]

    def latest_post_date(self) -> datetime:
        if self.items:
            return max(item["pubdate"] for item in self.items)
        begun_at: datetime = self.feed["begun_at"]
        return begun_at


class _Rss(_Begun, Rss201rev2Feed):
    pass


class _Atom(_Begun, Atom1Feed):
    pass


def feed_address(name: str, kind: str, contest: Contest | None, language: str = "uk") -> str:
    """Where a feed lies."""
    there = "viche.config.community_urls"
    if contest is None:
        address = reverse(f"feed-{kind}", args=[name], urlconf=there)
    else:
        address = reverse(f"contest-feed-{kind}", args=[contest.slug, name], urlconf=there)
    return address if language == "uk" else f"{address}?lang={language}"


def feed_title(name: str, community: Community, contest: Contest | None) -> str:
    return f"{FEEDS[name]}: {contest.name if contest else community.title}"


def written(
    request: HttpRequest, kind: str, name: str, items: Sequence[Item], contest: Contest | None, language: str
) -> bytes:
    """The feed as bytes."""
    community = request.place.community  # type: ignore[attr-defined]
    about: dict[str, Any] = {
        "title": feed_title(name, community, contest),
        "link": request.build_absolute_uri(_page(contest)),
        "feed_url": request.build_absolute_uri(feed_address(name, kind, contest, language)),
        "description": _("Participatory budget: %(name)s") % {"name": community.title},
        "language": language,
    }
    if kind == "json":
        return _json(request, items, about)
    feed = (_Rss if kind == "rss" else _Atom)(
        **about,
        begun_at=community.connected_at,
        feed_guid=f"urn:viche:feed:{community.code}:{contest.pk if contest else ''}:{name}",
    )
    for item in items:
        feed.add_item(
            title=item.title, link=_address(request, item), description=_html(item), unique_id=item.id,
            unique_id_is_permalink=False, pubdate=item.at.astimezone(KYIV),
            updateddate=(item.changed_at or item.at).astimezone(KYIV), categories=list(item.tags),
            enclosures=_enclosures(request, item),
        )  # fmt: skip
    return feed.writeString("utf-8").encode()


def _page(contest: Contest | None) -> str:
    there = "viche.config.community_urls"
    return (
        reverse("contest", args=[contest.slug], urlconf=there) if contest else reverse("home", urlconf=there)
    )


def _address(request: HttpRequest, item: Item) -> str:
    return request.build_absolute_uri(
        reverse(item.page, args=item.args, urlconf="viche.config.community_urls")
    )


def _html(item: Item) -> str:
    return format_html_join("", "<p>{}</p>", ((each,) for each in item.lines if each.strip()))


def _picture(request: HttpRequest, item: Item) -> str:
    if item.picture is None:
        return ""
    there = "viche.config.community_urls"
    return request.build_absolute_uri(reverse("thumbnail", args=[item.picture.pk], urlconf=there))


def _enclosures(request: HttpRequest, item: Item) -> list[Enclosure]:
    address = _picture(request, item)
    return [Enclosure(address, "0", "image/webp")] if address else []


def _json(request: HttpRequest, items: Sequence[Item], about: dict[str, str]) -> bytes:
    """https://www.jsonfeed.org/version/1.1/"""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1", "title": about["title"], "home_page_url": about["link"],
        "feed_url": about["feed_url"], "description": about["description"], "language": about["language"],
        "items": [_json_item(request, each) for each in items],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _json_item(request: HttpRequest, item: Item) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": item.id, "url": _address(request, item), "title": item.title, "content_html": _html(item),
        "date_published": item.at.astimezone(KYIV).isoformat(),
        "date_modified": (item.changed_at or item.at).astimezone(KYIV).isoformat(), "tags": list(item.tags),
    }  # fmt: skip
    if address := _picture(request, item):
        said["image"] = address
    return said
