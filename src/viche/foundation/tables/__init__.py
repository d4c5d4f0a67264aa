"""Tables that people send: CSV, XLSX and ODS read to rows of text, with what is odd about a cell beside it.

What a file is, is told by its content. A CSV is streamed, so that a million rows take no more memory than ten.
"""

from viche.foundation.tables.cells import CellFault, digits_of, plain, whole_number
from viche.foundation.tables.records import Odd, OnDisk, Row, Source, Stored, Table
from viche.foundation.tables.tables import MAX_BYTES, open_table
from viche.foundation.tables.wording import letter_of, odd_text, place_of

__all__ = [
    "MAX_BYTES", "CellFault", "Odd", "OnDisk", "Row", "Source", "Stored", "Table", "digits_of", "letter_of",
    "odd_text", "open_table", "place_of", "plain", "whole_number",
]  # fmt: skip
