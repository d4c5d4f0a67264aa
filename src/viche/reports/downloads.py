"""Figures of a contest as documents for everybody: made when first asked for, kept until a number or a word changes."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rulebook.canonical import canonical
from viche import __version__
from viche.contests.models import Contest
from viche.foundation.kept_files import made_once
from viche.reports.figure import Figure
from viche.reports.measures import GROUPS, MEASURES, SUMMARY
from viche.reports.printing import pdf_of_figures
from viche.reports.workbook import workbook_of

XLSX, PDF = "xlsx", "pdf"
MEDIA_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", PDF: "application/pdf",
}  # fmt: skip


def file_of(contest: Contest, figures: Sequence[Figure], kind: str, *, name: str = "figures") -> bytes:
    """Figures as a workbook or as PDF/A, in the language of the moment. kind: XLSX or PDF. name: of the file, without
    its ending. The same numbers in the same words are the same file, whenever they were counted.
    """
    figures = sorted(figures, key=_place_on_page)
    if kind == PDF and len(figures) > 1:  # fifteen columns that repeat the others
        figures = [each for each in figures if each.key != SUMMARY]
    language = (get_language() or "uk")[:2]
    folder = Path(settings.FIGURES_DIR) / str(contest.pk)
    said = [{**each.document(), "as_of": ""} for each in figures]
    version = hashlib.sha256(
        canonical([__version__, contest.name, contest.community.title, said])
    ).hexdigest()

    def make() -> bytes:
        if kind == XLSX:
            return workbook_of(figures, title=contest.name)
        return pdf_of_figures(figures, title=_title(figures), subtitle=_subtitle(contest))

    return made_once(folder, f"{name}-{language}.{kind}", version[:32], make)


def _place_on_page(figure: Figure) -> int:
    return list(GROUPS).index(MEASURES[figure.key].group)


def _title(figures: Sequence[Figure]) -> str:
    return figures[0].title if len(figures) == 1 else _("Figures")


def _subtitle(contest: Contest) -> str:
    return f"{contest.name}. {contest.community.title}"
