"""Ways of terminal networks: those of a partner, and one of them with its address, figures and comparison."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.channels.terminals.networks import actions, comparing, queries
from viche.channels.terminals.networks.dialects import DIALECTS
from viche.channels.terminals.networks.models import NetworkWay
from viche.channels.terminals.queries import partner_with_id
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.networks import RegisterForm, SettingsForm, WayForm
from viche.portal.guards import official

FIRST_DIFFERENCES = 100


@official(Role.ADMINISTRATOR, shows=NOTHING)
def networks(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The ways of a partner's network, and a form to open one."""
    body = request.place.community  # type: ignore[attr-defined]
    partner = partner_with_id(body, reference)
    if partner is None:
        raise Http404(str(reference))
    form = WayForm(request.POST if request.method == "POST" else None, body=body)
    if form.is_bound and form.is_valid():
        try:
            made = actions.open_way(partner=partner, by=request.visitor.actor(), **form.said())  # type: ignore[attr-defined]
            messages.success(request, _("The way is open. Give its address to the network."))
            return HttpResponseRedirect(reverse("office-network", args=[made.pk]))
        except Refused as refused:
            if refused.status != 422:
                raise
            form.refuse(refused)
    rows = [{"way": each, "title": DIALECTS[each.dialect].title} for each in queries.ways_of(partner)]
    return render(
        request, "office/networks.html", {"partner": partner, "rows": rows, "form": form},
        status=422 if form.errors else 200,
    )  # fmt: skip


@official(Role.ADMINISTRATOR, shows=NOTHING)
def network(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One way. An act is one of the forms of the page; a register is compared and shown at once."""
    way = queries.way_with_id(request.place.community, reference)  # type: ignore[attr-defined]
    if way is None:
        raise Http404(str(reference))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    settings = SettingsForm(request.POST if act == "settings" else None, initial=SettingsForm.shown(way))
    register = RegisterForm(
        request.POST if act == "compare" else None, request.FILES if act == "compare" else None
    )
    if act in ("stop", "resume", "settings") and _done(request, way, act, settings):
        return HttpResponseRedirect(reverse("office-network", args=[way.pk]))
    compared = _compared(way, register) if act == "compare" else None
    address = reverse("terminal-network", args=[way.dialect, way.path])
    return render(
        request, "office/network.html",
        {
            "way": way, "title": DIALECTS[way.dialect].title, "settings": settings, "register": register,
            "figures": queries.way_figures(way), "address": request.build_absolute_uri(address),
            "compared": compared, "lines": _lines(compared) if compared else [],
        },
        status=422 if settings.errors or register.errors else 200,
    )  # fmt: skip


def _done(request: HttpRequest, way: NetworkWay, act: str, form: SettingsForm) -> bool:
    """Whether the act is done; otherwise the form says why not."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if act == "stop":
        actions.stop_way(way=way, by=by)
        messages.success(request, _("Stopped: the next request is refused."))
        return True
    if act == "resume":
        actions.resume_way(way=way, by=by)
        messages.success(request, _("The way is open again."))
        return True
    if not form.is_valid():
        return False
    try:
        actions.set_way(way=way, by=by, **form.said())
    except Refused as refused:
        if refused.status != 422:
            raise
        form.refuse(refused)
        return False
    messages.success(request, _("Saved."))
    return True


def _compared(way: NetworkWay, form: RegisterForm) -> comparing.Comparison | None:
    if not form.is_valid():
        return None
    try:
        theirs = comparing.read_register(form.cleaned_data["register"])
    except Refused as refused:
        form.refuse(refused)
        return None
    return comparing.compare_register(way, form.cleaned_data["day"], theirs)


def _lines(found: comparing.Comparison) -> list[tuple[str, Any]]:
    """The first differences, each with what it is."""
    said = (
        (found.missing_here, _("the network has it, we have not: its voter may have been told nothing")),
        (found.missing_there, _("we have it, the network has not")),
        (found.differing, _("the sums differ")),
        (found.cancelled_here, _("cancelled here, paid there")),
    )
    return [(each, what) for ids, what in said for each in ids][:FIRST_DIFFERENCES]
