"""Ballots that must not count: one official proposes with a reason, another decides, before the box is opened."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.ballots.annulling import DECIDING, MAX_TEXT, decide_annulment, propose_annulment, reasons_to_annul
from viche.ballots.models import Annulment
from viche.ballots.queries import annulments_of, box_of, mark_of
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Objection
from viche.identity.queries import is_uuid, objection_in
from viche.office.contest_tabs import contest_tabs
from viche.portal.guards import in_contest, official

VERDICTS = {"confirm": True, "decline": False}


class ProposalForm(forms.Form):
    why = forms.ChoiceField(
        label=gettext_lazy("Why must this ballot not count?"), choices=reasons_to_annul, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What was found"), widget=forms.Textarea(attrs={"rows": 4}), max_length=MAX_TEXT,
        help_text=gettext_lazy("It is published in the log: name no people."),
        error_messages={"required": gettext_lazy("Give the reason in a few words: it is published.")},
    )  # fmt: skip


class DecisionForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Why you decide so"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT,
        help_text=gettext_lazy("It is published in the log: name no people."),
        error_messages={"required": gettext_lazy("Give the reason in a few words: it is published.")},
    )  # fmt: skip


@official(*DECIDING, shows=NOTHING)
@in_contest
def annulments(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Proposals that wait for a second official, the decided ones, and a proposal about the mark one came from."""
    mark = _mark(request, contest)
    bound: forms.Form | None = None
    if request.method == "POST":
        bound = _act(request, contest, mark)
        if bound is None or not bound.errors:
            return HttpResponseRedirect(reverse("office-annulments", args=[contest.slug]))
    box = box_of(contest)
    person = request.visitor.person.pk  # type: ignore[attr-defined]
    found = list(annulments_of(contest))
    waiting = [
        {"case": each, "is_own": each.proposed_by_id == person, "form": _decision(each, bound)}
        for each in found
        if each.state == Annulment.State.OPEN
    ]
    return render(
        request, "office/annulments.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "annulments"), "waiting": waiting, "mark": mark,
            "decided": [each for each in found if each.state != Annulment.State.OPEN],
            "form": bound if isinstance(bound, ProposalForm) else ProposalForm(),
            "is_closed": box is None or box.opened_at is not None, "has_box": box is not None,
        },
        status=422 if bound is not None else 200,
    )  # fmt: skip


def _mark(request: HttpRequest, contest: Contest) -> UUID | None:
    """The mark that the page is about: named itself, or by the objection of its voter. Refused: no_mark."""
    named, case = request.GET.get("mark", ""), request.GET.get("objection", "")
    if not named and not case:
        return None
    if is_uuid(named):
        return UUID(named)
    denied = objection_in(request.place.community, UUID(case)) if is_uuid(case) else None  # type: ignore[attr-defined]
    if denied and denied.kind == Objection.Kind.VOTE and denied.reference == str(contest.pk):
        found = mark_of(contest, denied.person)
        if found is not None:
            return found.reference
    raise Refused("no_mark", _("There is no such vote in this contest."), status=404)


def _decision(case: Annulment, bound: forms.Form | None) -> forms.Form:
    is_this = isinstance(bound, DecisionForm) and bound.prefix == str(case.pk)
    return bound if bound is not None and is_this else DecisionForm(prefix=str(case.pk))


def _act(request: HttpRequest, contest: Contest, mark: UUID | None) -> forms.Form | None:
    """Do what was pressed; the form with its faults where it has some."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    if act == "propose" and mark is not None:
        form: forms.Form = ProposalForm(request.POST)
        if form.is_valid():
            propose_annulment(contest=contest, mark=mark, **form.cleaned_data, by=by)
            messages.success(request, _("The ballot is in quarantine: another official decides about it."))
            return None
        return form
    verdict = VERDICTS.get(act)
    case = next((each for each in annulments_of(contest) if str(each.pk) == request.POST.get("case")), None)
    if verdict is None or case is None:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    form = DecisionForm(request.POST, prefix=str(case.pk))
    if not form.is_valid():
        return form
    decide_annulment(annulment=case, is_confirmed=verdict, answer=form.cleaned_data["answer"], by=by)
    messages.success(request, _("The decision is recorded."))
    return None
