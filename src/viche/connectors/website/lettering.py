"""The house's letters on pictures: Golos Text, which lies in four files by alphabet, put together line by line."""

from functools import cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

import viche.foundation

FOLDER = Path(viche.foundation.__file__).parent / "static" / "viche" / "fonts"
# as in tokens.css: which file draws which letters; the first that fits
RANGES = (
    ("cyrillic", ((0x301, 0x301), (0x400, 0x45F), (0x490, 0x491), (0x4B0, 0x4B1), (0x2116, 0x2116))),
    ("cyrillic-ext", ((0x460, 0x52F), (0x20B4, 0x20B4))),
    ("latin", ((0, 0xFF), (0x2BB, 0x2BC), (0x2000, 0x206F), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2212, 0x2212))),
    ("latin-ext", ((0x100, 0x2BA), (0x20A0, 0x20C0), (0x1E00, 0x1EFF))),
)  # fmt: skip
# signs that the letters lack, by ones they have
INSTEAD = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\n": " ", "\t": " "})


@cache
def _face(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    face = ImageFont.truetype(str(FOLDER.joinpath(f"golos-{name}.woff2")), size)
    face.set_variation_by_axes([weight])
    return face


def _file_of(letter: str) -> str:
    code = ord(letter)
    for name, ranges in RANGES:
        if any(low <= code <= high for low, high in ranges):
            return name
    return ""


def _runs(text: str) -> list[tuple[str, str]]:
    """(file, letters) in order; what no file has is left out. A space belongs to the letters before it."""
    runs: list[tuple[str, str]] = []
    for letter in text.translate(INSTEAD):
        name = runs[-1][0] if letter == " " and runs else _file_of(letter)
        if not name:
            continue
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + letter)
        else:
            runs.append((name, letter))
    return runs


def length_of(text: str, size: int, weight: int) -> int:
    """How wide the text is, in pixels."""
    return sum(int(_face(name, size, weight).getlength(run)) for name, run in _runs(text))


def write(
    canvas: ImageDraw.ImageDraw, place: tuple[int, int], text: str, *, size: int, weight: int, colour: str
) -> None:
    """One line, from the left end of its baseline."""
    x, y = place
    for name, run in _runs(text):
        face = _face(name, size, weight)
        canvas.text((x, y), run, font=face, fill=colour, anchor="ls")
        x += int(face.getlength(run))


def wrapped(text: str, *, size: int, weight: int, width: int) -> list[str]:
    """The text in lines no wider than this; a word that is wider by itself is broken."""
    lines, current = [], ""
    for word in text.translate(INSTEAD).split():
        longer = f"{current} {word}".strip()
        if length_of(longer, size, weight) <= width:
            current = longer
            continue
        if current:
            lines.append(current)
        current = word
        while length_of(current, size, weight) > width:
            cut = next(
                place for place in range(len(current) - 1, 0, -1)
                if length_of(current[:place], size, weight) <= width or place == 1
            )  # fmt: skip
            lines.append(current[:cut])
            current = current[cut:]
    return [*lines, current] if current else lines


def fitted(
    text: str, *, sizes: tuple[tuple[int, int], ...], weight: int, width: int
) -> tuple[int, list[str]]:
    """(size, lines). sizes: each with how many lines it may take; the first that suffices, the last one cut."""
    for size, most in sizes:
        lines = wrapped(text, size=size, weight=weight, width=width)
        if len(lines) <= most:
            return size, lines
    kept = lines[:most]
    while length_of(kept[-1] + "…", size, weight) > width:
        kept[-1] = kept[-1][:-1].rstrip()
    return size, [*kept[:-1], kept[-1].rstrip(" .,;:") + "…"]
