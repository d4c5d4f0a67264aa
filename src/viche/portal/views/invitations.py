"""An invitation to an office, as the invited person meets it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from viche.foundation.refused import Refused
from viche.identity.actions import accept_invitation, decline_invitation
from viche.identity.actions.invitations import refuse_unusable
from viche.identity.models import Invitation, Role
from viche.identity.queries import done_steps, invitation_of
from viche.portal.guards import public, to_login
from viche.portal.refusals import refusal_page


@public
def invitation(request: HttpRequest, name: str) -> HttpResponse:
    """What is offered, by whom, to which address; accept after identification, or say that it is not for you.

    name: the secret part of the link.
    """
    found = invitation_of(name, request.place.community)  # type: ignore[attr-defined]
    if found is None:
        raise Http404("invitation")
    person = request.visitor.person  # type: ignore[attr-defined]
    try:
        refuse_unusable(found, person)
        response = _answered(request, found) if request.method == "POST" else _shown(request, found)
    except Refused as refused:
        return refusal_page(request, refused, title=_("This invitation cannot be used"))
    response["Cache-Control"] = "no-store"
    return response


def _shown(request: HttpRequest, found: Invitation) -> HttpResponse:
    return render(
        request,
        "portal/invitation.html",
        {"invitation": found, "is_accepted": found.accepted_at is not None},
    )


def _answered(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.POST.get("act") == "decline":
        decline_invitation(invitation=found)
        messages.success(request, _("Thank you. The invitation is closed, and its sender sees it."))
        return HttpResponseRedirect(reverse("home"))
    person = request.visitor.person  # type: ignore[attr-defined]
    if person is None:
        return to_login(request)
    office = accept_invitation(invitation=found, person=person)
    messages.success(request, _("You now hold the office: %s.") % office.get_role_display())
    is_first = office.role == Role.ADMINISTRATOR and not done_steps(found.community)
    return HttpResponseRedirect(reverse("office-begin" if is_first else "office"))
