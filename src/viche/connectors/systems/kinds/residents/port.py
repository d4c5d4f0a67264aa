"""What identity asks where somebody identifies (settings.REGISTER_PORTS): the connected registers of the bodies."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from viche.connectors.systems.calls import NeighbourDown, NeighbourFault
from viche.connectors.systems.kinds.residents.asking import Question, ask_register
from viche.connectors.systems.kinds.residents.kinds import ASKERS
from viche.connectors.systems.models import System
from viche.foundation.outgoing import Unreachable
from viche.foundation.sealing import SealBroken
from viche.identity.models.memberships import REGISTER_SERVICE
from viche.identity.registers import RegisterError, Residence

log = logging.getLogger("viche.systems")


@dataclass(frozen=True)
class ConnectedRegister:
    """A register that a body connected. community: the КАТОТТГ code it speaks for."""

    system: System
    community: str
    source = REGISTER_SERVICE

    def memberships_of(self, number: str, birth_date: date | None, *, seconds: float) -> list[Residence]:
        """What it says of the person within so many seconds. Raises RegisterError: it did not answer, or nonsense."""
        own = int(self.system.settings["seconds"] or 2)
        question = Question(number, birth_date, self.community, min(seconds, own))
        failure = ""
        try:
            said = ask_register(self.system, question)
        except NeighbourDown:
            failure = "not asked: it did not answer before"
        except (NeighbourFault, Unreachable) as fault:
            failure = fault.code
        except SealBroken:
            failure = "its secrets cannot be opened"
        if failure:
            raise RegisterError(failure)
        if not said.is_resident:
            return []
        return [Residence(self.community, said.territory or self.community, self.system.settings["basis"])]


def registers_of(codes: Sequence[str]) -> list[ConnectedRegister]:
    """The connected registers of the bodies with these КАТОТТГ codes, one a body, in the order of the codes."""
    found: dict[str, ConnectedRegister] = {}
    live = System.objects.filter(
        community__territory_id__in=codes, kind__in=ASKERS, is_on=True, community__archived_at__isnull=True
    )
    for system in live.select_related("community").order_by("made_at"):
        code = system.community.territory_id
        found.setdefault(code, ConnectedRegister(system, code))
    return [found[code] for code in codes if code in found]
