"""What a comment may not hold: links, contacts, numbers of people and cards, shouting. Pure, with their words."""

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST = 2000
_LINK = re.compile(
    r"(?:https?|hxxps?|ftp)\s*:\s*/\s*/|\bwww\s*\.|"
    r"\b[\w-]{2,}\s?\.\s?(?:ua|com|net|org|ru|info|biz|me|io|site|online|shop|top|link|укр)\b(?:/\S*)?|t\.me/",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+\.\w+", re.IGNORECASE)
_DIGITS = re.compile(r"\+?\d(?:[\s().\u00a0-]{0,3}\d){8,}")
_DAY = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")
_PASSPORT = re.compile(r"\b[А-ЯІЇЄҐ]{2}\s?№?\s?\d{6}\b")
# control and format signs but line breaks: zero widths and the marks that turn the direction of writing
_KEPT = {"\n", "\t"}


def plain(text: str) -> str:
    """The text without control signs, with at most one empty line in a row."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        sign for sign in text if sign in _KEPT or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs"}
    )
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t\u00a0]+", " ", text)).strip()


def fault_in(text: str, *, longest: int = LONGEST) -> str:
    """What is wrong with the plain text, in words; empty where it may be published."""
    if len(text) < 2:
        return _("Write what you want to say.")
    if len(text) > longest:
        return _("No more than %(limit)d letters, please.") % {"limit": longest}
    if _EMAIL.search(text):
        return _("Please leave out e-mail addresses: everybody reads this, machines too.")
    if _LINK.search(text):
        return _("Links are not published here. Say in words what is meant.")
    if _PASSPORT.search(text) or any(
        _is_personal(found.group()) for found in _DIGITS.finditer(_DAY.sub(".", text))
    ):
        return _(
            "Please leave out telephone numbers, tax numbers, passports and cards: everybody reads this."
        )
    if is_shouting(text):
        return _("Please write in ordinary letters: a text all in capitals is hard to read.")
    return ""


def _is_personal(found: str) -> bool:
    """Whether a run of digits is long enough for a telephone, a tax number or a card; sums of money are not."""
    digits = re.sub(r"\D", "", found)
    # 1 200 000 000: groups of three are an amount
    if re.fullmatch(r"\d{1,3}(?:[\s\u00a0.]\d{3})+", found.strip()):
        return False
    return 9 <= len(digits) <= 19


def is_shouting(text: str) -> bool:
    """Whether more than seven of ten letters of a longer text are capitals."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 20 and sum(sign.isupper() for sign in letters) * 10 > len(letters) * 7
