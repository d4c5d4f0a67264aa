"""Memberships: confirm one by a document."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.queries import areas_of
from viche.foundation.refused import Refused
from viche.identity.actions import grant_membership, person_by_number
from viche.identity.models import Role
from viche.identity.queries import granted_memberships
from viche.office.forms.members import MembershipForm
from viche.portal.guards import official


@official(Role.OPERATOR, Role.ADMINISTRATOR)
def members(request: HttpRequest) -> HttpResponse:
    """Confirm a membership by a document; what was confirmed lately."""
    community = request.place.community  # type: ignore[attr-defined]
    form = MembershipForm(request.POST or None, areas=areas_of(community.territory))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person = person_by_number(tax_number=data["tax_number"])
        if person is None:
            form.add_error(
                "tax_number",
                _("Nobody with this number has identified here yet: ask the person to do so first."),
            )
        else:
            try:
                grant_membership(
                    person=person, territory=form.areas[data["territory"]], basis=data["basis"],
                    document_reference=data["document_reference"], community=community,
                    by=request.visitor.actor(),  # type: ignore[attr-defined]
                )  # fmt: skip
                messages.success(request, _("The membership is confirmed."))
                return HttpResponseRedirect(reverse("office-members"))
            except Refused as refused:
                form.add_error(None, refused.message)
    return render(
        request,
        "office/members.html",
        {"form": form, "latest": granted_memberships(community)},
        status=422 if form.errors else 200,
    )
