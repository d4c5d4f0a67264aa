"""Reading an edition of the codifier from a file: our own table, or the Ministry's list as XLSX or CSV."""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from viche.communities.models import OWN_CATEGORIES, Category
from viche.foundation.refused import Refused

CODE = re.compile(r"UA\d{17}")
KNOWN = frozenset(Category.values) - {str(category) for category in OWN_CATEGORIES}
# Latin and Cyrillic letters look the same in the official lists, and both occur
LETTERS = str.maketrans("ОКРНМТХСВ", "OKPHMTXCB")
LEVELS, COLUMNS = 5, 7
# the official list is 1.5 MB and 12 MB unpacked
MAX_BYTES, MAX_UNPACKED = 30_000_000, 300_000_000


@dataclass(frozen=True)
class Row:
    """One object of an edition; parent: the code above it, empty for a region."""

    code: str
    parent: str
    category: str
    name: str


def read_edition(path: Path) -> list[Row]:
    """Objects of an edition. Reads .tsv and .tsv.gz (code, parent, category, name), .csv and .xlsx as published.

    Refused: bad_file (not such a file, or cut off), bad_rows (the rows that are wrong, by their number).
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused("bad_file", _("%s is too large for the codifier.") % path.name, status=422)
        if path.suffix == ".xlsx":
            lines: Iterable[Sequence[Any]] = _workbook(path)
        else:
            lines = _text_lines(path)
        return list(_rows(lines))
    except (OSError, EOFError, UnicodeDecodeError, zipfile.BadZipFile, CalamineError, csv.Error) as error:
        raise Refused(
            "bad_file", _("%(name)s cannot be read: %(why)s") % {"name": path.name, "why": error}, status=422
        ) from None


def _workbook(path: Path) -> list[Sequence[Any]]:
    with zipfile.ZipFile(path) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
            raise Refused("bad_file", _("%s is too large for the codifier.") % path.name, status=422)
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def _text_lines(path: Path) -> list[Sequence[str]]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            content = packed.read(MAX_UNPACKED)
    text = content.decode("utf-8-sig")
    first = text.partition("\n")[0]
    separator = max("\t;,", key=first.count)
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def _rows(lines: Iterable[Sequence[Any]]) -> Iterator[Row]:
    faults: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        cells = ["" if cell is None else " ".join(str(cell).split()) for cell in line]
        if not CODE.fullmatch(cells[0] if cells else ""):
            # headings stand above the list and nothing stands among its rows
            if any(CODE.fullmatch(cell) for cell in cells):
                faults[str(number)] = _("line %d: its first column holds no code") % number
            continue
        row = _official(cells) if len(cells) >= COLUMNS else _own(cells) if len(cells) == 4 else None
        if row is None or row.category not in KNOWN or not row.name:
            faults[str(number)] = _("line %d: code, category or name is missing or unknown") % number
        else:
            yield row
    if faults:
        raise Refused("bad_rows", _("The list of the codifier has wrong lines."), fields=faults, status=422)


def _own(cells: Sequence[str]) -> Row | None:
    code, parent, category, name = cells
    if parent and not CODE.fullmatch(parent):
        return None
    return Row(code, parent, category.translate(LETTERS), _name(name))


def _official(cells: Sequence[str]) -> Row | None:
    """The levels of the official list hold the codes from the region down; a special city stands in four of them."""
    chain = list(dict.fromkeys(cell for cell in cells[:LEVELS] if cell))
    if not all(CODE.fullmatch(cell) for cell in chain):
        return None
    above = chain[-2] if len(chain) > 1 else ""
    return Row(chain[-1], above, cells[LEVELS].translate(LETTERS), _name(cells[LEVELS + 1]))


def _name(name: str) -> str:
    return name.replace("'", "’").strip()


def read_successors(path: Path) -> Mapping[str, str]:
    """Which object took the place of which: two columns, the closed code and its successor's. Refused: bad_file."""
    try:
        lines = _text_lines(path)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            "bad_file", _("%(name)s cannot be read: %(why)s") % {"name": path.name, "why": error}, status=422
        ) from None
    found: dict[str, str] = {}
    faults = {}
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip().upper() for cell in line if cell.strip()]
        if not cells or (number == 1 and not CODE.match(cells[0])):
            continue
        if len(cells) < 2 or not all(CODE.fullmatch(cell) for cell in cells[:2]) or cells[0] in found:
            faults[str(number)] = _("line %d: two codes are wanted, each closed code once") % number
        else:
            found[cells[0]] = cells[1]
    if faults:
        raise Refused("bad_rows", _("The list of successors has wrong lines."), fields=faults, status=422)
    return found
