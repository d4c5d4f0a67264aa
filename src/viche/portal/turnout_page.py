"""The turnout of one contest as a document: the page, its CSV and its JSON all show these numbers and no others."""

import csv
import io
from datetime import date, timedelta
from math import isqrt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.ballots.channels import PLACES
from viche.ballots.queries import is_turnout_shown, turnout, turnout_by_day
from viche.ballots.turnout import BAND_HOURS, LEAST, coarse_turnout, together_by_day
from viche.communities.models import Territory
from viche.communities.queries import living_inside, parts_of
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.foundation.numbers import grouped, percent_text
from viche.foundation.refused import Refused
from viche.identity.queries import register_at, register_parts
from viche.portal.maps import HEIGHT, WIDTH, Point, project_points
from viche.projects.queries import centres_of

EARLIER = 3
WHOLE = 10_000
DAY = timedelta(days=1)


def turnout_document(contest: Contest) -> dict[str, Any]:
    """All numbers, None for a hidden one. Moments are ISO in Kyiv; shares are hundredths of a percent.

    Refused: turnout_hidden (the rules show it after the voting only), no_voting.
    """
    window = contest.window("voting")
    if window is None or window.starts_at > clock.now():
        raise Refused("no_voting", _("The voting has not begun: there is no turnout yet."), status=404)
    if not is_turnout_shown(contest):
        said = _("The regulation of this contest shows the turnout once the voting has ended.")
        raise Refused("turnout_hidden", said, status=403)
    first = window.starts_at.astimezone(KYIV).date()
    by_day = {(day - first).days + 1: number for day, number in turnout_by_day(contest)}
    sums = together_by_day(contest, by_day)
    parts, areas = _structure(contest)
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


def _structure(contest: Contest) -> tuple[list[Territory], dict[str, str]]:
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


def csv_rows(document: dict[str, Any]) -> str:
    """The same numbers as lines of (table, what, of what, number); a hidden number is the word "hidden"."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["table", "key", "channel", "votes", "together", "members"])
    writer.writerow(["all", document["contest"], "", document["votes"], "", document["members"] or ""])
    for row in document["days"]:
        writer.writerow(["day", row["date"], "", row["votes"], row["together"], ""])
    for row in document["hours"]:
        writer.writerow(
            ["hours", f"{row['from']:02d}:00–{row['to']:02d}:00", "", _cell(row["votes"]), "", ""]
        )
    for row in document["channels"]:
        writer.writerow(["channel", "", row["channel"], _cell(row["votes"]), "", ""])
    for row in document["parts"]:
        writer.writerow(["part", row["part"], "", _cell(row["votes"]), "", row["members"] or ""])
    for row in document["cells"]:
        writer.writerow(["part and channel", row["part"], row["channel"], _cell(row["votes"]), "", ""])
    for other in document["earlier"]:
        for day, together in enumerate(other["together"], start=1):
            writer.writerow([f"earlier: {other['contest']}", day, "", "", together, ""])
    return out.getvalue()


def _cell(number: int | None) -> str | int:
    return "hidden" if number is None else number


def hidden_text(number: int | None) -> str:
    return grouped(number) if number is not None else _("hidden")


def sentence(contest: Contest, document: dict[str, Any]) -> str:
    """The turnout in one plain sentence."""
    votes, day, of = document["votes"], len(document["days"]), _length(contest)
    said = {"n": grouped(votes), "day": day, "of": of, "title": contest.name}
    if document["is_final"]:
        text = ngettext("%(n)s person voted.", "%(n)s people voted.", votes) % said
    elif of:
        text = ngettext(
            "%(n)s person has voted so far: it is day %(day)s of %(of)s.",
            "%(n)s people have voted so far: it is day %(day)s of %(of)s.", votes,
        ) % said  # fmt: skip
    else:
        text = ngettext(
            "%(n)s person has voted so far: it is day %(day)s.",
            "%(n)s people have voted so far: it is day %(day)s.", votes,
        ) % said  # fmt: skip
    if document["share"] is not None:
        share = {"share": percent_text(document["share"]), "members": grouped(document["members"])}
        text += " " + _("That is %(share)s of the %(members)s people on the community’s register.") % share
    return text


def _length(contest: Contest) -> int | None:
    window = contest.window("voting")
    if window is None or window.ends_at is None:
        return None
    last = (window.ends_at - timedelta(microseconds=1)).astimezone(KYIV).date()
    return (last - window.starts_at.astimezone(KYIV).date()).days + 1


def page_context(contest: Contest, document: dict[str, Any]) -> dict[str, Any]:
    """The document as the page draws it."""
    day = len(document["days"])
    names = {name: str(place) for name, place in PLACES.items()}
    channels = [row["channel"] for row in document["channels"]]
    cells = {(row["part"], row["channel"]): row["votes"] for row in document["cells"]}
    return {
        "sentence": sentence(contest, document),
        "compared": [
            {"title": other["title"], "value": other["together"][min(day, len(other["together"])) - 1]}
            for other in document["earlier"]
        ],
        "day_rows": [
            {**row, "label": date_format(_date(row["date"]), "j E"), "text": grouped(row["votes"]),
             "before": [_nth(other["together"], row["day"]) for other in document["earlier"]]}
            for row in document["days"]
        ],
        "day_bars": [
            {"label": date_format(_date(row["date"]), "j E"), "value": row["votes"]} for row in document["days"]
        ],
        "hour_bars": [
            {"label": f"{row['from']:02d}:00–{row['to']:02d}:00", "value": row["votes"] or 0,
             "text": hidden_text(row["votes"])}
            for row in document["hours"]
        ],
        "channel_bars": [
            {"label": names.get(row["channel"], row["channel"]), "value": row["votes"] or 0,
             "text": hidden_text(row["votes"])}
            for row in document["channels"]
        ],
        "channels": [names.get(name, name) for name in channels],
        "part_rows": [
            {**row, "name": row["name"] or _("part not known"), "text": hidden_text(row["votes"]),
             "share_text": percent_text(row["share"]) if row["share"] is not None else "–",
             "cells": [hidden_text(cells.get((row["part"], name), 0)) for name in channels]}
            for row in document["parts"]
        ],
        "map": turnout_map(contest, document),
        "counted_until": document["counted_until"],
    }  # fmt: skip


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _nth(sums: list[int], day: int) -> str:
    return grouped(sums[day - 1]) if day <= len(sums) else "–"


def turnout_map(contest: Contest, document: dict[str, Any]) -> dict[str, Any] | None:
    """Each part as a circle where its projects lie, as large as its turnout; None where fewer than two lie anywhere."""
    names = {row["part"]: row for row in document["parts"] if row["part"]}
    _parts, areas = _structure(contest)
    middles: dict[str, list[Any]] = {}
    for code, middle in centres_of(contest).items():
        if (part := areas.get(code, "")) in names:
            middles.setdefault(part, []).append(middle)
    if len(middles) < 2:
        return None
    rows = [
        (number, names[part]["name"], sum(each[0] for each in found) / len(found),
         sum(each[1] for each in found) / len(found))
        for number, (part, found) in enumerate(sorted(middles.items()))
    ]  # fmt: skip
    most = max((row["votes"] or 0 for row in names.values()), default=0)
    drawn: list[tuple[Point, dict[str, Any]]] = [
        (point, names[part]) for point, part in zip(project_points(rows), sorted(middles), strict=True)
    ]
    spots = []
    for point, row in sorted(drawn, key=lambda pair: -(pair[1]["votes"] or 0)):
        radius = 10 + isqrt(900 * (row["votes"] or 0) // max(most, 1))
        # a circle at the edge stays whole
        spots.append(
            {
                "x": min(max(point.x, radius + 4), WIDTH - radius - 4),
                "y": min(max(point.y, radius + 4), HEIGHT - radius - 4), "radius": radius,
                "text": hidden_text(row["votes"]), "name": row["name"], "is_hidden": row["votes"] is None,
            }
        )  # fmt: skip
    return {"width": WIDTH, "height": HEIGHT, "spots": spots}
