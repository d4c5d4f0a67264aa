"""Leaving the platform: two officials, the archive of all data."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.connectors.export.actions import (
    approve_export,
    ask_to_leave,
    cancel_leaving,
    confirm_leaving,
    request_export,
)
from viche.connectors.export.queries import (
    file_of,
    file_to_take,
    last_leaving,
    latest_export,
    may_download,
    needs_second,
    open_leaving,
    running_contests,
)
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, DataKind, Role
from viche.office.forms.leaving import LeavingForm
from viche.portal.guards import official


@official(Role.ADMINISTRATOR, shows=NOTHING)
def leaving(request: HttpRequest) -> HttpResponse:
    """Take all data along, and leave: what stops it, who has asked, who confirms."""
    community = request.place.community  # type: ignore[attr-defined]
    by = request.visitor.actor()  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    form = LeavingForm(request.POST if act == "ask" else None)
    if request.method == "POST" and (done := _act(act, form, community, by)):
        messages.success(request, done)
        return HttpResponseRedirect(reverse("office-leaving"))
    export = latest_export(community)
    waiting = open_leaving(community)
    return render(
        request,
        "office/leaving.html",
        {
            "community": community, "form": form, "waiting": waiting, "left": last_leaving(community),
            "is_own": waiting is not None and waiting.asked_by_id == by.person_id,
            "running": running_contests(community), "export": export,
            "needs_second": needs_second(export), "is_asker": export is not None and export.asked_by_id == by.person_id,
            "file": file_of(export) if export else None, "may_download": may_download(community, by),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _agreed(community: Community, by: Actor) -> str:
    """A second official agrees to the latest archive; what to say."""
    export = latest_export(community)
    if export is None:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    approve_export(export=export, by=by)
    return _("Agreed: the archive can be downloaded.")


def _act(act: str, form: LeavingForm, community: Community, by: Actor) -> str:
    """Do the act that was pressed; what to say, empty where the form has faults."""
    if act == "export":
        request_export(community=community, by=by)
        return _("The archive is being made: open this page again in a few minutes.")
    if act == "agree":
        return _agreed(community, by)
    if act == "ask":
        if not form.is_valid():
            return ""
        try:
            ask_to_leave(community=community, decision=form.cleaned_data["decision"], by=by)
        except Refused as refused:
            if refused.status == 403:
                raise
            form.refuse(refused)
            return ""
        return _("Asked. Another administrator, or the platform, has to confirm.")
    waiting = open_leaving(community)
    if waiting is None or act not in {"confirm", "cancel"}:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    if act == "cancel":
        cancel_leaving(leaving=waiting, by=by)
        return _("Taken back: the body stays.")
    confirm_leaving(leaving=waiting, by=by)
    return _("The body has left. Its pages stay to be read; the archive is being made.")


@official(Role.ADMINISTRATOR, shows=DataKind.ARCHIVE)
def download(request: HttpRequest) -> HttpResponse:
    """The archive, for administrators of the body: an auditor reads pages, and takes nothing home."""
    community = request.place.community  # type: ignore[attr-defined]
    if not may_download(community, request.visitor.actor()):  # type: ignore[attr-defined]
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    request.shown.about([], record=community.code)  # type: ignore[attr-defined]
    return archive_of(community)


def archive_of(community: Community) -> HttpResponse:
    """The file, streamed; 404 while there is none."""
    path = file_to_take(community)
    if path is None:
        raise Http404("export")
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{community.slug}.zip", content_type="application/zip"
    )  # type: ignore[return-value]
