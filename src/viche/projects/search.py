"""Word forms for search: what is stored beside a project and what a query becomes."""

import re
from functools import lru_cache

from django.contrib.postgres.search import SearchQuery
from simplemma import lemmatize

_WORD = re.compile(r"[^\W_]+(?:[’'ʼ-][^\W_]+)*")


@lru_cache(maxsize=50_000)
def base_form(word: str) -> str:
    """The dictionary form of a Ukrainian (or English) word, small letters."""
    folded = word.casefold().replace("’", "'").replace("ʼ", "'")
    return lemmatize(folded, lang=("uk", "en")).casefold()


def words_of(text: str) -> list[str]:
    return [word.casefold().replace("’", "'").replace("ʼ", "'") for word in _WORD.findall(text)]


def vector_text(text: str) -> str:
    """Words and their base forms, for to_tsvector('simple', …)."""
    forms: dict[str, None] = {}
    for word in words_of(text):
        forms.setdefault(word)
        forms.setdefault(base_form(word))
    return " ".join(forms)


def query_of(text: str) -> SearchQuery | None:
    """A query that wants every word, in any form or as a beginning; None where there is no word."""
    parts = []
    for word in words_of(text)[:12]:
        clean = [part for part in dict.fromkeys((base_form(word), word)) if part]
        parts.append("(" + " | ".join(f"'{part.replace(chr(39), chr(39) * 2)}':*" for part in clean) + ")")
    return SearchQuery(" & ".join(parts), config="simple", search_type="raw") if parts else None
