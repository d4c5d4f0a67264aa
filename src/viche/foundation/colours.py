"""A community's colours, made readable.

A community names one colour of its own. What is drawn with it must meet the contrast of WCAG 2.2 in the light
and in the dark theme (1.4.3: text 4.5 to 1; 1.4.11: controls 3 to 1), so the colour is moved towards black or
white only as far as that needs. The result is a stylesheet of the --community-* properties tokens.css reads.
"""

import re
from decimal import Decimal, localcontext
from functools import cache

Colour = tuple[int, int, int]

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
TEXT = Decimal("4.5")
STEPS = 64

LIGHT_GROUNDS = ("#faf8f3", "#ffffff", "#f2eee4")
DARK_GROUNDS = ("#0f171e", "#17222c", "#0a1016")
ON_DEEP = ("#f7f3ea", "#c3d0d4")
INK_LIGHT, INK_DARK = "#13202d", "#edeae2"
SOFT_LIGHT, SOFT_DARK = "#4a5560", "#b4bdc5"


def parsed(text: str) -> Colour:
    """ "#0d4f6b" as red, green, blue. Raises ValueError for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"a colour is written #rrggbb, not {text!r}")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


@cache
def _linear(channel: int) -> Decimal:
    with localcontext(prec=12):
        share = Decimal(channel) / 255
        if share <= Decimal("0.04045"):
            return share / Decimal("12.92")
        return ((share + Decimal("0.055")) / Decimal("1.055")) ** Decimal("2.4")


def luminance(colour: Colour) -> Decimal:
    """Relative luminance, 0 to 1 (WCAG 2.2, definitions)."""
    red, green, blue = (_linear(channel) for channel in colour)
    return Decimal("0.2126") * red + Decimal("0.7152") * green + Decimal("0.0722") * blue


def contrast(one: Colour, other: Colour) -> Decimal:
    """Contrast ratio, 1 to 21 (WCAG 2.2, definitions)."""
    dark, light = sorted((luminance(one), luminance(other)))
    with localcontext(prec=12):
        return (light + Decimal("0.05")) / (dark + Decimal("0.05"))


def mixed(colour: Colour, other: Colour, steps: int) -> Colour:
    """``colour`` moved ``steps`` of STEPS towards ``other``."""
    red, green, blue = (
        (one * (STEPS - steps) + two * steps + STEPS // 2) // STEPS
        for one, two in zip(colour, other, strict=True)
    )
    return red, green, blue


def moved_until(colour: Colour, towards: Colour, grounds: tuple[str, ...]) -> Colour:
    """The nearest mix with ``towards`` that reads as text on every one of ``grounds``."""
    for steps in range(STEPS + 1):
        candidate = mixed(colour, towards, steps)
        if all(contrast(candidate, parsed(ground)) >= TEXT for ground in grounds):
            return candidate
    return towards


def palette(colour: str) -> dict[str, str]:
    """The --community-* properties for one colour, both themes. Raises ValueError for what is no colour."""
    own = parsed(colour)
    tint = _tint(own, WHITE, 56, (INK_LIGHT, SOFT_LIGHT))
    brand = moved_until(own, BLACK, (*LIGHT_GROUNDS, tint))
    strong = mixed(brand, BLACK, 20)
    dark_tint = _tint(own, parsed(DARK_GROUNDS[1]), 46, (INK_DARK, SOFT_DARK))
    dark_brand = moved_until(own, WHITE, (*DARK_GROUNDS, dark_tint))
    return {
        "brand": written(brand),
        "brand-strong": written(strong),
        "brand-tint": tint,
        "on-brand": "#ffffff",
        "deep": written(moved_until(mixed(own, BLACK, 32), BLACK, ON_DEEP)),
        "brand-dark": written(dark_brand),
        "brand-strong-dark": written(mixed(dark_brand, WHITE, 28)),
        "brand-tint-dark": dark_tint,
        "on-brand-dark": written(moved_until(mixed(own, BLACK, 48), BLACK, (written(dark_brand),))),
        "deep-dark": written(moved_until(mixed(own, BLACK, 44), BLACK, ON_DEEP)),
    }


def _tint(own: Colour, ground: Colour, steps: int, inks: tuple[str, ...]) -> str:
    """A breath of the colour over a ground, faint enough for text in every one of ``inks``."""
    for more in range(steps, STEPS + 1):
        candidate = mixed(own, ground, more)
        if all(contrast(candidate, parsed(ink)) >= TEXT for ink in inks):
            return written(candidate)
    return written(ground)


def brand_stylesheet(colour: str) -> str:
    """A stylesheet that gives the pages a community's colour; empty text for an empty colour."""
    if not colour:
        return ""
    lines = "".join(f"  --community-{name}: {value};\n" for name, value in palette(colour).items())
    return f":root {{\n{lines}}}\n"
