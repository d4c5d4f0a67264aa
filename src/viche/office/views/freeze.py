"""Decisions about a contest: freezing and correcting its rules, extending a phase. Each needs two officials."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rulebook.rules import differences
from viche.ballots.actions import issues_before_voting, not_yet_possible
from viche.ballots.given_key import holder_issues
from viche.ballots.preparing import confirm_act
from viche.contests.actions import (
    decision_text,
    decline_proposal,
    findings,
    issues_before_correction,
    propose_extension,
    propose_rules,
    withdraw_proposal,
)
from viche.contests.models import PHASE_NAMES, Contest, Proposal
from viche.contests.places import change_words
from viche.contests.planning import midnight
from viche.contests.queries import draft_of, open_proposals, proposal_of, proposals_of, version_numbered
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.contest import DecisionForm, DeclineForm, ExtensionForm, show_refusal
from viche.office.views.rules import frame
from viche.portal.guards import in_contest, official

SECONDS = {Role.ADMINISTRATOR, Role.COMMISSION, Role.EDITOR}


@official(shows=NOTHING)
@in_contest
def freeze(request: HttpRequest, contest: Contest) -> HttpResponse:
    """What waits for a second official, what can be proposed now and what is missing for it, what was decided."""
    act = request.POST.get("act", "")
    rules_form = DecisionForm(request.POST if act == "propose" else None, prefix="rules")
    extension_form = ExtensionForm(
        request.POST if act == "extend" else None, prefix="extension", phases=_extensible(contest)
    )
    decline_form = DeclineForm(request.POST if act == "decline" else None, prefix="decline")
    if request.method == "POST":
        done = _act(request, contest, act, rules_form, extension_form, decline_form)
        if done:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("office-freeze", args=[contest.slug]))
    contest.forget_cached()
    draft = draft_of(contest)
    visitor = request.visitor  # type: ignore[attr-defined]
    return render(
        request,
        "office/freeze.html",
        {
            **frame(request, contest, "freeze"), "draft": draft, "rules_form": rules_form,
            "extension_form": extension_form if contest.is_frozen and extension_form.fields["phase"].choices else None,
            "open": [_shown(contest, each, visitor) for each in open_proposals(contest)],
            "decline_form": decline_form, "decided": [each for each in proposals_of(contest) if each.state != "open"],
            **_readiness(contest, draft),
            "is_administrator": Role.ADMINISTRATOR in visitor.roles, "phase_names": PHASE_NAMES,
        },
        status=422 if rules_form.errors or extension_form.errors or decline_form.errors else 200,
    )  # fmt: skip


def _readiness(contest: Contest, draft: Any) -> dict[str, Any]:
    """What forbids freezing the draft, or correcting by it, and what somebody should look at again."""
    if draft is None:
        return {"issues": [], "warnings": []}
    rules = draft.rules
    if contest.is_frozen:
        issues = [
            *issues_before_correction(contest, rules), *not_yet_possible(rules), *holder_issues(contest, rules),
        ]  # fmt: skip
    else:
        issues = issues_before_voting(contest)
    return {"issues": issues, "warnings": [each.text for each in findings(contest, rules) if each.is_warning]}


def _extensible(contest: Contest) -> list[tuple[str, Any]]:
    """Phases that still have an end to come."""
    now = clock.now()
    return [
        (window.phase, PHASE_NAMES[window.phase])
        for window in contest.schedule
        if window.ends_at is not None and window.ends_at > now
    ]


def _shown(contest: Contest, proposal: Proposal, visitor: Any) -> dict[str, Any]:
    """One open proposal with everything that is confirmed by confirming it."""
    facts = proposal.facts
    shown: dict[str, Any] = {
        "proposal": proposal, "changes": [], "is_own": proposal.proposed_by_id == visitor.person.id,
        "may_confirm": bool(visitor.roles & SECONDS) and proposal.proposed_by_id != visitor.person.id,
    }  # fmt: skip
    if proposal.act == Proposal.Act.EXTEND:
        window = contest.window(facts["phase"])
        shown["phase"] = PHASE_NAMES[facts["phase"]]
        shown["former_end"] = window.ends_at if window else None
        shown["new_end"] = datetime.fromisoformat(facts["ends_at"])
        return shown
    version = version_numbered(contest, facts["version"])
    shown["version"] = version
    if proposal.act == Proposal.Act.CORRECT and version is not None:
        former = contest.rules_version
        shown["changes"] = [
            change_words(each, former.rules, version.rules)
            for each in differences(former.document, version.document)
        ]
    return shown


def _act(
    request: HttpRequest, contest: Contest, act: str, rules_form: DecisionForm, extension_form: ExtensionForm,
    decline_form: DeclineForm,
) -> str:  # fmt: skip
    """Do what was pressed; returns what to say, empty where a form has faults."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    form: Any = {"propose": rules_form, "extend": extension_form, "decline": decline_form}.get(act)
    if form is not None and not form.is_valid():
        return ""
    try:
        if act in {"propose", "extend"}:
            data = form.cleaned_data
            cited = {
                "decision": decision_text(data["number"], data["day"]), "decision_date": data["day"],
                "decision_url": data["url"],
            }  # fmt: skip
            if act == "propose":
                propose_rules(contest=contest, by=by, **cited)
            else:
                ends_at = midnight(data["last_day"] + timedelta(days=1))
                propose_extension(contest=contest, phase=data["phase"], ends_at=ends_at, by=by, **cited)
            return _("It is proposed. Now another official confirms it on this page.")
        proposal = proposal_of(contest, request.POST.get("proposal", ""))
        if proposal is None or act not in {"confirm", "decline", "withdraw"}:
            raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
        if act == "decline":
            decline_proposal(proposal=proposal, reason=form.cleaned_data["reason"], by=by)
            return _("The proposal is declined.")
        if act == "withdraw":
            withdraw_proposal(proposal=proposal, by=by)
            return _("The proposal is withdrawn.")
        confirm_act(proposal=proposal, by=by)
        return _CONFIRMED[Proposal.Act(proposal.act)]()
    except Refused as refused:
        if form is None or refused.status not in {409, 422}:
            raise
        renamed = {"decision": "number", "decision_url": "url", "ends_at": "last_day"}
        show_refusal(
            form,
            {renamed.get(name, name): said for name, said in refused.fields.items()},
            str(refused.message),
        )
        return ""


_CONFIRMED = {
    Proposal.Act.FREEZE: lambda: _(
        "The rules are frozen and the ballot box is ready. The contest opens by its dates."
    ),
    Proposal.Act.CORRECT: lambda: _("The rules are corrected; the journal shows what and by which decision."),
    Proposal.Act.EXTEND: lambda: _("The phase is extended; the journal shows by which decision."),
}
