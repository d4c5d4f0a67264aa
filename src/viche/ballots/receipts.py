"""What goes into the box, and what the voter takes home."""

from dataclasses import dataclass
from datetime import datetime

from rulebook.ballot import BallotPaper
from viche.ballots.traces import UNKNOWN, Circumstances


@dataclass(frozen=True)
class Receipt:
    """What the voter takes home. commitment and nonce: hex; shown once, the nonce is not kept."""

    commitment: str
    nonce: str
    is_repeat: bool


@dataclass(frozen=True)
class Vote:
    """One ballot of a channel that vouches for its voters. person_token: foundation.keys.person_token; territory: the
    code of the voter's own part of the community, where the channel knows it. circumstances: what the channel knows
    around the vote.
    """

    person_token: bytes
    paper: BallotPaper
    request_key: bytes
    at: datetime | None = None
    territory: str = ""
    circumstances: Circumstances = UNKNOWN
