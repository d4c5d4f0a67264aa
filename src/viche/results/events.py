"""Events of the results room."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.contests.events import ContestEvent


@dataclass(frozen=True)
class CountRun(ContestEvent):
    sentence = gettext_noop(
        "The ballots are counted by the rule %(rule)s; dossier %(dossier)s, outcome %(outcome)s"
    )
    number: int
    rule: str
    dossier: str
    outcome: str


@dataclass(frozen=True)
class ResultCertified(ContestEvent):
    sentence = gettext_noop("A member of the commission certified count No. %(number)s, outcome %(outcome)s")
    number: int
    outcome: str


@dataclass(frozen=True)
class ResultPublished(ContestEvent):
    sentence = gettext_noop("The result is published: %(funded)s winning projects, outcome %(outcome)s")
    number: int
    funded: int
    outcome: str
