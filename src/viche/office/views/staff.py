"""Staff: who holds what here, invitations, the door to officials of the bodies above."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from viche.communities.actions import admit_staff_from_above
from viche.communities.models import Community
from viche.foundation import clock, mail
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions import (
    end_office,
    invite_official,
    resend_invitation,
    reset_factors,
    withdraw_invitation,
)
from viche.identity.models import DataKind, Role
from viche.identity.queries import invitation_in, invitations_of, office_in, staff_of, without_factor
from viche.office.forms.staff import InviteForm, ResetForm
from viche.portal.guards import official

LINK = "invitation_link"


def base_address(request: HttpRequest) -> str:
    """The absolute address of the community's pages, with a slash at its end."""
    return request.build_absolute_uri(request.place.prefix)  # type: ignore[attr-defined]


def keep_link(request: HttpRequest, email: str, token: str) -> None:
    """Where letters do not reach people, the link is shown once on the next page, to be handed over."""
    if not mail.reaches_people():
        link = request.build_absolute_uri(reverse("invitation", args=[token]))
        request.session[LINK] = {"email": email, "link": link}


def send_invitation(request: HttpRequest, form: InviteForm, community: Community) -> bool:
    """Invite as the form says; False where it has faults."""
    data = form.cleaned_data
    try:
        invitation, token = invite_official(
            community=community, email=data["email"], role=data["role"], unit=data["unit"],
            language=(get_language() or "uk")[:2], base=base_address(request),
            by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        if refused.status == 403:
            raise
        form.refuse(refused)
        return False
    keep_link(request, invitation.email, token)
    messages.success(request, _("The invitation to %s is on its way.") % invitation.email)
    return True


@official(Role.ADMINISTRATOR, shows=DataKind.STAFF)
def staff(request: HttpRequest) -> HttpResponse:
    """Who holds what, since when, given by whom; who is invited; the door to the staff of bodies above."""
    community = request.place.community  # type: ignore[attr-defined]
    form = InviteForm(request.POST if request.POST.get("act") == "invite" else None)
    if request.method == "POST":
        if request.POST.get("act") != "invite":
            _act(request, community, request.visitor.actor())  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse("office-staff"))
        if form.is_valid() and send_invitation(request, form, community):
            return HttpResponseRedirect(reverse("office-staff"))
    holders = staff_of(community)
    invited = invitations_of(community)
    request.shown.about(  # type: ignore[attr-defined]
        [each.office.person_id for each in holders], number=len(holders) + len(invited)
    )
    now = clock.now()
    return render(
        request,
        "office/staff.html",
        {
            "community": community,
            "own": [each for each in holders if each.origin is None],
            "inherited": [each for each in holders if each.origin is not None],
            "invitations": [
                {"invitation": each, "is_expired": each.is_open and each.expires_at <= now}
                for each in invited
            ],
            "administrators": sum(
                each.office.role == Role.ADMINISTRATOR for each in holders if each.origin is None
            ),
            "without_factor": without_factor(community),
            "form": form,
            "link": request.session.pop(LINK, None),
        },
        status=422 if form.errors else 200,
    )


def _act(request: HttpRequest, community: Community, by: Actor) -> None:
    act = request.POST.get("act", "")
    if act in {"open", "close"}:
        admit_staff_from_above(community=community, is_open=act == "open", by=by)
        messages.success(
            request,
            _("Officials of the bodies above have their rights here again.")
            if act == "open"
            else _("The door is closed: officials of the bodies above have no rights here."),
        )
        return
    invitation = invitation_in(community, request.POST.get("invitation", ""))
    if invitation is None or act not in {"withdraw", "resend"}:
        raise Refused("unknown_act", _("There is nothing to do here now."), status=422)
    if act == "withdraw":
        withdraw_invitation(invitation=invitation, by=by)
        messages.success(request, _("The invitation is withdrawn: its link opens nothing any more."))
        return
    token = resend_invitation(invitation=invitation, base=base_address(request), by=by)
    keep_link(request, invitation.email, token)
    messages.success(request, _("The invitation to %s is on its way.") % invitation.email)


@official(Role.ADMINISTRATOR, shows=DataKind.STAFF)
def reset(request: HttpRequest) -> HttpResponse:
    """Reset the second factor of an official who has lost it, with how one made sure who asked."""
    community = request.place.community  # type: ignore[attr-defined]
    office = office_in(community, request.POST.get("office") or request.GET.get("office", ""))
    if office is None or office.until is not None:
        raise Http404("office")
    request.shown.about([office.person_id])  # type: ignore[attr-defined]
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reset_factors(
            person=office.person, community=community, reason=form.cleaned_data["reason"],
            by=request.visitor.actor(),  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(
            request,
            _("Reset: %s sets up a new second factor at the next visit.") % office.person.display_name,
        )
        return HttpResponseRedirect(reverse("office-staff"))
    return render(
        request,
        "office/staff_reset.html",
        {"office": office, "form": form},
        status=422 if form.errors else 200,
    )


@official(Role.ADMINISTRATOR, shows=DataKind.STAFF)
def end(request: HttpRequest) -> HttpResponse:
    """The one more look before an office ends."""
    community = request.place.community  # type: ignore[attr-defined]
    office = office_in(community, request.POST.get("office") or request.GET.get("office", ""))
    if office is None:
        raise Http404("office")
    if request.method == "POST":
        end_office(office=office, by=request.visitor.actor())  # type: ignore[attr-defined]
        messages.success(
            request,
            _("The office has ended: %(who)s, %(role)s.")
            % {"who": office.person.display_name, "role": office.get_role_display()},
        )
        return HttpResponseRedirect(reverse("office-staff"))
    if office.until is not None:
        raise Http404("office")
    request.shown.about([office.person_id])  # type: ignore[attr-defined]
    is_own = office.person == request.visitor.person  # type: ignore[attr-defined]
    return render(request, "office/staff_end.html", {"office": office, "is_own": is_own})
