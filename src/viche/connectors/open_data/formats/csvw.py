"""CSVW metadata (CSV on the Web, W3C 2015): what stands beside a CSV and says what its columns are."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from viche.connectors.open_data.columns import DATE, MONEY, STRING, Column, Table, Words
from viche.connectors.open_data.licences import Licence

CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "uk"}]
RESOLUTION = "https://zakon.rada.gov.ua/laws/show/835-2015-%D0%BF"


def metadata_name(name: str) -> str:
    """Where CSVW looks for the metadata of a file."""
    return f"{name}-metadata.json"


def csvw_metadata(
    table: Table, *, title: Words, empty: Collection[str], publisher: Mapping[str, str], licence: Licence,
    others: Collection[Table] = (),
) -> bytes:  # fmt: skip
    """The metadata of a table as it stands now.

    empty: columns in which a value is missing now. Such a column is not declared required, even where the resolution
    wants it: its note says why it is empty. others: tables lying beside it that its foreign keys may name.
    """
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "url": f"{table.name}.csv",
        "dc:title": [{"@value": text, "@language": language} for language, text in title.items()],
        "dc:description": [{"@value": text, "@language": language} for language, text in table.says.items()],
        "dc:license": {"@id": licence.url},
        "dc:publisher": dict(publisher),
        **({"dc:conformsTo": {"@id": RESOLUTION}} if table.is_official else {}),
        "dialect": {
            "encoding": "utf-8",
            "delimiter": ",",
            "header": True,
            "quoteChar": '"',
            "doubleQuote": True,
        },
        "notes": [_note(column) for column in table.columns if column.name in empty and column.waits],
        "tableSchema": {
            "primaryKey": list(table.key) if len(table.key) > 1 else table.key[0],
            "columns": [_column(column, is_full=column.name not in empty) for column in table.columns],
            **_foreign_keys(table, others),
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _column(column: Column, *, is_full: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": {"uk": [column.name, column.titles["uk"]], "en": [column.name, column.titles["en"]]},
        "dc:description": [{"@value": text, "@language": language} for language, text in column.says.items()],
        "datatype": _datatype(column),
        "required": column.is_required and is_full,
    }
    return found


def _datatype(column: Column) -> Any:
    if column.kind == MONEY:
        return {"base": "decimal", "format": "0.00"}
    if column.kind == DATE:
        return {"base": "date", "format": "yyyy-MM-dd"}
    return STRING if column.kind == STRING else column.kind


def _note(column: Column) -> dict[str, Any]:
    """Why a column that the resolution wants filled has empty cells."""
    return {
        "column": column.name,
        "requiredByResolution835": column.is_required,
        "empty": dict(column.waits or {}),
    }


def _foreign_keys(table: Table, others: Collection[Table]) -> dict[str, Any]:
    projects = next((each for each in others if each.name == "projects"), None)
    if projects is None or "projectUid" not in table.names:
        return {}
    reference = {"resource": "projects.csv", "columnReference": "uid"}
    return {"foreignKeys": [{"columnReference": "projectUid", "reference": reference}]}
