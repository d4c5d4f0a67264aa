"""Reading a register of members: CSV or XLSX into keyed marks. Numbers live in memory here, and nowhere after.

Columns: tax number (РНОКПП) or its token (rulebook.register), settlement (КАТОТТГ code or name inside the
community), basis (may be left out: registered residence). A first line without a number or token is a heading.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override
from python_calamine import CalamineError, load_workbook

from rulebook.register import TOKEN_LENGTH, decoded, delimiter_of, is_number, token
from viche.communities.codifier import search_form
from viche.communities.models import SETTLEMENT_CATEGORIES, Category, Territory
from viche.foundation import keys
from viche.foundation.refused import Refused
from viche.foundation.tables.packing import DamagedError, PackedTightError, check_unpacked
from viche.identity.models import Basis
from viche.identity.providers import TaxNumberError, parse_tax_number

MAX_BYTES = 30_000_000
MAX_ROWS = 1_000_000

_CODE = re.compile(r"UA\d{17}")
_TOKEN = re.compile(rf"[0-9a-fA-F]{{{TOKEN_LENGTH}}}")
_KIND = re.compile(r"^(?:м|місто|с|село|смт|с-ще|селище)[.\s]\s*")


@dataclass(frozen=True)
class Fault:
    """A row that cannot be taken. row: its number in the file, the heading is 1. reason: see wording.ROW_FAULTS."""

    row: int
    reason: str


@dataclass
class RegisterRows:
    """members: (mark, КАТОТТГ code, basis) of the rows without fault. read: how many rows the file has."""

    read: int = 0
    is_hashed: bool = False
    members: list[tuple[bytes, str, str]] = field(default_factory=list, repr=False)
    faults: list[Fault] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted members: the same register in another order has the same."""
        whole = hashlib.sha256()
        for mark, code, basis in sorted(self.members):
            whole.update(mark + f"|{code}|{basis}\n".encode())
        return whole.hexdigest()


def read_register(content: bytes, *, community: str, inside: Sequence[Territory]) -> RegisterRows:
    """The rows of a file. community: its code; inside: its territory and everything in it.

    Refused: file_too_large, not_a_table (neither CSV nor XLSX, damaged, packed too tight), no_rows, too_many_rows,
    mixed_numbers (tokens and numbers in one file).
    """
    if len(content) > MAX_BYTES:
        raise _fault("file_too_large", _("The file is larger than 30 MB."))
    table = _xlsx(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    places, bases = _Places(inside), _basis_words()
    key = keys.register_key(community)
    found = RegisterRows()
    seen: set[tuple[bytes, str]] = set()
    kinds: set[bool] = set()
    for number, cells in table:
        first, settlement, word = (*cells, "", "", "")[:3]
        if number == 1 and not any(sign.isdigit() for sign in first):
            continue
        found.read += 1
        if found.read > MAX_ROWS:
            raise _fault("too_many_rows", _("The file has more than a million rows: divide the register."))
        hashed = bool(_TOKEN.fullmatch(first))
        raw, reason = _token_of(first, key, hashed)
        code, place_reason = places.code_of(settlement)
        basis = bases.get(search_form(word)) if word else Basis.REGISTERED.value
        reason = reason or place_reason or ("" if basis else "unknown_basis")
        if raw is not None:
            kinds.add(hashed)
        if reason or raw is None or basis is None:
            found.faults.append(Fault(number, reason))
            continue
        mark = keys.register_mark(community, raw)
        if (mark, basis) in seen:
            found.faults.append(Fault(number, "duplicate"))
            continue
        seen.add((mark, basis))
        found.members.append((mark, code, basis))
    if not found.read:
        raise _fault("no_rows", _("There is no row in the file."))
    if len(kinds) > 1:
        raise _fault(
            "mixed_numbers", _("Some rows have tax numbers and some have tokens: use one of them throughout.")
        )
    found.is_hashed = kinds == {True}
    return found


def _fault(code: str, message: str) -> Refused:
    return Refused(code, message, fields={"file": message}, status=422)


def _token_of(text: str, key: bytes, hashed: bool) -> tuple[bytes | None, str]:
    """The token of a cell, or None and the reason."""
    if hashed:
        return bytes.fromhex(text), ""
    if not text:
        return None, "no_number"
    if len(text) > 20:
        return None, "bad_token"
    if is_number(text) and not text.startswith("00000"):
        return bytes.fromhex(token(key, text)), ""  # the usual case
    try:
        return bytes.fromhex(token(key, parse_tax_number(text).number)), ""
    except TaxNumberError:
        return None, "bad_number"


def _basis_words() -> dict[str, str]:
    """The bases by their codes and their names in both languages."""
    words = {}
    for language in ("uk", "en"):
        with override(language):
            for basis in Basis:
                words[search_form(str(basis.label))] = words[search_form(basis.value)] = basis.value
    return words


class _Places:
    """Settlements of the community by code and by name."""

    def __init__(self, inside: Sequence[Territory]) -> None:
        self._own = inside[0]
        self._codes = {each.code for each in inside}
        self._names: dict[str, set[str]] = {}
        for each in inside:
            if (
                each.category in SETTLEMENT_CATEGORIES
                or each.category == Category.CITY_DISTRICT
                or each == self._own
            ):
                for name in {each.search_name, search_form(each.full_name)}:
                    self._names.setdefault(name, set()).add(each.code)
        self._known: dict[str, tuple[str, str]] = {}

    def code_of(self, text: str) -> tuple[str, str]:
        """(code, "") of a place inside; ("", reason) of any other."""
        if text not in self._known:
            self._known[text] = self._found(text)
        return self._known[text]

    def _found(self, text: str) -> tuple[str, str]:
        if not text:
            is_whole = self._own.category in SETTLEMENT_CATEGORIES
            return (self._own.code, "") if is_whole else ("", "no_settlement")
        # some tables write the code with Cyrillic letters that look the same
        code = text.upper().replace("А", "A")
        if _CODE.fullmatch(code):
            return (code, "") if code in self._codes else ("", "outside")
        name = search_form(text)
        codes = self._names.get(name) or self._names.get(_KIND.sub("", name)) or set()
        if len(codes) == 1:
            return next(iter(codes)), ""
        return "", "several_settlements" if codes else "unknown_settlement"


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(number of the row, its first cells) of every row that is not empty."""
    if b"\x00" in content:
        raise _fault("not_a_table", _("This is neither a CSV nor an XLSX file."))
    try:
        text = decoded(content)
    except UnicodeDecodeError:
        raise _fault("not_a_table", _("This is neither a CSV nor an XLSX file.")) from None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        for number, row in enumerate(rows, start=1):
            cells = [cell.strip() for cell in row[:3]]
            if any(cells):
                yield number, cells
    except csv.Error:
        raise _fault("not_a_table", _("This is neither a CSV nor an XLSX file.")) from None


def _xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet."""
    _check_unpacked(content)
    try:
        workbook = load_workbook(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        rows: Iterable[Sequence[object]] = sheet.iter_rows()
        for number, row in enumerate(rows, start=1):
            cells = [_cell(value, is_first=place == 0) for place, value in enumerate(row[:3])]
            if any(cells):
                yield number, cells
    # a damaged sheet makes the reader raise much besides its own errors
    except (CalamineError, ValueError, IndexError, OSError):
        raise _fault("not_a_table", _("The XLSX file is damaged, or protected by a password.")) from None


def _cell(value: object, *, is_first: bool) -> str:
    """A cell as text. A number in the first column has lost its leading zeros: they are given back."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int) or (not isinstance(value, str) and str(value).endswith(".0")):
        digits = str(value).removesuffix(".0")
        return digits.zfill(10) if is_first else digits
    return str(value).strip()


def _check_unpacked(content: bytes) -> None:
    """Refuse an archive that grows out of proportion: what it says of itself, then what it really holds.

    Refused: not_a_table.
    """
    try:
        check_unpacked(content)
    except PackedTightError:
        raise _fault(
            "not_a_table", _("The XLSX file unpacks to more than it may: save it anew, with one sheet.")
        ) from None
    except DamagedError:
        raise _fault("not_a_table", _("The XLSX file is damaged, or protected by a password.")) from None
