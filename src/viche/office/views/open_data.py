"""The terms of a body's open data: licence, the body's code, a mailbox for questions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.connectors.open_data.actions import set_terms
from viche.connectors.open_data.places import body_address
from viche.connectors.open_data.queries import terms_of
from viche.foundation.refused import Refused
from viche.identity.models import NOTHING, Role
from viche.office.forms.open_data import TermsForm
from viche.portal.guards import official


@official(Role.ADMINISTRATOR, shows=NOTHING)
def terms(request: HttpRequest) -> HttpResponse:
    """See and set the terms."""
    community = request.place.community  # type: ignore[attr-defined]
    form = TermsForm(
        request.POST if request.method == "POST" else None, initial=TermsForm.of(terms_of(community))
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_terms(community=community, by=request.visitor.actor(), **form.cleaned_data)  # type: ignore[attr-defined]
            messages.success(request, _("The terms are saved. The files follow within minutes."))
            return HttpResponseRedirect(reverse("office-data"))
        except Refused as refused:
            if refused.code != "bad_value":
                raise
            form.refuse(refused)
    context = {"form": form, "catalogue": body_address(community, "data-catalog", "rdf")}
    return render(request, "office/open_data.html", context, status=422 if form.errors else 200)
