"""What is said about a file that is malformed, and about one that is merely odd."""

from __future__ import annotations

from dataclasses import dataclass


class PabulibError(ValueError):
    """The file is malformed. ``line`` counts from 1 (0: the whole file), ``field`` is the column or key.

    ``column`` is the place of the field at fault in its row, from 1; 0 where no one field is at fault.
    """

    def __init__(self, line: int, field: str, code: str, detail: str, column: int = 0) -> None:
        self.line = line
        self.column = column
        self.field = field
        self.code = code
        self.message = detail
        numbers = (f"line {line}" if line else "", f"column {column}" if column else "")
        place = ", ".join(part for part in (*numbers, field) if part)
        super().__init__(f"{place}: {detail}" if place else detail)


@dataclass(frozen=True)
class Remark:
    """Something odd in a file that can still be counted; ``message`` says what was done about it."""

    code: str
    message: str
    line: int = 0
