"""The turnout of one contest as a document: the page, the reports, its CSV and its JSON show these numbers only."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from viche.ballots.queries import is_turnout_shown, turnout, turnout_by_day
from viche.ballots.turnout import BAND_HOURS, LEAST, coarse_turnout, together_by_day
from viche.communities.models import Territory
from viche.communities.queries import living_inside, parts_of
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.identity.queries import register_at, register_parts

EARLIER = 3
WHOLE = 10_000
DAY = timedelta(days=1)


_READ: ContextVar[dict[UUID, "dict[str, Any] | Refused"] | None] = ContextVar("turnouts", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside, the document of a contest is put together once however often it is asked for."""
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


def turnout_document(contest: Contest) -> dict[str, Any]:
    """All numbers, None for a hidden one. Moments are ISO in Kyiv; shares are hundredths of a percent.

    Refused: turnout_hidden (the rules show it after the voting only), no_voting.
    """
    read = _READ.get()
    if read is None:
        return _document(contest)
    if contest.pk not in read:
        try:
            read[contest.pk] = _document(contest)
        except Refused as refused:
            read[contest.pk] = refused
    found = read[contest.pk]
    if isinstance(found, Refused):
        raise found
    return found


def _document(contest: Contest) -> dict[str, Any]:
    window = contest.window("voting")
    if window is None or window.starts_at > clock.now():
        raise Refused("no_voting", _("The voting has not begun: there is no turnout yet."), status=404)
    if not is_turnout_shown(contest):
        said = _("The regulation of this contest shows the turnout once the voting has ended.")
        raise Refused("turnout_hidden", said, status=403)
    first = window.starts_at.astimezone(KYIV).date()
    by_day = {(day - first).days + 1: number for day, number in turnout_by_day(contest)}
    sums = together_by_day(contest, by_day)
    parts, areas = structure_of(contest)
    found = coarse_turnout(contest, areas)
    members, members_of = _members(contest, areas)
    total = turnout(contest)
    return {
        "contest": contest.slug,
        "title": contest.name,
        "at": _iso(clock.now() if not found.is_final else window.ends_at),
        "is_final": found.is_final,
        "starts_at": _iso(window.starts_at),
        "ends_at": _iso(window.ends_at),
        "votes": total,
        "members": members,
        "share": total * WHOLE // members if members else None,
        "days": [
            {
                "day": place,
                "date": (first + (place - 1) * DAY).isoformat(),
                "votes": by_day.get(place, 0),
                "together": together,
            }
            for place, together in enumerate(sums, start=1)
        ],
        "counted_until": _iso(found.until),
        "hours": [
            {"from": hour, "to": hour + BAND_HOURS, "votes": number} for hour, number in found.hours.items()
        ],
        "channels": [{"channel": name, "votes": number} for name, number in sorted(found.channels.items())],
        "parts": [_part(each, found.parts, members_of) for each in [*parts, None] if _is_shown(each, found.parts)],
        "cells": [
            {"part": part, "channel": channel, "votes": number}
            for (part, channel), number in sorted(found.cells.items())
        ],
        "earlier": _earlier(contest),
    }  # fmt: skip


def _is_shown(part: Territory | None, numbers: Any) -> bool:
    return part is not None or "" in numbers


def _part(part: Territory | None, numbers: Any, members: dict[str, int]) -> dict[str, Any]:
    """One part of the community; None: voters of whom no part is known."""
    code = part.code if part is not None else ""
    votes, of = numbers.get(code, 0), members.get(code, 0)
    share = votes * WHOLE // of if of >= LEAST and votes is not None else None
    name = part.full_name if part is not None else ""
    return {"part": code, "name": name, "votes": votes, "members": of or None, "share": share}


def structure_of(contest: Contest) -> tuple[list[Territory], dict[str, str]]:
    """The parts of the community, and for every territory in it the code of its part."""
    whole = contest.community.territory
    parts = parts_of(whole)
    areas = {
        each.code: part.code
        for each in living_inside(whole)
        for part in parts
        if each.path.startswith(part.path)
    }
    return parts, areas


def members_of(contest: Contest) -> int | None:
    """How many the register names, whether or not the voting has begun; None where there is none."""
    return _members(contest, structure_of(contest)[1])[0]


def _members(contest: Contest, areas: dict[str, str]) -> tuple[int | None, dict[str, int]]:
    """How many the register names that was in force at the end of the voting (now), and by part."""
    window = contest.window("voting")
    now = clock.now()
    moment = min(now, window.ends_at) if window is not None and window.ends_at else now
    register = register_at(contest.community, moment)
    if register is None:
        return None, {}
    by_part: dict[str, int] = {}
    for code, number in register_parts(register, contest.rules.voter.bases).items():
        part = areas.get(code, "")
        by_part[part] = by_part.get(part, 0) + number
    return sum(by_part.values()) or register.rows, by_part


def _earlier(contest: Contest) -> list[dict[str, Any]]:
    """Votings of the same body that were over before this one began, the latest first."""
    own = contest.window("voting")
    found = []
    for other in opened_contests_of(contest.community):
        window = other.window("voting")
        is_before = own and window and window.ends_at and window.ends_at <= own.starts_at
        if other.pk == contest.pk or not is_before or window is None:
            continue
        first = window.starts_at.astimezone(KYIV).date()
        by_day = {(day - first).days + 1: number for day, number in turnout_by_day(other)}
        if by_day:
            found.append(
                {
                    "contest": other.slug, "title": other.name, "votes": sum(by_day.values()),
                    "together": together_by_day(other, by_day),
                }
            )  # fmt: skip
        if len(found) == EARLIER:
            break
    return found


def _iso(moment: Any) -> str | None:
    # minutes: who watches the page shall not see seconds of a single vote in its own clock
    return moment.astimezone(KYIV).replace(second=0, microsecond=0).isoformat() if moment else None
