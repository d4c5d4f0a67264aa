"""Paper results from files: brought, columns named, checked, put into the box, confirmed or taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TOTALS
from viche.channels.paper.importing.actions import (
    check_import,
    choose_sheet,
    close_import,
    discard_import,
    run_import,
    undo_import,
    upload_import,
)
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.queries import (
    findings_file,
    findings_of,
    first_rows,
    import_in,
    imports_of,
    report_file,
)
from viche.channels.paper.importing.template import SHAPES, template_csv, template_xlsx
from viche.channels.paper.importing.wording import field_text, finding_text, place_text
from viche.channels.paper.wording import reason_text
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.paper_imports import CloseForm, ColumnsForm, RunForm, UndoForm, UploadForm
from viche.points.queries import points_of
from viche.portal.guards import in_contest, official

ENTERING = (Role.OPERATOR, Role.COMMISSION, Role.ADMINISTRATOR)
State = PaperImport.State
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES: dict[str, tuple[Callable[[Contest, str], bytes], str]] = {
    "csv": (template_csv, "text/csv; charset=utf-8"),
    "xlsx": (template_xlsx, _SPREADSHEET),
}


@official(*ENTERING, shows=NOTHING)
@in_contest
def imports(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Bring a file; the files so far."""
    points = [(str(each.pk), each.name) for each in points_of(contest)]
    form = UploadForm(request.POST or None, request.FILES or None, points=points)
    if request.method == "POST" and form.is_valid():
        file, point = form.cleaned_data["file"], form.cleaned_data.get("point")
        try:
            found, is_known = upload_import(
                contest=contest, content=file.read(), name=file.name, point=UUID(point) if point else None,
                by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            _show(form, refused)
        else:
            if is_known:
                messages.info(request, _("This very file is here already: nothing was brought in twice."))
            return HttpResponseRedirect(reverse("office-paper-import", args=[contest.slug, found.pk]))
    return render(
        request, "office/paper_imports.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "papers"), "form": form,
            "imports": imports_of(contest), "is_totals": contest.rules.paper.mode == TOTALS,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@official(*ENTERING, shows=NOTHING)
@in_contest
def paper_import(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """One file: where it stands, and the one thing that can be done next."""
    found = _found(contest, reference)
    bound: forms.Form | None = None
    if request.method == "POST":
        bound = _act(request, found)
        if bound is None:
            return HttpResponseRedirect(reverse("office-paper-import", args=[contest.slug, reference]))
        found = _found(contest, reference)
    return render(
        request,
        "office/paper_import.html",
        _page(request, contest, found, bound),
        status=422 if bound else 200,
    )


def _found(contest: Contest, reference: UUID) -> PaperImport:
    found = import_in(contest, reference)
    if found is None:
        raise Http404(str(reference))
    return found


def _act(request: HttpRequest, found: PaperImport) -> forms.Form | None:
    """Do what was pressed; the form with its faults where it has some."""
    by, act = request.visitor.actor(), request.POST.get("act", "")  # type: ignore[attr-defined]
    form = _form(act, request, found)
    if not form.is_valid():
        return form
    try:
        if isinstance(form, ColumnsForm):
            check_import(
                paper_import=found, columns=form.columns, heading=form.cleaned_data["heading"], by=by
            )
        elif isinstance(form, RunForm):
            run_import(paper_import=found, expected=form.expected, by=by)
        elif isinstance(form, CloseForm):
            close_import(paper_import=found, difference=form.cleaned_data["difference"], by=by)
            messages.success(request, _("The file is in the box, and the log says so."))
        elif isinstance(form, UndoForm):
            undo_import(paper_import=found, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The file is taken back: nothing of it counts."))
        elif act == "sheet":
            choose_sheet(paper_import=found, sheet=request.POST.get("sheet", ""), by=by)
        else:
            discard_import(paper_import=found, by=by)
            messages.success(request, _("The file is put aside and deleted."))
    except Refused as refused:
        if refused.status != 422:
            raise
        _show(form, refused)
        return form
    return None


def _form(act: str, request: HttpRequest, found: PaperImport) -> forms.Form:
    """The form that was sent. Refused: unknown_act."""
    if act == "check":
        return ColumnsForm(request.POST, paper_import=found)
    kinds: dict[str, type[forms.Form]] = {
        "run": RunForm, "close": CloseForm, "undo": UndoForm, "sheet": forms.Form, "discard": forms.Form,
    }  # fmt: skip
    if act not in kinds:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    return kinds[act](request.POST)


def _page(
    request: HttpRequest, contest: Contest, found: PaperImport, bound: forms.Form | None
) -> dict[str, Any]:
    """What the page shows in the state in which the file is."""
    person = request.visitor.person.pk  # type: ignore[attr-defined]
    is_naming = found.state in (State.MAPPING, State.CHECKED)
    counts = found.counts or found.found
    told = {
        "contest": contest, "tabs": contest_tabs(contest, "papers"), "found": found,
        "is_totals": contest.rules.paper.mode == TOTALS, "is_working": _is_working(found),
        "is_own": found.uploaded_by_id == person, "done": min(found.position, found.total),
        "valid": counts.get("valid", 0), "invalid": sum(counts.get("invalid", {}).values()),
        "reasons": [(reason_text(reason), number) for reason, number in counts.get("invalid", {}).items()],
        "columns": _bound(bound, ColumnsForm) or (ColumnsForm(paper_import=found) if is_naming else None),
        "run": _bound(bound, RunForm) or RunForm(), "close": _bound(bound, CloseForm) or CloseForm(),
        "undo": _bound(bound, UndoForm) or UndoForm(), "bound": bound,
    }  # fmt: skip
    if is_naming:
        told["first"] = first_rows(found)
        told["held"] = [
            field_text(found.columns.get(str(place), "")) for place in range(len(told["first"].columns))
        ]
        for name, is_error in (("errors", True), ("remarks", False)):
            rows = findings_of(found, is_error=is_error)
            told[name] = [(each.row, place_text(each), finding_text(each)) for each in rows]
    return told


def _is_working(found: PaperImport) -> bool:
    return found.state == State.CHECKING or (found.state == State.RUNNING and not found.stopped)


def _bound(form: forms.Form | None, kind: type[forms.Form]) -> forms.Form | None:
    return form if isinstance(form, kind) else None


def _show(form: forms.Form, refused: Refused) -> None:
    """A refusal at its fields, or above the form."""
    for name, message in (refused.fields or {"": refused.message}).items():
        form.add_error(name if name in form.fields else None, message)


@official(*ENTERING, shows=NOTHING)
@in_contest
def template(request: HttpRequest, contest: Contest, kind: str) -> HttpResponse:
    """The empty file of this contest."""
    if kind not in TEMPLATES:
        raise Http404(kind)
    make, media = TEMPLATES[kind]
    shape = request.GET.get("shape", "")
    response = HttpResponse(make(contest, shape if shape in SHAPES else SHAPES[0]), content_type=media)
    return _named(response, f"{contest.slug}-ballots.{kind}")


@official(*ENTERING, shows=NOTHING)
@in_contest
def findings(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """What the check found, row by row."""
    lines = findings_file(_found(contest, reference))
    return _named(HttpResponse("".join(lines), content_type="text/csv; charset=utf-8"), "findings.csv")


@official(*ENTERING, shows=NOTHING)
@in_contest
def report(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """What became of every row."""
    lines = report_file(_found(contest, reference))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    return _named(response, "report.csv")  # type: ignore[arg-type]


def _named(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
