"""Contests of a body, and bodies of a territory, added up: the one way in which anything is put together here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from viche.communities.latin import alphabetical
from viche.communities.models import Community
from viche.reports.figure import HIDDEN, HUNDREDTHS, MONEY, Column, Value
from viche.reports.measures import SUMMARY
from viche.reports.measures.measure import median
from viche.reports.measures.summary import BY_KEY, COLUMNS
from viche.reports.models import Tally
from viche.reports.turnout import WHOLE

CURRENCY = "UAH"
THOUSAND = 1000
LEAST = 10
"""A body with fewer voters than this shows none of them, and is in no sum of voters."""

PER_THOUSAND = Column("per_thousand", gettext_lazy("Voters for each thousand on the register"), HUNDREDTHS)
MONEY_EACH = Column("money_each", gettext_lazy("Money for each on the register"), MONEY)
BODIES = (
    Column("contests", gettext_lazy("Contests")), BY_KEY["members"], BY_KEY["voters"], PER_THOUSAND,
    BY_KEY["published"], BY_KEY["admission"], BY_KEY["won_amount"], MONEY_EACH, BY_KEY["built"], BY_KEY["days"],
)  # fmt: skip
PARTS = (Column("bodies", gettext_lazy("Communities")), *BODIES)

_BODY = "contest__community__"
_READ = (
    "rows", "counted_at", "contest__slug", "contest__year", "contest__currency", "contest__title",
    *(f"{_BODY}{name}" for name in ("slug", "host", "name", "archived_at", "code")),
    *(f"{_BODY}territory__{name}" for name in ("path", "category")),
)  # fmt: skip
_PLACE = {column.key: place for place, column in enumerate(COLUMNS)}
_MONEY_KEYS = frozenset(column.key for column in COLUMNS if column.kind == MONEY)


@dataclass(frozen=True)
class Sums:
    """What can be added up of contests. None: nobody knows it yet; it adds nothing.

    members: people on the registers of the bodies. came, called: voters, and people on the register, of the contests
    where both are known. decided, admitted: published projects of contests whose voting has begun, and those of them
    that were admitted. registered_amount, endowed: money of the winners of bodies whose register is known, and the
    people on it. days: medians of contests. is_hidden: there were voters, too few to show.
    """

    bodies: int = 0
    contests: int = 0
    members: int | None = None
    voters: int | None = None
    is_hidden: bool = False
    came: int = 0
    called: int = 0
    published: int | None = None
    decided: int = 0
    admitted: int = 0
    won: int | None = None
    won_amount: int | None = None
    registered_amount: int = 0
    endowed: int = 0
    built: int | None = None
    days: tuple[int, ...] = ()

    @property
    def per_thousand(self) -> Value:
        """Hundredths of a voter for each thousand on the register."""
        if self.voters is None and self.is_hidden:
            return HIDDEN
        return self.came * THOUSAND * 100 // self.called if self.called else None

    @property
    def admission(self) -> int | None:
        """Hundredths of a percent."""
        return self.admitted * WHOLE // self.decided if self.decided else None

    @property
    def money_each(self) -> int | None:
        """Kopiykas of the winners for each on the register."""
        return self.registered_amount // self.endowed if self.endowed else None

    @property
    def cost_each(self) -> int | None:
        """Kopiykas of a winner, on average."""
        return self.won_amount // self.won if self.won_amount is not None and self.won else None

    @property
    def median_days(self) -> int | None:
        """The lower median."""
        return median(self.days)

    def values(self, columns: Sequence[Column]) -> tuple[Value, ...]:
        """One value for each of the columns, which are of BODIES, PARTS or similar.MEASURED."""
        known: Mapping[str, Value] = {
            "bodies": self.bodies, "contests": self.contests, "members": self.members,
            "voters": HIDDEN if self.voters is None and self.is_hidden else self.voters,
            "per_thousand": self.per_thousand, "published": self.published, "admission": self.admission,
            "won": self.won, "won_amount": self.won_amount, "money_each": self.money_each, "built": self.built,
            "cost_each": self.cost_each, "days": self.median_days,
        }  # fmt: skip
        return tuple(known[column.key] for column in columns)


def together(parts: Iterable[Sums]) -> Sums:
    """Bodies added up. What is hidden of one is not in the sum: nobody finds it by subtracting."""
    parts = list(parts)
    return Sums(
        bodies=sum(each.bodies for each in parts), contests=sum(each.contests for each in parts),
        members=_sum(each.members for each in parts), voters=_sum(each.voters for each in parts),
        is_hidden=any(each.is_hidden for each in parts), came=sum(each.came for each in parts),
        called=sum(each.called for each in parts), published=_sum(each.published for each in parts),
        decided=sum(each.decided for each in parts), admitted=sum(each.admitted for each in parts),
        won=_sum(each.won for each in parts), won_amount=_sum(each.won_amount for each in parts),
        registered_amount=sum(each.registered_amount for each in parts),
        endowed=sum(each.endowed for each in parts), built=_sum(each.built for each in parts),
        days=tuple(day for each in parts for day in each.days),
    )  # fmt: skip


def body_sums(lines: Sequence[Mapping[str, Value]]) -> Sums:
    """The contests of one body (values_of). A register of every year names the same people: the largest counts."""
    members = max(_known(line["members"] for line in lines), default=None)
    voters = _sum(line["voters"] for line in lines)
    is_hidden = voters is not None and 0 < voters < LEAST
    # a voting that still runs would count its first voters against everybody on the register
    over = [line for line in lines if line["won"] is not None and line["voters"] is not None]
    asked = [] if is_hidden else [line for line in over if line["members"]]
    begun = [line for line in lines if line["voters"] is not None or line["won"] is not None]
    won_amount = _sum(line["won_amount"] for line in lines)
    return Sums(
        bodies=1, contests=len(lines), members=members, voters=None if is_hidden else voters, is_hidden=is_hidden,
        came=_sum(line["voters"] for line in asked) or 0, called=_sum(line["members"] for line in asked) or 0,
        published=_sum(line["published"] for line in lines),
        decided=_sum(line["published"] for line in begun) or 0,
        admitted=_sum(line["admitted"] for line in begun) or 0,
        won=_sum(line["won"] for line in lines if line["won_amount"] is not None), won_amount=won_amount,
        registered_amount=(won_amount or 0) if members else 0,
        endowed=(members or 0) if won_amount is not None else 0, built=_sum(line["built"] for line in lines),
        days=tuple(_known(line["days"] for line in lines)),
    )  # fmt: skip


def by_name(body: Community) -> tuple[list[int], str]:
    """What bodies are put in order by: their Ukrainian names, so that a table is one in every language."""
    return alphabetical(body.name.get("uk", "")), body.slug


def summaries(tallies: QuerySet[Tally]) -> list[Tally]:
    """The summaries among the tallies, each with its contest, body and territory: one query of what is read of them."""
    found = tallies.filter(measure=SUMMARY).select_related("contest__community__territory").only(*_READ)
    return list(found.order_by("contest__year", "contest__slug"))


def values_of(tally: Tally, currency: str = CURRENCY) -> dict[str, Value]:
    """A summary by the keys of its columns; money in another currency is left out."""
    (_key, *values) = tally.rows[0]
    is_other = tally.contest.currency != currency
    return {key: None if is_other and key in _MONEY_KEYS else values[place] for key, place in _PLACE.items()}


def _known(values: Iterable[Value]) -> list[int]:
    return [value for value in values if isinstance(value, int)]


def _sum(values: Iterable[Value]) -> int | None:
    known = _known(values)
    return sum(known) if known else None
