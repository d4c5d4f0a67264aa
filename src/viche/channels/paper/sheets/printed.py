"""What has been printed: numbers by point, and those that may still be printed again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from viche.ballots.models import PaperSerial
from viche.contests.models import Contest


@dataclass(frozen=True)
class Run:
    """The numbers of one point (None: of none). waiting: how many are not given out, spoiled or destroyed."""

    point: UUID | None
    first: int
    last: int
    count: int
    waiting: int


def runs_of(contest: Contest) -> list[Run]:
    """By point, the latest numbers first."""
    rows = (
        PaperSerial.objects.filter(contest=contest)
        .order_by()
        .values("point")
        .annotate(
            first=Min("number"), last=Max("number"), count=Count("pk"), waiting=Count("pk", filter=Q(state="printed"))
        )
    )  # fmt: skip
    return sorted((Run(**row) for row in rows), key=lambda each: -each.last)


def last_number(contest: Contest) -> int:
    """The greatest number so far; 0 before the first."""
    return PaperSerial.objects.filter(contest=contest).aggregate(last=Max("number"))["last"] or 0


def printable(contest: Contest, first: int, last: int, point: UUID | None = None) -> Sequence[int]:
    """Numbers in the range that nobody was given yet: a sheet that was given out, spoiled or destroyed is never printed
    again. point: only of this one.
    """
    found = PaperSerial.objects.filter(contest=contest, state="printed", number__range=(first, last))
    if point is not None:
        found = found.filter(point=point)
    return list(found.order_by("number").values_list("number", flat=True))
