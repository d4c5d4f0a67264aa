"""oEmbed 1.0 (https://oembed.com): the widget that stands for one of our addresses."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from lxml import etree

from viche.communities.models import Community
from viche.communities.queries import community_by_host, community_by_slug
from viche.contests.models import Contest
from viche.contests.queries import contest_at
from viche.portal.widgets import KINDS
from viche.projects.queries import project_numbered

THERE = "viche.config.community_urls"
PAGES = {
    "home": "status", "contest": "status", "projects": "projects", "project": "project", "projects-map": "map",
    "turnout": "turnout", "results": "results", "vote": "vote", "widget": "",
}  # fmt: skip
WIDEST, NARROWEST = 800, 280


@dataclass(frozen=True)
class Target:
    """What an address of ours shows. base: of the body's pages, absolute, with a slash at its end."""

    community: Community
    contest: Contest | None
    kind: str
    number: int | None
    title: str
    language: str
    base: str


def answer(request: HttpRequest) -> HttpResponse:
    """400 without an address, 404 for what is not ours or not public, 501 for an unknown format."""
    form = request.GET.get("format", "json")
    if form not in {"json", "xml"}:
        return HttpResponse(status=501)
    url = request.GET.get("url", "")
    if not url:
        return HttpResponse(status=400)
    found = target_of(request, url)
    if found is None:
        return HttpResponse(status=404)
    with translation.override(found.language):
        said = _said(found, _limit(request, "maxwidth", WIDEST), _limit(request, "maxheight", 4000))
    if form == "json":
        return JsonResponse(said)
    root = etree.Element("oembed")
    for name, value in said.items():
        etree.SubElement(root, name).text = str(value)
    content = etree.tostring(root, xml_declaration=True, encoding="utf-8", standalone=True)
    return HttpResponse(content, content_type="text/xml; charset=utf-8")


def _limit(request: HttpRequest, name: str, most: int) -> int:
    text = request.GET.get(name, "")
    return (
        min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) else most
    )


def target_of(request: HttpRequest, url: str) -> Target | None:
    """The page at an address, if it is one of ours that everybody sees."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    is_plain = url.isprintable() and "\\" not in url and "@" not in parts.netloc
    if parts.scheme not in {"http", "https"} or not is_plain or len(url) > 2000:
        return None
    path, prefix = parts.path, "/"
    if host in settings.PLATFORM_HOSTS:
        slug, _slash, rest = path.lstrip("/").partition("/")
        community = community_by_slug(slug)
        path, prefix = f"/{rest}", f"/{slug}/"
    else:
        community = community_by_host(host)
    if community is None or community.archived_at is not None:
        return None
    language = "en" if path.startswith("/en/") else "uk"
    scheme = "https" if request.is_secure() else parts.scheme
    return _target(community, path, language, f"{scheme}://{parts.netloc}{prefix}")


def _target(community: Community, path: str, language: str, base: str) -> Target | None:
    with translation.override(language):
        try:
            match: ResolverMatch = resolve(path, THERE)
        except Resolver404:
            return None
        if match.url_name not in PAGES:
            return None
        contest = project = None
        if slug := match.kwargs.get("contest"):
            contest = contest_at(community, slug)
            if contest is None or not contest.is_frozen:
                return None
        if contest is not None and (number := match.kwargs.get("number")):
            project = project_numbered(contest, number)
            if project is None:
                return None
        kind = PAGES[match.url_name] or str(match.kwargs.get("name"))
        if kind not in KINDS:
            return None
        title = project.title if project else contest.name if contest else _("Participatory budget")
        number = project.number if project else None
        return Target(community, contest, kind, number, title, language, base)


def _said(target: Target, widest: int, highest: int) -> dict[str, Any]:
    asked = {
        "contest": target.contest.slug if target.contest else "",
        "project": target.number or "",
        "lang": "" if target.language == "uk" else target.language,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    src = _address(target, "widget", target.kind) + (f"?{query}" if query else "")
    width, height = max(widest, NARROWEST), min(KINDS[target.kind].height, highest)
    html = (
        f'<iframe src="{escape(src)}" title="{escape(target.title)}" width="{width}" height="{height}"'
        ' loading="lazy" frameborder="0"></iframe>'
    )
    said = {
        "version": "1.0", "type": "rich", "title": target.title, "provider_name": str(target.community.title),
        "provider_url": target.base, "cache_age": 3600, "width": width, "height": height, "html": html,
    }  # fmt: skip
    return {**said, **_thumbnail(target)}


def _thumbnail(target: Target) -> dict[str, Any]:
    if target.contest is None:
        return {}
    args = [target.contest.slug, target.number] if target.number else [target.contest.slug]
    name = "picture-project" if target.number else "picture-contest"
    return {
        "thumbnail_url": _address(target, name, *args), "thumbnail_width": 1200, "thumbnail_height": 630,
    }  # fmt: skip


def _address(target: Target, name: str, *args: object) -> str:
    """Absolute, at the host of the address that was asked about."""
    before = get_script_prefix()
    set_script_prefix("/")
    try:
        return target.base + reverse(name, args=args, urlconf=THERE).lstrip("/")
    finally:
        set_script_prefix(before)
