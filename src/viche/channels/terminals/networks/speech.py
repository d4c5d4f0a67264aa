"""What all terminal networks say, each in its own words: what is asked, what is answered."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verb(StrEnum):
    """What a terminal may ask. HOLD is a payment that counts only once it is confirmed (two phases)."""

    PRESEARCH = "presearch"
    SEARCH = "search"
    CHECK = "check"
    PAY = "pay"
    HOLD = "hold"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    LIST = "list"


class Outcome(StrEnum):
    """How a request ended; every dialect has a code of its own for each."""

    OK = "ok"
    # the network's own id came again with the same content: done once, answered again
    REPEATED = "repeated"
    # the same id came with other content
    CLASH = "clash"
    UNREADABLE = "unreadable"
    BAD_ACCOUNT = "bad_account"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    BAD_SUM = "bad_sum"
    BAD_DATE = "bad_date"
    ADDRESS = "address"
    FORBIDDEN = "forbidden"
    NO_PAYMENT = "no_payment"
    # try again later: nothing was done
    LATER = "later"
    # the keys are out of reach, or something of ours broke
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a terminal.

    payment: the network's id of the payment. reference: ours, where the network repeats it. account: what was typed
    or scanned. service: the number of the service where the network sends it apart. amount: kopiykas; None where
    the request has none. at: the network's own time, None where it said none. since, until: the period of a list.
    echo: what the answer repeats word by word.
    """

    verb: Verb
    payment: str = ""
    reference: str = ""
    account: str = ""
    service: str = ""
    amount: int | None = None
    at: datetime | None = None
    terminal: str = ""
    since: datetime | None = None
    until: datetime | None = None
    echo: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing a terminal may choose: a project, or "Cast my ballot" (service 0)."""

    account: str
    service: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A payment in a list for comparison: no account in it, for the network knows whose it was."""

    payment: str
    reference: str
    amount: int
    at: datetime
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What a terminal is told. message: a sentence for its screen and slip."""

    outcome: Outcome
    message: str = ""
    payment: str = ""
    reference: str = ""
    account: str = ""
    amount: int = 0
    at: datetime | None = None
    company: str = ""
    offers: tuple[Offer, ...] = field(default=())
    lines: tuple[Line, ...] = field(default=())


class Misread(Exception):
    """A request that is not in the dialect; the outcome says what the terminal is answered."""

    def __init__(self, outcome: Outcome, asked: Asked | None = None) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.asked = asked
