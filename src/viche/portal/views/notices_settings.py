"""How a person is told: addresses, wishes, the links of letters."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from viche.connectors.messages.actions import (
    confirm_address,
    delete_address,
    end_messages,
    request_address,
    restore_messages,
    revise_wishes,
)
from viche.connectors.messages.tokens import CONFIRM, UNSUBSCRIBE, address_by_token, is_confirmable
from viche.foundation.refused import Refused
from viche.portal.forms_notices import ADDRESS_FORMS, WishForm
from viche.portal.guards import identified, public
from viche.portal.notices_page import ways_shown


@identified
def settings(request: HttpRequest) -> HttpResponse:
    """One box a channel: the address, how each group is told, erasing it."""
    channel, act = request.POST.get("channel", ""), request.POST.get("act", "")
    form = None
    if request.method == "POST":
        if act not in ACTS:
            raise Refused("unknown_act", _("Choose from the list."), status=422)
        form = ACTS[act](request, channel)
        if form is None:
            return HttpResponseRedirect(reverse("notices-settings"))
    ways = ways_shown(request, form, channel, act)
    status = 422 if form is not None else 200
    return render(request, "portal/notices_settings.html", {"ways": ways}, status=status)


def _ask(request: HttpRequest, channel: str) -> object:
    """A new address; None where it was taken, else the form with its faults."""
    kind = ADDRESS_FORMS.get(channel)
    form = kind(request.POST) if kind is not None else None
    if form is not None and not form.is_valid():
        return form
    try:
        request_address(
            person=request.visitor.person, channel=channel,  # type: ignore[attr-defined]
            target=form.cleaned_data["target"] if form is not None else "",
            language=(get_language() or "uk")[:2], base=request.build_absolute_uri("/"),
        )  # fmt: skip
    except Refused as refused:
        if form is None:
            raise
        form.refuse(refused)
        return form
    if form is not None:
        messages.success(request, _("Now confirm it: the link is on its way to you."))
    return None


def _wish(request: HttpRequest, channel: str) -> object:
    form = WishForm(request.POST)
    if not form.is_valid():
        return form
    revise_wishes(
        person=request.visitor.person, channel=channel, modes=form.modes(),  # type: ignore[attr-defined]
        language=form.cleaned_data["language"],
    )  # fmt: skip
    messages.success(request, _("Saved."))
    return None


def _delete(request: HttpRequest, channel: str) -> object:
    delete_address(person=request.visitor.person, channel=channel)  # type: ignore[attr-defined]
    messages.success(request, _("The address is erased."))
    return None


def _restore(request: HttpRequest, channel: str) -> object:
    restore_messages(person=request.visitor.person, channel=channel)  # type: ignore[attr-defined]
    messages.success(request, _("Saved."))
    return None


ACTS: dict[str, Callable[[HttpRequest, str], object]] = {
    "ask": _ask, "wish": _wish, "delete": _delete, "restore": _restore,
}  # fmt: skip


@public
def confirm(request: HttpRequest, name: str) -> HttpResponse:
    """A link from a letter. Programs that look into letters open links: only the button confirms."""
    address = address_by_token(name, CONFIRM)
    if address is None or (address.confirmed_at is None and not is_confirmable(address)):
        raise Http404("confirm")
    if request.method == "POST":
        confirm_address(address=address)
        return _answer(request, _("The address is confirmed"), _("Notices come there as you have chosen."))
    is_done = address.confirmed_at is not None
    text = _("It is confirmed already.") if is_done else _("Notices will come to this address.")
    return _answer(request, _("Confirm your address"), text, button="" if is_done else _("Confirm"))


@public
@csrf_exempt
def unsubscribe(request: HttpRequest, name: str) -> HttpResponse:
    """Ends all messages to an address, without identification. Mail programs send the form themselves (RFC 8058),
    so no token of ours is in it: the address's secret is the permission.
    """
    address = address_by_token(name, UNSUBSCRIBE)
    if address is None:
        raise Http404("unsubscribe")
    if request.method == "POST" or address.is_silent:
        end_messages(address=address)
        text = _("Nothing more comes to this address. The notices still stand in your list.")
        return _answer(request, _("You have unsubscribed"), text)
    text = _("No notice will come to this address any more.")
    return _answer(request, _("Unsubscribe?"), text, button=_("Unsubscribe"))


def _answer(request: HttpRequest, heading: str, text: str, button: str = "") -> HttpResponse:
    facts = {"heading": heading, "text": text, "button": button}
    response = render(request, "portal/notices_answer.html", facts)
    response["Cache-Control"] = "no-store"
    return response
