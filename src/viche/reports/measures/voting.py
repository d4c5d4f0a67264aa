"""Who has voted and who has supported projects: how many, never for what, and never so few that one is seen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from viche.ballots.channels import PLACES
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.projects.models import Signature
from viche.reports.figure import HIDDEN, SHARE, Column, Row, Value
from viche.reports.measures.course import part_labels
from viche.reports.measures.measure import Measure, Rows
from viche.reports.turnout import turnout_document


def _of_document(
    read: Callable[[Mapping[str, Any]], Sequence[Row]],
) -> Callable[[Contest], Rows | None]:
    """Rows of the turnout's document; None while the regulation shows none."""

    def count(contest: Contest) -> Rows | None:
        try:
            document = turnout_document(contest)
        except Refused:
            return None
        return read(document) or None

    return count


def _shown(number: int | None) -> Value:
    return HIDDEN if number is None else number


def _days(document: Mapping[str, Any]) -> list[Row]:
    return [Row(each["date"], (each["votes"], each["together"])) for each in document["days"]]


def _hours(document: Mapping[str, Any]) -> list[Row]:
    return [
        Row(f"{each['from']:02d}-{each['to']:02d}", (_shown(each["votes"]),)) for each in document["hours"]
    ]


def _channels(document: Mapping[str, Any]) -> list[Row]:
    return [Row(each["channel"], (_shown(each["votes"]),)) for each in document["channels"]]


def _parts(document: Mapping[str, Any]) -> list[Row]:
    return [
        Row(each["part"], (_shown(each["votes"]), each["members"], each["share"]))
        for each in document["parts"]
    ]


def _day_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {row.key: date_format(date.fromisoformat(row.key), "j E Y") for row in rows}


def _hour_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {row.key: ":00–".join(row.key.split("-")) + ":00" for row in rows}


def _channel_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {name: str(place) for name, place in PLACES.items()}


def count_signatures(contest: Contest) -> Rows | None:
    """Signatures that stand, by the day in Kyiv on which they were given."""
    found = Signature.objects.filter(contest=contest, withdrawn_at=None)
    by_day = (
        found.order_by()
        .values_list(TruncDate("signed_at", tzinfo=KYIV))
        .annotate(number=Count("pk"))
        .order_by("truncdate1")
    )
    rows, together = [], 0
    for day, number in by_day:
        together += number
        rows.append(Row(day.isoformat(), (number, together)))
    return rows or None


_VOTERS = Column("voters", gettext_lazy("Voters"))
_TOGETHER = Column("together", gettext_lazy("Together"))
_HIDING = gettext_lazy(
    "While the voting goes on, numbers are counted to the last midnight and rounded down to fives; a number that would"
    " single somebody out is hidden, and with it the next smallest."
)

MEASURES = (
    Measure(
        "turnout-by-day", "turnout", gettext_lazy("Voters by day"),
        gettext_lazy("Marks of people who have voted, by the day in Kyiv; annulled ones do not count."),
        gettext_lazy("Day"), (_VOTERS, _TOGETHER), _of_document(_days), _day_labels, chart="columns",
    ),
    Measure(
        "turnout-by-hour", "turnout", gettext_lazy("Voters by time of day"),
        gettext_lazy("Marks of people who have voted, by the time of day in Kyiv, all days together."),
        gettext_lazy("Time of day"), (_VOTERS,), _of_document(_hours), _hour_labels, chart="columns",
        notes=(_HIDING,),
    ),
    Measure(
        "turnout-by-channel", "turnout", gettext_lazy("Voters by way of voting"),
        gettext_lazy("Marks of people who have voted, by where they voted."),
        gettext_lazy("Way of voting"), (_VOTERS,), _of_document(_channels), _channel_labels, chart="bars",
        notes=(_HIDING,),
    ),
    Measure(
        "turnout-by-part", "turnout", gettext_lazy("Voters by part of the community"),
        gettext_lazy("Marks by the part the voter belongs to, beside the members on the register of that part."),
        gettext_lazy("Part"),
        (_VOTERS, Column("members", gettext_lazy("On the register")), Column("share", gettext_lazy("Share"), SHARE)),
        _of_document(_parts), part_labels, chart="bars", notes=(_HIDING,),
    ),
    Measure(
        "signatures-by-day", "support", gettext_lazy("Signatures by day"),
        gettext_lazy("Signatures under all projects that were not withdrawn, by the day in Kyiv, on paper too."),
        gettext_lazy("Day"), (Column("signatures", gettext_lazy("Signatures")), _TOGETHER), count_signatures,
        _day_labels, chart="columns",
    ),
)  # fmt: skip
