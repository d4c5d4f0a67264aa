"""An official report as files beside the PDF: a workbook, tables in a ZIP, data. The same facts: the same bytes."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from rulebook.canonical import canonical
from viche.contests.models import Contest
from viche.reports.document import Document, Shown
from viche.reports.figure import Figure
from viche.reports.files import csv_of
from viche.reports.official.kind import DATA, PDF, TABLES, WORKBOOK, Kind
from viche.reports.official.setting import Head
from viche.reports.workbook import workbook_of

SCHEMA = 1
SUFFIXES = {PDF: "pdf", WORKBOOK: "xlsx", TABLES: "zip", DATA: "json"}
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def _workbook(document: Document, kind: Kind, contest: Contest, digest: str) -> bytes:
    return workbook_of(list(document.figures()), title=f"{document.title}: {document.subtitle}")


def _tables(document: Document, kind: Kind, contest: Contest, digest: str) -> bytes:
    """A CSV for each figure, in their order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, figure in enumerate(document.figures(), start=1):
            info = zipfile.ZipInfo(f"{number:02d}-{figure.key}.csv", LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, csv_of(figure).encode())
    return packed.getvalue()


def _data(document: Document, kind: Kind, contest: Contest, digest: str) -> bytes:
    """Everything that stands in the report for programs: each part with its type, figures with raw values."""
    return canonical(
        {
            "schema": SCHEMA, "kind": kind.key, "community": contest.community.code, "contest": contest.slug,
            "title": document.title, "subtitle": document.subtitle, "sha256": digest,
            "parts": [_part(each) for each in document.parts],
        }
    )  # fmt: skip


def _part(part: Any) -> dict[str, Any]:
    if isinstance(part, Shown):
        return {"type": "figure", **part.figure.document()}
    said = {each.name: getattr(part, each.name) for each in fields(part)}
    return {"type": type(part).__name__.lower(), **said}


FILES: dict[str, Callable[[Document, Kind, Contest, str], bytes]] = {
    WORKBOOK: _workbook, TABLES: _tables, DATA: _data,
}  # fmt: skip
"""By form: (document, kind, contest, hash of the facts) → content, in the language of the moment."""


def digest_of(document: Document, head: Head) -> str:
    """SHA-256 (hex) over everything that stands in a report but its number and day."""
    said = {"document": _plain(document), "head": _plain(head)}
    return hashlib.sha256(canonical(said)).hexdigest()


def _plain(value: Any) -> Any:
    """What a part says, as JSON; a figure by its words and its own hash, whenever it was counted."""
    if isinstance(value, Figure):
        return [value.key, value.title, value.about, list(value.notes), value.digest]
    if is_dataclass(value):
        return [type(value).__name__, *(_plain(getattr(value, each.name)) for each in fields(value))]
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return value if value is None or isinstance(value, (str, int)) else str(value)
