"""A figure as a file to take away: CSV, JSON, a workbook, the picture."""

from typing import Any

from django.http import Http404, HttpResponse

from viche.reports.downloads import MEDIA_TYPES, XLSX
from viche.reports.drawing import svg_of
from viche.reports.figure import Figure
from viche.reports.files import csv_of, json_of
from viche.reports.workbook import workbook_of

SVG, JSON, CSV = "image/svg+xml", "application/json", "text/csv; charset=utf-8"


def figure_answer(figure: Figure | None, kind: str, *, stem: str, title: str, **facts: Any) -> HttpResponse:
    """The figure in the form "csv", "json", "xlsx" or "svg". Not found where there is none, or it has no picture.

    stem: the name of the file without its ending. title: of a workbook. facts: what a document says besides.
    """
    if figure is None:
        raise Http404(stem)
    if kind == "svg":
        drawn = svg_of(figure)
        if drawn is None:
            raise Http404(stem)
        return HttpResponse(drawn, content_type=SVG)
    if kind == "json":
        return HttpResponse(json_of([figure], **facts), content_type=JSON)
    if kind == "csv":
        response = HttpResponse(csv_of(figure), content_type=CSV)
    else:
        response = HttpResponse(workbook_of([figure], title=title), content_type=MEDIA_TYPES[XLSX])
    response["Content-Disposition"] = f'attachment; filename="{stem}.{kind}"'
    return response
