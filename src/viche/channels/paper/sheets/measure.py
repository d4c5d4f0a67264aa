"""How long a text is in the printed letters, and where its lines break: the same on every machine."""

from functools import lru_cache

from PIL import ImageFont

from viche.foundation.typesetting import FAMILY, FONTS

__all__ = ["FAMILY", "FONTS", "POINT", "length", "lines"]

POINT = 3_528
"""Hundredths of a millimetre in a hundred points."""


@lru_cache(maxsize=2)
def _font(is_bold: bool) -> ImageFont.FreeTypeFont:
    name = "GolosText-Bold.ttf" if is_bold else "GolosText-Regular.ttf"
    return ImageFont.truetype(FONTS / name, size=1_000, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4_096)
def _advance(letter: str, is_bold: bool) -> int:
    """Thousandths of the size."""
    return round(_font(is_bold).getlength(letter))


def length(text: str, size: int, *, is_bold: bool = False) -> int:
    """Hundredths of a millimetre. size: in tenths of a point."""
    return sum(_advance(letter, is_bold) for letter in text) * size * POINT // 1_000_000


def lines(
    text: str, size: int, width: int, *, is_bold: bool = False, most: int | None = None
) -> tuple[str, ...]:
    """The text in lines no longer than the width; a word longer than a line is broken.

    most: of lines; what does not fit ends in an ellipsis.
    """
    found: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if length(joined, size, is_bold=is_bold) <= width:
            line = joined
            continue
        if line:
            found.append(line)
        while length(word, size, is_bold=is_bold) > width:
            cut = _fitting(word, size, width, is_bold)
            found.append(word[:cut])
            word = word[cut:]
        line = word
    if line or not found:
        found.append(line)
    if most is not None and len(found) > most:
        last = found[most - 1]
        while last and length(f"{last}…", size, is_bold=is_bold) > width:
            last = last[:-1]
        found = [*found[: most - 1], f"{last.rstrip()}…"]
    return tuple(found)


def _fitting(word: str, size: int, width: int, is_bold: bool) -> int:
    cut = 1
    while cut < len(word) and length(word[: cut + 1], size, is_bold=is_bold) <= width:
        cut += 1
    return cut
