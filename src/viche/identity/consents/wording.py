"""The kinds of legal texts, and their default words with the facts of a body put in."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import nh3
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markdown_it import MarkdownIt

from viche.communities.models import Community
from viche.foundation.retention import kept_things, retention_rules

PRIVACY, COOKIES, TERMS, ACCESSIBILITY, CONSENT = KINDS = (
    "privacy",
    "cookies",
    "terms",
    "accessibility",
    "consent",
)
NAMES = {
    PRIVACY: gettext_lazy("Personal data"),
    COOKIES: gettext_lazy("Cookies"),
    TERMS: gettext_lazy("Terms of use"),
    ACCESSIBILITY: gettext_lazy("Accessibility"),
    CONSENT: gettext_lazy("Consent"),
}
LANGUAGES = ("uk", "en")
# of the default texts
DEFAULT_DAY = date(2026, 11, 28)
_FOLDER = Path(__file__).parent / "texts"
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_TAGS = {
    "h2",
    "h3",
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
    "br",
}

COOKIE_ROWS = (
    ("viche", gettext_lazy("your session"), gettext_lazy("two hours after the last page")),
    ("csrf", gettext_lazy("protects forms against forgery"), gettext_lazy("a year")),
    ("django_language", gettext_lazy("the language you chose"), gettext_lazy("until the browser is closed")),
    ("ballot-…", gettext_lazy("projects you have chosen, in your browser only"), gettext_lazy("a week")),
    ("receipt", gettext_lazy("your receipt after casting"), gettext_lazy("a quarter of an hour")),
    (
        "device",
        gettext_lazy("tells this browser from others, so that many votes from one are noticed"),
        gettext_lazy("60 days after voting"),
    ),
    ("order", gettext_lazy("the random order of projects"), gettext_lazy("until the browser is closed")),
    (
        "screen",
        gettext_lazy("tells that a computer is a public screen of a polling point; on no other computer"),
        gettext_lazy("a year"),
    ),
    ("theme", gettext_lazy("light or dark"), gettext_lazy("a year")),
)


def facts_of(community: Community | None, host: str, day: date = DEFAULT_DAY) -> dict[str, str]:
    """What stands for the places of the texts, in the language of the moment. day: of the version, in Kyiv."""
    dash = "–"
    # the terms that the rules keep to (foundation.retention): the text cannot promise another one
    periods = [(rule.what, rule.term()) for rule in retention_rules()]
    periods += [(each.what, each.term) for each in kept_things()]
    return {
        "body": community.title if community else _("the administrator of this site"),
        "short": community.short_title if community else _("this site"),
        "address": (community.address if community else "") or dash,
        "email": (community.contact_email if community else "") or dash,
        "phone": (community.contact_phone if community else "") or dash,
        "website": (community.website if community else "") or dash,
        "site": host,
        "date": date_format(day, "j E Y"),
        "responsible": _("the official whom the body has named"),
        "retention": _table((_("What"), _("How long")), periods),
        "cookies": _table((_("Name"), _("What for"), _("How long")), COOKIE_ROWS),
    }


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [head, tuple("---" for _cell in head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


@cache
def default_source(kind: str, language: str) -> str:
    """The default text as Markdown with places for facts. language: "uk" or "en"."""
    return (_FOLDER / language / f"{kind}.md").read_text(encoding="utf-8")


def filled(source: str, facts: dict[str, str]) -> str:
    """The text with the facts put in; a place nobody knows stays as it is."""
    return _PLACE.sub(lambda found: facts.get(found[1], found[0]), source)


def rendered(markdown: str) -> SafeString:
    """Markdown as safe HTML: no scripts, no pictures, links of the web and of mail only."""
    # the page has the title already
    markdown = re.sub(r"\A# [^\n]*\n", "", markdown)
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto"})
    # what is left after the cleaning can run nothing
    return mark_safe(clean)  # noqa: S308


__all__ = [
    "ACCESSIBILITY", "CONSENT", "COOKIES", "KINDS", "LANGUAGES", "NAMES", "PRIVACY", "TERMS", "default_source",
    "facts_of", "filled", "rendered",
]  # fmt: skip
