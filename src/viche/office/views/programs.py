"""Programs of the body's other systems: what may use the API, in whose name, with which keys."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.connectors.clients import actions, queries
from viche.connectors.clients.models import Client, Secret
from viche.connectors.clients.scopes import SCOPES
from viche.connectors.open_data.places import platform_address
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import DataKind, Person, Role
from viche.identity.queries import staff_of
from viche.office.forms.programs import NewKeyForm, ProgramForm, ProgramLimitsForm
from viche.portal.guards import official

# whoever a program may act in the name of has to be able to see it
SEEING = (Role.ADMINISTRATOR, Role.EDITOR, Role.REVIEWER, Role.COMMISSION, Role.OPERATOR)


def _narrowed(request: HttpRequest) -> Person | None:
    """Whose programs are shown: everybody's to administrators and auditors, else those in the visitor's own name."""
    visitor = request.visitor  # type: ignore[attr-defined]
    return None if {Role.ADMINISTRATOR, Role.AUDITOR} & visitor.roles else visitor.person


@official(*SEEING, shows=DataKind.STAFF)
def programs(request: HttpRequest) -> HttpResponse:
    """Every program with its state and when it was last used."""
    found = list(queries.clients_of(request.place.community, _narrowed(request)))  # type: ignore[attr-defined]
    request.shown.about([each.official_id for each in found])  # type: ignore[attr-defined]
    rows = [{"client": each, "scopes": [SCOPES[name].title for name in each.scopes]} for each in found]
    return render(
        request,
        "office/programs.html",
        {"rows": rows, "may_connect": _may_connect(request), "api_address": platform_address("api")},
    )


def _may_connect(request: HttpRequest) -> bool:
    return Role.ADMINISTRATOR in request.visitor.roles and not request.reads_only  # type: ignore[attr-defined]


@official(Role.ADMINISTRATOR, shows=DataKind.STAFF)
def new_program(request: HttpRequest) -> HttpResponse:
    """Describe a program; the official in whose name it acts agrees on its page."""
    community = request.place.community  # type: ignore[attr-defined]
    holders = [each for each in staff_of(community) if each.office.role not in (Role.AUDITOR, Role.PARTNER)]
    request.shown.about([each.office.person_id for each in holders])  # type: ignore[attr-defined]
    form = ProgramForm(request.POST if request.method == "POST" else None, holders=holders)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.propose_client(
                community=community, title=data["title"], purpose=data["purpose"], scopes=data["scopes"],
                official=form.people[data["official"]], limits=form.limits(), by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
            return HttpResponseRedirect(reverse("office-program", args=[made.pk]))
        except Refused as refused:
            form.refuse(refused)
    return render(request, "office/program_new.html", {"form": form}, status=422 if form.errors else 200)


@official(*SEEING, shows=DataKind.STAFF)
def program(request: HttpRequest, reference: UUID) -> HttpResponse:
    """One program: what it may, its keys, its limits, what it did. An act is one of the forms of the page."""
    found = queries.client_in(request.place.community, reference)  # type: ignore[attr-defined]
    narrowed = _narrowed(request)
    if found is None or (narrowed is not None and found.official_id != narrowed.pk):
        raise Http404(str(reference))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = {
        "limits": ProgramLimitsForm(
            request.POST if act == "limits" else None, initial=ProgramLimitsForm.shown(found)
        ),
        "key": NewKeyForm(request.POST if act == "key" else None),
    }
    secret = ""
    if act:
        secret, is_done = _done(request, found, act, forms.get(act))
        if is_done and not secret:
            return HttpResponseRedirect(reverse("office-program", args=[found.pk]))
    keys, calls = queries.secrets_of(found), queries.calls_of(found)
    people = [found.official_id, *(each.made_by_id for each in keys), *(each.official_id for each in calls)]
    request.shown.about([each for each in people if each])  # type: ignore[attr-defined]
    now = clock.now()
    return render(
        request,
        "office/program.html",
        {
            "client": found, "forms": forms, "secret": secret, "calls": calls,
            "scopes": [SCOPES[name] for name in found.scopes],
            "keys": [{"key": each, "is_live": each.is_live(now)} for each in keys],
            "may_connect": _may_connect(request), "token_address": platform_address("api-token"),
            "api_address": platform_address("api"),
            "is_mine": found.official_id == request.visitor.person.pk,  # type: ignore[attr-defined]
        },
        status=422 if any(form.errors for form in forms.values()) else 200,
    )  # fmt: skip


def _done(request: HttpRequest, client: Client, act: str, form: Any) -> tuple[str, bool]:
    """(the new key, which is shown on this page only; whether the act is done). Refused: what no form can say."""
    if form is not None and not form.is_valid():
        return "", False
    by = request.visitor.actor()  # type: ignore[attr-defined]
    try:
        if act == "key":
            return actions.make_secret(client=client, overlap=form.cleaned_data["overlap"], by=by), True
        messages.success(request, _act(request, client, act, form))
    except Refused as refused:
        if form is None or refused.status != 422:
            raise
        form.refuse(refused)
        return "", False
    return "", True


def _act(request: HttpRequest, client: Client, act: str, form: Any) -> str:
    """One act; what to say of it."""
    by = request.visitor.actor()  # type: ignore[attr-defined]
    if act == "confirm":
        actions.confirm_client(client=client, by=by)
        return _("You have agreed: the program may act in your name.")
    if act == "limits":
        actions.revise_client(client=client, limits=form.limits(), by=by)
        return _("Saved.")
    if act == "revoke":
        actions.revoke_client(client=client, by=by)
        return _("The program is disconnected: its next request is refused.")
    if act == "revoke-key":
        actions.revoke_secret(secret=_key(request, client), by=by)
        return _("The key is revoked.")
    raise Refused("unknown_act", _("There is nothing to do here now."), status=422)


def _key(request: HttpRequest, client: Client) -> Secret:
    wanted = request.POST.get("key", "")
    found = next((each for each in queries.secrets_of(client) if str(each.pk) == wanted), None)
    if found is None:
        raise Refused("not_found", _("There is no such key."), status=404)
    return found
