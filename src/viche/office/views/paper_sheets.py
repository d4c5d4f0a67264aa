"""Single sheets of paper in the office: differences settled, the machine's readings confirmed, second looks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import TOTALS
from viche.ballots.papers.guards import ENTERING
from viche.ballots.wording import value_text
from viche.channels.paper.actions import confirm_sheet, decide_sheet, record_recheck
from viche.channels.paper.models import Entry, Sheet
from viche.channels.paper.queries import drawn_sheets, has_entered, readings_of, recheck_figures, sheet_in
from viche.channels.paper.readings import Reading, ballot_lines
from viche.channels.paper.wording import reason_text
from viche.contests.models import Contest
from viche.foundation.fields import whole_number
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING
from viche.office.forms.papers import ConfirmForm, RecheckForm, number_labels
from viche.office.views.papers import found_stack, stack_address
from viche.portal.guards import in_contest, official

BOXED = ("approval", "choose-1", "plus-minus")
"""Kinds of ballots whose machine reading is confirmed box by box; the others are typed, as a second reading."""


@official(*ENTERING, shows=NOTHING)
@in_contest
def sheet(request: HttpRequest, contest: Contest, reference: UUID, name: str) -> HttpResponse:
    """A sheet whose two readings differ, for a third person; or one that the machine read, to be confirmed."""
    found = sheet_in(found_stack(contest, reference), name)
    if found is None or not found.stack.is_open:
        raise Http404(name)
    if has_entered(found, request.visitor.person.pk):  # type: ignore[attr-defined]
        raise Refused(
            "entered_by_you",
            _("You have entered sheet %(key)s: somebody else looks at it now.") % {"key": found.key},
        )
    readings = readings_of(found)
    if found.state == Sheet.State.DIFFERS:
        return _settle(request, found, readings)
    if found.state == Sheet.State.ONCE and readings[0][0].is_machine and contest.rules.ballot.kind in BOXED:
        return _confirm(request, found, readings[0][1])
    # whoever enters it next sees nothing of the first reading
    return HttpResponseRedirect(f"{stack_address(found.stack)}?sheet={found.key}")


def _settle(request: HttpRequest, found: Sheet, readings: list[tuple[Entry, Reading]]) -> HttpResponse:
    if request.method == "POST":
        decide_sheet(
            sheet=found, turn=whole_number(request.POST.get("turn")) or 0, by=request.visitor.actor()
        )  # type: ignore[attr-defined]
        messages.success(request, _("Sheet %(key)s is settled.") % {"key": found.key})
        return HttpResponseRedirect(stack_address(found.stack))
    first, second = readings[0][1], readings[1][1]
    return render(
        request,
        "office/paper_settle.html",
        {
            "contest": found.contest, "stack": found.stack, "sheet": found, "rows": _compared(found, first, second),
            "first": reason_text(first.reason), "second": reason_text(second.reason),
            "is_reason_differing": first.reason != second.reason, "is_machine": readings[0][0].is_machine,
            "is_voter_differing": first.voter != second.voter, "scans": _scans(found),
            "is_totals": found.contest.rules.paper.mode == TOTALS,
        },
    )  # fmt: skip


def _compared(found: Sheet, first: Reading, second: Reading) -> list[dict[str, Any]]:
    """Every line on which the readings say something: what each says, and whether it is the same."""
    names = {code: f"№ {number}: {title}" for number, (code, title) in ballot_lines(found.contest).items()}
    labels = {key: str(text) for key, text in number_labels()}
    kind = found.contest.rules.ballot.kind

    def cell(pairs: dict[str, int], code: str) -> str:
        if found.contest.rules.paper.mode == TOTALS:
            return str(pairs.get(code, 0))
        return (value_text(kind, pairs[code]) or _("marked")) if code in pairs else "–"

    rows = []
    for one, other, words in (
        (dict(first.numbers), dict(second.numbers), labels), (dict(first.choices), dict(second.choices), names),
    ):  # fmt: skip
        for code, text in words.items():
            if code in one or code in other:
                rows.append(
                    {"name": text, "first": cell(one, code), "second": cell(other, code),
                     "is_differing": one.get(code) != other.get(code)}
                )  # fmt: skip
    return rows


def _confirm(request: HttpRequest, found: Sheet, reading: Reading) -> HttpResponse:
    kind, lines = found.contest.rules.ballot.kind, ballot_lines(found.contest)
    values = (1, -1) if kind == "plus-minus" else (1,)
    boxes = [
        (
            code,
            value,
            f"№ {number}: {title}" + (f" ({value_text(kind, value)})" if kind == "plus-minus" else ""),
        )
        for number, (code, title) in lines.items()
        for value in values
    ]
    form = ConfirmForm(
        request.POST if request.method == "POST" else None, boxes=boxes, sure=list(reading.choices),
        unsure=list(reading.unsure),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            confirm_sheet(
                sheet=found, marked=form.marks(), reason=form.cleaned_data["reason"],
                by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, _("Sheet %(key)s is kept.") % {"key": found.key})
            return HttpResponseRedirect(_next_read(request, found))
        except Refused as refused:
            form.refuse(refused)
    return render(
        request, "office/paper_confirm.html",
        {"contest": found.contest, "stack": found.stack, "sheet": found, "form": form, "scans": _scans(found)},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _next_read(request: HttpRequest, found: Sheet) -> str:
    """The next sheet that the machine read, else the stack."""
    waiting = (
        found.stack.sheets.filter(state=Sheet.State.ONCE, entries__is_machine=True).order_by("serial").first()
    )
    if waiting is None:
        return stack_address(found.stack)
    return reverse("office-paper-sheet", args=[found.contest.slug, found.stack_id, waiting.key])


def _scans(found: Sheet) -> list[Any]:
    """The scan on which the sheet lies, else all of the stack."""
    return [found.scan] if found.scan is not None else list(found.stack.scans.all())


@official(*ENTERING, shows=NOTHING)
@in_contest
def recheck(request: HttpRequest, contest: Contest, reference: UUID) -> HttpResponse:
    """The sheets that were drawn: read one anew, and what came of the others."""
    stack = found_stack(contest, reference)
    if stack.batch_id is None or not stack.is_live:
        raise Http404(reference)
    person = request.visitor.person.pk  # type: ignore[attr-defined]
    drawn = drawn_sheets(stack)
    waiting = [each for each in drawn if not hasattr(each, "recheck")]
    mine = [each for each in waiting if not has_entered(each, person)]
    wanted = request.POST.get("sheet") or request.GET.get("sheet")
    current = next((each for each in mine if each.key == wanted), mine[0] if mine else None)
    form = RecheckForm(request.POST if request.method == "POST" else None, kind=contest.rules.ballot.kind)
    if (
        request.method == "POST"
        and current is not None
        and form.is_valid()
        and _is_rechecked(request, current, form)
    ):
        return HttpResponseRedirect(request.path)
    return render(
        request,
        "office/paper_recheck.html",
        {
            "contest": contest, "stack": stack, "drawn": drawn, "waiting": waiting, "mine": mine, "current": current,
            "form": form, "figures": recheck_figures(stack),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _is_rechecked(request: HttpRequest, current: Sheet, form: RecheckForm) -> bool:
    try:
        made = record_recheck(sheet=current, by=request.visitor.actor(), **form.cleaned_data)  # type: ignore[attr-defined]
    except Refused as refused:
        form.refuse(refused)
        return False
    text = (
        _("Sheet %(key)s is as it was entered.")
        if made.is_same
        else _("The difference at sheet %(key)s is kept.")
    )
    messages.success(request, text % {"key": current.key})
    return True
