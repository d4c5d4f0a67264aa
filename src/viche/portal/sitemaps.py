"""Maps of the site for search engines: only public pages, each with its other language and its last change."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from lxml import etree

from viche.communities.models import Community
from viche.communities.queries import connected_communities
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of, with_opened_contests
from viche.foundation.clock import KYIV
from viche.portal.contest_page import community_prefix
from viche.projects.queries import project_changes
from viche.results.queries import publication_of

MAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
# the protocol's own limit; each project has an address in either language
MOST = 50_000
Page = tuple[str, tuple[object, ...], datetime | None]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
HIDDEN = ("office/", "my/", "login/", "logout/", "identity/", "kiosk/", "theme/", "platform/", "invitation/")


def index_of(request: HttpRequest) -> bytes:
    """The index of this host: of one body, or of all bodies without a host of their own."""
    community = request.place.community  # type: ignore[attr-defined]
    root = etree.Element(f"{{{MAPS}}}sitemapindex", nsmap={None: MAPS})
    for address in _maps_of(community) if community else _maps_of_all():
        entry = etree.SubElement(root, f"{{{MAPS}}}sitemap")
        etree.SubElement(entry, f"{{{MAPS}}}loc").text = request.build_absolute_uri(address)
    return _bytes(root)


def _maps_of(community: Community) -> Iterator[str]:
    with translation.override("uk"):
        prefix = community_prefix(community)
        yield f"{prefix}sitemap-pages.xml"
        for contest in opened_contests_of(community):
            yield f"{prefix}sitemap-{contest.slug}.xml"


def _maps_of_all() -> Iterator[str]:
    yield "/sitemap-pages.xml"
    with translation.override("uk"):
        for community in with_opened_contests(connected_communities().filter(host=None)):
            prefix = community_prefix(community)
            yield f"{prefix}sitemap-pages.xml"
            for contest in community.contests.all():
                yield f"{prefix}sitemap-{contest.slug}.xml"


def platform_map(request: HttpRequest) -> bytes:
    """The platform's own pages."""
    pages: list[Page] = [(name, (), None) for name in ("start", "bodies", "regions", "connect", "journal")]
    return _map(request, pages, "viche.config.urls")


def pages_map(request: HttpRequest, community: Community) -> bytes:
    """The body's pages: home, journal, what was built, its years, and of each contest its own pages."""
    pages: list[Page] = [(name, (), None) for name in ("home", "journal", "built", "years", "compared")]
    for contest in opened_contests_of(community):
        pages += [(name, (contest.slug,), None) for name in ("contest", "projects", "projects-map", "rules")]
        if (published := publication_of(contest)) is not None:
            pages.append(("results", (contest.slug,), published.published_at))
            pages.append(("turnout", (contest.slug,), published.published_at))
    return _map(request, pages, "viche.config.community_urls")


def contest_map(request: HttpRequest, contest: Contest) -> bytes:
    """The contest's public projects, with when each changed."""
    pages: list[Page] = [
        ("project", (contest.slug, number), changed)
        for number, changed in project_changes(contest, MOST // 2)
    ]
    return _map(request, pages, "viche.config.community_urls")


def _map(request: HttpRequest, pages: Iterable[Page], urlconf: str) -> bytes:
    root = etree.Element(f"{{{MAPS}}}urlset", nsmap={None: MAPS, "xhtml": XHTML})
    for name, args, changed in pages:
        there = _in_each_language(request, name, args, urlconf)
        for language in LANGUAGES:
            entry = etree.SubElement(root, f"{{{MAPS}}}url")
            etree.SubElement(entry, f"{{{MAPS}}}loc").text = there[language]
            if changed is not None:
                etree.SubElement(entry, f"{{{MAPS}}}lastmod").text = changed.astimezone(KYIV).isoformat(
                    timespec="seconds"
                )
            for other in LANGUAGES:
                etree.SubElement(
                    entry, f"{{{XHTML}}}link", rel="alternate", hreflang=other, href=there[other]
                )  # fmt: skip
    return _bytes(root)


def _in_each_language(
    request: HttpRequest, name: str, args: tuple[object, ...], urlconf: str
) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = request.build_absolute_uri(reverse(name, args=args, urlconf=urlconf))
    return found


def _bytes(root: etree._Element) -> bytes:
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return content


def robots_text(request: HttpRequest) -> str:
    """Pages of persons and officials are nothing for a search engine; filters of lists are one page."""
    lines = ["User-agent: *"]
    for each in HIDDEN:
        lines += [f"Disallow: /{each}", f"Disallow: /en/{each}", f"Disallow: /*/{each}"]
    lines += ["Disallow: /*?*q=", "Disallow: /*?*seed=", ""]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return "\n".join(lines) + "\n"
