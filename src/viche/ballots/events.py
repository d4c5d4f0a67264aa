"""Events of the ballot box. A ballot's leaf holds no person, time or channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from viche.ballots.models import Annulment, KeyChange, PaperBatch
from viche.contests.events import ContestEvent
from viche.journal.events import Event

EXCLUDED = {
    "replaced": gettext_noop("its voter replaced it by a later one"),
    "taken-back": gettext_noop("its batch of paper ballots was taken back"),
}


@dataclass(frozen=True)
class BoxMade(ContestEvent):
    sentence = gettext_noop("The ballot box is ready; its public key is %(public_key)s")
    public_key: str


@dataclass(frozen=True)
class BoxKeyAwaited(ContestEvent):
    sentence = gettext_noop(
        "The commission holds the key of the ballot box: voting waits until it has tried it out"
    )


@dataclass(frozen=True)
class BoxKeyProposed(ContestEvent):
    """fingerprint: as boxkey.pairs.fingerprint."""

    sentence = gettext_noop(
        "The commission’s public key for the ballot box is proposed; its fingerprint is %(fingerprint)s"
    )
    key: str
    fingerprint: str


@dataclass(frozen=True)
class BoxKeyConfirmed(BoxKeyProposed):
    sentence = gettext_noop(
        "A second official compared the fingerprint %(fingerprint)s and confirmed the key of the ballot box"
    )


@dataclass(frozen=True)
class BoxKeyRehearsed(BoxKeyProposed):
    sentence = gettext_noop(
        "The key of the ballot box %(fingerprint)s was tried out: its holders opened a sealed task"
    )


@dataclass(frozen=True)
class BoxKeyWithdrawn(BoxKeyProposed):
    sentence = gettext_noop("The key of the ballot box %(fingerprint)s is withdrawn: %(reason)s")
    reason: str


@dataclass(frozen=True)
class BoxKeyChangeProposed(ContestEvent):
    """act: a word of ballots.models.KeyChange.Act. The reason names nobody."""

    sentence = gettext_noop("Proposed for the key of the ballot box: %(act)s. %(reason)s")
    key: str
    act: str
    reason: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "act": str(KeyChange.Act(data["act"]).label)}


@dataclass(frozen=True)
class BoxKeyChangeDeclined(BoxKeyChangeProposed):
    sentence = gettext_noop(
        "A second official declined what was proposed for the key of the ballot box: %(act)s"
    )


@dataclass(frozen=True)
class BoxKeyRewrapped(ContestEvent):
    sentence = gettext_noop(
        "The three shares of the key of the ballot box were made anew, the old ones are void: %(reason)s"
    )
    key: str
    reason: str


@dataclass(frozen=True)
class BoxKeyGiven(ContestEvent):
    """holders: numbers of the two shares, as the file that they gave says."""

    sentence = gettext_noop(
        "Holders No. %(holders)s gave the key of the ballot box, and the box is opened with it"
    )
    holders: list[int]

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        holders = data["holders"]
        said = ", ".join(str(each) for each in holders) if isinstance(holders, list) else holders
        return {**data, "holders": said}


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
class AnnulmentProposed(ContestEvent):
    """why: a word of ballots.models.Annulment.Why. Whose ballot it is, the journal does not say."""

    sentence = gettext_noop("A ballot is in quarantine: %(why)s. %(text)s")
    annulment: str
    why: str
    text: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "why": str(Annulment.Why(data["why"]).label)}


@dataclass(frozen=True)
class AnnulmentConfirmed(AnnulmentProposed):
    sentence = gettext_noop("A second official annulled a ballot: %(why)s. %(text)s")


@dataclass(frozen=True)
class AnnulmentDeclined(AnnulmentProposed):
    sentence = gettext_noop("A ballot in quarantine stays valid: %(text)s")


@dataclass(frozen=True)
class BallotWithdrawn(ContestEvent):
    """annulment: of ballots.models.Annulment. Whose ballot it is, the journal does not say."""

    sentence = gettext_noop("A voter took their ballot back before the end of the voting")
    annulment: str


@dataclass(frozen=True)
class PaperBallotsPrinted(ContestEvent):
    """first, last: numbers of the sheets. point: where they are for, "" for no single one."""

    sentence = gettext_noop("Paper ballots No. %(first)s to %(last)s are printed")
    first: int
    last: int
    point: str = ""


@dataclass(frozen=True)
class PaperBatchEntered(ContestEvent):
    """A batch of paper is in the box. sheets: papers.batches.sheets_digest over its sheets;
    scans: of how many pictures, scans_digest: SHA-256 (hex) of the list of their hashes. votes: of a protocol its
    rulebook.protocols.votes_commitment, "" of sheets: how people voted stays unknown until the box is opened.
    difference: the officials' words where the numbers differ from the protocol.
    """

    sentence = gettext_noop(
        "Paper ballots are in the box (%(kind)s): %(valid)s valid, %(invalid)s invalid, %(scans)s scans"
    )
    batch: str
    kind: str
    valid: int
    invalid: int
    source: str
    scans: int
    scans_digest: str
    sheets: str
    point: str = ""
    votes: str = ""
    difference: str = ""

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "kind": str(PaperBatch.Kind(data["kind"]).label)}


@dataclass(frozen=True)
class PaperProtocolShown(ContestEvent):
    """Said when the box is opened, of each protocol that counts. nonce: hex, of the commitment that was published."""

    sentence = gettext_noop("The votes of a point’s signed protocol are shown")
    batch: str
    votes: Mapping[str, int]
    nonce: str


@dataclass(frozen=True)
class PaperBatchUndone(ContestEvent):
    """valid: how many valid ballots of the batch do not count now."""

    sentence = gettext_noop("A batch of %(valid)s valid paper ballots is taken back: %(reason)s")
    batch: str
    valid: int
    reason: str


@dataclass(frozen=True)
class BallotExcluded(ContestEvent):
    """Said when the box is opened, of each ballot that is in it and is not counted. annulment: of which act (of a paper
    ballot: the batch that was taken back), "" for a ballot that its voter replaced by a later one.
    """

    sentence = gettext_noop("The ballot %(commitment)s is not counted: %(why)s")
    commitment: str
    why: str
    annulment: str = ""

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        why = data["why"]
        said = gettext(EXCLUDED[why]) if why in EXCLUDED else str(Annulment.Why(why).label)
        return {**data, "why": said}


@dataclass(frozen=True)
class KeysDestroyed(ContestEvent):
    sentence = gettext_noop(
        "The keys of the contest are destroyed: nobody can tie a mark to a person or a ballot any more"
    )


@dataclass(frozen=True)
class BoxOpened(ContestEvent):
    """ballots: those that count; marks: voters whose ballots count; replaced, annulled, withdrawn, taken_back: ballots
    that do not.
    """

    sentence = gettext_noop("The box is opened: %(ballots)s ballots of %(marks)s voters")
    ballots: int
    marks: int
    openings: str
    replaced: int = 0
    annulled: int = 0
    withdrawn: int = 0
    taken_back: int = 0


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
