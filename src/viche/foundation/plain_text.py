"""Text as people type and paste it, made plain: no markup of a word processor, no signs that cannot be seen.

What is only seen by a machine (control characters, zero-width signs, signs that turn the direction of writing) may
hide words from a reader or change how a title reads; none of it is needed to write Ukrainian.
"""

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser

# what a word processor leaves in pasted text; «2 < 3» and «<скверик>» are none of it
_MARKUP = re.compile(
    r"<!--\[if|</?(?:p|br|div|span|font|table|tbody|tr|td|th|ul|ol|li|h[1-6]|b|i|strong|em|a|o:p|w:\w+|v:\w+|st1:\w+)"
    r"(?:\s[^<>]*)?/?>",
    re.I,
)
_CONDITIONAL = re.compile(r"<!--.*?-->|<!\[(?:if|endif).*?\]>|<\?xml.*?>", re.S | re.I)
_BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
_SILENT = frozenset({"style", "xml", "head", "title"})
# word processors write their bullets in the area for private use
_BULLETS = {0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "•", 0xF02D: "-"}
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")


class _Words(HTMLParser):
    """Text of a piece of markup: blocks on lines of their own, list items with a dash."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n- " if tag == "li" else "\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif not _MARKUP.fullmatch(f"<{tag}>"):
            self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in {"p", "div", "table", "ul", "ol"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def without_markup(text: str) -> str:
    """The words of text pasted with the markup of a word processor or a page; other text as it is."""
    if not _MARKUP.search(text):
        return text
    words = _Words()
    words.feed(_CONDITIONAL.sub("", text))
    words.close()
    return unescape("".join(words.parts))


def plain_text(text: str) -> str:
    """Several lines: markup and invisible signs removed, no spaces at the ends of lines, at most one empty line."""
    plain = _LINE_ENDS.sub("\n", without_markup(_LINE_ENDS.sub("\n", text)))
    seen = "".join(_visible(sign) for sign in unicodedata.normalize("NFC", plain))
    lines = [_SPACES.sub(" ", line).strip() for line in seen.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def plain_line(text: str) -> str:
    """One line of plain_text."""
    return " ".join(plain_text(text).split())


def is_shouted(text: str) -> bool:
    """Whether a text of some length is written in capitals: more than seven of ten letters, not one abbreviation."""
    letters = [sign for sign in text if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    return len(letters) >= 10 and capitals * 10 > len(letters) * 7


def _visible(sign: str) -> str:
    if ord(sign) in _BULLETS:
        return _BULLETS[ord(sign)]
    if sign in "\n\t":
        return sign
    # Cc control, Cf format (zero width, direction), Co private use, Cs surrogates, Cn not assigned
    return "" if unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs", "Cn"} else sign
