"""Events of the ways of terminal networks: no voter, no secret address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.channels.terminals.networks.dialects import DIALECTS
from viche.channels.terminals.networks.models import NetworkWay
from viche.foundation.money import money_text
from viche.journal.events import Event


@dataclass(frozen=True)
class WayEvent(Event):
    """Base of the events about one way. way: its id; name: of the partner."""

    way: str
    name: str
    dialect: str

    sentence = ""
    about = "way:{way}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        named = dict(data)
        if data["dialect"] in DIALECTS:
            named["dialect"] = str(DIALECTS[data["dialect"]].title)
        if "basket" in data:
            named["basket"] = str(NetworkWay.Basket(data["basket"]).label)
            named["amount"] = money_text(data["amount"])
        return named


@dataclass(frozen=True)
class WayOpened(WayEvent):
    """amount: kopiykas of one payment. addresses: networks it may come from."""

    sentence = gettext_noop(
        "A terminal network of “%(name)s” is let in: %(dialect)s, from %(addresses)s; a payment is %(amount)s, "
        "a basket becomes a ballot %(basket)s"
    )
    amount: int
    basket: str
    addresses: str


@dataclass(frozen=True)
class WayChanged(WayOpened):
    sentence = gettext_noop(
        "A terminal network of “%(name)s” is set anew: %(dialect)s, from %(addresses)s; a payment is %(amount)s, "
        "a basket becomes a ballot %(basket)s"
    )


@dataclass(frozen=True)
class WayStopped(WayEvent):
    sentence = gettext_noop("Nothing is taken any more from a terminal network of “%(name)s”: %(dialect)s")


@dataclass(frozen=True)
class WayResumed(WayEvent):
    sentence = gettext_noop("A terminal network of “%(name)s” is let in again: %(dialect)s")
