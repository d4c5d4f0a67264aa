"""The turnout of one contest as a document: the page, its CSV and its JSON all show these numbers and no others."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.ballots.channels import PLACES
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.foundation.numbers import grouped, percent_text
from viche.foundation.plane import circles, laid_out
from viche.portal.maps import HEIGHT, MARGIN, WIDTH
from viche.projects.queries import centres_of
from viche.reports.turnout import structure_of


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
    _parts, areas = structure_of(contest)
    middles: dict[str, list[Any]] = {}
    for code, middle in centres_of(contest).items():
        if (part := areas.get(code, "")) in names:
            middles.setdefault(part, []).append(middle)
    if len(middles) < 2:
        return None
    parts = sorted(middles)
    centres = [
        (sum(each[0] for each in found) / len(found), sum(each[1] for each in found) / len(found))
        for found in (middles[part] for part in parts)
    ]
    votes = [names[part]["votes"] or 0 for part in parts]
    points = laid_out(centres, width=WIDTH, height=HEIGHT, margin=MARGIN)
    drawn = circles(points, votes, width=WIDTH, height=HEIGHT, least=10, most=40)
    spots = [
        {"x": x, "y": y, "radius": radius, "text": hidden_text(names[part]["votes"]), "name": names[part]["name"],
         "is_hidden": names[part]["votes"] is None}
        for part, (x, y, radius) in sorted(zip(parts, drawn, strict=True), key=lambda pair: -pair[1][2])
    ]  # fmt: skip
    return {"width": WIDTH, "height": HEIGHT, "spots": spots}
