"""Paper in the office: stacks of ballots, the desk at which they are entered, their way into the box and back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TOTALS
from viche.ballots.papers import paper_figures
from viche.ballots.papers.guards import ENTERING
from viche.channels.paper.actions import (
    attach_scan,
    close_stack,
    discard_stack,
    open_stack,
    record_entry,
    record_protocol,
    withdraw_stack,
)
from viche.channels.paper.models import SHELF, Sheet, Stack
from viche.channels.paper.queries import (
    is_late,
    machine_read,
    operator_figures,
    own_entries,
    recheck_figures,
    reconciliation,
    scan_in,
    sheet_in,
    sheets_for,
    stack_in,
    stacks_of,
)
from viche.channels.paper.readings import ballot_lines, proposed_reason, typed_paper, typed_text, unsealed
from viche.channels.paper.wording import reason_text
from viche.contests.models import Contest
from viche.foundation import private_files
from viche.foundation.numbers import percent_text
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.papers import (
    CloseForm,
    EntryForm,
    ProtocolForm,
    ReasonForm,
    ScanForm,
    StackForm,
    number_labels,
)
from viche.points.queries import points_in
from viche.portal.guards import in_contest, official

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
SHOWN = 30
PRINTERS = frozenset({Role.COMMISSION, Role.ADMINISTRATOR})


@official(*ENTERING, shows=NOTHING)
@in_contest
def papers(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What waits, what is in the box, and for administrators who entered how well."""
    stacks = stacks_of(contest)
    points, figures = point_names(contest), paper_figures(contest)
    rows = [{"stack": each, "point": points.get(each.point, ""), "is_late": is_late(each)} for each in stacks]
    is_administrator = Role.ADMINISTRATOR in request.visitor.roles  # type: ignore[attr-defined]
    return render(
        request,
        "office/papers.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "papers"), "figures": figures,
            "invalid": sum(figures.invalid.values()), "is_printer": bool(PRINTERS & request.visitor.roles),  # type: ignore[attr-defined]
            "waiting": [row for row in rows if row["stack"].is_open],
            "ended": [{**row, "recheck": recheck_figures(row["stack"])} for row in rows if not row["stack"].is_open],
            "late": sum(row["is_late"] for row in rows), "is_totals": contest.rules.paper.mode == TOTALS,
            "operators": [
                {"each": each, "share": percent_text(each.share)} for each in operator_figures(contest)
            ] if is_administrator else [],
        },
    )  # fmt: skip


@official(*ENTERING, shows=NOTHING)
@in_contest
def new_stack(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Begin a stack."""
    form = StackForm(
        request.POST if request.method == "POST" else None,
        points=[(str(each.pk), each.name) for each in points_in(contest.community)],
        is_counted=contest.rules.paper.mode != TOTALS,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = open_stack(contest=contest, by=request.visitor.actor(), **form.said())  # type: ignore[attr-defined]
            return HttpResponseRedirect(stack_address(made))
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "office/paper_new.html",
        {"contest": contest, "form": form},
        status=422 if form.errors else 200,
    )


@official(*ENTERING, shows=NOTHING)
@in_contest
def stack(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """One stack: the next sheet, what waits for a second or a third person, its scans, its way into the box."""
    found = found_stack(contest, reference)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(request, found, act)
    # without a fragment: a browser gives the focus to no field where the address has one
    if act and _is_done(request, found, act, forms):
        return HttpResponseRedirect(stack_address(found))
    person = request.visitor.person.pk  # type: ignore[attr-defined]
    own = own_entries(found, person) if found.is_open else []
    states, labels = Sheet.State, dict(number_labels())
    return render(
        request,
        "office/paper_stack.html",
        {
            "contest": contest, "stack": found, "is_totals": contest.rules.paper.mode == TOTALS,
            "is_named": contest.rules.paper.is_named, "point": point_names(contest).get(found.point, ""),
            "is_late": is_late(found), "forms": forms, "own": own[:SHOWN], "own_number": len(own),
            "differing": sheets_for(found, person, states.DIFFERS) if found.is_open else [],
            "differing_own": found.sheets.filter(state=states.DIFFERS).count(),
            "read": machine_read(found, person) if found.is_open else [],
            "once": found.sheets.filter(state=states.ONCE).count(), "number": found.sheets.count(),
            "settled": found.sheets.filter(state__in=[states.AGREED, states.SETTLED]).count(),
            "lines": [{"line": each, "name": labels[each.key]} for each in reconciliation(found)],
            "scans": list(found.scans.all()), "projects": ballot_lines(contest).items(),
            "results": [(each, reason_text(each.result)) for each in found.sheets.exclude(result="")],
            "recheck": recheck_figures(found),
        },
        status=422 if any(form.errors for form in forms.values()) else 200,
    )  # fmt: skip


@official(*ENTERING, shows=DataKind.VOTES)
@in_contest
def scan(request: HttpRequest, contest: Contest, reference: UUID, scan: UUID) -> HttpResponse:
    """A scan as it came, to be saved or shown beside what was read."""
    found = scan_in(found_stack(contest, reference), scan)
    content = private_files.content_of(found.pk, shelf=SHELF) if found is not None else None
    if found is None or content is None:
        raise Http404(scan)
    request.shown.about([], number=1)  # type: ignore[attr-defined]
    response = HttpResponse(content, content_type=found.media_type)
    name = f"{found.digest[:12]}.{ENDINGS[found.media_type]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def found_stack(contest: Contest, reference: UUID) -> Stack:
    """The stack of the path. Raises Http404."""
    found = stack_in(contest, reference)
    if found is None:
        raise Http404(reference)
    return found


def point_names(contest: Contest) -> dict[UUID | None, str]:
    """Names of the body's polling points."""
    return {each.pk: each.name for each in points_in(contest.community)}


def stack_address(found: Stack) -> str:
    """Where the stack is shown."""
    return reverse("office-paper", args=[found.contest.slug, found.pk])


def _forms(request: HttpRequest, found: Stack, act: str) -> dict[str, Any]:
    """Every form of the page, the pressed one bound."""
    contest = found.contest

    def sent(name: str) -> Any:
        return request.POST if act == name else None

    if contest.rules.paper.mode == TOTALS:
        entry: Any = ProtocolForm(sent("entry"), projects=ballot_lines(contest))
    else:
        entry = EntryForm(
            sent("entry"), kind=contest.rules.ballot.kind, is_named=contest.rules.paper.is_named,
            focused=act in ("", "entry"), initial=_corrected(request, found),
        )  # fmt: skip
    return {
        "entry": entry, "scan": ScanForm(sent("scan"), request.FILES if act == "scan" else None),
        "close": CloseForm(sent("close")), "discard": ReasonForm(sent("discard"), prefix="discard"),
        "withdraw": ReasonForm(sent("withdraw"), prefix="withdraw"),
    }  # fmt: skip


def _corrected(request: HttpRequest, found: Stack) -> dict[str, str]:
    """An own entry to be corrected, as it was typed; a voter's number is typed anew."""
    sheet = sheet_in(found, request.GET.get("correct", ""))
    own = (
        sheet.entries.filter(entered_by=request.visitor.person).exclude(sealed=b"").first() if sheet else None
    )  # type: ignore[attr-defined]
    if sheet is None or own is None:
        return {"sheet": request.GET.get("sheet", "")[:20]}
    reading = unsealed(found.contest, bytes(own.sealed))
    return {
        "sheet": sheet.key, "choices": typed_text(found.contest, reading.choices), "reason": reading.reason,
        "correct": "1",
    }  # fmt: skip


def _is_done(request: HttpRequest, found: Stack, act: str, forms: dict[str, Any]) -> bool:
    """Whether the act of a form is done; otherwise its form says why not. Refused: what no form can say."""
    form = forms.get(act)
    if form is None:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    if not form.is_valid():
        return False
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        if act == "entry":
            _enter(request, found, form, by)
        elif act == "scan":
            upload = form.cleaned_data["scan"]
            attach_scan(stack=found, scan=upload.read(), name=upload.name or "", by=by)
            messages.success(request, _("The scan is kept."))
        elif act == "close":
            close_stack(stack=found, difference=form.cleaned_data["difference"], by=by)
            messages.success(request, _("The stack is in the box."))
        elif act == "discard":
            discard_stack(stack=found, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The stack is put aside."))
        else:
            withdraw_stack(stack=found, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The stack is taken back: enter its sheets anew in a new one."))
    except Refused as refused:
        if act == "entry" and refused.code == "proposes_invalid":
            forms["entry"] = form = _proposed(found, form)
        form.refuse(refused)
        return False
    return True


def _enter(request: HttpRequest, found: Stack, form: Any, by: Any) -> None:
    if isinstance(form, ProtocolForm):
        record_protocol(stack=found, by=by, **form.said())
        messages.success(request, _("The protocol is kept."))
        return
    entry = record_entry(stack=found, by=by, **form.said())
    messages.success(request, _("Sheet %(key)s is kept.") % {"key": entry.sheet.key})


def _proposed(found: Stack, form: EntryForm) -> EntryForm:
    """The same form with the reason chosen that fits what the rules have against the sheet."""
    paper = typed_paper(found.contest, form.cleaned_data["choices"])
    data = form.data.copy()
    data["reason"] = proposed_reason(found.contest, paper)
    again = EntryForm(
        data, kind=found.contest.rules.ballot.kind, is_named=found.contest.rules.paper.is_named, focused=False
    )
    again.is_valid()
    return again
