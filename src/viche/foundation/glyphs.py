"""Which signs the fonts of documents can show, read from the fonts themselves."""

import struct
from functools import cache, lru_cache
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Golos Text"
LAST_TRIED = 0x2E7F
"""Beyond it are ideograms, pictures and private signs, which no font of ours and of Typst's has."""


def is_shown(sign: str) -> bool:
    """Whether our fonts have the sign, or the ones that Typst brings along and falls back to."""
    return ord(sign) in own_signs() or (ord(sign) <= LAST_TRIED and _is_set(sign))


@cache
def own_signs() -> frozenset[int]:
    """Code points that every font of ours has."""
    fonts = [_signs(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*fonts)


def _signs(font: bytes) -> frozenset[int]:
    """Code points of a font: its table cmap, segments of 32 bits (OpenType, format 12)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    places = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)
    }
    start = places[b"cmap"]
    (number,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for at in range(start + 8, start + 8 + 8 * number, 8):
        begin = start + struct.unpack_from(">I", font, at)[0]
        if struct.unpack_from(">H", font, begin)[0] != 12:
            continue
        (groups,) = struct.unpack_from(">I", font, begin + 12)
        for group in range(groups):
            first, last = struct.unpack_from(">II", font, begin + 16 + 12 * group)
            found.update(range(first, last + 1))
    return frozenset(found)


@lru_cache(maxsize=4096)
def _is_set(sign: str) -> bool:
    """Whether Typst sets it as an archive asks for, with whichever font it falls back to."""
    source = f'#set document(title: "-")\n#set text(font: "{FAMILY}")\n#text("\\u{{{ord(sign):x}}}")'
    try:
        typst.compile(
            source.encode(), font_paths=[FONTS], ignore_system_fonts=True, root=FONTS, format="pdf",
            pdf_standards=["a-2b"],
        )  # fmt: skip
    except typst.TypstError:
        return False
    return True
