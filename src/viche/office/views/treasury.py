"""Budget and treasury: statements of payments, and the plan of a contest's winners."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.models import localised
from viche.connectors.systems.calls import NeighbourDown, NeighbourFault
from viche.connectors.systems.queries import system_in_use
from viche.connectors.treasury import actions, queries
from viche.connectors.treasury.formats import TYPES, plan_file
from viche.connectors.treasury.models import BudgetLine, Statement
from viche.connectors.treasury.plans import lines_of, planned_of
from viche.connectors.treasury.prozorro import NAME as PROCUREMENT
from viche.connectors.treasury.prozorro import contract_page
from viche.connectors.treasury.system import NAME
from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.foundation.outgoing import Unreachable
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms.treasury import LineForm, PeriodForm, ProcurementForm, StatementForm, project_code
from viche.office.plan_wording import fault_text
from viche.portal.guards import in_contest, official

A_PAGE = 50
TREASURERS = (Role.ADMINISTRATOR, Role.EDITOR)
SILENT = (NeighbourDown, Unreachable, NeighbourFault)


@official(*TREASURERS, shows=NOTHING)
def treasury(request: HttpRequest) -> HttpResponse:
    """Bring payments; what was brought so far; the contests with their plans."""
    body = request.place.community  # type: ignore[attr-defined]
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = StatementForm(*((request.POST, request.FILES) if act == "file" else ()))
    period = PeriodForm(request.POST if act == "ask" else None)
    system = system_in_use(body, NAME)
    found = _brought(request, form, period, system)
    if found is not None:
        return HttpResponseRedirect(reverse("office-statement", args=[found.pk]))
    page = Paginator(queries.statements_of(body), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "office/treasury.html",
        {
            "form": form, "period": period, "system": system, "page": page, "contests": contests_of(body),
        },
        status=422 if form.errors or period.errors else 200,
    )  # fmt: skip


def _brought(request: HttpRequest, form: StatementForm, period: PeriodForm, system: Any) -> Statement | None:
    """The statement that was brought by the form that was sent; None where there is none, or it has faults."""
    body, by = request.place.community, request.visitor.actor()  # type: ignore[attr-defined]
    sent = form if form.is_bound else period
    if not sent.is_bound or not sent.is_valid():
        return None
    try:
        if form.is_bound:
            file = form.cleaned_data["file"]
            return actions.import_statement(
                community=body, content=file.read(), title=file.name, columns=form.columns, by=by
            )
        if system is None:
            raise Refused("no_system", _("No treasury system is connected."))
        return actions.request_payments(system=system, by=by, **period.cleaned_data)
    except SILENT as error:
        period.add_error(None, str(error))
    except Refused as refused:
        sent.tell(refused)
    return None


@official(*TREASURERS, shows=NOTHING)
def statement(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One statement: what was matched, what was not, which rows have faults."""
    found = queries.statement_of(request.place.community, reference)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(str(reference))
    if request.method == "POST":
        return _stated(request, found)
    part = request.GET.get("part", "matched")
    rows: Any = (
        queries.faults_of(found)
        if part == "faults"
        else queries.payments_in(found, is_matched=part != "unmatched")
    )
    figures = queries.figures_of(found)
    here = reverse("office-statement", args=[found.pk])
    parts = (
        ("matched", _("Matched"), figures["matched"]), ("unmatched", _("Of no project"), figures["unmatched"]),
        ("faults", _("Faults"), found.bad),
    )  # fmt: skip
    part = part if part in {name for name, _text, _number in parts} else "matched"
    tabs = [(f"{text}: {number}", f"{here}?part={name}", name == part) for name, text, number in parts]
    return render(
        request, "office/statement.html",
        {
            "statement": found, "figures": figures, "part": part, "tabs": tabs, "query": f"part={part}",
            "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        },
    )  # fmt: skip


def _stated(request: HttpRequest, found: Statement) -> HttpResponse:
    """What was pressed on the page of a statement, then the page again. Refused: what the action refuses."""
    by, act = request.visitor.actor(), request.POST.get("act", "")  # type: ignore[attr-defined]
    if act == "record":
        actions.record_statement(statement=found, by=by)
        messages.success(request, _("Recorded: the payments stand on the pages of their projects."))
    elif act == "discard":
        actions.discard_statement(statement=found, by=by)
        messages.success(request, _("Thrown away. The statement can be brought again."))
        return HttpResponseRedirect(reverse("office-treasury"))
    elif act in {"assign", "none"}:
        payment = queries.payment_in(found, _reference(request.POST.get("payment", "")))
        if payment is None:
            raise Refused("not_found", _("There is no such payment."), status=404)
        project = _named(request, request.POST.get("code", "")) if act == "assign" else None
        actions.assign_payment(payment=payment, project=project, by=by)
        messages.success(request, _("Saved."))
    else:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    return HttpResponseRedirect(request.get_full_path())


def _named(request: HttpRequest, code: str) -> Any:
    """The winner of a code. Refused: no_project."""
    said = project_code(code)
    found = queries.winner_named(request.place.community, *said) if said else None  # type: ignore[attr-defined]
    if found is None:
        raise Refused(
            "no_project", _("There is no winner with this code. It looks like ГБ-2026-7."), status=422
        )
    return found


def _reference(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@official(*TREASURERS, shows=NOTHING)
@in_contest
def plan(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The winners with their codes, the files, the budget system, contracts with their procurement."""
    planned = planned_of(contest)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    line = LineForm(request.POST if act == "line" else None, contest=contest, planned=planned)
    link = ProcurementForm(request.POST if act == "contract" else None, planned=planned)
    if act and _planned(request, contest, act, line, link):
        return HttpResponseRedirect(reverse("office-plan", args=[contest.slug]))
    body = contest.community
    contracts = [_contracted(each) for each in queries.contracts_of(contest)]
    return render(
        request, "office/plan.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "works"), "planned": planned, "line": line,
            "link": link, "lines": _lines(contest), "contracts": contracts,
            "plan_total": sum(each.plan for each in planned), "paid_total": sum(each.paid for each in planned),
            "system": system_in_use(body, NAME), "procurement": system_in_use(body, PROCUREMENT),
            "handovers": [(each, fault_text(each.fault)) for each in queries.plans_of(contest)],
            "bare": sum(each.line is None for each in planned),
        },
        status=422 if line.errors or link.errors else 200,
    )  # fmt: skip


def _lines(contest: Contest) -> list[tuple[BudgetLine, str]]:
    """The codes, each with the name of its category."""
    names = {each.id: localised(dict(each.name)) for each in contest.rules.categories}
    return [(each, names.get(each.category, each.category)) for each in lines_of(contest)]


def _contracted(contract: Any) -> tuple[Any, Any, str]:
    """A contract, its procurement, the public page of that."""
    found = getattr(contract, "procurement", None)
    return contract, found, contract_page(found.tender) if found is not None and found.tender else ""


def _planned(request: HttpRequest, contest: Contest, act: str, line: LineForm, link: ProcurementForm) -> bool:
    """Whether what was pressed is done; otherwise its form says why not. Refused: what no form can say."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    form = {"line": line, "contract": link}.get(act)
    if form is not None and not form.is_valid():
        return False
    try:
        if act == "line":
            actions.save_line(contest=contest, by=by, **line.said())
        elif act == "contract":
            _take_over(contest, link, by)
        elif act == "send":
            actions.submit_plan(contest=contest, by=by)
        elif act == "resend":
            _again(request, contest, by)
        elif act == "forget":
            _forget(request, contest, by)
        else:
            raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    except SILENT as error:
        link.add_error(None, str(error))
        return False
    except Refused as refused:
        if form is None or refused.status != 422:
            raise
        form.refuse(refused)
        return False
    messages.success(request, _("Saved.") if act != "send" else _("It is sent within a minute."))
    return True


def _take_over(contest: Contest, form: ProcurementForm, by: Any) -> None:
    system = system_in_use(contest.community, PROCUREMENT)
    if system is None:
        raise Refused("no_system", _("No procurement system is connected."))
    found = actions.report_contract(system=system, reference=form.cleaned_data["reference"].lower(), by=by)
    project = form.planned[form.cleaned_data["number"]]
    actions.connect_procurement(project=project, procured=found, by=by)


def _again(request: HttpRequest, contest: Contest, by: Any) -> None:
    wanted = request.POST.get("plan", "")
    found = next((each for each in queries.plans_of(contest) if str(each.pk) == wanted), None)
    if found is None:
        raise Refused("not_found", _("There is no such plan."), status=404)
    actions.resend_plan(plan=found, by=by)


def _forget(request: HttpRequest, contest: Contest, by: Any) -> None:
    found = queries.line_of(contest, _reference(request.POST.get("line", "")))
    if found is None:
        raise Refused("not_found", _("A colleague has taken it away already."), status=404)
    actions.delete_line(line=found, by=by)


@official(*TREASURERS, shows=NOTHING)
@in_contest
def plan_download(request: HttpRequest, contest: Contest, kind: str) -> HttpResponse:
    """The plan as a file."""
    if kind not in TYPES:
        raise Http404(kind)
    response = HttpResponse(plan_file(contest, kind), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="winners-{contest.slug}.{kind}"'
    return response
