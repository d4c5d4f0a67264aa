"""What an official report is: who reads it, when it can be made, and what stands in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from viche.contests.models import Contest
from viche.reports.document import Document

PDF, WORKBOOK, TABLES, DATA = "pdf", "xlsx", "csv", "json"
FORMS = (PDF, WORKBOOK, TABLES, DATA)
"""PDF/A, a workbook, a ZIP of CSV tables, JSON."""


@dataclass(frozen=True)
class Kind:
    """One kind of official report of a contest.

    key: its name in addresses, never changed. title, about (for whom and what of): translated when shown. is_ready: an
    empty text where it can be made now, else why not, in words. build: what stands in it, in the language of the
    moment; all numbers are figures. forms: in which forms it is kept. is_public: whether everybody may read it once it
    is issued and may_show allows it by then; else officials of the body and auditors. is_signed: whether it ends with
    places for signatures.
    """

    key: str
    title: Any
    about: Any
    is_ready: Callable[[Contest], str] = field(repr=False)
    build: Callable[[Contest], Document] = field(repr=False)
    forms: tuple[str, ...] = (PDF, WORKBOOK)
    is_public: bool = True
    may_show: Callable[[Contest], bool] = field(default=lambda contest: True, repr=False)
    is_signed: bool = False
