"""A body's own gateway of messages (connectors.systems), where it has connected one; else the installation's."""

import re

from viche.connectors.messages.channels.ports import Message, NotSent
from viche.connectors.messages.channels.sms import short
from viche.connectors.systems.calls import NeighbourDown, NeighbourFault
from viche.connectors.systems.kinds.gateways import Outgoing, gateway_of
from viche.foundation.outgoing import Unreachable
from viche.foundation.sealing import SealBroken

# where the gateway has certainly not taken it: the installation's own may send it without sending it twice. A mail
# server takes a letter at the end of its session only; an SMS gateway may have read the one request it was sent
NOT_TAKEN = {
    "email": re.compile(
        r"bad_address|refused_address|no_such_host|tls|connection|refused|not_found|too_many"
    ),
    "sms": re.compile(r"bad_address|refused_address|no_such_host|refused|not_found|too_many"),
}


def sent_by_own_gateway(channel: str, message: Message) -> bool:
    """Whether the gateway of the body that the message is about has sent it.

    False: there is none, or it certainly did not take it; what it says of an address is no word on the person's
    address for the whole platform. Raises NotSent where it may have taken it, so that the same message is tried there
    again.
    """
    gateway = gateway_of(message.body, channel)
    if gateway is None:
        return False
    headers = {}
    if message.unsubscribe:
        headers = {
            "List-Unsubscribe": f"<{message.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    text = short(message) if channel == "sms" else message.text
    try:
        gateway.send(Outgoing(message.key, message.to, message.subject, text, headers))
    except (NeighbourDown, SealBroken):
        return False
    except NeighbourFault as fault:
        return False if not fault.counts else _not_taken(channel, fault.code)
    except Unreachable as error:
        return _not_taken(channel, error.code)
    return True


def _not_taken(channel: str, code: str) -> bool:
    if NOT_TAKEN[channel].fullmatch(code):
        return False
    raise NotSent(f"the body's gateway: {code}")
