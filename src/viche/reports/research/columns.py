"""What a table of the archive is, and of what exact types its columns are."""

from dataclasses import dataclass

import pyarrow as pa

from viche.connectors.open_data.columns import Words, words

TEXT, INTEGER, MONEY, SHARE, FLAG, DAY, MOMENT, DEGREES, CHOICES, SUMS = (
    "text", "integer", "money", "share", "flag", "day", "moment", "degrees", "choices", "sums",
)  # fmt: skip
"""Kinds of columns. MONEY: minor units (kopiykas). SHARE: hundredths of a percent. DAY: in Kyiv. MOMENT: UTC."""


def _pairs(number: str) -> pa.DataType:
    return pa.list_(pa.struct([("project", pa.string()), (number, pa.int64())]))


ARROW: dict[str, pa.DataType] = {
    TEXT: pa.string(), INTEGER: pa.int64(), MONEY: pa.int64(), SHARE: pa.int64(), FLAG: pa.bool_(),
    DAY: pa.date32(), MOMENT: pa.timestamp("us", tz="UTC"), DEGREES: pa.decimal128(9, 6),
    CHOICES: _pairs("value"), SUMS: _pairs("votes"),
}  # fmt: skip

FRICTIONLESS = {
    TEXT: "string", INTEGER: "integer", MONEY: "integer", SHARE: "integer", FLAG: "boolean", DAY: "date",
    MOMENT: "datetime", DEGREES: "number", CHOICES: "array", SUMS: "array",
}  # fmt: skip
"""The type of each kind in Table Schema 1 (https://specs.frictionlessdata.io/table-schema/)."""

UNITS: dict[str, Words] = {
    MONEY: words("копійки (соті частки валюти конкурсу)", "kopiykas (hundredths of the contest’s currency)"),
    SHARE: words("соті частки відсотка", "hundredths of a percent"),
    DAY: words("день за Києвом", "day in Kyiv"),
    MOMENT: words("час UTC", "UTC"),
    DEGREES: words("градуси WGS 84", "degrees, WGS 84"),
}


@dataclass(frozen=True)
class Column:
    """name: of the Parquet column. kind: one of the above. is_required: never null."""

    name: str
    says: Words
    kind: str = TEXT
    is_required: bool = False

    @property
    def type(self) -> pa.DataType:
        return ARROW[self.kind]

    @property
    def unit(self) -> Words | None:
        return UNITS.get(self.kind)


@dataclass(frozen=True)
class Table:
    """One table, in ``data/NAME.parquet``. key: the columns that name a row. refers: whether its ``project`` is one of
    the table projects; its ``ballot`` one of ballots.
    """

    name: str
    titles: Words
    says: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return f"data/{self.name}.parquet"

    @property
    def schema(self) -> pa.Schema:
        return pa.schema(
            [pa.field(each.name, each.type, nullable=not each.is_required) for each in self.columns]
        )
