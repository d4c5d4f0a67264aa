"""Words of a text and the forms under which they are found.

Of a word three kinds of lexemes are stored: the word itself, its dictionary form, and its stem. Stems are marked, so
that they never meet by accident: "=" before the stem of any word, "?" before that of a word the dictionary does not
know. A word that the dictionary knows is looked up by its dictionary form and among the unknown ("?"); an unknown one
also among the stems of all ("="). So «місто» does not find «міст», and «укриттів», which no dictionary has, finds
«укриття». "#" stands before a project's number and code.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from simplemma import is_known, lemmatize

LANGUAGES = ("uk", "en")
LONGEST = 64
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´ʹ‘′", "'") | dict.fromkeys("‐‑–", "-"))
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# plurals of another root, which the dictionary gives as words of their own
_IRREGULAR = {"діти": "дитина", "дітки": "дитина", "люди": "людина", "людей": "людина"}
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
# typed in the other layout because they look the same: «парк» with a Latin "p"
_LOOK_ALIKE = str.maketrans("aeiopcxykïtmhb", "аеіорсхукїтмнв")
# endings of nouns and adjectives, the longest first; what is left has four letters at least
_ENDINGS = sorted(
    [
        "ами", "ями", "ові", "еві", "єві", "ого", "ього", "ому", "ьому", "ими", "іми", "ість", "ості", "істю",
        "ою", "ею", "єю", "ом", "ем", "єм", "ам", "ям", "ах", "ях", "ів", "їв", "ей", "ій", "їй", "ий", "им", "ім",
        "их", "іх", "ої", "ую", "юю", "ая", "ії", "ія", "ію", "а", "я", "у", "ю", "о", "е", "є", "и",
        "і", "ї", "ь", "й",
    ],
    key=len, reverse=True,
)  # fmt: skip


def folded(text: str) -> str:
    """Small letters, one apostrophe, one hyphen, no stress marks; Latin letters inside a Cyrillic word as meant."""
    composed = unicodedata.normalize("NFC", text.casefold().translate(_APOSTROPHES))
    bare = "".join(letter for letter in composed if not unicodedata.combining(letter) and letter != "\u00ad")
    return _WORD.sub(lambda found: _as_meant(found[0]), bare)


def _as_meant(word: str) -> str:
    return word.translate(_LOOK_ALIKE) if _CYRILLIC.search(word) else word


def words_of(text: str) -> list[str]:
    """The words of a text in their order, folded; each keeps its apostrophes and hyphens."""
    return [word[:LONGEST] for word in _WORD.findall(folded(text))]


def plain(word: str) -> str:
    """A word as it is compared: without apostrophe and hyphen, ґ as г, ё as е."""
    return word.replace("'", "").replace("-", "").replace("ґ", "г").replace("ё", "е")


@lru_cache(maxsize=50_000)
def base_form(word: str) -> str:
    """The dictionary form of a Ukrainian (or English) folded word."""
    base = folded(lemmatize(word, lang=LANGUAGES))
    return _IRREGULAR.get(base, base)


@lru_cache(maxsize=50_000)
def is_in_dictionary(word: str) -> bool:
    """Whether the dictionary knows the word or the form: only then its base form is to be relied on."""
    return is_known(word, lang=LANGUAGES) or base_form(word) != word


def stem(word: str) -> str:
    """The word without its Ukrainian ending; four letters stay at least, and words without Cyrillic stay whole."""
    bare = plain(word)
    if not _CYRILLIC.search(bare):
        return bare
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= 4:
            return bare[: -len(ending)]
    return bare


@lru_cache(maxsize=50_000)
def forms_of(word: str) -> tuple[str, ...]:
    """The lexemes stored beside the word itself."""
    if word.isdigit():
        return ()
    base = base_form(word)
    forms = [plain(base), f"={stem(base)}"]
    if not is_in_dictionary(word):
        forms.append(f"?{stem(word)}")
    return tuple(dict.fromkeys(forms))


def lexemes_of(text: str) -> tuple[list[str], list[str]]:
    """(words as written, their forms) of a text; a word with a hyphen counts whole and in its parts."""
    said: dict[str, None] = {}
    forms: dict[str, None] = {}
    for word in words_of(text):
        parts = word.split("-")
        for part in [word, *parts] if len(parts) > 1 else parts:
            said.setdefault(plain(part))
            for form in forms_of(part):
                forms.setdefault(form)
    return list(said), list(forms)


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it in a tsvector or tsquery written out."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def vector_of(lexemes: Iterable[str], weight: str = "") -> str:
    """A tsvector written out; with a weight, A to D, each lexeme carries it."""
    # a place of its own for each weight: of two weights in one place PostgreSQL keeps the higher alone
    mark = f":{'ABCD'.index(weight) + 1}{weight}" if weight else ""
    return " ".join(f"{quoted(lexeme)}{mark}" for lexeme in dict.fromkeys(lexemes) if lexeme)
