"""A body asks to be connected: choose the territory, say who asks, see what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.communities.models import Territory
from viche.communities.queries import connected_communities, territories_named
from viche.foundation.refused import Refused
from viche.identity.actions import answer_question, request_connection, withdraw_connection
from viche.identity.models import ConnectionRequest, Person
from viche.identity.queries import administrators_of, connection_request, connections_by, territory_coded
from viche.portal.connect_forms import AnswerForm, RequestForm
from viche.portal.contest_page import community_prefix
from viche.portal.guards import identified, public
from viche.portal.views.start import where

# kinds of territories that have a body of self-government, or a part of one that runs its own contest
WITH_BODY = frozenset("OPHMKB")


def _own_request(reference: str, person: Person) -> ConnectionRequest:
    found = connection_request(reference)
    if found is None or found.applicant_id != person.pk:
        raise Refused("unknown_request", _("There is no such request of yours."), status=404)
    return found


@public
def connect(request: HttpRequest) -> HttpResponse:
    """Find the body in the codifier; own requests with their state."""
    person = request.visitor.person  # type: ignore[attr-defined]
    answered: tuple[str, AnswerForm] | None = None
    if request.method == "POST":
        if person is None:
            raise Refused("not_identified", _("Identify yourself first."), status=401)
        form = AnswerForm(request.POST)
        if (done := _act(request, form, person)) is not None:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("connect"))
        answered = (request.POST.get("request", ""), form)
    text = request.GET.get("q", "").strip()[:80]
    found = [each for each in territories_named(text) if each.category in WITH_BODY] if text else []
    bodies = {body.territory_id: body for body in connected_communities().filter(territory__in=found)}
    own = []
    for each in connections_by(person) if person else []:
        form = answered[1] if answered and answered[0] == str(each.pk) else AnswerForm()
        prefix = community_prefix(each.community) if each.community else ""
        own.append({"request": each, "form": form, "prefix": prefix, "where": where(each.territory)})
    response = render(
        request,
        "portal/connect.html",
        {
            "text": text, "own": own,
            "found": [
                {"territory": each, "where": where(each), "body": bodies.get(each.code),
                 "prefix": community_prefix(bodies[each.code]) if each.code in bodies else ""}
                for each in found
            ],
        },
        status=422 if answered else 200,
    )  # fmt: skip
    if person is not None:
        response["Cache-Control"] = "no-store"
    return response


def _act(request: HttpRequest, form: AnswerForm, person: Person) -> str | None:
    """Answer a question or take a request back; None where the answer has faults."""
    asked = _own_request(request.POST.get("request", ""), person)
    if request.POST.get("act") == "withdraw":
        withdraw_connection(request=asked, person=person)
        return _("Your request is taken back.")
    if not form.is_valid():
        return None
    answer_question(request=asked, answer=form.cleaned_data["answer"], person=person)
    return _("Your answer is sent.")


@identified
def ask(request: HttpRequest) -> HttpResponse:
    """Say who asks for the chosen body."""
    person = request.visitor.person  # type: ignore[attr-defined]
    code = request.POST.get("code") or request.GET.get("code", "")
    territory = _territory(code)
    if territory is None:
        return HttpResponseRedirect(reverse("connect"))
    body = connected_communities().filter(territory=territory).first()
    form = RequestForm(request.POST or None, initial={"code": territory.code})
    if request.method == "POST" and body is None and form.is_valid():
        data = form.cleaned_data
        try:
            request_connection(
                code=data["code"], body=data["body"], position=data["position"], email=data["email"],
                phone=data["phone"], proof=data["proof"], has_consented=data["consent"],
                method=request.visitor.method, language=(get_language() or "uk")[:2], person=person,  # type: ignore[attr-defined]
            )  # fmt: skip
            messages.success(request, _("Your request is sent: you see its state here and on your page."))
            return HttpResponseRedirect(reverse("connect"))
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "portal/connect_request.html",
        {
            "territory": territory, "where": where(territory), "form": form, "body": body,
            "prefix": community_prefix(body) if body else "",
            "administrators": administrators_of(body) if body else [],
        },
        status=422 if form.errors else 409 if body and request.method == "POST" else 200,
    )  # fmt: skip


def _territory(code: str) -> Territory | None:
    """The territory of a code, if it may have a body of its own."""
    found = territory_coded(code)
    return found if found is not None and found.category in WITH_BODY else None
