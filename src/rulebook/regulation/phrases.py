"""Words of one language for the text of a regulation: sentences by key, numbers with their nouns, dates, lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rulebook.explaining.wording import LANGUAGES, NO_BREAK, Words, plural_en, plural_uk
from rulebook.regulation import words_en, words_uk

TEXTS: Mapping[str, Mapping[str, str]] = {"uk": words_uk.TEXTS, "en": words_en.TEXTS}
NOUNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {"uk": words_uk.NOUNS, "en": words_en.NOUNS}
MONTHS: Mapping[str, tuple[str, ...]] = {"uk": words_uk.MONTHS, "en": words_en.MONTHS}


@dataclass(frozen=True)
class Phrases:
    """The words of one language; amounts have ``scale`` minor units in a unit of ``currency``."""

    language: str
    currency: str
    scale: int

    def __call__(self, key: str, **values: object) -> str:
        """A sentence by its key, with its values filled in."""
        return TEXTS[self.language][key].format(**values)

    def of(self, group: str, code: str) -> str:
        """The words of a code of a group; the code itself where there are none."""
        return TEXTS[self.language].get(f"{group}.{code}", code)

    def all_of(self, group: str, codes: Iterable[str]) -> str:
        """The words of several codes, after commas."""
        return ", ".join(self.of(group, code) for code in codes)

    def any_of(self, group: str, codes: Iterable[str]) -> str:
        """The words of several codes as alternatives: «a, b або c»."""
        words = [self.of(group, code) for code in codes]
        joined = ", ".join(words[:-1])
        return self("or", first=joined, last=words[-1]) if joined else "".join(words)

    def count(self, number: int, noun: str) -> str:
        """«3 проєкти»: a number with its noun in the right form; a noun with ".of" is in the genitive."""
        form = plural_uk(number) if self.language == "uk" else plural_en(number)
        return f"{self._words.number(number)}{NO_BREAK}{NOUNS[self.language][noun][form]}"

    def money(self, amount: int) -> str:
        """«1 000 000 грн» of minor units."""
        return self._words.money(amount)

    def percent(self, share: int) -> str:
        """«26,67 %» of hundredths of a percent, exactly."""
        whole, rest = divmod(share, 100)
        digits = f"{rest:02d}".rstrip("0")
        point, gap = (",", NO_BREAK) if self.language == "uk" else (".", "")
        return f"{self._words.number(whole)}{point if digits else ''}{digits}{gap}%"

    def day(self, iso: str) -> str:
        """«1 січня 2027 року»; what is no date stays as it is."""
        try:
            parsed = date.fromisoformat(iso)
        except ValueError:
            return iso
        month = MONTHS[self.language][parsed.month - 1]
        return self("date", day=parsed.day, month=month, year=parsed.year).replace(" ", NO_BREAK)

    def quoted(self, name: str) -> str:
        """The name of something."""
        return self._words.quoted(name)

    @property
    def _words(self) -> Words:
        return Words(self.language, self.scale, self.currency)


__all__ = ["LANGUAGES", "Phrases"]
