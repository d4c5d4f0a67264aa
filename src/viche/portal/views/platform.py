"""The platform's own desk: requests to connect, bodies, those that leave and come back."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.communities.actions import restore_community
from viche.communities.models import Community
from viche.communities.queries import community_by_slug, connected_communities
from viche.connectors.export.actions import approve_export, confirm_leaving, request_export
from viche.connectors.export.queries import (
    file_of,
    file_to_take,
    last_leaving,
    latest_export,
    needs_second,
    open_leaving,
    running_contests,
    waiting_leavings,
)
from viche.foundation import mail
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions import approve_connection, ask_applicant, connect_directly, refuse_connection
from viche.identity.models import NOTHING, ConnectionRequest, DataKind
from viche.identity.queries import (
    administrators_of,
    checks_of,
    connection_request,
    decided_connections,
    free_slug,
    open_connections,
    territory_coded,
)
from viche.portal.connect_forms import ApproveForm, DirectForm, QuestionForm, RefuseForm
from viche.portal.contest_page import community_prefix
from viche.portal.guards import platform
from viche.portal.identifying import way_name
from viche.portal.refusable import RefusableForm
from viche.portal.views.start import where

LINK = "invitation_link"


def _base(request: HttpRequest) -> str:
    """The absolute address of the platform, with a slash."""
    return request.build_absolute_uri("/")


@platform(shows=DataKind.CONNECTIONS)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the platform: requests to connect, bodies that leave; what was decided lately."""
    asked = list(open_connections())
    request.shown.about([each.applicant_id for each in asked])  # type: ignore[attr-defined]
    return render(
        request,
        "portal/platform/desk.html",
        {
            "requests": [{"request": each, "where": where(each.territory)} for each in asked],
            "decided": decided_connections(),
            "leavings": waiting_leavings(),
        },
    )


@platform(shows=DataKind.CONNECTIONS)
def request_page(request: HttpRequest, name: str) -> HttpResponse:
    """One request with what is known about it: ask, approve, refuse."""
    asked = connection_request(name)
    if asked is None:
        raise Http404(name)
    request.shown.about([asked.applicant_id])  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    forms = {
        "approve": ApproveForm(
            request.POST if act == "approve" else None, initial={"slug": free_slug(asked.territory)}
        ),
        "ask": QuestionForm(request.POST if act == "ask" else None),
        "refuse": RefuseForm(request.POST if act == "refuse" else None),
    }
    if act in forms and (done := _decide(request, act, forms[act], asked)):
        messages.success(request, done)
        return HttpResponseRedirect(reverse("platform"))
    return render(
        request,
        "portal/platform/request.html",
        {
            "asked": asked, "where": where(asked.territory), "forms": forms, "checks": _checks(asked),
            "prefix": community_prefix(asked.community) if asked.community else "",
        },
        status=422 if any(form.errors for form in forms.values()) else 200,
    )  # fmt: skip


def _checks(asked: ConnectionRequest) -> list[dict[str, Any]]:
    """The checks in words."""
    said = {
        ("free", True): _("No body of this territory is connected yet."),
        ("free", False): _("A body of this territory is already connected: %s."),
        ("state_mail", True): _("The e-mail is a state one: %s."),
        ("state_mail", False): _(
            "The e-mail is not in .gov.ua: %s. Call the body back by a number from its website."
        ),
        ("identified", True): _("The applicant identified by: %s."),
        ("identified", None): _("How the applicant identified is not known."),
        ("local", True): _("The applicant's proven address lies in this territory."),
        ("local", None): _("The applicant's address in this territory is not proven; it need not be."),
    }
    rows = []
    for check in checks_of(asked):
        value = check.value
        if check.code == "identified" and value:
            method = value.rpartition(":")[2]
            value = way_name("", method)
        sentence = said[check.code, check.is_good]
        rows.append({"is_good": check.is_good, "text": sentence % value if "%s" in sentence else sentence})
    return rows


def _decide(request: HttpRequest, act: str, form: RefusableForm, asked: ConnectionRequest) -> str:
    """Do what was pressed; what to say, empty where the form has faults."""
    if not form.is_valid():
        return ""
    by, data, base = request.visitor.actor(), form.cleaned_data, _base(request)  # type: ignore[attr-defined]
    try:
        if act == "approve":
            body = approve_connection(request=asked, slug=data["slug"], base=base, by=by)
            return _("%s is connected, and the applicant is its administrator.") % body.title
        if act == "ask":
            ask_applicant(request=asked, question=data["question"], base=base, by=by)
            return _("The question is sent.")
        refuse_connection(request=asked, reason=data["reason"], base=base, by=by)
        return _("The request is refused.")
    except Refused as refused:
        if refused.code not in {"bad_slug", "slug_taken", "bad_value"}:
            raise
        form.refuse(refused)
        return ""


@platform(shows=NOTHING)
def connect(request: HttpRequest) -> HttpResponse:
    """Connect a body directly and invite its first administrator."""
    form = DirectForm(request.POST or None, initial={"code": request.GET.get("code", "")[:19]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        territory = territory_coded(data["code"])
        slug = data["slug"] or (free_slug(territory) if territory else "")
        try:
            body, invitation, token = connect_directly(
                code=data["code"], slug=slug, email=data["email"], language=(get_language() or "uk")[:2],
                base=_base(request), by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
            if not mail.reaches_people():
                link = f"{_base(request)}{body.slug}/invitation/{token}/"
                request.session[LINK] = {"email": invitation.email, "link": link}
            messages.success(request, _("%s is connected; the invitation is on its way.") % body.title)
            return HttpResponseRedirect(reverse("platform-body", args=[body.slug]))
        except Refused as refused:
            form.refuse(refused)
    return render(request, "portal/platform/connect.html", {"form": form}, status=422 if form.errors else 200)


@platform(shows=NOTHING)
def bodies(request: HttpRequest) -> HttpResponse:
    """All bodies, the archived ones last."""
    every = list(connected_communities())
    return render(
        request,
        "portal/platform/bodies.html",
        {
            "here": [each for each in every if each.archived_at is None],
            "gone": [each for each in every if each.archived_at is not None],
        },
    )


def _body(name: str) -> Community:
    found = community_by_slug(name)
    if found is None:
        raise Http404(name)
    return found


@platform(shows=DataKind.STAFF)
def body(request: HttpRequest, name: str) -> HttpResponse:
    """One body: its administrators, its archive, leaving and coming back."""
    community = _body(name)
    if request.method == "POST":
        messages.success(request, _act(request.POST.get("act", ""), community, request.visitor.actor()))  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("platform-body", args=[community.slug]))
    export = latest_export(community)
    administrators = administrators_of(community)
    request.shown.about([each.person_id for each in administrators])  # type: ignore[attr-defined]
    return render(
        request,
        "portal/platform/body.html",
        {
            "body": community, "prefix": community_prefix(community), "where": where(community.territory),
            "administrators": administrators, "waiting": open_leaving(community),
            "running": running_contests(community), "left": last_leaving(community), "export": export,
            "needs_second": needs_second(export),
            "is_asker": export is not None and export.asked_by_id == request.visitor.person.pk,  # type: ignore[attr-defined]
            "file": file_of(export) if export else None, "link": request.session.pop(LINK, None),
        },
    )  # fmt: skip


def _act(act: str, community: Community, by: Actor) -> str:
    if act == "restore":
        restore_community(community=community, by=by)
        return _("The body is back.")
    if act == "export":
        request_export(community=community, by=by)
        return _("The archive is being made: open this page again in a few minutes.")
    export = latest_export(community)
    if act == "agree" and export is not None:
        approve_export(export=export, by=by)
        return _("Agreed: the archive can be downloaded.")
    waiting = open_leaving(community)
    if act != "confirm" or waiting is None:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    confirm_leaving(leaving=waiting, by=by)
    return _("The body has left. Its pages stay to be read; the archive is being made.")


@platform(shows=DataKind.ARCHIVE)
def download(request: HttpRequest, name: str) -> HttpResponse:
    """The archive of a body, streamed; 404 while there is none."""
    community = _body(name)
    path = file_to_take(community)
    if path is None:
        raise Http404(name)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{community.slug}.zip", content_type="application/zip"
    )  # type: ignore[return-value]
