"""Reading what providers write: texts in one form, names as people write them."""

import re
import unicodedata

MAX_VALUE_LENGTH = 500

_ABSENT = frozenset({"n/a", "na", "н/д", "-", "null", "none"})
_PATRONYMIC = re.compile(r"(?:вич|вна|ічна|чна)$", re.IGNORECASE)


def word(value: object) -> str:
    """A text value in one form: numbers as text, nothing for null, objects and "n/a", one kind of space."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = unicodedata.normalize("NFC", str(value))
    text = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Zs", "Zl", "Zp"} else letter for letter in text
    )
    text = " ".join(text.split())[:MAX_VALUE_LENGTH]
    return "" if text.lower() in _ABSENT else text


def person_name(value: object) -> str:
    """A name as people write it: certificates and banks often give capitals only."""
    text = word(value)
    if not text.isupper():
        return text
    # str.title() would also raise the letter after an apostrophe
    return re.sub(r"[^\s\-]+", lambda part: part[0][0] + part[0][1:].lower(), text)


def split_given_name(given_name: str) -> tuple[str, str]:
    """Given name and patronymic out of one field, as Ukrainian certificates carry them."""
    first, _space, last = given_name.rpartition(" ")
    return (first, last) if first and _PATRONYMIC.search(last) else (given_name, "")
