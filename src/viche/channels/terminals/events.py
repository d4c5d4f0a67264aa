"""Events of the terminals. They name partners, which are no people, and no voter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.channels.terminals.models import Way
from viche.journal.events import Event


@dataclass(frozen=True)
class PartnerEvent(Event):
    """Base of the events about one partner. partner: its id; title: as it was called then."""

    partner: str
    title: str

    sentence = ""
    about = "partner:{partner}"


@dataclass(frozen=True)
class PartnerProposed(PartnerEvent):
    """way: a word of terminals.models.Way."""

    sentence = gettext_noop(
        "It is proposed to connect terminals of “%(title)s” by contract No. %(contract)s; voters are known so: %(way)s"
    )
    contract: str
    way: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "way": str(Way(data["way"]).label)}


@dataclass(frozen=True)
class PartnerConnected(PartnerProposed):
    sentence = gettext_noop(
        "Terminals of “%(title)s” are connected by contract No. %(contract)s; voters are known so: %(way)s"
    )


@dataclass(frozen=True)
class PartnerDeclined(PartnerEvent):
    sentence = gettext_noop("A second official did not connect the terminals of “%(title)s”: %(reason)s")
    reason: str


@dataclass(frozen=True)
class PartnerStopped(PartnerEvent):
    sentence = gettext_noop("Terminals of “%(title)s” are stopped: %(reason)s")
    reason: str


@dataclass(frozen=True)
class PartnerResumed(PartnerEvent):
    sentence = gettext_noop("Terminals of “%(title)s” work again")


@dataclass(frozen=True)
class PartnerLimited(PartnerEvent):
    """minute, day: most requests; from_at, to_at: ISO moments, "" where open."""

    sentence = gettext_noop(
        "Limits of the terminals of “%(title)s”: %(minute)s requests a minute, %(day)s a day"
    )
    minute: int
    day: int
    from_at: str
    to_at: str
    certificate: str


@dataclass(frozen=True)
class PartnerKeyEvent(PartnerEvent):
    """fingerprint: SHA-256 of the public key, hex."""

    key: str
    fingerprint: str


@dataclass(frozen=True)
class PartnerKeyProposed(PartnerKeyEvent):
    sentence = gettext_noop("A key of “%(title)s” is proposed: %(key)s, fingerprint %(fingerprint)s")


@dataclass(frozen=True)
class PartnerKeyConfirmed(PartnerKeyEvent):
    sentence = gettext_noop("The key %(key)s of “%(title)s” counts now; fingerprint %(fingerprint)s")


@dataclass(frozen=True)
class PartnerKeyRevoked(PartnerKeyEvent):
    sentence = gettext_noop("The key %(key)s of “%(title)s” is revoked; fingerprint %(fingerprint)s")


@dataclass(frozen=True)
class PartnerReconciled(PartnerEvent):
    """missing_here, missing_there, differing: numbers of references."""

    sentence = gettext_noop(
        "The day %(day)s is reconciled with “%(title)s”: %(ours)s ballots here, %(theirs)s there; "
        "missing here %(missing_here)s, missing there %(missing_there)s, in another state %(differing)s"
    )
    day: str
    ours: int
    theirs: int
    missing_here: int
    missing_there: int
    differing: int
    statement: str
