"""The data dictionary as a document."""

import json
from typing import Any

from viche.connectors.open_data.columns import TABLES, Column, Table


def dictionary_file() -> bytes:
    """Every table and every column of it, in both languages."""
    document = {"format": "viche/open-data-dictionary/v1", "tables": [_table(table) for table in TABLES]}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name, "file": f"{table.name}.csv", "title": dict(table.titles), "description": dict(table.says),
        "key": list(table.key), "resolution835": table.is_official,
        "columns": [_column(column) for column in table.columns],
    }  # fmt: skip


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name, "type": column.kind, "required": column.is_required, "title": dict(column.titles),
        "description": dict(column.says), "empty": dict(column.waits) if column.waits else None,
    }  # fmt: skip
