"""Other systems of the body: all of them, one with its log of calls, its settings, a trial of its connection."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.connectors.systems import actions, queries
from viche.connectors.systems.kinds import KINDS, Kind, kind_named
from viche.connectors.systems.models import BreakerState, System
from viche.connectors.systems.wording import outcome_text
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.systems import SystemForm
from viche.portal.guards import official

CALLS_A_PAGE = 25
FOUND = "system_finding"


@official(Role.ADMINISTRATOR, shows=NOTHING)
def systems(request: HttpRequest) -> HttpResponse:
    """What is connected, how it is, and what else can be."""
    rows = []
    for each in queries.systems_of(request.place.community):  # type: ignore[attr-defined]
        if (kind := kind_named(each.kind)) is None:
            continue
        said = outcome_text(each.last_outcome) if each.last_outcome else ""
        rows.append({"system": each, "kind": kind, "light": _light(each), "said": said})
    return render(request, "office/systems.html", {"rows": rows, "kinds": list(KINDS.values())})


@official(Role.ADMINISTRATOR, shows=NOTHING)
def new_system(request: HttpRequest, name: str) -> HttpResponse:
    """Connect a system of the kind."""
    kind = kind_named(name)
    if kind is None:
        raise Http404(name)
    form = SystemForm(request.POST if request.method == "POST" else None, kind=kind)
    if form.is_bound and form.is_valid():
        try:
            made = actions.connect_system(
                community=request.place.community, kind=kind.name, by=request.visitor.actor(),  # type: ignore[attr-defined]
                **form.said(),
            )  # fmt: skip
            messages.success(request, _("Connected. Now test the connection."))
            return HttpResponseRedirect(reverse("office-system", args=[made.pk]))
        except Refused as refused:
            form.tell(refused)
    return _form_page(request, form, kind)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def edit_system(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Change the settings of a system; secrets are never shown."""
    system, kind = _found(request, reference)
    form = SystemForm(
        request.POST if request.method == "POST" else None, kind=kind, system=system,
        kept=queries.kept_secrets(system),
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            actions.revise_system(
                system=system, by=request.visitor.actor(), version=form.cleaned_data["version"] or 0,  # type: ignore[attr-defined]
                **form.said(),
            )  # fmt: skip
            messages.success(request, _("Saved. Test the connection again."))
            return HttpResponseRedirect(reverse("office-system", args=[system.pk]))
        except Refused as refused:
            form.tell(refused)
    return _form_page(request, form, kind, system)


@official(Role.ADMINISTRATOR, shows=NOTHING)
def system(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One system: how it is, the trial of its connection, the log of calls."""
    found, kind = _found(request, reference)
    if request.method == "POST":
        return _done(request, found)
    page = Paginator(queries.calls_of(found), CALLS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "office/system.html",
        {
            "system": found, "kind": kind, "light": _light(found), "page": page,
            "calls": [{"call": each, "text": outcome_text(each.outcome)} for each in page],
            "finding": request.session.pop(FOUND, None), "facts": _facts(found, kind),
        },
    )  # fmt: skip


def _done(request: HttpRequest, system: System) -> HttpResponse:
    """One of the acts of the page, then the page again. Refused: what the action refuses."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    if act == "check":
        finding = actions.check_system(system=system, by=by)
        request.session[FOUND] = {
            "is_good": finding.is_good, "sentence": str(finding.sentence),
            "facts": [(str(term), str(value)) for term, value in finding.facts],
        }  # fmt: skip
    elif act == "resume":
        actions.resume_system(system=system, by=by)
        messages.success(request, _("The next call tries it again."))
    elif act == "stop":
        actions.stop_system(system=system, by=by)
        messages.success(request, _("Switched off: nobody asks it any more."))
    elif act == "start":
        actions.start_system(system=system, by=by)
        messages.success(request, _("Switched on."))
    elif act == "remove":
        actions.remove_system(system=system, by=by)
        messages.success(request, _("Removed, with its secrets and its log of calls."))
        return HttpResponseRedirect(reverse("office-systems"))
    return HttpResponseRedirect(reverse("office-system", args=[system.pk]))


def _found(request: HttpRequest, reference: UUID) -> tuple[System, Kind]:
    system = queries.system_of(request.place.community, reference)  # type: ignore[attr-defined]
    kind = kind_named(system.kind) if system is not None else None
    if system is None or kind is None:
        raise Http404(str(reference))
    return system, kind


def _form_page(
    request: HttpRequest, form: SystemForm, kind: Kind, system: System | None = None
) -> HttpResponse:
    return render(
        request,
        "office/system_form.html",
        {"form": form, "kind": kind, "system": system},
        status=422 if form.errors else 200,
    )


def _light(system: System) -> dict[str, Any]:
    """The state of a system in a word and a tone."""
    if not system.is_on:
        return {"text": _("switched off"), "kind": "neutral", "icon": "circle-minus"}
    if system.state != BreakerState.CLOSED:
        return {"text": _("does not answer"), "kind": "danger", "icon": "circle-x"}
    if system.failures:
        return {"text": _("answers badly"), "kind": "warning", "icon": "triangle-alert"}
    return {"text": _("in order"), "kind": "success", "icon": "circle-check"}


def _facts(system: System, kind: Kind) -> list[tuple[Any, Any]]:
    """What is set, in words; of secrets only whether one is kept."""
    kept, rows = queries.kept_secrets(system), []
    for field in kind.fields:
        if field.is_secret:
            rows.append((field.label, _("kept, sealed") if field.name in kept else "–"))
            continue
        value = system.settings.get(field.name)
        if field.shape == "flag":
            value = _("yes") if value else _("no")
        elif field.shape == "choice":
            value = dict(field.choices).get(value, value)
        rows.append((field.label, value if value not in (None, "") else "–"))
    return rows
