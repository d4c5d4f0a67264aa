"""What the pages of open data show: files with sizes and hashes, a first look into the tables, how to cite."""

import csv
from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.ballots.queries import turnout
from viche.communities.models import localised
from viche.connectors.open_data.actions import prepare_part
from viche.connectors.open_data.catalogue import contest_title, description_of
from viche.connectors.open_data.columns import TABLES, Column, Table
from viche.connectors.open_data.files import FILES, FINAL, LIVING, DataFile
from viche.connectors.open_data.places import contest_address, platform_address
from viche.connectors.open_data.queries import Set, Written, changed_at, is_published, licence_of, written_set
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused

AT_ONCE = 5_000
"""So many ballots are written into files while somebody waits; more are the worker's."""

PREVIEWED = 5
LONG_CELL = 40


def files_at_hand(contest: Contest, part: str) -> Set:
    """The files of a part, written now where that is quick. Refused: not_published, being_written."""
    found = written_set(contest, part)
    if found is not None:
        return found
    if part == FINAL and is_published(contest) and turnout(contest) > AT_ONCE:
        raise Refused(
            "being_written", _("These files are being written: they are here in a minute or two."), status=503
        )
    return prepare_part(contest=contest, part=part)


def contest_context(contest: Contest) -> dict[str, Any]:
    """The page of one contest."""
    sets = {LIVING: files_at_hand(contest, LIVING)}
    why_waits = ""
    try:
        sets[FINAL] = files_at_hand(contest, FINAL)
    except Refused as refused:
        why_waits = refused.message
    written = {name: each for found in sets.values() for name, each in found.files.items()}
    missing = {name: code for found in sets.values() for name, code in found.missing.items()}
    rows = [file_row(contest, file, written.get(file.name)) for file in FILES if not file.about]
    return {
        "contest": contest, "files": [row for row in rows if row["written"]],
        "waiting": [row for row in rows if not row["written"] and row["file"].name not in missing],
        "missing": [(row, why_missing(missing[row["file"].name])) for row in rows if row["file"].name in missing],
        "why_waits": why_waits, "is_published": FINAL in sets, "previews": list(previews(written)),
        "dictionary": [dictionary_of(table) for table in TABLES], "licence": licence_of(contest.community),
        "title": contest_title(contest, _language()), "description": localised(description_of(contest)),
        "cite": cited(contest), "address": contest_address(contest, "contest-data"), "api": platform_address("api"),
        "changed_at": changed_at(contest), "begins": contest.schedule[0].starts_at if contest.schedule else None,
    }  # fmt: skip


def file_row(contest: Contest, file: DataFile, written: Written | None) -> dict[str, Any]:
    """One file of the list; about: its metadata, where it has them."""
    about = next((each for each in FILES if each.about == file.name), None)
    return {
        "file": file, "written": written, "says": localised(dict(file.says)), "about": about,
        "address": contest_address(contest, "contest-data-file", file.name),
    }  # fmt: skip


def why_missing(code: str) -> str:
    """Why a contest has no file of a format, in words."""
    if code == "ballots_on_protocols":
        return _(
            "Some votes are known from protocols of polling points only; this format lists every single ballot."
        )
    return _("The format cannot hold ballots of this kind.")


def previews(written: dict[str, Written]) -> Iterable[dict[str, Any]]:
    """The first rows of each table that has any."""
    for table in TABLES:
        found = written.get(f"{table.name}.csv")
        if found is None or not found.rows:
            continue
        with found.path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            head = next(reader)
            rows = [
                [_cut(cell) for cell in row] for row, _number in zip(reader, range(PREVIEWED), strict=False)
            ]
        yield {"name": f"{table.name}.csv", "title": localised(dict(table.titles)), "head": head, "rows": rows,
               "number": found.rows}  # fmt: skip


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONG_CELL else f"{cell[: LONG_CELL - 1]}…"


def dictionary_of(table: Table) -> dict[str, Any]:
    """A table of the data dictionary in the person's language."""
    return {
        "name": table.name, "title": localised(dict(table.titles)), "says": localised(dict(table.says)),
        "columns": [_column(column) for column in table.columns],
    }  # fmt: skip


def _column(column: Column) -> dict[str, Any]:
    waits = localised(dict(column.waits)) if column.waits else ""
    return {
        "name": column.name, "kind": column.kind, "is_required": column.is_required,
        "title": localised(dict(column.titles)), "says": f"{localised(dict(column.says))} {waits}".strip(),
    }  # fmt: skip


def cited(contest: Contest) -> str:
    """How to cite the data set: who, when, what, where."""
    day = date_format(changed_at(contest).astimezone(KYIV), "j E Y")
    title = _("%(community)s. %(contest)s: open data") % {
        "community": contest.community.title, "contest": contest.name,
    }  # fmt: skip
    return f"{title}. {day}. {contest_address(contest, 'contest-data')}"


def _language() -> str:
    return "en" if (get_language() or "uk").startswith("en") else "uk"
