"""Webhooks: all of them, one with what it took and did not take, its settings, its secret."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.connectors.webhooks import actions, queries
from viche.connectors.webhooks.catalogue import GROUPS
from viche.connectors.webhooks.models import Endpoint
from viche.connectors.webhooks.wording import outcome_text
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.webhooks import WebhookForm
from viche.office.views.staff import base_address
from viche.portal.guards import official

SECRET, PING = "webhook_secret", "webhook_ping"


@official(Role.ADMINISTRATOR, shows=NOTHING)
def webhooks(request: HttpRequest) -> HttpResponse:
    """Who is told of events, and how it goes."""
    found = queries.endpoints_of(request.place.community)  # type: ignore[attr-defined]
    rows = [{"endpoint": each, "light": _light(each), "events": _events(each)} for each in found]
    return render(request, "office/webhooks.html", {"rows": rows})


@official(Role.ADMINISTRATOR, shows=NOTHING)
def new_webhook(request: HttpRequest) -> HttpResponse:
    """Set a webhook up; its secret is shown on the next page, once."""
    community = request.place.community  # type: ignore[attr-defined]
    form = WebhookForm(request.POST if request.method == "POST" else None, community=community)
    if form.is_bound and form.is_valid():
        try:
            made, secret = actions.connect_endpoint(
                community=community, base=base_address(request), by=request.visitor.actor(),  # type: ignore[attr-defined]
                from_start=form.cleaned_data["from_start"], **form.said(),
            )  # fmt: skip
            request.session[SECRET] = {"webhook": str(made.pk), "secret": secret}
            messages.success(
                request, _("Connected. Give the secret to the receiver, then send a test event.")
            )
            return HttpResponseRedirect(reverse("office-webhook", args=[made.pk]))
        except Refused as refused:
            form.tell(refused)
    return _form_page(request, form)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def edit_webhook(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Another address, name or choice of events."""
    endpoint = _found(request, reference)
    form = WebhookForm(
        request.POST if request.method == "POST" else None, community=endpoint.community, endpoint=endpoint
    )
    if form.is_bound and form.is_valid():
        try:
            actions.change_endpoint(endpoint=endpoint, by=request.visitor.actor(), **form.said())  # type: ignore[attr-defined]
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("office-webhook", args=[endpoint.pk]))
        except Refused as refused:
            form.tell(refused)
    return _form_page(request, form, endpoint)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def remove_webhook(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Asks before a webhook is forgotten."""
    endpoint = _found(request, reference)
    if request.method == "POST":
        actions.remove_endpoint(endpoint=endpoint, by=request.visitor.actor())  # type: ignore[attr-defined]
        messages.success(request, _("Removed. It is told nothing any more."))
        return HttpResponseRedirect(reverse("office-webhooks"))
    return render(request, "office/webhook_remove.html", {"endpoint": endpoint})


@official(Role.ADMINISTRATOR, shows=NOTHING)
def webhook(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One webhook. An act is one of the buttons of the page."""
    endpoint = _found(request, reference)
    if request.method == "POST":
        _act(request, endpoint, request.POST.get("act", ""))
        return HttpResponseRedirect(reverse("office-webhook", args=[endpoint.pk]))
    return render(
        request,
        "office/webhook.html",
        {
            "endpoint": endpoint, "light": _light(endpoint), "events": _events(endpoint),
            "standing": queries.standing_of(endpoint), "said": outcome_text(endpoint.outcome),
            "lanes": [_row(each) for each in queries.lanes_of(endpoint)],
            "undelivered": [_row(each) for each in queries.undelivered_of(endpoint)],
            "has_former": queries.has_former_secret(endpoint),
            "secret": _once(request, SECRET, endpoint, "secret"), "ping": _once(request, PING, endpoint, "said"),
        },
    )  # fmt: skip


def _act(request: HttpRequest, endpoint: Endpoint, act: str) -> None:
    """One act. Refused: what the action refuses, unknown_act."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if act == "ping":
        said = actions.ping_endpoint(endpoint=endpoint, by=by)
        request.session[PING] = {
            "webhook": str(endpoint.pk),
            "said": {
                "is_good": said.is_taken, "text": outcome_text(said.outcome), "answer": said.answer,
                "milliseconds": said.milliseconds,
            },
        }  # fmt: skip
    elif act == "rotate":
        secret = actions.rotate_secret(endpoint=endpoint, by=by)
        request.session[SECRET] = {"webhook": str(endpoint.pk), "secret": secret}
    elif act == "end-former":
        actions.end_former_secret(endpoint=endpoint, by=by)
        messages.success(request, _("The former secret signs no more."))
    elif act == "pause":
        actions.pause_endpoint(endpoint=endpoint, by=by)
        messages.success(request, _("Paused. What happens meanwhile waits."))
    elif act == "resume":
        actions.resume_endpoint(endpoint=endpoint, by=by)
        messages.success(request, _("It goes on where it stood."))
    elif act == "retry":
        actions.retry_lanes(endpoint=endpoint, by=by)
        messages.success(request, _("It is tried again within seconds: look at this page once more."))
    elif act == "skip":
        _skip(request, endpoint)
    elif act in {"resend", "resend-all"}:
        actions.resend_entries(endpoint=endpoint, references=_chosen(request, act), by=by)
        messages.success(request, _("They are sent within seconds: look at this page once more."))
    elif act in {"drop", "drop-all"}:
        actions.drop_entries(endpoint=endpoint, references=_chosen(request, act), by=by)
        messages.success(request, _("Taken off the list. The journal holds them still."))
    else:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)


def _skip(request: HttpRequest, endpoint: Endpoint) -> None:
    """Refused: not_found, and what the action refuses."""
    lane, place = queries.lane_of(endpoint, request.POST.get("lane", "")), request.POST.get("position", "")
    if lane is None or not (place.isascii() and place.isdecimal() and len(place) < 19):
        raise Refused("not_found", _("There is no such event any more."), status=404)
    actions.skip_entry(lane=lane, position=int(place), by=request.visitor.actor())  # type: ignore[attr-defined]
    messages.success(request, _("Laid aside: the next events of this contest go on."))


def _chosen(request: HttpRequest, act: str) -> list[UUID]:
    """The event of the button; none means all. Refused: not_found."""
    if act.endswith("-all"):
        return []
    try:
        return [UUID(request.POST.get("event", ""))]
    except ValueError:
        raise Refused("not_found", _("There is no such event any more."), status=404) from None


def _found(request: HttpRequest, reference: UUID) -> Endpoint:
    endpoint = queries.endpoint_of(request.place.community, reference)  # type: ignore[attr-defined]
    if endpoint is None:
        raise Http404(str(reference))
    return endpoint


def _form_page(request: HttpRequest, form: WebhookForm, endpoint: Endpoint | None = None) -> HttpResponse:
    context = {"form": form, "endpoint": endpoint, "has_kinds": bool(form["kinds"].value())}
    return render(request, "office/webhook_form.html", context, status=422 if form.errors else 200)


def _once(request: HttpRequest, name: str, endpoint: Endpoint, part: str) -> Any:
    """What was kept for this page by the act before it: shown once, and only with its webhook."""
    kept = request.session.get(name)
    if kept is None or kept["webhook"] != str(endpoint.pk):
        return None
    del request.session[name]
    return kept[part]


def _light(endpoint: Endpoint) -> dict[str, Any]:
    """How it goes, in a word and a tone."""
    if endpoint.state == Endpoint.State.PAUSED:
        return {"text": _("paused"), "kind": "neutral", "icon": "circle-minus"}
    if not endpoint.is_active:
        return {"text": _("stopped"), "kind": "danger", "icon": "circle-x"}
    if endpoint.failing_since is not None:
        return {"text": _("does not take events"), "kind": "warning", "icon": "triangle-alert"}
    if endpoint.succeeded_at is None:
        return {"text": _("has got nothing yet"), "kind": "neutral", "icon": "hourglass"}
    return {"text": _("takes events"), "kind": "success", "icon": "circle-check"}


def _events(endpoint: Endpoint) -> str:
    """What it is told of, in words."""
    words = [str(GROUPS[each][0]) if each in GROUPS else each for each in endpoint.kinds]
    return "; ".join(words) or _("all events")


def _row(each: Any) -> dict[str, Any]:
    """A lane or an entry that was given up, with what the receiver said in words."""
    return {"row": each, "text": outcome_text(each.outcome)}
