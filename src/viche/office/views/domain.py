"""The body's own domain: entered, the records to make, what is still missing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.actions import readdress_community
from viche.connectors.website.domain import domain_findings, is_answered, records_for
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.website import DomainForm
from viche.portal.guards import official


@official(Role.ADMINISTRATOR, shows=NOTHING)
def domain(request: HttpRequest) -> HttpResponse:
    """Enter the domain; with ?check=1 look whether it works."""
    community = request.place.community  # type: ignore[attr-defined]
    form = DomainForm(
        request.POST if request.method == "POST" else None, initial={"host": community.host or ""}
    )
    if form.is_bound and form.is_valid():
        try:
            readdress_community(
                community=community, slug=community.slug, host=form.cleaned_data["host"],
                by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("office-domain"))
    is_checked = bool(community.host) and request.GET.get("check") == "1"
    return render(
        request,
        "office/domain.html",
        {
            "form": form, "community": community, "waits": bool(community.host) and not is_answered(community.host),
            "records": records_for(community.host) if community.host else [],
            "findings": domain_findings(community.host) if is_checked else [],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
