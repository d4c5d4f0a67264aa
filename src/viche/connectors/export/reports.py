"""Whether the official reports of an archive are those of which its journal tells."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from viche.connectors.export import life
from viche.connectors.export.proven import Proven
from viche.connectors.export.reading import Reader, refused

REPORTS, FILES = "reports.report", "reports.reportfile"


@dataclass
class _Told:
    """What entries say of one report. issued: the data of ReportIssued; files: (form, digest) of each; is_withdrawn:
    told by any entry, signed or not, for that harms nobody.
    """

    issued: Mapping[str, Any] = field(default_factory=dict)
    files: set[tuple[str, str]] = field(default_factory=set)
    is_withdrawn: bool = False


def check_reports(reader: Reader, folders: Sequence[str], logs: Sequence[str]) -> Iterator[Proven]:
    """Every report and file is one that an entry under a signed checkpoint names; a withdrawn one is withdrawn.

    Who signed a copy, and whether a report is shown to everybody, the old place says: no entry does. Refused:
    bad_report.
    """
    told: dict[str, _Told] | None = None
    for folder in folders:
        number, contest = 0, ""
        for label, holds in ((REPORTS, _is_told), (FILES, _is_file_told)):
            path = folder + life.path_of(label)
            for place, row in enumerate(reader.lines(path), start=1):
                contest = contest or reader.document(f"{folder}contest.json")["id"]
                told = _reports_told(reader, logs) if told is None else told
                known = told.get(row["id"] if label == REPORTS else row["report_id"], _Told())
                if not holds(row, known, contest):
                    raise _bad_report(f"{path}:{place}")
                content = f"{folder}{life.folder_of(label)}/{row['id']}"
                if label == FILES and content in reader.sizes:
                    if _sha256(reader, content) != row["digest"]:
                        raise _bad_report(f"{path}:{place}")
                    number += 1
        if number:
            yield Proven(folder, _("%d files of reports are those that the journal names") % number)


def _bad_report(place: str) -> Exception:
    return refused("bad_report", _("%s: the journal tells of no such report.") % place)


def _is_told(row: Mapping[str, Any], told: _Told, contest: str) -> bool:
    issued = told.issued
    return (
        (row["state"], row["same_as_id"], row["fault"]) == ("made", None, "")
        and (row["digest"], row["kind"], row["language"])
        == (issued.get("facts"), issued.get("kind"), issued.get("language"))
        and f"{row['number']}/{row['year']}" == issued.get("ours")
        and contest == issued.get("contest")
        and (row["withdrawn_at"] is not None or not told.is_withdrawn)
    )


def _is_file_told(row: Mapping[str, Any], told: _Told, _contest: str) -> bool:
    return (row["form"], row["digest"]) in told.files


def _reports_told(reader: Reader, logs: Sequence[str]) -> dict[str, _Told]:
    """By the id of the report."""
    found: dict[str, _Told] = {}
    for folder in logs:
        signed = reader.document(f"{folder}about.json")["published_size"]
        for row in reader.lines(f"{folder}entries.jsonl"):
            if '"Report' not in row["leaf"]:
                continue
            leaf = json.loads(row["leaf"])
            kind, data = leaf["kind"], leaf["data"]
            if kind == "ReportWithdrawn":
                found.setdefault(data["report"], _Told()).is_withdrawn = True
            if row["index"] >= signed:
                continue
            if kind == "ReportIssued":
                one = found.setdefault(data["report"], _Told())
                one.issued = data
                one.files.update(data["digests"].items())
            elif kind == "ReportSigned":
                found.setdefault(data["report"], _Told()).files.add(("signed", data["digest"]))
    return found


def _sha256(reader: Reader, name: str) -> str:
    digest = hashlib.sha256()
    for piece in reader.pieces(name):
        digest.update(piece)
    return digest.hexdigest()
