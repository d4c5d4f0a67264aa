"""Words for the pages, in two languages: numbers, money, plural forms, and a sentence for every code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rulebook.explaining import words_en, words_uk

NO_BREAK = "\u00a0"
LANGUAGES = ("uk", "en")


def plural_uk(number: int) -> int:
    """Which of the three Ukrainian forms goes with a number: 1, 21 …; 2 to 4, 22 to 24 …; all others."""
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else 2


def plural_en(number: int) -> int:
    """Which of the two English forms."""
    return 0 if number == 1 else 1


@dataclass(frozen=True)
class Words:
    """The words of one language, with the currency of one dossier. ``scale`` minor units are one unit."""

    language: str
    scale: int = 100
    currency: str = ""

    @property
    def _texts(self) -> Mapping[str, str]:
        return words_uk.TEXTS if self.language == "uk" else words_en.TEXTS

    def __call__(self, key: str, **values: object) -> str:
        """A sentence by its key, with its values filled in."""
        return self._texts[key].format(**values)

    def of(self, group: str, code: str, **values: object) -> str:
        """The words of a code of a group ("reason", "tie", …); the code itself where there are none."""
        text = self._texts.get(f"{group}.{code}")
        return code if text is None else text.format(**values)

    def has(self, group: str, code: str) -> bool:
        """Whether there are words for the code."""
        return f"{group}.{code}" in self._texts

    def rule(self, rule: str, unit: str = "votes") -> str:
        """The name of a counting rule, where its projects are ranked by votes or by "points"."""
        own = f"{rule}.{unit}"
        return self.of("rule", own if self.has("rule", own) else rule)

    def number(self, number: int) -> str:
        """«61 668», its groups held together."""
        sign = "\u2212" if number < 0 else ""
        return sign + f"{abs(number):,}".replace(",", NO_BREAK)

    def count(self, number: int, noun: str) -> str:
        """«3 голоси»: a number with its noun in the right form; "votes.of" is what is lacking."""
        nouns = words_uk.NOUNS if self.language == "uk" else words_en.NOUNS
        form = plural_uk(number) if self.language == "uk" else plural_en(number)
        return f"{self.number(number)}{NO_BREAK}{nouns[noun][form]}"

    def money(self, amount: int) -> str:
        """«24 186 815 грн»; the part after the point only if there is one."""
        whole, rest = divmod(amount, self.scale)
        text = self.number(whole)
        if rest:
            text += f"{self._point}{rest:0{len(str(self.scale)) - 1}d}"
        currency = "грн" if (self.currency, self.language) == ("UAH", "uk") else self.currency
        return f"{text}{NO_BREAK}{currency}".rstrip(NO_BREAK)

    def round_money(self, amount: int) -> str:
        """An average, which nobody pays: «3 910 917 грн», rounded down to whole units from a hundred on."""
        return self.money(amount - amount % self.scale if amount >= 100 * self.scale else amount)

    def percent(self, basis_points: int) -> str:
        """«12,3 %» of hundredths of a percent."""
        whole, tenth = divmod((basis_points + 5) // 10, 10)
        gap = NO_BREAK if self.language == "uk" else ""
        return f"{self.number(whole)}{self._point}{tenth}{gap}%"

    def hundredths(self, number: int) -> str:
        """«1,27» of 127."""
        whole, rest = divmod(number, 100)
        return f"{self.number(whole)}{self._point}{rest:02d}"

    def quoted(self, text: str) -> str:
        """The name of something."""
        return f"«{text}»" if self.language == "uk" else f"“{text}”"

    @property
    def _point(self) -> str:
        return "," if self.language == "uk" else "."


__all__ = ["LANGUAGES", "NO_BREAK", "Words", "plural_en", "plural_uk"]
