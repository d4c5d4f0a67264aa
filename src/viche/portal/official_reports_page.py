"""Issued reports as pages show them: the row of each with its files, hashes and signatures."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse

from viche.reports.official.kinds import KINDS
from viche.reports.official.models import SIGNED, Report, ReportFile
from viche.reports.official.queries import content_of
from viche.reports.official.wording import FORMS, TYPES, author_text

LANGUAGE_SIGNS = {"uk": "UA", "en": "EN"}


def kind_title(report: Report) -> str:
    """What it is, in words; its own title where such reports are not made any more."""
    kind = KINDS.get(report.kind)
    return str(kind.title) if kind is not None else report.title or report.kind


def files_of(report: Report) -> list[dict[str, Any]]:
    """The files of a report, signed copies last."""
    found = list(report.files.all())
    for each in found:
        each.report = report
    order = {form: place for place, form in enumerate(FORMS)}
    found.sort(key=lambda each: (order.get(each.form, len(order)), each.added_at))
    return [
        {"file": each, "title": str(FORMS.get(each.form, each.form)), "is_signed": each.form == SIGNED}
        for each in found
    ]


def report_rows(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """Reports for a list."""
    return [
        {
            "report": each, "title": kind_title(each), "author": author_text(each.office), "files": files_of(each),
            "language": LANGUAGE_SIGNS[each.language],
        }
        for each in reports
    ]  # fmt: skip


def file_response(file: ReportFile) -> HttpResponse:
    """The file to download. Raises Http404 where its content is gone."""
    content = content_of(file)
    if content is None:
        raise Http404(str(file.pk))
    response = HttpResponse(content, content_type=TYPES.get(file.suffix, "application/octet-stream"))
    response["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
