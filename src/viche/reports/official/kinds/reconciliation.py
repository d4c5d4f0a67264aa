"""The reconciliation of operators and terminals, for officials and auditors: what each side says, and what differs.

Operators stand by the number of their office, never by name. Of a voter or a ballot nothing is said, only numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.ballots.models import PaperBatch
from viche.ballots.papers import paper_figures
from viche.channels.paper.queries import batches_of, operator_figures, recheck_figures
from viche.channels.terminals.models import BallotState, Partner, Reconciliation, TerminalBallot
from viche.channels.terminals.networks.models import NetworkWay, Payment
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.identity.models import Office, Role
from viche.points.models import Duty
from viche.points.queries import points_in
from viche.projects.queries import operators_of
from viche.reports.document import Document, Heading, Paragraph, Part, Shown
from viche.reports.figure import DATE, TEXT, WORD, Column, Row, Value
from viche.reports.official.ballot_tables import annulled_table, channels_table, is_imported, paper_parts
from viche.reports.official.kind import PDF, WORKBOOK, Kind
from viche.reports.official.outcome_tables import last_count
from viche.reports.official.tables import day_of, document_of, shown_or, table

NUMBERS = ("issued", "valid", "invalid", "spoiled", "unused")


def is_ready(contest: Contest) -> str:
    """Once the ballots are counted: until the box is opened they are still put in and taken back."""
    if is_imported(contest):
        return _("The election was held elsewhere: there is nothing to reconcile here.")
    return "" if last_count(contest) is not None else _("The ballots are not counted yet.")


def build(contest: Contest) -> Document:
    """Raises ValueError where is_ready says why not."""
    count = last_count(contest)
    if count is None:
        raise ValueError(f"contest {contest.pk}: no count to reconcile with")
    annulled = annulled_table(contest)
    parts: list[Part] = [
        Heading(_("By way of voting")),
        *shown_or(channels_table(contest, count), _("By which ways people voted is not known here.")),
        *([Shown(annulled)] if annulled else []),
        Heading(_("Voting on paper")), *paper_parts(contest),
        Heading(_("Polling points")), *_points(contest),
        Heading(_("Batches of paper")), *_batches(contest),
        Heading(_("Operators")), *_operators(contest),
        Heading(_("Terminals")), *_terminals(contest),
        Heading(_("Payments of terminal networks")), *_payments(contest),
    ]  # fmt: skip
    return document_of(contest, _("Reconciliation of operators and terminals"), parts)


def _points(contest: Contest) -> list[Part]:
    rows, labels = [], {}
    for point in points_in(contest.community).filter(contests=contest):
        found = paper_figures(contest, point.pk)
        people = (
            Duty.objects.filter(shift__point=point, shift__cancelled_at=None)
            .values("person")
            .distinct()
            .count()
        )
        invalid = sum(found.invalid.values())
        rows.append(
            Row(
                str(point.pk),
                (
                    people, found.printed, found.issued, found.spoiled, found.unused, found.waiting, found.valid,
                    invalid, found.issued - found.valid - invalid,
                ),
            )
        )  # fmt: skip
        labels[str(point.pk)] = point.name
    if not rows:
        return [Paragraph(_("No polling point served this contest."))]
    columns = (
        Column("operators", gettext_lazy("Operators on duty")), Column("printed", gettext_lazy("Sent")),
        Column("issued", gettext_lazy("Given out")), Column("spoiled", gettext_lazy("Spoiled")),
        Column("unused", gettext_lazy("Unused")), Column("waiting", gettext_lazy("At hand")),
        Column("valid", gettext_lazy("Entered valid")), Column("invalid", gettext_lazy("Entered invalid")),
        Column("difference", gettext_lazy("Given out less entered")),
    )  # fmt: skip
    shown = table(
        contest, "points", _("Paper at each polling point"), _("Point"), columns, rows, labels=labels,
        summed=[each.key for each in columns if each.key != "operators"],
        about=_("Where sheets carry the voter’s name, none is numbered: nothing is sent or given out by number."),
    )  # fmt: skip
    return [Shown(shown)]


def _batches(contest: Contest) -> list[Part]:
    found = batches_of(contest)
    if not found:
        return [Paragraph(_("No batch of paper was put into the box."))]
    names = {point.pk: point.name for point in points_in(contest.community)}
    rows, labels, lines = [], {}, []
    for each in found:
        told: Mapping[str, int] = each.expected or {}
        values: list[Value] = [each.kind, names.get(each.point) if each.point else None, each.state]
        for name in NUMBERS[1:3]:
            entered = each.counts.get(name)
            values += [told.get(name), entered, _less(entered, told.get(name))]
        again = recheck_figures(each.stack) if hasattr(each, "stack") else None
        values += [again.drawn if again else None, again.different if again else None]
        rows.append(Row(str(each.pk), tuple(values)))
        labels[str(each.pk)] = each.name
        if each.difference:
            lines.append(
                _("%(batch)s, the difference: %(words)s") % {"batch": each.name, "words": each.difference}
            )
        if each.undone_reason:
            lines.append(
                _("%(batch)s, taken back: %(words)s") % {"batch": each.name, "words": each.undone_reason}
            )
    columns = (
        Column("kind", gettext_lazy("Kind"), WORD), Column("point", gettext_lazy("Point"), TEXT),
        Column("state", gettext_lazy("State"), WORD), Column("valid_told", gettext_lazy("Valid by the protocol")),
        Column("valid", gettext_lazy("Entered valid")), Column("valid_less", gettext_lazy("Difference")),
        Column("invalid_told", gettext_lazy("Invalid by the protocol")),
        Column("invalid", gettext_lazy("Entered invalid")), Column("invalid_less", gettext_lazy("Difference")),
        Column("drawn", gettext_lazy("Looked at again")), Column("different", gettext_lazy("of them different")),
    )  # fmt: skip
    words: dict[str, Any] = {each.value: each.label for each in PaperBatch.Kind}
    words |= {each.value: each.label for each in PaperBatch.State}
    shown = table(
        contest, "batches", _("Batches of paper and the protocols of points"), _("Batch"), columns, rows,
        labels=labels, words=words, optional=["point", "drawn", "different"],
        about=_("Difference: what was entered less what the point’s protocol says."),
    )  # fmt: skip
    return [Shown(shown), *(Paragraph(line) for line in lines)]


def _less(entered: int | None, told: int | None) -> int | None:
    return entered - told if entered is not None and told is not None else None


def office_numbers(contest: Contest) -> dict[UUID, str]:
    """By person what a report calls an official of the body: the last letters of the id of their office, and the unit.

    The page of an office shows the same id in its address.
    """
    held = Office.objects.filter(community=contest.community).order_by("since")
    own = [Role.OPERATOR, Role.COMMISSION, Role.ADMINISTRATOR]
    found: dict[UUID, Office] = {}
    for each in sorted(held, key=lambda office: own.index(office.role) if office.role in own else len(own)):
        found.setdefault(each.person_id, each)
    return {
        person: ", ".join(filter(None, (f"№ {office.pk.hex[-8:]}", office.unit))) for person, office in found.items()
    }  # fmt: skip


def _operators(contest: Contest) -> list[Part]:
    numbers, labels = office_numbers(contest), {}

    def office_of(person: UUID) -> str:
        number = numbers.get(person)
        if number is None:
            number = person.hex[-8:]
            labels[number] = _("no office, %(mark)s") % {"mark": number}
        return number

    def by_office(
        key: str, title: str, columns: Sequence[Column], rows: Sequence[Row], about: str = ""
    ) -> list[Part]:
        if not rows:
            return []
        shown = table(
            contest, key, title, _("Office"), columns, rows, labels=labels, summed=[each.key for each in columns],
            about=about,
        )  # fmt: skip
        return [Shown(shown)]

    parts = by_office(
        "operators-paper", _("Sheets of paper by operator"),
        (
            Column("entries", gettext_lazy("Sheets entered")), Column("corrections", gettext_lazy("Corrected by them")),
            Column("differing", gettext_lazy("Differ from the second entry")),
            Column("wrong", gettext_lazy("Settled the other way")),
        ),
        [
            Row(office_of(each.person.pk), (each.entries, each.corrections, each.differing, each.wrong))
            for each in operator_figures(contest)
        ],
        _("Every sheet is entered by two; where they differ, a third settles it."),
    )  # fmt: skip
    parts += by_office(
        "operators-support", _("Sheets of signatures by operator"),
        (
            Column("first", gettext_lazy("Entered first")), Column("second", gettext_lazy("Entered second")),
            Column("lines", gettext_lazy("Lines")), Column("closed", gettext_lazy("Closed")),
        ),
        [
            Row(office_of(each["person"].pk), (each["first"], each["second"], each["lines"], each["closed"]))
            for each in operators_of(contest)
        ],
    )  # fmt: skip
    return parts or [Paragraph(_("No operator entered sheets of this contest."))]


def _terminals(contest: Contest) -> list[Part]:
    """By network and day: what stands in the box, what the network stated, what was missing or differed."""
    own = TerminalBallot.objects.filter(contest=contest).order_by()
    box: Counter[tuple[UUID, date, str]] = Counter()
    by_day = own.annotate(day=TruncDate("at", tzinfo=KYIV)).values_list("partner_id", "day", "state")
    for partner, day, state, number in by_day.annotate(number=Count("pk")):
        box[partner, day, state] += number
    days = {(partner, day) for partner, day, _state in box}
    if not days:
        return [Paragraph(_("No ballot was cast at a terminal."))]
    partners = Partner.objects.in_bulk({partner for partner, _day in days})
    stated = _stated(partners)
    rows, labels = [], {}
    for partner, day in sorted(days, key=lambda pair: (partners[pair[0]].name, pair[1])):
        cast = box[partner, day, BallotState.CAST]
        said = stated.get((partner, day), [])
        last = said[0] if said else None
        theirs = last.theirs.get(contest.slug, 0) if last else None
        key = f"{partners[partner].slug}/{day.isoformat()}"
        labels[key] = f"{partners[partner].name}, {date_format(day, 'j E Y')}"
        rows.append(
            Row(
                key,
                (
                    cast, box[partner, day, BallotState.CANCELLED], theirs, _less(cast, theirs),
                    *(len(last.difference.get(name, [])) if last else None
                      for name in ("missing_here", "missing_there", "differing", "other_day")),
                    len(said), _settled(said),
                ),
            )
        )  # fmt: skip
    columns = (
        Column("box", gettext_lazy("In the box")), Column("cancelled", gettext_lazy("Taken back")),
        Column("stated", gettext_lazy("By the network")), Column("difference", gettext_lazy("Difference")),
        Column("missing_here", gettext_lazy("Missing here")), Column("missing_there", gettext_lazy("Missing there")),
        Column("differing", gettext_lazy("In another state")), Column("other_day", gettext_lazy("On another day")),
        Column("times", gettext_lazy("Times compared")), Column("settled", gettext_lazy("How it stands"), WORD),
    )  # fmt: skip
    shown = table(
        contest, "terminals", _("Ballots at terminals by network and day"), _("Network and day"), columns, rows,
        labels=labels, summed=["box", "cancelled"],
        words={
            "never": _("never compared"), "equal": _("equal at once"), "settled": _("equal after another comparison"),
            "differs": _("still differs"),
        },
        about=_(
            "By the network: its latest signed statement of the day. Missing and differing ballots are those of all"
            " contests of the network on that day."
        ),
    )  # fmt: skip
    return [Shown(shown)]


def _stated(partners: Mapping[UUID, Partner]) -> Mapping[tuple[UUID, date], list[Reconciliation]]:
    """Every comparison by partner and day, the latest first."""
    found: dict[tuple[UUID, date], list[Reconciliation]] = defaultdict(list)
    for each in Reconciliation.objects.filter(partner__in=partners).order_by("-at"):
        found[each.partner_id, each.day].append(each)
    return found


def _settled(said: Sequence[Reconciliation]) -> str:
    if not said:
        return "never"
    if not said[0].is_equal:
        return "differs"
    return "equal" if len(said) == 1 else "settled"


def _payments(contest: Contest) -> list[Part]:
    """Payments by which choices came in through the dialects of networks, by way and day."""
    found = (
        Payment.objects.filter(contest=contest, state__in=[Payment.State.DONE, Payment.State.CANCELLED])
        .order_by()
        .annotate(day=TruncDate("at", tzinfo=KYIV))
        .values_list("way_id", "day", "state")
        .annotate(number=Count("pk"))
    )
    number = {(way, day, state): each for way, day, state, each in found}
    days = {(way, day) for way, day, _state in number}
    if not days:
        return [Paragraph(_("No choice came by a payment of a network."))]
    ways = NetworkWay.objects.select_related("partner").in_bulk({way for way, _day in days})
    rows, labels = [], {}
    for way, day in sorted(days, key=lambda pair: (ways[pair[0]].partner.name, str(pair[0]), pair[1])):
        key = f"{ways[way].partner.slug}/{ways[way].dialect}/{way.hex[-4:]}/{day.isoformat()}"
        labels[key] = f"{ways[way].partner.name} ({ways[way].dialect})"
        done, cancelled = (number.get((way, day, each), 0) for each in ("done", "cancelled"))
        rows.append(Row(key, (day_of(day), done, cancelled)))
    columns = (
        Column("day", gettext_lazy("Day"), DATE), Column("done", gettext_lazy("Done")),
        Column("cancelled", gettext_lazy("Cancelled")),
    )  # fmt: skip
    shown = table(
        contest, "payments", _("Payments of terminal networks by day"), _("Network"), columns, rows, labels=labels,
        summed=["done", "cancelled"],
        about=_("Several payments can be one ballot; the register of a network is compared on its page."),
    )  # fmt: skip
    return [Shown(shown)]


KIND = Kind(
    "reconciliation", gettext_lazy("Reconciliation of operators and terminals"),
    gettext_lazy(
        "For officials and auditors: paper, operators and terminal networks, what each side says, what differs and how"
        " it was settled."
    ),
    is_ready, build, forms=(PDF, WORKBOOK), is_public=False,
)  # fmt: skip
