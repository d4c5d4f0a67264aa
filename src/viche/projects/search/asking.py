"""What a question means: every term must be there, in any of its forms."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.contrib.postgres.search import SearchQuery

from viche.projects.search.latin import is_latin, readings, slipped
from viche.projects.search.words import base_form, is_in_dictionary, plain, quoted, stem, words_of

TERMS = 12
# of many terms that mean nothing alone; they count only where the question has no others
_CONNECTING = frozenset(
    [
        "а", "в", "від", "до", "для", "з", "за", "зі", "із", "і", "й", "на", "над", "о", "об", "по", "під", "при",
        "про", "та", "те", "у", "це", "як", "a", "an", "at", "for", "in", "of", "on", "the", "to", "and",
    ]
)  # fmt: skip
_NUMBER = re.compile(r"(?:№|#|\bno\.?|\bn[°º])\s*(\d{1,9})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Term:
    """A term as typed, and the words it may stand for; is_number: a project's number, asked for as such."""

    said: str
    words: tuple[str, ...]
    is_number: bool = False
    is_exact: bool = False

    def written(self, weights: str = "") -> str:
        """The term as a part of a tsquery; weights: in which parts of the index it is looked for (A to D)."""
        if self.is_number:
            return f"{quoted('#' + self.said)}{':' + weights if weights else ''}"
        return "(" + " | ".join(dict.fromkeys(self._alternatives(weights))) + ")"

    def as_written(self) -> str:
        """The word itself in the title, no other form of it."""
        if self.is_number:
            return f"{quoted('#' + self.said)}:A"
        said = [quoted(mark + plain(word)) for word in self.words for mark in ("", "#") if plain(word)]
        return "(" + " | ".join(f"{each}:A" for each in said) + ")"

    def _alternatives(self, weights: str) -> Iterable[str]:
        mark = f":{weights}" if weights else ""
        yield f"{quoted('#' + code_of(self.said))}{mark}"
        for word in self.words:
            if self.is_exact or word.isdigit() or len(plain(word)) < 3:
                yield f"{quoted(plain(word))}{mark}"
            else:
                yield f"{quoted(plain(word))}:*{weights}"
            parts = word.split("-")
            if len(parts) > 1:
                yield "(" + " & ".join(f"{quoted(plain(part))}{mark}" for part in parts if part) + ")"
            if not self.is_exact and not word.isdigit():
                yield from (f"{quoted(form)}{mark}" for form in asked_forms(word))

    def fits(self, lexemes: Iterable[str]) -> bool:
        """Whether a word of a text, given by its lexemes, is one of those that this term finds."""
        forms = {form for word in self.words for form in asked_forms(word)} if not self.is_exact else set()
        said = {plain(word) for word in self.words}
        for lexeme in lexemes:
            if lexeme in said or lexeme in forms:
                return True
            if not self.is_exact and any(
                len(each) > 2 and not each.isdigit() and lexeme.startswith(each) for each in said
            ):
                return True
        return False


def asked_forms(word: str) -> list[str]:
    """The lexemes under which other forms of the word are stored: see search.words."""
    base = base_form(word)
    if is_in_dictionary(word):
        return [plain(base), f"?{stem(base)}"]
    return [plain(base), f"={stem(word)}", f"?{stem(word)}"]


def code_of(text: str) -> str:
    """A project's code as it is compared."""
    return re.sub(r"[^\w-]", "", text.casefold())[:80]


@dataclass(frozen=True)
class Question:
    """text: as typed. terms: all of them must be found."""

    text: str
    terms: tuple[Term, ...]

    @property
    def query(self) -> SearchQuery:
        """For the whole index."""
        return WrittenQuery(" & ".join(term.written() for term in self.terms))

    def query_in(self, weights: str) -> SearchQuery:
        """For the head of the index: everything in parts of these weights."""
        return WrittenQuery(" & ".join(term.written(weights) for term in self.terms))

    @property
    def as_written(self) -> SearchQuery:
        return WrittenQuery(" & ".join(term.as_written() for term in self.terms))

    @property
    def words(self) -> str:
        return " ".join(term.said for term in self.terms)

    def corrected(self, instead: dict[str, str]) -> "Question":
        """The question with other words in place of those typed."""
        terms = [
            replace(term, said=instead[term.said], words=(instead[term.said],))
            if term.said in instead
            else term
            for term in self.terms
        ]
        return Question(self.text, tuple(terms))


def term_query(term: Term) -> SearchQuery:
    return WrittenQuery(term.written())


class WrittenQuery(SearchQuery):
    """A tsquery written out and cast, not parsed: every lexeme is quoted, so that no sign of a question operates."""

    template = "(%(expressions)s)::tsquery"


def question_of(text: str, *, is_exact: bool = False) -> Question | None:
    """What was asked; None where there is no word in it. is_exact: the words as they are, no other form or reading."""
    text = text.replace("\x00", " ")
    numbers = [Term(number.lstrip("0") or "0", (), is_number=True) for number in _NUMBER.findall(text)]
    terms: dict[str, Term] = {}
    for chunk in _NUMBER.sub(" ", text).split():
        for term in _terms_of(chunk, is_exact=is_exact):
            terms.setdefault(term.said, term)
    kept = [term for term in terms.values() if term.said not in _CONNECTING] or list(terms.values())
    every = (*numbers, *kept)[:TERMS]
    return Question(" ".join(text.split()), every) if every else None


def _terms_of(chunk: str, *, is_exact: bool) -> Sequence[Term]:
    words = words_of(chunk)
    if is_exact or not is_latin(chunk.casefold()):
        return [Term(word, (word,), is_exact=is_exact) for word in words]
    turned = [each for each in (slipped(chunk), slipped(chunk.rstrip(",.;:!?"))) if each]
    if len(words) == 1:
        return [Term(words[0], tuple(dict.fromkeys([words[0], *readings(words[0]), *turned])))]
    # the other layout has letters where this one has signs: «[jlbnm» is one word
    if turned and (not words or is_in_dictionary(turned[-1])):
        return [Term(turned[-1], (turned[-1],))]
    return [Term(word, tuple(dict.fromkeys([word, *readings(word)]))) for word in words]
