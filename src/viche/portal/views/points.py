"""Where one votes in person in a contest."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from viche.ballots.channels import NAMES, why_closed
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.points.hours import closes_at, opens_next, week_lines
from viche.points.queries import points_of
from viche.portal.guards import in_contest, public

IN_PERSON = ("desk", "paper", "kiosk")


@public
@in_contest
def points(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The polling points, which of them are open now, and what one can do there."""
    now = clock.now()
    rows = [
        {
            "point": each, "until": closes_at(each.hours, now), "opens": opens_next(each.hours, now),
            "hours": week_lines(each.hours),
        }
        for each in points_of(contest)
    ]  # fmt: skip
    return render(
        request, "portal/points.html",
        {
            "contest": contest, "rows": rows, "ways": _ways(contest),
            "is_voting": "voting" in contest.phases,
        },
    )  # fmt: skip


def _ways(contest: Contest) -> list[tuple[str, str]]:
    """(way, why not now, "" where it is open) of those one uses at a point and the rules provide for."""
    rows = []
    for kind in IN_PERSON:
        if not any(channel.kind == kind for channel in contest.rules.channels):
            continue
        try:
            fault = why_closed(contest, kind)
        except Refused as refused:
            fault = refused
        rows.append((str(NAMES[kind]), str(fault.message) if fault else ""))
    return rows
