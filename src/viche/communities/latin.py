"""Ukrainian names in Latin letters: addresses, and search by people who type Latin."""

import re
import unicodedata

# Cabinet resolution 55 of 27.01.2010, the table of transliteration
_LETTERS = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’'",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ie",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "_",
            "iu",
            "ia",
            "_",
            "_",
        ],
        strict=True,
    )
)
# the same resolution: these letters are written otherwise at the beginning of a word
_FIRST_LETTERS = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
# Latin letters that do not come apart into a letter and a mark
_OTHERS = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


def latin_form(name: str) -> str:
    """The name in plain Latin small letters; marks over Latin letters are dropped."""
    folded = name.casefold().replace("зг", "zgh")
    begun = re.sub(r"(?<![\w’'])[єїйюя]", lambda found: _FIRST_LETTERS[found[0]], folded)
    latin = "".join(_LETTERS.get(letter, letter) for letter in begun).replace("_", "")
    apart = unicodedata.normalize("NFKD", latin.translate(_OTHERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def slug_of(name: str) -> str:
    """An address from a name: letters a to z, digits, hyphens; at most 38."""
    return re.sub(r"[^a-z0-9]+", "-", latin_form(name)).strip("-")[:38].rstrip("-")


_ALPHABET = {letter: place for place, letter in enumerate(" -’абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")}


def alphabetical(name: str) -> list[int]:
    """A key that sorts names as a Ukrainian dictionary does: «Івано-Франківська» after «Закарпатська»."""
    return [_ALPHABET.get(letter, ord(letter)) for letter in name.casefold()]
