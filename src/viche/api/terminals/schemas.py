"""What is asked and answered, as OpenAPI describes it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StrictInt

TaxNumber = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{10}$",
        description="РНОКПП that the bank checked, or that its client typed: ten digits.",
        examples=["3141592659"],
    ),
]
ContestName = Annotated[
    str,
    Field(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9-]*$", description="The contest's address."),
]
Code = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]+$")]
RequestName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{8,64}$")]


class Strict(Schema):
    """A body with a field that nobody knows is refused: a typing error must not cost somebody a vote."""

    model_config = ConfigDict(extra="forbid")


class Client(Strict):
    """A client of the bank who stands at the terminal."""

    tax_number: TaxNumber


class Question(Client):
    """May this client vote in this contest?"""

    contest: ContestName


class Choice(Strict):
    """One choice. value: 1 on an approval or choose-1 ballot, points, the rank (1 is best), 1 or -1 for or against."""

    project: Code
    value: StrictInt = Field(default=1, ge=-1_000_000, le=1_000_000)


class Ballot(Question):
    """A whole ballot. terminal: the machine, as the partner calls it; never anything about the client."""

    choices: list[Choice] = Field(max_length=500)
    terminal: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9А-ЯІЇЄҐа-яіїєґ ._:/№-]*$")


class Handed(Question):
    """A client who is to vote at a public screen beside the machine. terminal: as in a ballot."""

    terminal: str = Field(default="", max_length=40, pattern=r"^[A-Za-z0-9А-ЯІЇЄҐа-яіїєґ ._:/№-]*$")


class Handover(Schema):
    """address: the screen opens it, once, before ends_at."""

    address: str
    ends_at: datetime


class Cancellation(Strict):
    """request: the Idempotency-Key by which the ballot was cast; only whoever has it takes the ballot back."""

    request: RequestName


class StatedBallot(Strict):
    """A ballot as the partner knows it."""

    reference: UUID
    state: Literal["cast", "cancelled"]


class Day(Strict):
    """What a partner says of one day (of Kyiv): ballots that stand by contest, and every ballot."""

    day: date
    totals: dict[str, Annotated[StrictInt, Field(ge=0, le=10_000_000)]] = Field(max_length=200)
    ballots: list[StatedBallot] = Field(max_length=200_000)


class Answer(Schema):
    """May the client vote? code, message, remedy: why not, and what to do; "" where they may. replaces: they have
    voted, and this ballot would take the place of the earlier one.
    """

    may: bool
    code: str
    message: str
    remedy: str
    replaces: bool


class ContestLine(Schema):
    contest: str
    title: str
    opens_at: datetime
    closes_at: datetime | None
    eligibility: Answer


class Contests(Schema):
    contests: list[ContestLine]


class ProjectLine(Schema):
    code: str
    number: int
    title: str
    summary: str
    cost: int = Field(description="In kopiykas.")
    cost_text: str
    size_class: str
    category: str
    territory: str


class Paper(Schema):
    contest: str
    title: str
    kind: str
    currency: str
    projects: list[ProjectLine]
    limits: dict[str, Any]
    words: list[str]
    can_cancel: bool
    can_replace: bool


class Slip(Schema):
    """What goes on the voter's slip. commitment and nonce prove later that the ballot is in the box unaltered; they are
    printed for the voter and kept neither here nor at the partner.
    """

    reference: UUID
    state: str
    at: datetime
    commitment: str
    nonce: str
    is_repeat: bool


class Status(Schema):
    reference: UUID
    contest: str
    state: str
    at: datetime
    cancelled_at: datetime | None


class Difference(Schema):
    missing_here: list[UUID]
    missing_there: list[UUID]
    differing: list[list[str]]
    other_day: list[UUID]
    totals: list[str]


class Comparison(Schema):
    """ours, theirs: ballots that stand, by contest. difference: references that only one side knows, those in another
    state ([reference, ours, theirs]), those that we count to a neighbouring day, contests whose totals differ.
    """

    id: UUID
    day: date
    is_equal: bool
    ours: dict[str, int]
    theirs: dict[str, int]
    difference: Difference
    statement: str


class Greeting(Schema):
    """Who the signature says is asking, and what is agreed with them."""

    partner: str
    state: str
    method: str
    proves: list[str]
    quota_minute: int
    quota_day: int
    from_at: datetime | None
    to_at: datetime | None
    now: datetime


class Problem(Schema):
    """RFC 9457. code: stable; title: for people, in the language asked for; errors: by the field at fault."""

    type: str
    title: str
    status: int
    code: str
    errors: dict[str, Any] | None = None
    now: datetime | None = None
