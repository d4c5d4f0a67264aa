"""The operator's desk for people whom no provider vouches for: by a passport, and two records made one."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.communities.queries import areas_of
from viche.foundation.refused import Refused
from viche.identity.actions import grant_by_passport, merge_by_documents
from viche.identity.models import DataKind, Role
from viche.identity.numbers import ReadNumber
from viche.identity.queries import person_of_token
from viche.office.forms.members import MergeForm, PassportForm
from viche.office.views.members import refuse_form
from viche.portal.guards import official


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=DataKind.SEARCHES)
def by_passport(request: HttpRequest) -> HttpResponse:
    """Record somebody without a tax number, and why they belong here."""
    community = request.place.community  # type: ignore[attr-defined]
    form = PassportForm(request.POST or None, areas=areas_of(community.territory))
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "is_marked"}
        data["territory"] = form.areas[data["territory"]]
        request.shown.searched(_known(data["passport"]))  # type: ignore[attr-defined]
        try:
            grant_by_passport(**data, community=community, by=request.visitor.actor())  # type: ignore[attr-defined]
        except Refused as refused:
            refuse_form(form, refused)
        else:
            messages.success(request, _("The person is recorded and the membership confirmed."))
            return HttpResponseRedirect(reverse("office-members"))
    return _page(request, "office/member_passport.html", form)


@official(Role.OPERATOR, Role.ADMINISTRATOR, shows=DataKind.MERGING)
def merge(request: HttpRequest) -> HttpResponse:
    """Make one person of two records, by the documents shown."""
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        request.shown.searched(_known(data["tax_number"], data["passport"]))  # type: ignore[attr-defined]
        try:
            merge_by_documents(
                number=data["tax_number"], passport=data["passport"], document_reference=data["document_reference"],
                community=request.place.community, by=request.visitor.actor(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            refuse_form(form, refused)
        else:
            messages.success(request, _("Both numbers lead to one person now."))
            return HttpResponseRedirect(reverse("office-members"))
    return _page(request, "office/member_merge.html", form)


def _known(*numbers: ReadNumber) -> list[UUID]:
    """References of those whom the numbers lead to."""
    found = [person_of_token(each.kind, each.token) for each in numbers]
    return [person.pk for person in found if person is not None]


def _page(request: HttpRequest, template: str, form: Form) -> HttpResponse:
    request.shown.about([])  # type: ignore[attr-defined]
    return render(request, template, {"form": form}, status=422 if form.errors else 200)
