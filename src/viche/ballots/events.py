"""Events of the ballot box. A ballot's leaf holds no person, time or channel."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.contests.events import ContestEvent
from viche.journal.events import Event


@dataclass(frozen=True)
class BoxMade(ContestEvent):
    sentence = gettext_noop("The ballot box is ready; its public key is %(public_key)s")
    public_key: str


@dataclass(frozen=True)
class LotCommitted(ContestEvent):
    sentence = gettext_noop("The public lot for ties is drawn and sealed; its hash is %(commitment)s")
    commitment: str


@dataclass(frozen=True)
class LotShown(ContestEvent):
    sentence = gettext_noop("The public lot is shown: the seed %(seed)s belongs to the hash %(commitment)s")
    commitment: str
    seed: str


@dataclass(frozen=True)
class BallotSealed(Event):
    sentence = gettext_noop("A sealed ballot %(commitment)s is in the box")
    about = "ballots:{contest}"
    is_timed = False
    contest: str
    commitment: str
    envelope: str

    @property
    def sort_key(self) -> bytes:
        return bytes.fromhex(self.commitment)


@dataclass(frozen=True)
class BoxOpened(ContestEvent):
    sentence = gettext_noop("The box is opened: %(ballots)s ballots of %(marks)s voters")
    ballots: int
    marks: int
    openings: str


@dataclass(frozen=True)
class DoubleMarkFound(ContestEvent):
    sentence = gettext_noop(
        "One person turned out to have two ballots in the box, cast by different numbers of theirs"
    )


@dataclass(frozen=True)
class BallotsImported(ContestEvent):
    sentence = gettext_noop("%(ballots)s ballots of an election held elsewhere are taken over from a file")
    ballots: int
    openings: str
    file: str
