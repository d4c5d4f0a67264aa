"""Bodies that move here from another Viche: the platform's administrator looks at their archive and takes it over."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.connectors.arrivals.actions import Brought, import_archive
from viche.connectors.arrivals.shelf import archive_at, forget_archive, keep_archive
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.arrivals import ArchiveForm
from viche.portal.guards import platform


@platform(shows=NOTHING)
def archives(request: HttpRequest) -> HttpResponse:
    """Upload an archive: it is checked and tried without keeping anything; then it is taken over."""
    if request.method == "POST" and request.POST.get("act") == "take":
        return _take(request)
    form = ArchiveForm(request.POST or None, request.FILES or None)
    found: Brought | None = None
    reference: UUID | None = None
    if request.method == "POST" and form.is_valid():
        reference = keep_archive(form.cleaned_data["file"].chunks())
        try:
            found = _import(request, reference, is_dry=True)
        except Refused as refused:
            forget_archive(reference)
            if refused.status == 403:
                raise
            form.add_error("file", refused.message)
    context = {"form": form, "found": found, "reference": reference, "roles": _roles(found)}
    return render(request, "office/arriving.html", context, status=422 if form.errors else 200)


def _import(request: HttpRequest, reference: UUID, *, is_dry: bool) -> Brought:
    """Refused: gone, and as import_archive."""
    path = archive_at(reference)
    if path is None:
        raise Refused("gone", _("The archive is here no more: upload it again."), status=422)
    return import_archive(path=path, is_dry=is_dry, by=request.visitor.actor())  # type: ignore[attr-defined]


def _take(request: HttpRequest) -> HttpResponse:
    try:
        reference = UUID(request.POST.get("reference", ""))
    except ValueError:
        raise Refused("gone", _("The archive is here no more: upload it again."), status=422) from None
    found = _import(request, reference, is_dry=False)
    forget_archive(reference)
    messages.success(request, _("%s is here, with all that its archive carries.") % found.title)
    return HttpResponseRedirect(reverse("platform-arrivals"))


def _roles(found: Brought | None) -> list[tuple[object, int]]:
    """How many people held which office there and are to be invited here."""
    held = [each["role"] for each in found.offices if each["until"] is None] if found else []
    return [(role.label, held.count(role.value)) for role in Role if role.value in held]
