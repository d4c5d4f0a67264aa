"""Rows of another platform's file as projects: every fault at its row, in words."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from viche.connectors.arrivals.sources.layouts import Layout, columns_of, layout_named, recognised
from viche.foundation.fields import MoneyField
from viche.foundation.refused import Refused
from viche.foundation.tables import Row, Stored, open_table
from viche.foundation.tables.text import encoding_of

MOST_ROWS = 20_000
MOST_TITLE, MOST_SUMMARY, MOST_TEXT = 500, 600, 20_000
_PRICE = re.compile(r"\(([^()]*\d[^()]*)\)")


@dataclass(frozen=True)
class Fault:
    """Something wrong in a row. column: the heading concerned, "" for the row as a whole."""

    row: int
    column: str
    text: str

    @property
    def place(self) -> str:
        """The row and the column in words."""
        where = _("row %d") % self.row
        return f"{where}, «{self.column}»" if self.column else where


@dataclass(frozen=True)
class SourceRow:
    """One project as its source tells it. cost in kopiykas, None where the source names none; votes: a total."""

    row: int
    source_id: str
    title: str
    summary: str
    text: str
    category: str
    cost: int | None
    place: str
    latitude: Decimal | None
    longitude: Decimal | None
    author: str
    url: str
    votes: int | None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what the source says, without the row it stands in."""
        said = [str(value) for name, value in vars(self).items() if name != "row"]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass
class Reading:
    """What a file holds. columns: by field, the place of its column."""

    layout: Layout
    headings: Sequence[str]
    columns: Mapping[str, int]
    rows: list[SourceRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_source(content: bytes, *, layout: str = "", columns: Mapping[str, int] | None = None) -> Reading:
    """The projects of a file: JSON, CSV, XLSX or ODS. layout, columns: as an official has said, else recognised.

    Refused: as open_table, not_json, no_rows, too_many_rows, no_title_column.
    """
    headings, rows = rows_in(content)
    found = layout_named(layout) if layout else recognised(headings)
    reading = Reading(found, headings, dict(columns) if columns else columns_of(found, headings))
    if "title" not in reading.columns:
        message = _("No column holds the title: say which one does.")
        raise Refused("no_title_column", message, fields={"columns": message}, status=422)
    seen: dict[str, int] = {}
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            message = _("The file has more than 20,000 rows.")
            raise Refused("too_many_rows", message, fields={"file": message}, status=422)
        before = len(reading.faults)
        one = _read(reading, row)
        if one.source_id in seen:
            _fault(reading, row, "id", _("Row %d has the same number already.") % seen[one.source_id])
        seen.setdefault(one.source_id, row.number)
        if len(reading.faults) == before:
            reading.rows.append(one)
    if not seen:
        raise Refused(
            "no_rows", _("There is no row in the file."), fields={"file": _("There is no row in the file.")}
        )
    return reading


def rows_in(content: bytes) -> tuple[list[str], Iterator[Row]]:
    """The headings, and the rows below them."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        return _from_json(content)
    rows = open_table(Stored(content)).rows()
    first = next(rows, None)
    return list(first.cells) if first is not None else [], rows


def _from_json(content: bytes) -> tuple[list[str], Iterator[Row]]:
    """A list of objects, or an object that holds one; nested names are joined by slashes, as Decidim's own CSV does."""
    try:
        document = json.loads(content.decode(encoding_of(Stored(content))))
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict):
        document = next((each for each in document.values() if isinstance(each, list)), [document])
    if not isinstance(document, list) or not all(isinstance(each, dict) for each in document):
        message = _("This is not JSON with a list of projects.")
        raise Refused("not_json", message, fields={"file": message}, status=422)
    flat = [dict(_flat("", each)) for each in document]
    headings = list(dict.fromkeys(name for each in flat for name in each))
    return headings, (
        Row(number, tuple(each.get(name, "") for name in headings))
        for number, each in enumerate(flat, start=1)
    )


def _flat(before: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _flat(f"{before}/{name}" if before else str(name), each)
    elif isinstance(value, list):
        if value and all(isinstance(each, dict) for each in value):
            for each in value[:1]:
                yield from _flat(before, each)
        else:
            yield before, ", ".join(str(each) for each in value if each is not None)
    else:
        yield before, "" if value is None else str(value)


def _fault(reading: Reading, row: Row, name: str, text: str) -> None:
    place = reading.columns.get(name)
    column = reading.headings[place] if place is not None and place < len(reading.headings) else ""
    reading.faults.append(Fault(row.number, column, text))


def _read(reading: Reading, row: Row) -> SourceRow:
    cells = {name: row.cell(place).strip() for name, place in reading.columns.items()}
    title = _said(cells.get("title", ""))
    if not title:
        _fault(reading, row, "title", _("The title is missing."))
    elif len(title) > MOST_TITLE:
        _fault(reading, row, "title", _("No more than %(limit)d letters, please.") % {"limit": MOST_TITLE})
    text = _said(cells.get("text", ""))
    if len(text) > MOST_TEXT:
        _fault(reading, row, "text", _("No more than %(limit)d letters, please.") % {"limit": MOST_TEXT})
    source_id = cells.get("id") or str(row.number)
    if len(source_id) > 80:
        _fault(reading, row, "id", _("No more than %(limit)d letters, please.") % {"limit": 80})
    url = cells.get("url", "")
    return SourceRow(
        row=row.number, source_id=source_id, title=title,
        summary=(_said(cells.get("summary", "")) or text)[:MOST_SUMMARY], text=text,
        category=_said(cells.get("category", "")), cost=_cost(reading, row, cells.get("cost", "")),
        place=_said(cells.get("place", ""))[:200],
        latitude=_coordinate(reading, row, "latitude", cells.get("latitude", ""), 90),
        longitude=_coordinate(reading, row, "longitude", cells.get("longitude", ""), 180),
        author=_said(cells.get("author", ""))[:120],
        url=url[:500] if re.match(r"https?://", url) else "", votes=_votes(reading, row, cells.get("votes", "")),
    )  # fmt: skip


def _cost(reading: Reading, row: Row, text: str) -> int | None:
    """Kopiykas. CONSUL writes the price into the feasibility: "Feasible (€20,000)"; not feasible has none."""
    if reading.layout.name == "consul":
        price = _PRICE.search(text)
        text = re.sub(r"[^\d.,\s]", "", price[1]) if price else ""
    text = re.sub(r"(?i)\s*(грн\.?|uah|₴|€|\$)\s*$", "", text)
    if not text:
        return None
    if re.fullmatch(r"\d+\.0+", text):
        text = text.partition(".")[0]
    try:
        return MoneyField().to_python(text)
    except ValidationError as error:
        _fault(reading, row, "cost", str(error.message))
        return None


def _votes(reading: Reading, row: Row, text: str) -> int | None:
    bare = re.sub(r"[\s\u00a0]", "", text)
    if not bare:
        return None
    if not re.fullmatch(r"[0-9]{1,9}(\.0+)?", bare):
        _fault(reading, row, "votes", _("Votes are a whole number."))
        return None
    return int(bare.partition(".")[0])


def _coordinate(reading: Reading, row: Row, name: str, text: str, limit: int) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > limit:
        _fault(reading, row, name, _("This is no coordinate in degrees."))
        return None
    return value.quantize(Decimal("0.000001"))


class _Words(HTMLParser):
    """The words of a text with tags; paragraphs and list items on lines of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._hidden += tag in {"script", "style"}
        if tag in {"p", "br", "li", "div", "h1", "h2", "h3", "h4", "tr"}:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style"} and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _said(text: str) -> str:
    """Plain words: other platforms keep texts as HTML. The apostrophe that guards a formula goes."""
    text = text.replace("\0", "")
    if re.match(r"^'[=+\-@]", text):
        text = text[1:]
    if "<" in text or "&" in text:
        words = _Words()
        words.feed(text)
        words.close()
        text = "".join(words.pieces)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
