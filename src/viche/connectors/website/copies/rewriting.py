"""A page of the live site becomes a page of a copy: links relative, forms and scripts of the live site gone.

What a copy cannot do is said where it was, with the way to the live site.
"""

import posixpath
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from urllib.parse import quote, urljoin

from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from lxml import etree, html

from viche.connectors.website.copies.places import Key, Scope
from viche.foundation.clock import KYIV

Page = html.HtmlElement
# (attribute, elements) that hold an address
ADDRESSES = ("href", "src", "poster", "data")
KEPT_SCRIPTS = ("viche/viche.js", "viche/proof.js", "viche/website/copy.js")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_CSS_URL = re.compile(r"url\(\s*(['\"]?)([^'\")]+)\1\s*\)")
_ICON = "viche/icons"


def parsed(content: bytes) -> Page:
    return html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))


def written(page: Page) -> bytes:
    text = html.tostring(page, encoding="unicode", doctype="<!doctype html>")
    return str(text).encode() + b"\n"


def addresses(page: Page) -> Iterator[str]:
    """Every address on the page that a copy may have to hold."""
    for element, _name, value in _addressed(page):
        if element.tag not in {"form"} and not value.startswith("#"):
            yield value


def _addressed(page: Page) -> Iterator[tuple[Page, str, str]]:
    for element in page.iter(etree.Element):
        for name in ADDRESSES:
            value = element.get(name)
            if value is not None and element.tag not in {"base"}:
                yield element, name, value.strip()


def css_addresses(content: str) -> list[str]:
    return [found[2] for found in _CSS_URL.finditer(content) if not found[2].startswith(("data:", "#"))]


def relative(to: Key, at: Key) -> str:
    """The way from one file of the copy to another."""
    start = posixpath.dirname(at.file) or "."
    return quote(posixpath.relpath(to.file, start), safe="/.+@=~,()-")


class Rewriting:
    """How pages of one copy are rewritten. holds: whether the copy has an address. icons: the sprite, by name."""

    def __init__(self, scope: Scope, holds: Callable[[Key], bool], icons: dict[str, str]) -> None:
        self.scope, self.holds, self.icons = scope, holds, icons

    def page(self, content: bytes, at: Key, policy: str) -> bytes:
        """The page's bytes as they stand in the copy."""
        page = parsed(content)
        language = "en" if (page.get("lang") or "uk").startswith("en") else "uk"
        with translation.override(language):
            self._strip(page)
            self._still(page)
            self._forms(page, at)
            self._links(page, at)
            self._icons(page)
            self._policy(page, policy)
            self._banner(page, at)
        return written(page)

    def css(self, content: str, at: Key, picture: Callable[[Key], bytes]) -> str:
        """A style sheet whose fonts lie in the copy too. Drawings stand in it: browsers take no mask of another file
        by file://. picture: the bytes of one.
        """

        def moved(found: re.Match[str]) -> str:
            if found[2].startswith(("data:", "#")):
                return found[0]
            key = self.scope.key(found[2], at)
            if key is None or not self.holds(key):
                return "none"
            if key.path.endswith(".svg"):
                return f'url("data:image/svg+xml;base64,{b64encode(picture(key)).decode()}")'
            return f'url("{relative(key, at)}")'

        return _CSS_URL.sub(moved, content)

    def live(self, href: str, at: Key) -> str:
        return urljoin(f"{self.scope.base}{at.address}", href)

    def _strip(self, page: Page) -> None:
        """Out with what only the live site can use: foreign scripts, hints to load early, the choice of colours."""
        for element in page.xpath("//link[@rel='preload'] | //meta[@name='htmx-config'] | //base"):
            element.drop_tree()
        for script in page.xpath("//script[@src]"):
            if not any(name.removesuffix(".js") in script.get("src") for name in KEPT_SCRIPTS):
                script.drop_tree()
        # what people say stays where it is moderated and can be taken back
        for talk in page.xpath("//section[@aria-labelledby='talk']"):
            talk.drop_tree()
        for choice in page.xpath("//ul[li/a[contains(@href, '/theme/')]]"):
            choice.drop_tree()

    def _still(self, page: Page) -> None:
        """What ticks on the live site says the moment here."""
        for time in page.xpath("//time[@data-countdown]"):
            moment = parse_datetime(time.get("datetime") or "")
            for name in ("data-countdown", "data-over"):
                time.attrib.pop(name, None)
            if moment is None:
                continue
            time.text = date_format(moment.astimezone(KYIV), "j E Y, H:i")
            around = time.getparent().getparent()
            if around is not None and "countdown-left" in (around.get("class") or ""):
                around.text = _("until") + " "

    def _forms(self, page: Page, at: Key) -> None:
        """In place of a form: that it works on the live site; in place of a search: the copy's own."""
        is_said = False
        for form in page.xpath("//form"):
            if form.xpath("ancestor::header[contains(@class, 'site-head')] | ancestor::footer"):
                form.drop_tree()
                continue
            is_search = form.get("role") == "search" and (form.get("method") or "get").lower() == "get"
            line = self._said(is_search=is_search, at=at, is_first=not is_said)
            is_said = is_said or not is_search
            line.tail = form.tail
            form.getparent().replace(form, line)

    def _said(self, *, is_search: bool, at: Key, is_first: bool) -> Page:
        line = html.Element("p", {"class": "small"})
        slug = at.path.split("/")[1]
        language = "en/" if translation.get_language() == "en" else ""
        if is_search and slug in self.scope.contests:
            link = html.Element("a", {"href": f"/{slug}/{language}search/"})
            link.text = _("Search the projects of this copy")
        else:
            line.text = _("This is a copy: it takes nothing in.") + " " if is_first else ""
            link = html.Element("a", {"href": self.live(at.address, at), "rel": "external"})
            link.text = _("Do it on the site itself")
        line.append(link)
        return line

    def _links(self, page: Page, at: Key) -> None:
        for element, name, value in list(_addressed(page)):
            if value.startswith(("#", "data:", "mailto:", "tel:")) or element.tag == "use":
                continue
            bare, hash_, part = value.partition("#")
            key = self.scope.key(bare, at)
            if key is not None and self.holds(key):
                element.set(name, f"{relative(key, at)}{hash_}{part}")
            elif element.tag == "a":
                element.set(name, self.live(value, at))
                element.attrib.pop("download", None)
            elif element.tag in {"link", "script", "source"}:
                element.drop_tree()
            else:
                element.attrib.pop(name, None)
        for element in page.xpath("//*[@srcset]"):
            element.attrib.pop("srcset")

    def _icons(self, page: Page) -> None:
        """The sprite's pictures that the page uses stand in the page: a browser fetches none of another file by file://."""
        used: dict[str, None] = {}
        for element in page.xpath("//use[@href]"):
            name = element.get("href").partition("#")[2]
            if _ICON in element.get("href") and name in self.icons:
                element.set("href", f"#icon-{name}")
                used[name] = None
        if used:
            symbols = "".join(self.icons[name] for name in sorted(used))
            sprite = html.fragment_fromstring(f'<svg hidden aria-hidden="true">{symbols}</svg>')
            page.body.append(sprite)

    def _policy(self, page: Page, policy: str) -> None:
        """The page's own policy as a meta element, with what a copy needs less of."""
        styles = re.search(r"style-src [^;]*'sha256-[^;]*", policy)
        text = POLICY.replace("style-src 'self'", styles[0]) if styles else POLICY
        head = page.find("head")
        place = 1 if len(head) and head[0].get("charset") else 0
        head.insert(place, html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": text}))

    def _banner(self, page: Page, at: Key) -> None:
        """The first thing the page says: that it is a copy, and of what."""
        places = page.xpath("//header[contains(@class, 'site-head')]") or page.xpath(
            "//body[.//*[@id='main']]"
        )
        for place in places[:1]:
            bar = html.fragment_fromstring(
                '<div class="demo-bar"><div class="wrap"><p></p><a></a></div></div>'
            )
            bar[0][0].text = _("A copy to read. The site itself:")
            link = bar[0][1]
            link.text = self.scope.base.partition("://")[2]
            link.set("href", self.live(at.address, at))
            link.set("rel", "external")
            place.insert(0, bar)


def symbols(sprite: str) -> dict[str, str]:
    """The symbols of an SVG sprite by their ids, ready to stand in a page."""
    found = {}
    for match in re.finditer(r'<symbol\b[^>]*\bid="([^"]+)"[^>]*>.*?</symbol>', sprite, re.DOTALL):
        found[match[1]] = match[0].replace(f'id="{match[1]}"', f'id="icon-{match[1]}"', 1)
    return found
