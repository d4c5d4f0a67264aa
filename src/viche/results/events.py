"""Events of the results room."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
class TieDecided(ContestEvent):
    """count: the number of the count that left the tie open. order: project codes, the best first."""

    sentence = gettext_noop(
        "The commission decided a tie of count No. %(count)s by protocol “%(protocol)s”; the order of the projects: "
        "%(order)s"
    )
    number: int
    count: int
    order: list[str]
    protocol: str
    note_digest: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        order = data["order"]
        return {**data, "order": ", ".join(order) if isinstance(order, list) else order}


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
