"""Implementation in the office: the winners of a contest, and the work on one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook import lifecycle
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms import works as forms
from viche.portal.guards import in_contest, in_project, official
from viche.portal.refusable import RefusableForm
from viche.portal.works_page import stall_days, work_rows
from viche.projects import actions
from viche.projects.delivery import WON, delivery_of, standing_of, sums_of, works_of
from viche.projects.models import Delivery, Project, State


@dataclass(frozen=True)
class Act:
    """One thing an official may do: its form, the action it calls, and what is said afterwards."""

    form: type[RefusableForm]
    action: Callable[..., Any]
    said: Any
    states: tuple[str, ...]


BUILDING, WORKED_ON = (State.IN_PROGRESS,), (State.IN_PROGRESS, State.IMPLEMENTED, State.CANCELLED)
ACTS = {
    "start": Act(forms.PlanForm, actions.start_work, gettext_lazy("The work has begun."), (State.FUNDED,)),
    "milestone": Act(
        forms.MilestoneForm, actions.plan_milestone, gettext_lazy("The step is in the plan."), BUILDING
    ),
    "photograph": Act(
        forms.PhotographForm, actions.record_photograph, gettext_lazy("The photograph is published."), WORKED_ON
    ),
    "contract": Act(
        forms.ContractForm, actions.record_contract, gettext_lazy("The contract is recorded."), WORKED_ON
    ),
    "delay": Act(forms.DelayForm, actions.delay_work, gettext_lazy("The term is moved."), BUILDING),
    "revise": Act(forms.ReviseForm, actions.revise_work, gettext_lazy("The plan is saved."), WORKED_ON),
    "implement": Act(
        forms.AcceptanceForm, actions.implement_project,
        gettext_lazy("The project is built. Residents may rate it now."), BUILDING,
    ),
    "cancel": Act(
        forms.CancelForm, actions.cancel_work,
        gettext_lazy("It is recorded, with its reason, that it will not be built."), (State.FUNDED, State.IN_PROGRESS),
    ),
    "reopen": Act(
        forms.ReopenForm, actions.reopen_work, gettext_lazy("The work goes on."), (State.IMPLEMENTED, State.CANCELLED)
    ),
}  # fmt: skip
# pressed beside one row of a list: the action, and the name of its argument
ROW_ACTS = {
    "undone": (actions.mark_milestone, "milestone"),
    "strike": (actions.delete_milestone, "milestone"),
    "take-back": (actions.withdraw_contract, "contract"),
    "take-away": (actions.delete_photograph, "photograph"),
}


@official(Role.ADMINISTRATOR, Role.EDITOR, shows=NOTHING)
@in_contest
def works(request: HttpRequest, contest: Contest) -> HttpResponse:
    """The winners: what is late, what stands still, what comes next."""
    return render(
        request,
        "office/works.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "works"), "rows": work_rows(contest, by_urgency=True),
            "sums": sums_of(works_of(contest)), "stall_days": stall_days(contest),
        },
    )  # fmt: skip


@official(Role.ADMINISTRATOR, Role.EDITOR, shows=NOTHING)
@in_contest
@in_project
def work(request: HttpRequest, contest: Contest, project: Project) -> HttpResponse:
    """The work on one winner."""
    if project.state not in WON:
        raise Http404(project.number)
    delivery = delivery_of(project)
    act = request.POST.get("act", "")
    bound = _form(act, request, project, delivery) if act in ACTS else None
    if request.method == "POST" and _do(request, project, act, bound):
        return HttpResponseRedirect(reverse("office-work", args=[contest.slug, project.number]))
    open_acts = {
        name: bound if name == act and bound is not None else _form(name, None, project, delivery)
        for name, each in ACTS.items()
        if project.state in each.states
    }
    closed = lifecycle.decide(
        project.state, "start_work" if project.state == State.FUNDED else "cancel_work",
        roles=lifecycle.OFFICE, phases=contest.phases,
    )  # fmt: skip
    return render(
        request,
        "office/work.html",
        {
            "contest": contest, "project": project, "delivery": delivery, "tabs": contest_tabs(contest, "works"),
            "forms": open_acts, "photographs": list(delivery.photographs.all()) if delivery is not None else [],
            f"{act}_open": bound is not None and bool(bound.errors), "today": clock.now().astimezone(KYIV).date(),
            "is_early": isinstance(closed, lifecycle.Refusal) and closed.code == lifecycle.WRONG_PHASE,
            "done_form": forms.DoneForm(),
            "standing": standing_of(delivery, state=project.state, stall_days=stall_days(contest))
            if delivery is not None else None,
        },
        status=422 if bound is not None and bound.errors else 200,
    )  # fmt: skip


def _form(
    act: str, request: HttpRequest | None, project: Project, delivery: Delivery | None
) -> RefusableForm:
    initial: dict[str, Any] = {}
    if act == "start":
        plan = project.contest.rules.implementation
        named = plan.responsible if plan is not None else None
        initial = {"plan_cost": project.cost, "responsible_unit": named.get("uk", "") if named else ""}
    elif delivery is not None and act in {"revise", "implement"}:
        initial = {
            name: getattr(delivery, name)
            for name in ("revision", "responsible_unit", "responsible_contact", "plan_cost", "actual_cost")
        }
    sent = (request.POST, request.FILES) if request is not None else (None, None)
    return ACTS[act].form(*sent, initial=initial, prefix=act)


def _do(request: HttpRequest, project: Project, act: str, form: RefusableForm | None) -> bool:
    """Do what was pressed; False where the form has faults."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if form is None:
        _row_act(request, project, act, by)
        return True
    if not form.is_valid():
        return False
    said = dict(form.cleaned_data)
    if "picture" in said:
        said["content"] = said.pop("picture").read()
    try:
        ACTS[act].action(project=project, by=by, **said)
    except Refused as refused:
        if refused.status == 403:
            raise
        if "picture" in refused.code:
            refused.fields = {"picture": refused.message}
        form.refuse(refused)
        return False
    messages.success(request, ACTS[act].said)
    return True


def _row_act(request: HttpRequest, project: Project, act: str, by: Any) -> None:
    """What is pressed beside one row: a step that is done or not, a contract or a photograph taken away."""
    row = request.POST.get("row", "")
    if act == "done":
        form = forms.DoneForm(request.POST)
        if not form.is_valid():
            raise Refused("bad_day", _("Write the day on which the step was done."), status=422)
        actions.mark_milestone(project=project, milestone=row, done_on=form.cleaned_data["done_on"], by=by)
        messages.success(request, _("The step is done."))
        return
    if act not in ROW_ACTS:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    action, name = ROW_ACTS[act]
    action(project=project, by=by, **{name: row}, **({"done_on": None} if act == "undone" else {}))
    messages.success(request, _("Done."))
