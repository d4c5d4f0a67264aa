"""Events of the results room."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class CountRun(Event):
    sentence = gettext_noop(
        "The ballots are counted by the rule %(rule)s; dossier %(dossier)s, outcome %(outcome)s"
    )
    contest: str
    number: int
    rule: str
    dossier: str
    outcome: str

    @property
    def subject(self) -> str:
        return f"contest:{self.contest}"


@dataclass(frozen=True)
class ResultCertified(Event):
    sentence = gettext_noop("A member of the commission certified count No. %(number)s, outcome %(outcome)s")
    contest: str
    number: int
    outcome: str

    @property
    def subject(self) -> str:
        return f"contest:{self.contest}"


@dataclass(frozen=True)
class ResultPublished(Event):
    sentence = gettext_noop("The result is published: %(funded)s winning projects, outcome %(outcome)s")
    contest: str
    number: int
    funded: int
    outcome: str

    @property
    def subject(self) -> str:
        return f"contest:{self.contest}"
