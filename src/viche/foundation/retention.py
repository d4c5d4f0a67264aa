"""What is kept how long and why: the words of one table, to which each room adds its rows.

A room lists in its ``retention`` module (settings.RETENTION names them all) three things: RULES that delete or
anonymise when a term is over, KEPT with the reason why no rule does, IMPERSONAL tables. A test compares every table of
the database with them: each stands in exactly one place. The rules are run by identity.actions.run_retention.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Rule:
    """One thing with a term. code: its name in reports, never changed. what, why: in words, translated when shown.

    term: the words of how long and after what. delete: deletes or anonymises what is over its term; how many. tables:
    labels of the tables it covers ("identity.Attempt"); empty where a table is kept otherwise and only some rows go.
    """

    code: str
    what: Any
    term: Callable[[], str]
    why: Any
    delete: Callable[[], int] = field(repr=False)
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """What no rule deletes: until when, in words, and by which law or for which purpose it stays."""

    what: Any
    term: Any
    why: Any
    tables: tuple[str, ...]


def duration(length: timedelta) -> str:
    """A length of time in words: whole years of 365 days, else days, hours or minutes, rounded down."""
    if length >= timedelta(days=365) and length.days % 365 == 0:
        years = length.days // 365
        return ngettext("%d year", "%d years", years) % years
    if length.days:
        return ngettext("%d day", "%d days", length.days) % length.days
    hours, rest = divmod(length.seconds, 3600)
    if hours and not rest:
        return ngettext("%d hour", "%d hours", hours) % hours
    minutes = length.seconds // 60
    return ngettext("%d minute", "%d minutes", minutes) % minutes


def after(sentence: Any, length: Callable[[], timedelta]) -> Callable[[], str]:
    """A term of a rule: "%(term)s after the decision" with the length put in, in the language of the moment."""
    return lambda: str(sentence) % {"term": duration(length())}


def retention_rules() -> list[Rule]:
    """The rules of all rooms, in the order of settings.RETENTION."""
    return [rule for name in settings.RETENTION for rule in getattr(import_module(name), "RULES", ())]


def kept_things() -> list[Kept]:
    """What no rule deletes, with its reason."""
    return [each for name in settings.RETENTION for each in getattr(import_module(name), "KEPT", ())]


def impersonal_tables() -> list[str]:
    """Labels of the tables that hold no personal data."""
    return [label for name in settings.RETENTION for label in getattr(import_module(name), "IMPERSONAL", ())]
