"""What a designed report counts, and by what it parts the count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from viche.reports.designing.facts import Fact
from viche.reports.figure import COUNT, DAYS, MONEY, SHARE, Value

PROJECTS, VOTERS = "projects", "voters"
FAMILIES = {PROJECTS: gettext_lazy("Of projects"), VOTERS: gettext_lazy("Of voters")}


@dataclass(frozen=True)
class Quantity:
    """Something that is counted of a set of projects.

    key: never changed. about: how, in a sentence. count: None where nothing is known yet. is_summed: whether the parts
    of a whole add up to it. needs_result: known from the publication of a result on.
    """

    key: str
    title: Any
    about: Any
    kind: str
    count: Callable[[Sequence[Fact]], Value] = field(repr=False)
    is_summed: bool = True
    needs_result: bool = False


def _sum(name: str) -> Callable[[Sequence[Fact]], Value]:
    """The sum of what is known; None where nothing is."""

    def count(facts: Sequence[Fact]) -> Value:
        known = [value for fact in facts if (value := getattr(fact, name)) is not None]
        return sum(known) if known else None

    return count


def _average(facts: Sequence[Fact]) -> Value:
    return sum(fact.cost for fact in facts) // len(facts) if facts else None


def _median_days(facts: Sequence[Fact]) -> Value:
    days = sorted(fact.days for fact in facts if fact.days is not None)
    return days[(len(days) - 1) // 2] if days else None


QUANTITIES: dict[str, Quantity] = {
    each.key: each
    for each in (
        Quantity(
            "projects", gettext_lazy("Number of projects"), gettext_lazy("Published projects are counted."), COUNT, len
        ),
        Quantity(
            "asked", gettext_lazy("Money asked for"), gettext_lazy("The costs of the published projects are summed."),
            MONEY, lambda facts: sum(fact.cost for fact in facts),
        ),
        Quantity(
            "average", gettext_lazy("Average cost of a project"),
            gettext_lazy("The costs of the published projects by their number, rounded down to a kopiyka."),
            MONEY, _average, is_summed=False,
        ),
        Quantity(
            "admitted", gettext_lazy("Admitted projects"),
            gettext_lazy("Projects that stood or stand on the ballot are counted."), COUNT,
            lambda facts: sum(fact.is_admitted for fact in facts),
        ),
        Quantity(
            "admitted_cost", gettext_lazy("Cost of the admitted projects"),
            gettext_lazy("The costs of the projects that stood or stand on the ballot are summed."), MONEY,
            lambda facts: sum(fact.cost for fact in facts if fact.is_admitted),
        ),
        Quantity(
            "signatures", gettext_lazy("Signatures of support"),
            gettext_lazy("Signatures under the published projects that were not withdrawn, on paper too."), COUNT,
            _sum("signatures"),
        ),
        Quantity(
            "votes", gettext_lazy("Ballots that name the projects"),
            gettext_lazy("By the published count; a ballot that names several projects counts at each of them."), COUNT,
            _sum("votes"), needs_result=True,
        ),
        Quantity(
            "score", gettext_lazy("Score of the projects"),
            gettext_lazy("The scores that the published count gives the projects are summed."), COUNT, _sum("score"),
            needs_result=True,
        ),
        Quantity(
            "won", gettext_lazy("Number of winners"), gettext_lazy("Winners of the published count."), COUNT,
            _sum("won"), needs_result=True,
        ),
        Quantity(
            "won_amount", gettext_lazy("Money won"), gettext_lazy("What the published count gives the winners."), MONEY,
            _sum("amount"), needs_result=True,
        ),
        Quantity(
            "spent", gettext_lazy("Money spent on the winners"),
            gettext_lazy("What was paid for the works of the winners so far."), MONEY, _sum("spent"), needs_result=True,
        ),
        Quantity(
            "days", gettext_lazy("Days to deliver (median)"),
            gettext_lazy("For the winners that are built: days from the publication of the result to the acceptance."),
            DAYS, _median_days, is_summed=False, needs_result=True,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class OfVoters:
    """Something about voters, read from the published tables. column: its key in them."""

    key: str
    title: Any
    kind: str
    column: str


VOTER_QUANTITIES: dict[str, OfVoters] = {
    each.key: each
    for each in (
        OfVoters("voters", gettext_lazy("Number of voters"), COUNT, "voters"),
        OfVoters("turnout", gettext_lazy("Turnout"), SHARE, "share"),
    )
}

NOT_KNOWN = gettext_lazy("not known")


@dataclass(frozen=True)
class Dimension:
    """By what projects are parted. key: the name of the fact's field. title: as a heading; by: inside a sentence.

    none: the words for projects without a value. is_time: along time, in its order; is_ordered: in the order of its own
    keys, not by size.
    """

    key: str
    title: Any
    by: Any
    none: Any = NOT_KNOWN
    is_time: bool = False
    is_ordered: bool = False


DIMENSIONS: dict[str, Dimension] = {
    each.key: each
    for each in (
        Dimension(
            "part", gettext_lazy("Part of the community"), gettext_lazy("by part of the community"),
            gettext_lazy("The whole community, or part not known"),
        ),
        Dimension("category", gettext_lazy("Type"), gettext_lazy("by type"), gettext_lazy("no type")),
        Dimension("size", gettext_lazy("Size"), gettext_lazy("by size"), gettext_lazy("no size")),
        Dimension("pot", gettext_lazy("Pot"), gettext_lazy("by pot"), gettext_lazy("no pot of its own")),
        Dimension("group", gettext_lazy("How far it came"), gettext_lazy("by how far they came"), is_ordered=True),
        Dimension("state", gettext_lazy("State"), gettext_lazy("by state"), is_ordered=True),
        Dimension(
            "month", gettext_lazy("Month of submission"), gettext_lazy("by month of submission"), is_time=True
        ),
        Dimension("contest", gettext_lazy("Contest"), gettext_lazy("by contest"), is_time=True),
        Dimension("year", pgettext_lazy("of a contest", "Year"), gettext_lazy("by year"), is_time=True),
    )
}  # fmt: skip

FILTERS = ("part", "category", "size", "group")
"""The dimensions that the designer's page offers as filters; a definition may filter by any."""
