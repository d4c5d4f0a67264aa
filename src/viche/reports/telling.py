"""What figures say, in a sentence each: for those who would rather read than look."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from viche.foundation.money import money_text
from viche.foundation.numbers import grouped
from viche.reports.figure import Figure, Row

HUNDRED = 100


def sentence_of(figure: Figure) -> str:
    """The figure in a sentence; "" where nothing more can be said than its table says."""
    tell = TOLD.get(figure.key)
    return tell(figure) if tell is not None and figure.rows else ""


def _value(figure: Figure, row: Row, column: str) -> int:
    """A number of a row by the key of its column; 0 where it is not known."""
    place = next(place for place, each in enumerate(figure.columns) if each.key == column)
    value = row.values[place]
    return value if isinstance(value, int) else 0


def _course(figure: Figure) -> str:
    number = {row.key: _value(figure, row, "projects") for row in figure.rows}
    told = {key: grouped(value) for key, value in number.items()}
    if number.get("built"):
        return (
            _(
                "Of %(submitted)s submitted projects %(admitted)s were put to the vote, %(won)s won and"
                " %(built)s are built."
            )
            % told
        )
    if number.get("won"):
        return (
            _("Of %(submitted)s submitted projects %(admitted)s were put to the vote and %(won)s won.") % told
        )
    return _("Of %(submitted)s submitted projects %(published)s are published.") % told


def _satisfaction(figure: Figure) -> str:
    (row,) = figure.rows
    voters, served = _value(figure, row, "voters"), _value(figure, row, "served")
    if voters < HUNDRED:
        return _("%(served)s of %(voters)s voters got at least one of the projects they chose.") % {
            "served": grouped(served),
            "voters": grouped(voters),
        }
    return _(
        "Out of every 100 voters %(share)s got at least one of the projects they chose: %(served)s of %(voters)s."
    ) % {
        "share": (2 * served * HUNDRED + voters) // (2 * voters),
        "served": grouped(served),
        "voters": grouped(voters),
    }


def _compared(figure: Figure) -> str:
    own, *others = figure.rows
    best = max(others, key=lambda row: _value(figure, row, "served_share"), default=own)
    place = next(place for place, each in enumerate(figure.columns) if each.key == "served_share")
    if _value(figure, best, "served_share") <= _value(figure, own, "served_share"):
        return _("No other rule would have given more voters a project of their choice.")
    return _(
        "By the rule “%(rule)s” %(share)s of the voters would have got a project of their choice, and by the rule of"
        " the contest %(own)s did."
    ) % {
        "rule": figure.label(best),
        "share": figure.text(figure.columns[place], best.values[place]),
        "own": figure.text(figure.columns[place], own.values[place]),
    }


def _winners(figure: Figure) -> str:
    amount = sum(_value(figure, row, "amount") for row in figure.rows)
    return _("Winners: %(number)s. Together they get %(amount)s.") % {
        "number": grouped(len(figure.rows)),
        "amount": money_text(amount, figure.currency),
    }


def _ages(figure: Figure) -> str:
    most = max(figure.rows, key=lambda row: _value(figure, row, "voters"))
    return _("The largest group of ages: %(ages)s, %(voters)s voters.") % {
        "ages": figure.label(most),
        "voters": grouped(_value(figure, most, "voters")),
    }


def _signatures(figure: Figure) -> str:
    return _("Signatures given: %(number)s.") % {
        "number": grouped(_value(figure, figure.rows[-1], "together"))
    }


def _works(figure: Figure) -> str:
    plan = sum(_value(figure, row, "plan") for row in figure.rows)
    fact = sum(_value(figure, row, "fact") for row in figure.rows)
    late = sum(1 for row in figure.rows if _value(figure, row, "late"))
    return _("Planned together: %(plan)s; paid so far: %(fact)s. Finished late: %(late)s.") % {
        "plan": money_text(plan, figure.currency),
        "fact": money_text(fact, figure.currency),
        "late": grouped(late),
    }


TOLD: dict[str, Callable[[Figure], str]] = {
    "course": _course, "satisfaction": _satisfaction, "rules-compared": _compared, "winners": _winners,
    "turnout-by-age": _ages, "signatures-by-day": _signatures, "works": _works,
}  # fmt: skip
