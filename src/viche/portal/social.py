"""What other sites and search engines are told about a page: its picture, its one address, what it is about.

Data of schema.org is said only where it is true: who holds the contest, when one votes, what a project is.
"""

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.website.feeds import FEEDS
from viche.contests.models import Contest
from viche.foundation.money import machine_money, money_text
from viche.portal.feeds import TYPES, feed_address, feed_title
from viche.projects.models import Project
from viche.projects.queries import WINNERS

THERE = "viche.config.community_urls"
LOCALES = {"uk": "uk_UA", "en": "en_GB"}
# pages of which a widget can stand elsewhere
EMBEDDED = frozenset({"contest", "projects", "project", "projects-map", "turnout", "results"})
# what of an address makes another page of it
KEPT = ("page",)
# within a script element nothing may end it
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


class Social:
    """Everything in the head of a public page that is for others than its reader. Made where a template asks."""

    def __init__(self, request: HttpRequest, *, project: Project | None = None) -> None:
        self._request, self._project = request, project
        self._community: Community | None = request.place.community  # type: ignore[attr-defined]
        self._contest: Contest | None = request.place.contest  # type: ignore[attr-defined]

    @property
    def is_public(self) -> bool:
        """Whether everybody sees the page, so that it may be found and shared."""
        match = self._request.resolver_match
        is_draft = self._contest is not None and not self._contest.is_frozen
        return match is not None and getattr(match.func, "guard", "") == "public" and not is_draft

    @cached_property
    def _name(self) -> str:
        match = self._request.resolver_match
        return (match.url_name or "") if match else ""

    @cached_property
    def languages(self) -> list[tuple[str, str]]:
        """(language, the page's address in it)."""
        prefix = self._request.place.prefix  # type: ignore[attr-defined]
        rest = self._request.path_info.lstrip("/")
        if rest == "en" or rest.startswith("en/"):
            rest = rest[3:]
        kept = "&".join(f"{name}={int(value)}" for name in KEPT if (value := self._page(name)))
        query = f"?{kept}" if kept else ""
        return [
            (code, self._absolute(f"{prefix}{'' if code == 'uk' else code + '/'}{rest}{query}"))
            for code, _text in settings.LANGUAGES
        ]

    def _page(self, name: str) -> str:
        value = self._request.GET.get(name, "")
        is_later = value.isascii() and value.isdecimal() and len(value) < 7 and int(value) > 1
        return value if is_later else ""

    @property
    def canonical(self) -> str:
        return dict(self.languages)[(get_language() or "uk")[:2]]

    @property
    def locale(self) -> str:
        return LOCALES[(get_language() or "uk")[:2]]

    @property
    def kind(self) -> str:
        return "article" if self._project is not None else "website"

    @cached_property
    def title(self) -> str:
        if self._project is not None:
            return str(self._project.title)
        if self._contest is not None:
            if self._name == "results":
                return _("Results: %(name)s") % {"name": self._contest.name}
            return self._contest.name
        if self._community is not None:
            return _("Participatory budget: %(name)s") % {"name": self._community.title}
        return _("Viche")

    @property
    def description(self) -> str:
        if self._project is not None and self._project.summary:
            return str(self._project.summary)
        return _(
            "Participatory budgeting: residents propose, support and choose the projects their community pays for."
        )

    @cached_property
    def picture(self) -> str:
        """The address of the picture; "" on the platform's own pages."""
        if self._community is None:
            return ""
        language = "" if (get_language() or "uk").startswith("uk") else f"?lang={(get_language() or '')[:2]}"
        if self._project is not None and self._contest is not None:
            return self._own("picture-project", self._contest.slug, self._project.number) + language
        if self._contest is not None:
            name = "picture-results" if self._name == "results" else "picture-contest"
            return self._own(name, self._contest.slug) + language
        return self._own("picture-body") + language

    @property
    def picture_alt(self) -> str:
        if self._project is None or self._contest is None:
            return self.title
        cost = money_text(self._project.cost, self._contest.currency)
        return f"{self._project.title}. {cost}"

    @property
    def oembed(self) -> str:
        """Where a site elsewhere learns which widget stands for this page; "" where none does."""
        if self._name not in EMBEDDED or self._contest is None:
            return ""
        return f"{self._own('oembed')}?{urlencode({'url': self.canonical})}"

    @cached_property
    def feeds(self) -> list[tuple[str, str, str]]:
        """(type, title, address) of the feeds of this body or contest."""
        if self._community is None:
            return []
        contest, language = self._contest, (get_language() or "uk")[:2]
        return [
            (TYPES[kind].partition(";")[0], feed_title(name, self._community, contest),
             self._absolute(feed_address(name, kind, contest, language)))
            for name in FEEDS for kind in ("atom", "json")
        ]  # fmt: skip

    def _absolute(self, address: str) -> str:
        return self._request.build_absolute_uri(address)

    def _own(self, name: str, *args: object) -> str:
        try:
            return self._absolute(reverse(name, args=args, urlconf=THERE))
        except NoReverseMatch:
            return ""

    @cached_property
    def structured(self) -> SafeString:
        """Data of schema.org as a block that no browser runs."""
        if self._community is None:
            return SafeString()
        graph = [_body(self, self._community)]
        if self._project is not None and self._contest is not None:
            graph.append(_project(self, self._contest, self._project))
        elif (
            self._contest is not None and self._name in {"contest", "vote"} and self._contest.window("voting")
        ):
            graph.append(_voting(self, self._contest))
        if self._contest is not None:
            graph.append(_crumbs(self, self._contest, self._project))
        text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
        return format_html(
            '<script type="application/ld+json">{}</script>',
            mark_safe(text.translate(ESCAPES)),  # noqa: S308  nothing in it can end the element
        )


def _body_id(social: Social) -> str:
    return social._own("home") + "#body"


def _body(social: Social, community: Community) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": "GovernmentOrganization", "@id": _body_id(social), "name": community.title,
        "url": community.website or social._own("home"), "areaServed": community.territory.full_name,
    }  # fmt: skip
    if community.emblem:
        said["logo"] = social._absolute(community.emblem.url)
    if community.contact_email or community.contact_phone:
        point = {
            "@type": "ContactPoint",
            "email": community.contact_email,
            "telephone": community.contact_phone,
        }
        said["contactPoint"] = {name: value for name, value in point.items() if value}
    return said


def _voting(social: Social, contest: Contest) -> dict[str, Any]:
    window = contest.window("voting")
    assert window is not None
    online: dict[str, Any] = {"@type": "VirtualLocation", "url": social._own("vote", contest.slug)}
    is_elsewhere_too = any(each.kind != "online" for each in contest.rules.channels)
    place = {"@type": "Place", "name": contest.community.title, "address": contest.community.address}
    mode = "MixedEventAttendanceMode" if is_elsewhere_too else "OnlineEventAttendanceMode"
    said = {
        "@type": "Event", "name": _("Voting: %(name)s") % {"name": contest.name}, "url": social.canonical,
        "startDate": window.starts_at.isoformat(), "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": f"https://schema.org/{mode}",
        "location": [online, place] if is_elsewhere_too else online, "organizer": {"@id": _body_id(social)},
        "isAccessibleForFree": True, "image": social.picture, "description": social.description,
    }  # fmt: skip
    if window.ends_at is not None:
        said["endDate"] = window.ends_at.isoformat()
    return said


def _project(social: Social, contest: Contest, project: Project) -> dict[str, Any]:
    """A project that people propose is a written proposal; what it is granted stands with it once it has won."""
    said: dict[str, Any] = {
        "@type": "CreativeWork", "@id": f"{social.canonical}#project", "name": project.title,
        "abstract": project.summary, "url": social.canonical, "inLanguage": "uk", "identifier": str(project.number),
        "image": social.picture, "isPartOf": {"@type": "CreativeWork", "name": contest.name,
                                               "url": social._own("contest", contest.slug)},
        "publisher": {"@id": _body_id(social)},
    }  # fmt: skip
    if project.published_at:
        said["datePublished"] = project.published_at.isoformat()
    if project.latitude is not None and project.longitude is not None:
        place = project.place_name or project.territory.full_name
        geo = {
            "@type": "GeoCoordinates",
            "latitude": str(project.latitude),
            "longitude": str(project.longitude),
        }
        said["contentLocation"] = {"@type": "Place", "name": place, "geo": geo}
    if project.state in WINNERS and project.state != "cancelled":
        amount = {
            "@type": "MonetaryAmount",
            "value": machine_money(project.cost),
            "currency": contest.currency,
        }
        said["funding"] = {"@type": "MonetaryGrant", "amount": amount, "funder": {"@id": _body_id(social)}}
    return said


def _crumbs(social: Social, contest: Contest, project: Project | None) -> dict[str, Any]:
    steps = [(_("Contests"), social._own("home")), (contest.name, social._own("contest", contest.slug))]
    if project is not None:
        steps += [(_("Projects"), social._own("projects", contest.slug)), (project.title, social.canonical)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }  # fmt: skip
