"""Documents as PDF: a text in Typst is set with our own letters only, and no file but they can be reached."""

import re
import unicodedata
from collections.abc import Sequence

import typst

from viche.foundation.glyphs import FAMILY, FONTS, is_shown, own_signs

__all__ = ["ACCESSIBLE", "ARCHIVE", "FAMILY", "paragraphs", "pdf_of", "quoted", "running"]

ARCHIVE, ACCESSIBLE = "a-2b", "ua-1"
"""PDF/A-2b for what is archived, PDF/UA-1 for what is read aloud."""

BOX = "□"
BREAK = "\u200b"
"""Nothing is seen of it, and a line may end there."""

LONG_WORD = re.compile(r"\S{25,}")
MARKS = ("Mn", "Me", "Mc")


def pdf_of(source: str, *, standard: str = ARCHIVE) -> bytes:
    """The PDF of a text in Typst."""
    return typst.compile(
        source.encode(), font_paths=[FONTS], ignore_system_fonts=True, root=FONTS, format="pdf",
        pdf_standards=[standard], sys_inputs={},
    )  # fmt: skip


def quoted(text: str) -> str:
    """A text as a string of Typst: no letter of it can be read as markup. A sign that no font of ours has is a box."""
    said = "".join(letter if letter.isprintable() or letter == BREAK else " " for letter in text)
    if not own_signs().issuperset(map(ord, said)):
        said = _in_our_signs(said)
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'


def running(text: str) -> str:
    """A text as a string of Typst that never runs out of its place: a word longer than a line of a narrow column goes
    on in the next one.
    """
    return quoted(LONG_WORD.sub(lambda found: BREAK.join(found[0]), text))


def _in_our_signs(text: str) -> str:
    """Signs that no font has become boxes; accents of letters that are not our font's own are left out, for no font
    has both.
    """
    found, is_own = [], True
    for sign in unicodedata.normalize("NFC", text):
        is_mark = unicodedata.category(sign) in MARKS
        if not is_mark:
            is_own = ord(sign) in own_signs()
        if sign == BREAK or (is_own and ord(sign) in own_signs()):
            found.append(sign)
        elif not is_mark:
            found.append(sign if is_shown(sign) else BOX)
    return "".join(found)


def paragraphs(text: str, *, options: str = "") -> str:
    """A text of several lines, each a paragraph."""
    lines: Sequence[str] = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(f"#par({options}text({running(line)}))\n" for line in lines)
