"""The static copy of the body, and its own domain."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.connectors.website.copies.keeping import copy_of, want_copy
from viche.connectors.website.copies.wording import fault_text
from viche.connectors.website.pushing.queries import published_results
from viche.identity.models import NOTHING, Role
from viche.portal.guards import official


@official(Role.ADMINISTRATOR, shows=NOTHING)
def copies(request: HttpRequest) -> HttpResponse:
    """How the copy stands, a fresh one on demand, how to have one on the body's own server."""
    community = request.place.community  # type: ignore[attr-defined]
    if request.method == "POST":
        want_copy(community=community, by=request.visitor.actor())  # type: ignore[attr-defined]
        messages.success(request, _("The copy is made anew within a few minutes."))
        return HttpResponseRedirect(reverse("office-copies"))
    copy = copy_of(community)
    published = published_results(community)
    return render(
        request,
        "office/copies.html",
        {
            "copy": copy, "is_kept": bool(settings.STATIC_COPIES_DIR), "minutes": settings.STATIC_COPIES_MINUTES,
            "fault": fault_text(copy.fault) if copy is not None and copy.fault else "",
            "contests": [each.contest for each in published], "community": community,
        },
    )  # fmt: skip
