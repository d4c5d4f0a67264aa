"""Terminals of banks: the partners, one partner with its keys, limits, figures and comparisons."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.channels.terminals import actions, queries
from viche.channels.terminals.models import BallotState, Partner, PartnerKey
from viche.channels.terminals.partners import fingerprint
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.office.forms.terminals import KeyForm, LimitsForm, PartnerForm, ReasonForm
from viche.portal.guards import official

FIRST_DIFFERENCES = 100


@official(Role.ADMINISTRATOR, shows=NOTHING)
def terminals(request: HttpRequest) -> HttpResponse:
    """Every partner with its state and its ballots."""
    partners = queries.partners_in(request.place.community)  # type: ignore[attr-defined]
    rows = [{"partner": each, "ballots": queries.standing_ballots(each)} for each in partners]
    return render(request, "office/terminals.html", {"rows": rows})


@official(Role.ADMINISTRATOR, shows=NOTHING)
def new_terminal(request: HttpRequest) -> HttpResponse:
    """Propose a partner; a second administrator connects it."""
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.propose_partner(
                community=request.place.community, by=request.visitor.actor(), **form.said(),  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, _("Proposed. Another administrator connects the partner on its page."))
            return HttpResponseRedirect(reverse("office-terminal", args=[made.pk]))
        except Refused as refused:
            form.refuse(refused)
    return render(request, "office/terminal_new.html", {"form": form}, status=422 if form.errors else 200)


@official(Role.ADMINISTRATOR, shows=DataKind.STAFF)
def terminal(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One partner. An act is one of the forms of the page."""
    found = queries.partner_with_id(request.place.community, reference)  # type: ignore[attr-defined]
    if found is None:
        raise Http404(str(reference))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = _forms(request, found, act)
    if act and _done(request, found, act, forms.get(act)):
        return HttpResponseRedirect(reverse("office-terminal", args=[found.pk]))
    keys = queries.keys_of(found)
    people = [found.proposed_by_id, found.decided_by_id]
    people += [person for key in keys for person in (key.added_by_id, key.confirmed_by_id)]
    request.shown.about([each for each in people if each])  # type: ignore[attr-defined]
    return render(
        request,
        "office/terminal.html",
        {
            "partner": found, "forms": forms, "figures": queries.figures_of(found),
            "keys": [{"key": each, "fingerprint": fingerprint(each.public_key)} for each in keys],
            "days": [_day(each) for each in queries.reconciliations_of(found)],
            "me": request.visitor.person.pk,  # type: ignore[attr-defined]
            "address": request.build_absolute_uri(reverse("terminals-openapi")).removesuffix("openapi.json"),
        },
        status=422 if any(form.errors for form in forms.values()) else 200,
    )  # fmt: skip


def _day(found: Any) -> dict[str, Any]:
    """A comparison with its first differences, each with what it is."""
    said = found.difference
    lines = [
        *((each, _("not here")) for each in said["missing_here"]),
        *((each, _("not in the partner’s list")) for each in said["missing_there"]),
        *((each, _("here: %(ours)s, there: %(theirs)s") % {"ours": _state(ours), "theirs": _state(theirs)})
          for each, ours, theirs in said["differing"]),
        *((each, _("we count it to a neighbouring day")) for each in said["other_day"]),
    ]  # fmt: skip
    return {
        "day": found, "lines": lines[:FIRST_DIFFERENCES], "more": max(len(lines) - FIRST_DIFFERENCES, 0),
        "ours": sum(found.ours.values()), "theirs": sum(found.theirs.values()),
    }  # fmt: skip


def _state(word: str) -> str:
    return str(BallotState(word).label)


def _forms(request: HttpRequest, partner: Partner, act: str) -> dict[str, Any]:
    def sent(name: str) -> Any:
        return request.POST if act == name else None

    return {
        "decline": ReasonForm(sent("decline"), prefix="decline"),
        "stop": ReasonForm(sent("stop"), prefix="stop"),
        "limits": LimitsForm(sent("limits"), initial=LimitsForm.shown(partner)),
        "key": KeyForm(sent("key"), prefix="key"),
    }


def _done(request: HttpRequest, partner: Partner, act: str, form: Any) -> bool:
    """Whether the act is done; otherwise its form says why not. Refused: what no form can say."""
    if form is not None and not form.is_valid():
        return False
    try:
        messages.success(request, _act(request, partner, act, form))
    except Refused as refused:
        if form is None or refused.status != 422:
            raise
        form.refuse(refused)
        return False
    return True


def _act(request: HttpRequest, partner: Partner, act: str, form: Any) -> str:
    """One act; what to say of it."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if act == "confirm":
        actions.confirm_partner(partner=partner, by=by)
        return _("The terminals are connected.")
    if act == "decline":
        actions.decline_partner(partner=partner, reason=form.cleaned_data["reason"], by=by)
        return _("The partner is not connected.")
    if act == "stop":
        actions.stop_partner(partner=partner, reason=form.cleaned_data["reason"], by=by)
        return _("The terminals are stopped: the next request is refused.")
    if act == "resume":
        actions.resume_partner(partner=partner, by=by)
        return _("The terminals work again.")
    if act == "limits":
        actions.set_limits(partner=partner, limits=form.said(), by=by)
        return _("Saved.")
    if act == "key":
        actions.add_key(partner=partner, public_key=form.cleaned_data["key"], by=by)
        return _("The key is here. It counts once another administrator compared its fingerprint.")
    if act == "confirm-key":
        actions.confirm_key(key=_key(request, partner), by=by)
        return _("The key counts from now on.")
    if act == "revoke-key":
        actions.revoke_key(key=_key(request, partner), by=by)
        return _("The key is revoked.")
    raise Refused("unknown_act", _("There is nothing to do here now."), status=422)


def _key(request: HttpRequest, partner: Partner) -> PartnerKey:
    wanted = request.POST.get("key", "")
    found = next((each for each in queries.keys_of(partner) if str(each.pk) == wanted), None)
    if found is None:
        raise Refused("not_found", _("There is no such key."), status=404)
    return found
