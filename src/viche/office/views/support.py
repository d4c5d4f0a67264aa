"""Support in the office: how far each project is, and the desk at which sheets of signatures are entered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import PAPER
from viche.communities.queries import areas_of
from viche.contests.models import Contest
from viche.foundation import private_files
from viche.foundation.fields import whole_number
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.support import DiscardForm, LineForm, LinesFileForm, SheetForm
from viche.portal.guards import in_contest, official
from viche.portal.support_page import meter
from viche.projects.actions import (
    close_sheet,
    decide_line,
    discard_sheet,
    end_entry,
    record_line,
    record_lines,
    record_sheet,
)
from viche.projects.models import SupportSheet
from viche.projects.models.sheets import SCANS
from viche.projects.queries import (
    entries_by,
    lines_of,
    operators_of,
    sheet_in,
    sheets_of,
    supported_projects,
)
from viche.projects.signatures import COLLECTING, progress_of

FIRST, SECOND, WAITING, COMPARING, CLOSED = "first", "second", "waiting", "comparing", "closed"


@official(Role.OPERATOR, Role.ADMINISTRATOR, Role.EDITOR, shows=NOTHING)
@in_contest
def overview(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Signatures of every project, the sheets, and who has entered how many."""
    rows = []
    for project in supported_projects(contest):
        project.contest = contest
        progress = progress_of(project)
        if progress is not None:
            rows.append({"project": project, "progress": progress, "meter": meter(progress, project.state)})
    support = contest.rules.support
    return render(
        request,
        "office/support.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "support"), "support": support, "rows": rows,
            "sheets": sheets_of(contest), "operators": operators_of(contest),
            "votes_on_paper": any(each.kind == PAPER for each in contest.rules.channels),
            "takes_paper": support is not None and "paper" in support.ways,
        },
    )  # fmt: skip


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=NOTHING)
@in_contest
def new_sheet(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Receive a sheet with its scan."""
    projects = {str(each.number): each for each in supported_projects(contest) if each.state in COLLECTING}
    form = SheetForm(
        request.POST if request.method == "POST" else None, request.FILES or None,
        projects=[(number, f"№ {number}: {each.title}") for number, each in projects.items()],
        initial={"project": request.GET.get("project", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = record_sheet(
                project=projects[data["project"]], lines=data["lines"], scan=data["scan"].read(),
                by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, _("Sheet No. %d is received.") % made.number)
            return HttpResponseRedirect(reverse("office-sheet", args=[contest.slug, made.id]))
        except Refused as refused:
            form.refuse(refused)
    return render(
        request, "office/sheet_new.html", {"contest": contest, "form": form, "has_projects": bool(projects)},
        status=422 if form.errors else 200,
    )  # fmt: skip


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=DataKind.SIGNATURES)
@in_contest
def sheet(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """One sheet: enter it in one's turn, settle what differs, count it, look at what became of it."""
    found = sheet_in(contest, reference)
    if found is None:
        raise Http404(reference)
    request.shown.about([], number=found.lines)  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    stage = _stage(found, request)
    entered = entries_by(found, 1 if stage == FIRST else 2) if stage in (FIRST, SECOND) else []
    form = LineForm(
        request.POST if act == "line" else None, areas=areas_of(contest.community.territory),
        initial={"line": _next_line(request, found, entered)},
    )  # fmt: skip
    discard = DiscardForm(request.POST if act == "discard" else None, prefix="discard")
    table = LinesFileForm(*((request.POST, request.FILES) if act == "file" else ()), prefix="table")
    if act == "file":
        done = _read_file(request, found, table)
    else:
        done = request.method == "POST" and _act(request, found, act, form, discard)
    if done:
        return HttpResponseRedirect(reverse("office-sheet", args=[contest.slug, found.id]))
    return render(
        request,
        "office/sheet.html",
        {
            "contest": contest, "sheet": found, "stage": stage, "form": form, "discard": discard, "entered": entered,
            "table": table,
            "missing": found.lines - len(entered), "is_complete": bool(entered) and len(entered) == found.lines,
            "lines": lines_of(found) if stage == COMPARING else [],
            "rows": list(found.rows.all()) if stage == CLOSED else [],
            "is_operator_of_it": _person(request) in (found.first_by_id, found.second_by_id),
        },
        status=422 if form.errors or discard.errors or table.errors else 200,
    )  # fmt: skip


def _read_file(request: HttpRequest, found: SupportSheet, table: LinesFileForm) -> bool:
    """Enter the lines of a file in one's turn; False where it has faults."""
    if not table.is_valid():
        return False
    try:
        number = record_lines(
            sheet=found, content=table.cleaned_data["file"].read(),
            areas=areas_of(request.place.community.territory),  # type: ignore[attr-defined]
            by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        if refused.status != 422:
            raise
        table.refuse(refused)
        return False
    messages.success(request, _("Lines entered from the file: %d.") % number)
    return True


def _person(request: HttpRequest) -> UUID:
    return request.visitor.person.pk  # type: ignore[attr-defined]


def _stage(found: SupportSheet, request: HttpRequest) -> str:
    """What this visitor can do with the sheet now."""
    person = _person(request)
    if not found.is_open:
        return CLOSED
    if found.second_at is not None:
        return COMPARING
    if found.first_at is None:
        return FIRST if found.first_by_id in (None, person) else WAITING
    return SECOND if person != found.first_by_id and found.second_by_id in (None, person) else WAITING


def _next_line(request: HttpRequest, found: SupportSheet, entered: list[Any]) -> int:
    """The line that was asked for, else the first that is not entered yet."""
    wanted = whole_number(request.GET.get("line"))
    if wanted is not None and 1 <= wanted <= found.lines:
        return wanted
    known = {each.line for each in entered}
    return next((line for line in range(1, found.lines + 1) if line not in known), found.lines)


def _act(request: HttpRequest, found: SupportSheet, act: str, form: LineForm, discard: DiscardForm) -> bool:
    """Do what was pressed; whether it is done, False where a form has faults."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        if act == "line":
            if not form.is_valid():
                return False
            record_line(sheet=found, line=form.cleaned_data["line"], typed=form.typed(), by=by)
        elif act == "end":
            end_entry(sheet=found, by=by)
            messages.success(request, _("The sheet is entered."))
        elif act == "choose":
            decide_line(
                sheet=found, line=whole_number(request.POST.get("line")) or 0,
                turn=whole_number(request.POST.get("turn")) or 0, by=by,
            )  # fmt: skip
        elif act == "close":
            close_sheet(sheet=found, by=by)
            messages.success(request, _("The sheet is counted."))
        elif act == "discard":
            if not discard.is_valid():
                return False
            discard_sheet(sheet=found, reason=discard.cleaned_data["reason"], by=by)
            messages.success(request, _("The sheet is put aside."))
        else:
            raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    except Refused as refused:
        if act not in ("line", "discard") or refused.status != 422:
            raise
        (form if act == "line" else discard).refuse(refused)
        return False
    return True


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=DataKind.SIGNATURES)
@in_contest
def scan(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """The scan of a sheet, to be saved and never shown in the page."""
    found = sheet_in(contest, reference)
    content = private_files.content_of(found.id, shelf=SCANS) if found is not None else None
    if found is None or content is None:
        raise Http404(reference)
    request.shown.about([], number=found.lines)  # type: ignore[attr-defined]
    response = HttpResponse(content, content_type=found.scan_type)
    ending = "pdf" if found.scan_type == "application/pdf" else "jpg"
    response["Content-Disposition"] = f'attachment; filename="sheet-{found.number}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
