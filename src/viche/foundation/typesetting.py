"""Documents as PDF: a text in Typst is set with our own letters only, and no file but they can be reached."""

from collections.abc import Sequence
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Golos Text"
ARCHIVE, ACCESSIBLE = "a-2b", "ua-1"
"""PDF/A-2b for what is archived, PDF/UA-1 for what is read aloud."""


def pdf_of(source: str, *, standard: str = ARCHIVE) -> bytes:
    """The PDF of a text in Typst."""
    return typst.compile(
        source.encode(), font_paths=[FONTS], ignore_system_fonts=True, root=FONTS, format="pdf",
        pdf_standards=[standard], sys_inputs={},
    )  # fmt: skip


def quoted(text: str) -> str:
    """A text as a string of Typst: no letter of it can be read as markup."""
    said = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'


def paragraphs(text: str, *, options: str = "") -> str:
    """A text of several lines, each a paragraph."""
    lines: Sequence[str] = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(f"#par({options}text({quoted(line)}))\n" for line in lines)
