"""A figure as a file to take away, in every form that a page offers."""

from typing import Any

from django.http import Http404, HttpResponse

from viche.reports.drawing import svg_of
from viche.reports.figure import Figure
from viche.reports.files import csv_of, json_of
from viche.reports.workbook import workbook_of

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def figure_response(figure: Figure, kind: str, *, stem: str, **facts: Any) -> HttpResponse:
    """kind: csv, json, svg, xlsx. stem: the file's name without its ending. facts: what the JSON says besides.

    Raises Http404 for a picture of what is a table only.
    """
    if kind == "svg":
        drawn = svg_of(figure)
        if drawn is None:
            raise Http404(figure.key)
        return HttpResponse(drawn, content_type="image/svg+xml")
    if kind == "json":
        return HttpResponse(json_of([figure], **facts), content_type="application/json")
    if kind == "csv":
        response = HttpResponse(csv_of(figure), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(workbook_of([figure], title=figure.title), content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="{stem}.{kind}"'
    return response
