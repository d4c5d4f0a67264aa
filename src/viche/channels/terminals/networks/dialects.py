"""The dialects by name: how each is read and written, and its table of codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from viche.channels.terminals.networks import city24, debt, easypay, osmp
from viche.channels.terminals.networks.speech import Answered, Asked, Outcome


@dataclass(frozen=True)
class Dialect:
    """method: of HTTP. codes: by outcome, what the network is told. has_list: whether it can ask for a period."""

    name: str
    title: Any
    method: str
    read: Callable[[bytes, bytes, str], Asked]
    write: Callable[[Asked | None, Answered], bytes]
    codes: Mapping[Outcome, str]
    content_type: str = "text/xml; charset=utf-8"


DIALECTS = {
    each.name: each
    for each in (
        Dialect("debt", _("PrivatBank, “Debt” XML"), "POST", debt.read, debt.write, debt.CODES),
        Dialect(
            "osmp", _("OSMP and networks that speak like it"), "GET", osmp.read, osmp.write_osmp, osmp.CODES
        ),
        Dialect("ibox", _("iBox"), "GET", osmp.read, osmp.write_ibox, osmp.CODES),
        Dialect("easypay", _("EasyPay Provider 3.1"), "POST", easypay.read, easypay.write, easypay.CODES),
        Dialect("city24", _("City24"), "GET", city24.read, city24.write, city24.CODES),
    )
}
