"""Whether a folder of open data is what it says it is: whole, unchanged, valid by its own metadata."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rulebook.pabulib import PabulibError, read

_MONEY = re.compile(r"-?[0-9]+\.[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]+")
LISTED = "files.json"


def faults_in(folder: Path) -> Iterator[str]:
    """What is wrong with the folder, a line each; nothing where all holds. Reads tables row by row."""
    try:
        files = json.loads(folder.joinpath(LISTED).read_bytes())["files"]
        listed = {name: each["sha256"] for name, each in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield f"{LISTED}: cannot be read ({type(error).__name__})"
        return
    uids: set[str] = set()
    # projects first: votings and works name them
    for name in sorted(listed, key=lambda name: (name != "projects.csv", name)):
        path = folder.joinpath(Path(name).name)
        if not path.is_file():
            yield f"{name}: is not there"
            continue
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != listed[name]:
                yield f"{name}: is not the file that was written (SHA-256)"
        yield from _faults(path, uids)


def _faults(path: Path, uids: set[str]) -> Iterator[str]:
    try:
        if path.suffix == ".csv":
            yield from _table_faults(path, uids)
        elif path.suffix == ".pb":
            read(path.read_bytes())
        elif path.suffix in (".json", ".geojson"):
            json.loads(path.read_bytes())
    except (PabulibError, ValueError, KeyError, TypeError, csv.Error) as error:
        yield f"{path.name}: {error}"


def _table_faults(path: Path, uids: set[str]) -> Iterator[str]:
    schema = json.loads(path.with_name(f"{path.name}-metadata.json").read_bytes())["tableSchema"]
    columns, key = schema["columns"], schema["primaryKey"]
    keys: set[int] = set()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        if next(reader, None) != [column["name"] for column in columns]:
            yield f"{path.name}: the first line does not name the columns of the metadata"
            return
        for number, row in enumerate(reader, start=1):
            if len(row) != len(columns):
                yield f"{path.name}: row {number} has {len(row)} cells, not {len(columns)}"
                continue
            cells = {column["name"]: cell for column, cell in zip(columns, row, strict=True)}
            for column in columns:
                if fault := _cell_fault(column, cells[column["name"]]):
                    yield f"{path.name}: row {number}, {column['name']}: {fault}"
            mark = hash(tuple(cells[name] for name in ([key] if isinstance(key, str) else key)))
            if mark in keys:
                yield f"{path.name}: row {number}: this row was there before"
            keys.add(mark)
            if path.name == "projects.csv":
                uids.add(cells["uid"])
            elif (uid := cells.get("projectUid") or cells.get("uid")) not in uids:
                yield f"{path.name}: row {number}: no project is called {uid}"


def _cell_fault(column: dict[str, Any], cell: str) -> str:
    kind = column["datatype"]
    kind = kind["base"] if isinstance(kind, dict) else kind
    if not cell:
        return "must not be empty" if column["required"] else ""
    if kind == "decimal" and not _MONEY.fullmatch(cell):
        return f"{cell!r} is no amount with two decimals"
    if kind == "integer" and not _NUMBER.fullmatch(cell):
        return f"{cell!r} is no whole number"
    if kind == "date":
        try:
            date.fromisoformat(cell)
        except ValueError:
            return f"{cell!r} is no date"
    if kind == "anyURI" and not cell.startswith(("http://", "https://")):
        return f"{cell!r} is no address"
    return ""
