"""The key of the ballot box: its ceremony before the voting, its rehearsal, its use at the opening."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from viche.ballots import holding, key_ceremony
from viche.ballots.actions import open_box
from viche.ballots.given_key import given_key
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.contest_tabs import contest_tabs
from viche.office.forms import key as forms
from viche.portal.guards import in_contest, official
from viche.portal.refusable import RefusableForm
from viche.results.actions import run_count

HOLDERS = (Role.COMMISSION, Role.ADMINISTRATOR)
# acts that need nothing but their button
BUTTONS = ("task", "agree", "decline")


@official(*HOLDERS, shows=NOTHING)
@in_contest
def key(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Where the key stands, what is to be done next and by whom; each act is one form."""
    act = request.POST.get("act", "")
    shown = _forms(request, act)
    if request.method == "POST" and (where := _done(request, contest, act, shown.get(act))):
        return HttpResponseRedirect(reverse(where, args=[contest.slug]))
    contest.forget_cached()
    standing = key_ceremony.key_standing(contest)
    person = request.visitor.person.id  # type: ignore[attr-defined]
    is_bad = any(form.errors for form in shown.values())
    return render(
        request,
        "office/key.html",
        {
            "contest": contest, "tabs": contest_tabs(contest, "key"), "standing": standing, "forms": shown,
            "is_held": key_ceremony.is_held_by_commission(contest), "voting": contest.window("voting"),
            "is_own_key": standing.key is not None and standing.key.proposed_by_id == person,
            "is_own_change": standing.open_change is not None and standing.open_change.proposed_by_id == person,
        },
        status=422 if is_bad else 200,
    )  # fmt: skip


@official(*HOLDERS, shows=NOTHING)
@in_contest
def key_file(request: HttpRequest, contest: Contest, name: str) -> HttpResponse:
    """A file that the members take to the computer without a network: the contest's, the task, the tool."""
    standing = key_ceremony.key_standing(contest)
    task = key_ceremony.challenge_file(standing.key) if standing.key is not None else ""
    files: dict[str, tuple[str, str | bytes]] = {
        "contest": ("box-key-contest.json", key_ceremony.contest_file(contest)),
        "task": ("box-key-task.json", task),
        "tool": ("boxkey.pyz", key_ceremony.tool_file()),
    }
    if name not in files or not files[name][1]:
        raise Http404(name)
    title, content = files[name]
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{title}"'
    return response


def _forms(request: HttpRequest, act: str) -> dict[str, RefusableForm]:
    def sent(name: str) -> tuple[Any, Any]:
        return (request.POST, request.FILES) if act == name else (None, None)

    return {
        "propose": forms.FileForm(
            *sent("propose"), prefix="propose", what=_("Public key"), help_text="box-key-public.json"
        ),
        "confirm": forms.FingerprintForm(*sent("confirm"), prefix="confirm"),
        "rehearse": forms.FileForm(*sent("rehearse"), prefix="rehearse", what=_("Answer to the task")),
        "withdraw": forms.ReasonForm(*sent("withdraw"), prefix="withdraw"),
        "change": forms.ChangeForm(*sent("change"), prefix="change"),
        "open": forms.FileForm(
            *sent("open"), prefix="open", what=_("Private key, put together from two shares"),
            help_text=_("It opens the box in this one act and is kept nowhere."),
        ),
    }  # fmt: skip


def _done(request: HttpRequest, contest: Contest, act: str, form: RefusableForm | None) -> str:
    """Do what was pressed: the name of the page to go on to; "" where the form has faults."""
    if form is None and act not in BUTTONS:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    if form is not None and not form.is_valid():
        return ""
    try:
        if act == "open":
            return _open(request, contest, form)
        messages.success(request, _act(request, contest, act, form))
    except Refused as refused:
        if form is None or refused.status != 422:
            raise
        form.refuse(refused)
        return ""
    return "office-key"


def _act(request: HttpRequest, contest: Contest, act: str, form: Any) -> str:
    """One act of the ceremony; what to say of it."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if act == "propose":
        holding.propose_key(contest=contest, text=form.text(), by=by)
        return _("The public key is here. Now another official types its fingerprint on this page.")
    standing = key_ceremony.key_standing(contest)
    key, change = standing.key, standing.open_change
    # the page may have been open for long: what is decided is what it showed
    if key is None or request.POST.get("key") != str(key.pk):
        raise Refused("superseded", _("The key has changed meanwhile: look at this page again."))
    if act in {"agree", "decline"}:
        if change is None or request.POST.get("change") != str(change.pk):
            raise Refused("superseded", _("Somebody has decided about this already."))
        holding.decide_change(change=change, is_confirmed=act == "agree", by=by)
        return _("The decision is recorded.")
    if act == "confirm":
        holding.confirm_key(key=key, typed=form.cleaned_data["typed"], by=by)
        return _("The key is confirmed. Now try it out with two of its holders.")
    if act == "task":
        holding.request_rehearsal(key=key, by=by)
        return _("A new task is ready.")
    if act == "rehearse":
        holding.record_rehearsal(key=key, text=form.text(), by=by)
        return _("The rehearsal succeeded: the key opens what is sealed to it.")
    if act == "withdraw":
        holding.withdraw_key(key=key, reason=form.cleaned_data["reason"], by=by)
        return _("The key is withdrawn.")
    holding.propose_change(key=key, by=by, **form.cleaned_data)
    return _("It is proposed. Now another official confirms it on this page.")


@sensitive_variables()
def _open(request: HttpRequest, contest: Contest, form: Any) -> str:
    """Open the box with the key that two holders gave, and count."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    open_box(contest=contest, by=by, given=given_key(contest, form.text()))
    run_count(contest=contest, by=by)
    messages.success(
        request,
        _(
            "The box is opened with the commission’s key and the ballots are counted. Erase the file of the private "
            "key now."
        ),
    )
    return "office-contest"
