"""The number of a Ukrainian passport: the booklet's series of two letters and six digits, or the card's nine digits."""

import re

# Latin letters that look like those of a passport's series are what a keyboard was switched to
_ALIKE = str.maketrans("ABCEHIKMOPTX", "АВСЕНІКМОРТХ")
_SERIES = re.compile(r"[А-ЯІЇЄҐ]{2}\d{6}")
_CARD = re.compile(r"\d{9}")


def passport_number(text: str) -> str:
    """The number in one form: without spaces and hyphens, the series in Cyrillic capitals.

    Raises ValueError, which does not repeat the text.
    """
    clean = re.sub(r"[\s\u200b\ufeff-]+", "", text).upper().translate(_ALIKE)
    if not (_SERIES.fullmatch(clean) or _CARD.fullmatch(clean)):
        raise ValueError("not the number of a passport")
    return clean
