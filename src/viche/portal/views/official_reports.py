"""Issued reports for everybody: the list of a contest, their files, and whether a file is one of them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from viche.contests.models import Contest
from viche.portal.contest_page import contest_facts
from viche.portal.forms_official_reports import CheckForm
from viche.portal.guards import in_contest, public
from viche.portal.official_reports_page import file_response, report_rows
from viche.reports.official.queries import (
    file_with_digest,
    issued_file,
    public_file_of,
    public_reports,
)


@public
@in_contest
def reports(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The official reports of a contest, the latest first."""
    return render(
        request, "portal/reports/official.html",
        {**contest_facts(contest), "rows": report_rows(public_reports(contest)), "form": CheckForm()},
    )  # fmt: skip


@public
@in_contest
def report_file(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """A file of a public report."""
    found = public_file_of(contest, reference)
    if found is None:
        raise Http404(str(reference))
    return file_response(found)


@public
def check(request: HttpRequest) -> HttpResponse:
    """Whether a file is one that this body has issued: the file itself, or its SHA-256."""
    body = request.place.community  # type: ignore[attr-defined]
    form = CheckForm(request.POST if request.method == "POST" else None, request.FILES or None)
    found, is_whole, is_asked = None, True, False
    if form.is_bound and form.is_valid():
        is_asked = True
        if form.cleaned_data["file"]:
            found, is_whole = issued_file(body, form.cleaned_data["file"].read())
        else:
            found = file_with_digest(body, form.cleaned_data["digest"])
    rows = report_rows([found.report]) if found is not None else []
    return render(
        request, "portal/reports/check.html",
        {
            "form": form, "is_asked": is_asked, "found": found, "is_whole": is_whole, "row": rows[0] if rows else None,
            "here": _("Is this report genuine?"),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
