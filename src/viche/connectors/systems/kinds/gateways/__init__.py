"""A body's own gateways of messages: its mail server, its SMS gateway."""

from dataclasses import dataclass

from viche.connectors.systems.calls import call
from viche.connectors.systems.kinds.gateways import mail, sms
from viche.connectors.systems.kinds.gateways.ports import Outgoing
from viche.connectors.systems.models import System

KINDS = (mail.KIND, sms.KIND)
CHANNELS = {"email": mail, "sms": sms}


@dataclass(frozen=True)
class Gateway:
    """One connected gateway."""

    system: System

    def send(self, letter: Outgoing) -> None:
        """Send now, through the breaker. Raises NeighbourDown, NeighbourFault (one that does not count: the address is
        refused), Unreachable, SealBroken.
        """
        work = mail.send if self.system.kind == mail.KIND.name else sms.send
        call(self.system, "send", lambda: work(self.system, letter))


def gateway_of(body: str, channel: str) -> Gateway | None:
    """The gateway that the body (by its id) has switched on for the channel; None where there is none."""
    sender = CHANNELS.get(channel)
    if not body or sender is None:
        return None
    system = (
        System.objects.filter(community_id=body, kind=sender.KIND.name, is_on=True)
        .select_related("community")
        .first()
    )
    return Gateway(system) if system is not None else None


__all__ = ["KINDS", "Gateway", "Outgoing", "gateway_of"]
