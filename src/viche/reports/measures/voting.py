"""Who has voted and who has supported projects: how many, never for what, and never so few that one is seen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from viche.ballots.channels import PLACES
from viche.ballots.voters import SEXES, UNKNOWN, Groups, voter_groups
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.projects.models import Signature
from viche.reports.figure import HIDDEN, SHARE, Column, Row, Value
from viche.reports.measures.course import part_labels
from viche.reports.measures.measure import Measure, Rows
from viche.reports.turnout import WHOLE, turnout_document


def _of_document(
    read: Callable[[Mapping[str, Any]], Sequence[Row]],
) -> Callable[[Contest], Rows | None]:
    """Rows of the turnout's document; None while the regulation shows none, and where there are no marks to count: of
    an imported voting its ballots are known only.
    """

    def count(contest: Contest) -> Rows | None:
        try:
            document = turnout_document(contest)
        except Refused:
            return None
        rows = read(document)
        return rows if any(row.values[0] for row in rows) else None

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


def _group_count(
    read: Callable[[Groups], Sequence[tuple[str, int]]],
) -> Callable[[Contest], Rows | None]:
    """Rows of groups of voters, with their share of all of them."""

    def count(contest: Contest) -> Rows | None:
        found = voter_groups(contest)
        rows = read(found) if found is not None else ()
        voters = sum(number for _name, number in rows)
        return [Row(name, (number, number * WHOLE // voters)) for name, number in rows] or None

    return count


def count_ages_and_sexes(contest: Contest) -> Rows | None:
    found = voter_groups(contest)
    if found is None or not found.by_both:
        return None
    place = {name.partition(",")[0]: number for number, (name, _voters) in enumerate(found.by_sex)}
    return [
        Row(ages, tuple(row[place[sex]] if sex in place else None for sex in (*SEXES, UNKNOWN)))
        for ages, row in found.by_both
    ]


def _age_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {row.key: ages_text(row.key, contest.rules.voter.min_age or 0) for row in rows}


def ages_text(group: str, least: int = 0) -> str:
    """A group of ages (ballots.voters.Groups) in words. least: the age from which one may vote."""
    known, _comma, unknown = group.partition(",")
    if known == UNKNOWN:
        return _("age not known")
    first, _dash, last = known.partition("-")
    if not last:
        text = _("%(age)s and older") % {"age": first.rstrip("+")}
    elif max(int(first), least if least <= int(last) else 0):
        text = f"{max(int(first), least)}–{last}"
    else:
        text = _("up to %(age)s") % {"age": last}
    return _("%(ages)s, or age not known") % {"ages": text} if unknown else text


def _sex_labels(contest: Contest, rows: Rows) -> Mapping[str, str]:
    return {
        "female": _("Women"), "male": _("Men"), "male,unknown": _("Men, and voters whose sex is not known"),
        UNKNOWN: _("Sex not known"),
    }  # fmt: skip


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
_SHARE = Column("of_voters", gettext_lazy("Share of the voters"), SHARE)
_GROUPS_ABOUT = gettext_lazy(
    "Voters whose votes count, grouped once, when the box is opened, by the tax number each was identified with;"
    " of an imported voting, as its file tells. Nothing of it is kept beside a vote."
)
_GROUPING = gettext_lazy(
    "No group has fewer than ten voters: a smaller one is joined with its neighbour, so that nobody is singled out."
)
_HIDING = gettext_lazy(
    "While the voting goes on, numbers are counted to the last midnight and rounded down to fives; a number that would"
    " single somebody out is hidden, and with it the next smallest. The record that comes with the result tells exactly"
    " how many voted on each day and in each way."
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
        "turnout-by-age", "turnout", gettext_lazy("Voters by age"), _GROUPS_ABOUT,
        pgettext_lazy("of voters", "Age"), (_VOTERS, _SHARE), _group_count(lambda found: found.by_age), _age_labels,
        chart="bars", notes=(_GROUPING,), is_summed=True,
    ),
    Measure(
        "turnout-by-sex", "turnout", gettext_lazy("Voters by sex"), _GROUPS_ABOUT,
        pgettext_lazy("of voters", "Sex"), (_VOTERS, _SHARE), _group_count(lambda found: found.by_sex), _sex_labels,
        chart="bars", notes=(_GROUPING,), is_summed=True,
    ),
    Measure(
        "turnout-by-age-and-sex", "turnout", gettext_lazy("Voters by age and sex"), _GROUPS_ABOUT,
        pgettext_lazy("of voters", "Age"),
        (Column("female", gettext_lazy("Women")), Column("male", gettext_lazy("Men")),
         Column(UNKNOWN, gettext_lazy("Sex not known"))),
        count_ages_and_sexes, _age_labels, chart="bars", drawn=SEXES, is_summed=True,
        notes=(
            _GROUPING,
            gettext_lazy("Where the sex of fewer than ten voters is not known, they are counted with the men."),
        ),
    ),
    Measure(
        "signatures-by-day", "support", gettext_lazy("Signatures by day"),
        gettext_lazy("Signatures under all projects that were not withdrawn, by the day in Kyiv, on paper too."),
        gettext_lazy("Day"), (Column("signatures", gettext_lazy("Signatures")), _TOGETHER), count_signatures,
        _day_labels, chart="columns",
    ),
)  # fmt: skip
