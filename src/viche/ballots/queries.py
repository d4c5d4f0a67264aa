"""Reads of the ballot box."""

import contextlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Expression, F, Q, QuerySet, Value
from django.db.models.functions import Cast, ExtractHour, TruncDate

from rulebook.canonical import canonical
from rulebook.dossier import Dossier, DossierProject
from rulebook.lot import Lot
from rulebook.protocols import Protocol
from rulebook.rules.vocabulary import PAPER
from viche.ballots.models import (
    Annulment,
    Ballot,
    Box,
    CarriedFigures,
    Claim,
    Opening,
    PaperBallot,
    PaperBatch,
    PaperSerial,
    Participation,
    Replacement,
)
from viche.ballots.tokens import contest_token, contest_tokens_of, marks_key
from viche.contests.models import Contest
from viche.foundation import keys
from viche.foundation.clock import KYIV
from viche.identity.models import Person
from viche.identity.queries import number_tokens, tokens_of
from viche.projects.queries import admitted_projects


@dataclass(frozen=True)
class Mark:
    """That a person voted: when and through which channel. How they voted is not known here. reference: of the mark."""

    contest: Contest
    reference: UUID
    at: datetime
    channel: str


def mark_of(contest: Contest, person: Person) -> Mark | None:
    """The person's mark in the contest, if they have voted; None also after the contest's keys are destroyed."""
    try:
        tokens = contest_tokens_of(contest, person)
    except keys.KeyMissing:
        return None
    marks = Participation.objects.filter(contest=contest, claims__token__in=tokens)
    mark = marks.order_by("cast_at").first()
    return Mark(contest, mark.pk, mark.cast_at, mark.channel) if mark else None


def marks_of(person: Person) -> list[Mark]:
    """Where the person has voted, newest contest first."""
    numbers = number_tokens(person)
    if not numbers:
        return []
    contests: dict[bytes, Contest] = {}
    for contest in Contest.objects.filter(box__public_key__isnull=False).select_related(
        "community__territory"
    ):
        with contextlib.suppress(keys.KeyMissing):
            key = marks_key(contest)
            contests |= {contest_token(key, number): contest for number in numbers}
    claims = Claim.objects.filter(token__in=list(contests)).select_related("participation")
    marks = {claim.participation_id: (contests[bytes(claim.token)], claim.participation) for claim in claims}
    latest = sorted(marks.values(), key=lambda each: each[1].cast_at, reverse=True)
    return [Mark(contest, mark.pk, mark.cast_at, mark.channel) for contest, mark in latest]


def annulments_of(contest: Contest) -> QuerySet[Annulment]:
    """Ballots of the contest that officials named as ones that must not count, in the order of the proposals."""
    found = Annulment.objects.filter(contest=contest).exclude(why=Annulment.Why.WITHDRAWN)
    return found.select_related("proposed_by", "decided_by")


def voters_among(contest: Contest, people: Collection[UUID], *, before: datetime) -> set[UUID]:
    """Which of the people have voted in the contest before the moment; none after its keys are destroyed."""
    try:
        key = marks_key(contest)
    except keys.KeyMissing:
        return set()
    owners = {contest_token(key, token): person for person, token in tokens_of(people)}
    claims = Claim.objects.filter(contest=contest, participation__cast_at__lt=before)
    found: set[UUID] = set()
    tokens = list(owners)
    for start in range(0, len(tokens), 5_000):
        voted = claims.filter(token__in=tokens[start : start + 5_000])
        found |= {owners[bytes(token)] for token in voted.values_list("token", flat=True)}
    return found


def voters_behind(contest: Contest, marks: Collection[UUID]) -> dict[UUID, Person]:
    """The people behind marks of the contest, where they are on record. Raises keys.KeyMissing.

    Nothing in the tables leads from a mark to a person: every number on record is tried with the contest's key.
    """
    key = marks_key(contest)
    claims = Claim.objects.filter(contest=contest, participation__in=marks)
    wanted = {bytes(token): mark for token, mark in claims.values_list("token", "participation")}
    owners = {
        wanted[token]: person
        for person, number in tokens_of()
        if (token := contest_token(key, number)) in wanted
    }
    people = Person.objects.in_bulk(list(owners.values()))
    return {mark: people[person] for mark, person in owners.items()}


def carried(contest: Contest) -> CarriedFigures | None:
    """The figures of a contest that was held on another platform."""
    return CarriedFigures.objects.filter(contest=contest).first()


def _carried_number(contest: Contest, name: str) -> int:
    along = carried(contest)
    return int(along.numbers[name]) if along else 0


def figures_of(contest: Contest) -> dict[str, Any]:
    """Who took part, in numbers only, as a contest takes them along to another platform (CarriedFigures)."""
    along = carried(contest)
    if along is not None:
        return {name: getattr(along, name) for name in ("days", "marks", "channels", "hours", "numbers")}
    counted = Participation.objects.filter(contest=contest, annulled_at=None)
    channels = counted.values_list("channel").annotate(number=Count("pk")).order_by("channel")
    hour = ExtractHour("cast_at", tzinfo=KYIV)
    hours = counted.annotate(hour=hour).values_list("hour").annotate(number=Count("pk")).order_by("hour")
    left_out = left_out_ballots(contest)
    return {
        "days": [[day.isoformat(), number] for day, number in turnout_by_day(contest)],
        "marks": [[day.isoformat(), way, number] for day, way, number in marks_by_day_and_channel(contest)],
        "channels": dict(channels), "hours": {str(each): number for each, number in hours},
        "numbers": {
            **left_out.numbers, "envelopes": envelopes_in(contest), "given_out": given_out_marks(contest),
            "numbered": numbered_sheets(contest), "numbered_all": numbered_sheets(contest, taken_back=True),
            "paper": int(has_paper(contest)),
        },
    }  # fmt: skip


def box_of(contest: Contest) -> Box | None:
    return Box.objects.filter(contest=contest).first()


def is_turnout_shown(contest: Contest) -> bool:
    """Whether the rules let people see how many have voted: all along, or only once the voting has ended."""
    return contest.rules.live_results != "none" or contest.has_ended("voting")


def turnout(contest: Contest) -> int:
    """How many people have voted: marks, those counted on another platform, or the openings of an imported election."""
    marks = Participation.objects.filter(contest=contest, annulled_at=None).count()
    if marks:
        return marks
    along = carried(contest)
    if along and along.days:
        return sum(number for _day, number in along.days)
    return Opening.objects.filter(contest=contest).count()


def turnouts(contests: Collection[Contest]) -> dict[UUID, int]:
    """turnout() of many contests, those where nobody voted left out: three queries."""
    found: dict[UUID, int] = {}
    for rows_of in (Opening.objects.all(), Participation.objects.filter(annulled_at=None)):
        rows = rows_of.filter(contest__in=contests).values_list("contest_id")
        found |= dict(rows.annotate(number=Count("pk")).order_by())
    along = CarriedFigures.objects.filter(contest__in=contests).values_list("contest_id", "days")
    return found | {contest: sum(number for _day, number in days) for contest, days in along if days}


def turnout_by_day(contest: Contest) -> list[tuple[date, int]]:
    """Marks by day in Kyiv."""
    found = list(
        Participation.objects.filter(contest=contest, annulled_at=None)
        .annotate(day=TruncDate("cast_at", tzinfo=KYIV))
        .values_list("day")
        .annotate(number=Count("id"))
        .order_by("day")
    )
    along = None if found else carried(contest)
    return [(date.fromisoformat(day), number) for day, number in along.days] if along else found


def marks_by_day_and_channel(contest: Contest) -> list[tuple[date, str, int]]:
    """(day in Kyiv, channel, marks, annulled ones too), sorted: numbers only."""
    rows = (
        Participation.objects.filter(contest=contest)
        .annotate(day=TruncDate("cast_at", tzinfo=KYIV))
        .values_list("day", "channel")
        .annotate(number=Count("id"))
        .order_by("day", "channel")
    )
    found = [(day, channel, number) for day, channel, number in rows]
    along = None if found else carried(contest)
    if along:
        return [(date.fromisoformat(day), channel, number) for day, channel, number in along.marks]
    return found


def envelopes_in(contest: Contest) -> int:
    """How many sealed ballots the box holds."""
    return Ballot.objects.filter(contest=contest).count() or _carried_number(contest, "envelopes")


@dataclass(frozen=True)
class LeftOut:
    """How many ballots of the box do not count: replaced by their voters, annulled by two officials, withdrawn by
    their voters, of batches of paper that were taken back.
    """

    replaced: int
    annulled: int
    withdrawn: int
    taken_back: int

    @property
    def numbers(self) -> dict[str, int]:
        return dict(vars(self))


def left_out_ballots(contest: Contest) -> LeftOut:
    """By one question to the database."""
    annulled = Annulment.objects.filter(contest=contest, state=Annulment.State.CONFIRMED)
    taken_back = PaperBallot.objects.filter(contest=contest, undone_at__isnull=False, reason="")
    numbers = Counter(
        dict(
            _numbered(annulled, F("why")).union(
                _numbered(Replacement.objects.filter(contest=contest), Value("replaced")),
                _numbered(taken_back, Value("taken-back")),
                all=True,
            )
        )
    )
    along = None if numbers else carried(contest)
    if along:
        return LeftOut(*(along.numbers[name] for name in ("replaced", "annulled", "withdrawn", "taken_back")))
    replaced, withdrawn = numbers.pop("replaced", 0), numbers.pop(Annulment.Why.WITHDRAWN, 0)
    back = numbers.pop("taken-back", 0)
    return LeftOut(replaced, sum(numbers.values()), withdrawn, back)


def _numbered(rows: QuerySet[Any], why: Expression | F) -> QuerySet[Any]:
    """(why, how many) of the rows."""
    named = rows.order_by().annotate(reason_out=Cast(why, CharField()))
    return named.values_list("reason_out").annotate(number=Count("pk"))


def given_out_marks(contest: Contest) -> int:
    """Voters who were given a numbered sheet: each has one that is given out; its ballot goes into the box without a
    mark of its own.
    """
    issued = PaperSerial.State.ISSUED
    return PaperSerial.objects.filter(contest=contest, state=issued).count() or _carried_number(
        contest, "given_out"
    )


def numbered_sheets(contest: Contest, *, taken_back: bool = False) -> int:
    """Valid numbered sheets in the box; with those of batches that were taken back, if asked for."""
    sheets = PaperBallot.objects.filter(contest=contest, reason="", serial__isnull=False)
    number = sheets.count() if taken_back else sheets.filter(undone_at=None).count()
    return number or _carried_number(contest, "numbered_all" if taken_back else "numbered")


def has_paper(contest: Contest) -> bool:
    """Whether anybody was given a sheet, or any sheet or protocol came in."""
    on_paper = Participation.objects.filter(contest=contest, channel=PAPER)
    is_here = on_paper.exists() or PaperBatch.objects.filter(contest=contest).exists()
    return is_here or bool(_carried_number(contest, "paper"))


def waiting_batches(contest: Contest) -> int:
    """Batches of paper that are not closed and hold something: sheets, or the numbers of a protocol."""
    waiting = PaperBatch.objects.filter(contest=contest, state=PaperBatch.State.OPEN)
    holding = PaperBallot.objects.filter(contest=contest, undone_at=None).values("batch")
    return waiting.filter(Q(kind=PaperBatch.Kind.TOTALS) | Q(pk__in=holding)).count()


def paper_protocols(contest: Contest) -> list[PaperBatch]:
    """Protocols of totals that count, in the order of their ids."""
    kind, state = PaperBatch.Kind.TOTALS, PaperBatch.State.CLOSED
    return list(PaperBatch.objects.filter(contest=contest, kind=kind, state=state).order_by("pk"))


def dossier(
    contest: Contest, *, decisions: Sequence[Sequence[str]] = (), rivals: Mapping[str, str] | None = None
) -> Dossier:
    """Everything the count may see: rules, projects, openings, the lot. Built after the box is opened.

    decisions: the commission's recorded orders of tied projects, in the order of recording. rivals: by a project's
    code, the group of projects that exclude each other; at most one of a group wins.
    """
    box = box_of(contest)
    lot = Lot(box.lot_commitment, box.lot_seed) if box is not None and box.lot_seed else None
    projects = [
        DossierProject(
            id=project.code, cost=project.cost, pot=project.pot, size_class=project.size_class or None,
            category=project.category or None, territory=project.territory_id, order=project.number,
            name=project.title, support=project.supporters, rivals=(rivals or {}).get(project.code),
        )
        for project in admitted_projects(contest).prefetch_related(None)
    ]  # fmt: skip
    documents = (
        Opening.objects.filter(contest=contest).order_by("commitment").values_list("choices", flat=True)
    )
    return Dossier.build(
        contest=str(contest.id),
        currency=contest.currency,
        rules=contest.rules,
        projects=projects,
        groups=(
            (tuple((project, value) for project, value in document["choices"]), 1)
            for document in documents.iterator(chunk_size=5000)
        ),
        lot=lot,
        decisions=decisions,
        protocols=(
            Protocol.of(str(each.pk), each.counts["valid"], each.votes.items())
            for each in paper_protocols(contest)
        ),
    )


def published_openings(contest: Contest) -> Iterator[bytes]:
    """All openings in the order of their commitments, as one JSON list in pieces."""
    rows = Opening.objects.filter(contest=contest).order_by("commitment")
    between = b"["
    for row in rows.values_list("commitment", "nonce", "choices").iterator(chunk_size=2000):
        mark, nonce, ballot = row
        yield between + canonical(
            {"ballot": ballot, "commitment": bytes(mark).hex(), "nonce": bytes(nonce).hex()}
        )
        between = b",\n"
    yield b"]" if between != b"[" else b"[]"


def opening_of(contest: Contest, commitment: bytes) -> Opening | None:
    """The published opening of a receipt's ballot."""
    return Opening.objects.filter(contest=contest, commitment=commitment).first()
