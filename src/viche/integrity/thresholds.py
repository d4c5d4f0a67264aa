"""The rules of the integrity desk and their thresholds: sensible defaults, and what a contest has set for itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# name of a threshold: (label, lowest, highest)
KNOBS: dict[str, tuple[Promise | str, int, int]] = {
    "least": (_("from so many votes"), 2, 100_000),
    "times": (_("and so many times what is expected"), 1, 1_000),
    "minutes": (_("within so many minutes"), 5, 1_440),
    "permille": (_("votes at night expected for each thousand of the day before or after"), 1, 1_000),
}


@dataclass(frozen=True)
class Rule:
    """title: what it finds; about: in a sentence. defaults: its thresholds by name of KNOBS."""

    title: Promise | str
    about: Promise | str
    defaults: Mapping[str, int]


RULES: dict[str, Rule] = {
    "network": Rule(
        _("Few devices in one network"),
        _(
            "Many votes from one block of addresses, on far fewer devices: one house, one office, one pair of hands."
        ),
        {"least": 30, "times": 2},
    ),
    "surge": Rule(
        _("A burst from one network"),
        _("A network suddenly gives far more votes than its share of the rest of the voting."),
        {"least": 30, "times": 4, "minutes": 60},
    ),
    "device": Rule(
        _("Many voters in one browser"),
        _("One after another, several people identified and voted in the same browser."),
        {"least": 6},
    ),
    "age": Rule(
        _("Too many voters of one age"),
        _("On one day far more people of exactly one age voted than of the ages beside it."),
        {"least": 15, "times": 5},
    ),
    "birthday": Rule(
        _("Too many birthdays on one day of the year"),
        _("Far more voters were born on one day of the year than on an ordinary one."),
        {"least": 20, "times": 4},
    ),
    "birth-date": Rule(
        _("Too many voters born on one date"),
        _("Far more voters share one full date of birth than chance gives."),
        {"least": 8, "times": 4},
    ),
    "night": Rule(
        _("A wave at night"),
        _("Between one and five in the morning far more people voted than the day beside it lets expect."),
        {"least": 20, "times": 4, "permille": 30},
    ),
    "operator": Rule(
        _("Faster than an operator can work"),
        _("One operator took more votes in a short time than identities can be checked."),
        {"least": 30, "minutes": 60},
    ),
    "point": Rule(
        _("A rush at one polling point"),
        _("One polling point took more votes in a short time than people can queue for."),
        {"least": 60, "minutes": 60},
    ),
    "terminal": Rule(
        _("A rush at one terminal"),
        _("One terminal took more votes in a short time than people can stand at."),
        {"least": 40, "minutes": 60},
    ),
    "bank": Rule(
        _("A burst of one bank"),
        _("One bank or certification authority suddenly vouched for far more voters than its share."),
        {"least": 30, "times": 4, "minutes": 60},
    ),
    "method": Rule(
        _("A burst of one method of identification"),
        _("One method of identification suddenly gives far more votes than its share."),
        {"least": 40, "times": 4, "minutes": 60},
    ),
    "grantor": Rule(
        _("Voters confirmed by one official"),
        _("Many voters whose membership one official had confirmed voted within a short time."),
        {"least": 20, "times": 4, "minutes": 60},
    ),
}
# how many new votes open a decided signal again
REOPEN = "reopen"
REOPEN_LEAST = 10

Thresholds = Mapping[str, Mapping[str, int]]


def thresholds_with(own: Thresholds) -> dict[str, dict[str, int]]:
    """The thresholds in force: what the contest has set, over the defaults."""
    found = {
        name: {**rule.defaults, **_known(own.get(name, {}), rule.defaults)} for name, rule in RULES.items()
    }
    found[REOPEN] = {"least": int(own.get(REOPEN, {}).get("least", REOPEN_LEAST))}
    return found


def _known(values: Mapping[str, int], defaults: Mapping[str, int]) -> dict[str, int]:
    return {name: int(value) for name, value in values.items() if name in defaults}
