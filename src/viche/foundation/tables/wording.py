"""Sentences about cells and tables."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.foundation.tables.records import Odd

ODD: dict[str, object] = {
    Odd.DATE: gettext_lazy(
        "The program has made a date of it: give the column the format “Text” and type it anew."
    ),
    Odd.FORMULA: gettext_lazy(
        "A formula whose value the file does not hold: open the file, let it be calculated and save it, or put the "
        "value there."
    ),
    Odd.ERROR: gettext_lazy("The formula here comes to an error: put the value there."),
    Odd.MERGED: gettext_lazy("Cells are joined here, and only the first of them has the value: part them."),
    Odd.TRUTH: gettext_lazy("A true or false stands here."),
}
FAULTS = {
    "empty": gettext_lazy("Nothing stands here."),
    "scientific": gettext_lazy(
        "The program has shortened the number (2.98E+09), and its digits are lost: give the column the format “Text” "
        "and type it anew."
    ),
    "fraction": gettext_lazy("A whole number is needed, not a fraction."),
    "not_a_number": gettext_lazy("A number is needed."),
    "too_large": gettext_lazy("The number is too large."),
}


def odd_text(code: str) -> str:
    """The sentence of what is odd about a cell, or wrong with a number."""
    return str({**ODD, **FAULTS}[code])


def letter_of(place: int) -> str:
    """The letters of a column as office programs show them: 0 is A, 26 is AA."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(row: int, place: int) -> str:
    """A cell in words: "row 12, column C"."""
    return _("row %(row)d, column %(column)s") % {"row": row, "column": letter_of(place)}
