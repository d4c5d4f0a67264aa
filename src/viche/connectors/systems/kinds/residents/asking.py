"""One question to a register, whatever the protocol: does this person live in the community?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from viche.communities.models import Territory
from viche.connectors.systems.calls import call
from viche.connectors.systems.models import System
from viche.connectors.systems.outlet import garbage
from viche.connectors.systems.pointers import NothingThere

YES = frozenset({"true", "1", "yes", "так", "y"})
NO = frozenset({"false", "0", "no", "ні", "n", "", "none", "null"})
OPERATION = "residence"


@dataclass(frozen=True)
class Question:
    """Whom the register is asked about. seconds: how long it may take, all in all."""

    number: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    community: str
    seconds: float

    @property
    def values(self) -> dict[str, str]:
        """What a pattern may name."""
        return {
            "tax_number": self.number,
            "birth_date": self.birth_date.isoformat() if self.birth_date else "",
            "community": self.community,
        }


@dataclass(frozen=True)
class Said:
    """What the register said. territory: the КАТОТТГ code, "" for the whole community. reference: of its own log."""

    is_resident: bool
    territory: str = ""
    reference: str = ""


Asker = Callable[[System, Question], Said]


def ask_register(system: System, question: Question) -> Said:
    """What the register says, through its breaker. Raises NeighbourDown, NeighbourFault, Unreachable, SealBroken."""
    from viche.connectors.systems.kinds.residents.kinds import ASKERS

    asker = ASKERS[system.kind]
    return call(system, OPERATION, lambda: asker(system, question), reference=lambda said: said.reference)


def read_said(take: Callable[[str], Any], system: System, reference: str) -> Said:
    """The answer as the settings say where to look. take: what stands at a place; raises NothingThere.

    What is neither a yes nor a no, or a territory that is none of the body's, is garbage: a register that changed
    its form must not end memberships.
    """
    settings = system.settings
    try:
        word = _word(take(settings["resident"]))
    except (NothingThere, ValueError):
        raise garbage(reference) from None
    if word not in YES | NO:
        raise garbage(reference)
    if word in NO:
        return Said(False, reference=reference)
    territory = ""
    if settings["territory"]:
        try:
            territory = str(take(settings["territory"])).strip()
        except (NothingThere, ValueError):
            raise garbage(reference) from None
        inside = Territory.objects.filter(code=territory, path__startswith=system.community.territory.path)
        if not inside.exists():
            raise garbage(reference)
    return Said(True, territory, reference)


def _word(value: Any) -> str:
    if isinstance(value, dict | list):
        raise ValueError
    return str(value).strip().lower()
