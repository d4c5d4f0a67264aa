"""Parquet files: exact types, written in pieces, the same rows always the same bytes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from viche.reports.research.columns import Table
from viche.reports.research.rows import Row

AT_ONCE, GROUP = 2_000, 20_000
"""So many rows are in memory as objects; so many stand in one group of a file, packed as they will be written."""


def write_table(path: Path, table: Table, rows: Iterable[Row]) -> int:
    """Write the rows of a table; returns how many there were."""
    return _written(path, table, _batches(table, rows))


def write_joined(path: Path, table: Table, files: Iterable[IO[bytes]]) -> int:
    """Write the rows of several files of one table behind one another, group by group."""
    return _written(path, table, (batch for file in files for batch in _groups(file)))


def _written(path: Path, table: Table, batches: Iterable[pa.Table]) -> int:
    number = 0
    options: dict[str, Any] = {"compression": "zstd", "version": "2.6", "write_page_index": False}
    with pq.ParquetWriter(path, table.schema, **options) as writer:
        for batch in batches:
            writer.write_table(batch, row_group_size=GROUP)
            number += batch.num_rows
    # what was needed for the largest table is not kept for the others
    pa.default_memory_pool().release_unused()
    return number


def _batches(table: Table, rows: Iterable[Row]) -> Iterator[pa.Table]:
    pieces = _pieces(table, iter(rows))
    while group := list(islice(pieces, GROUP // AT_ONCE)):
        yield pa.Table.from_batches(group, table.schema)


def _pieces(table: Table, rows: Iterator[Row]) -> Iterator[pa.RecordBatch]:
    while piece := list(islice(rows, AT_ONCE)):
        columns = [
            pa.array([row.get(column.name) for row in piece], type=column.type) for column in table.columns
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=table.schema)


def _groups(file: IO[bytes]) -> Iterator[pa.Table]:
    found = pq.ParquetFile(file)
    for place in range(found.num_row_groups):
        yield found.read_row_group(place)
