"""Invitations: an office is offered by e-mail and accepted once, by an identified person."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions.letters import queue_letter
from viche.identity.actions.offices import check_unit, write_office
from viche.identity.events import (
    InvitationAccepted,
    InvitationDeclined,
    InvitationWithdrawn,
    OfficialInvited,
)
from viche.identity.letters import invitation_token
from viche.identity.models import COMMUNITY_ROLES, PLATFORM, Invitation, Office, Person, Role
from viche.identity.queries import roles_in
from viche.journal import actions as journal

DAYS = 14
A_DAY = 30
MAX_SENT = 5


def _administrator_only(community: Community, by: Actor) -> None:
    # the platform invites the first administrator of a body it has connected
    if by.holds(Role.PLATFORM, community=PLATFORM):
        return
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused("not_administrator", _("Only an administrator gives offices."), status=403)


def _fresh(invitation: Invitation) -> str:
    """Give the invitation a new token and 14 days; returns the token."""
    invitation.nonce = secrets.token_bytes(16)
    token = invitation_token(invitation.nonce)
    invitation.token_hash = token_hash(token)
    invitation.expires_at = clock.now() + timedelta(days=DAYS)
    return token


def token_hash(token: str) -> bytes:
    """What the database keeps of the secret token of a link: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()


def invite_official(
    *, community: Community, email: str, role: str, language: str, base: str, by: Actor, unit: str = ""
) -> tuple[Invitation, str]:
    """Offer an office by e-mail; returns the invitation and the secret token of its link; journal: OfficialInvited.

    base: the absolute address of the community's pages, with a slash at its end. Locks the community's row.

    Refused: not_administrator, bad_email, unknown_role, bad_unit, already_invited (this address has an open
    invitation to the same office), too_many_invitations (30 a day from one body).
    """
    _administrator_only(community, by)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        message = error.messages[0]
        raise Refused("bad_email", message, fields={"email": message}, status=422) from None
    if role not in COMMUNITY_ROLES:
        message = _("Choose an office from the list.")
        raise Refused("unknown_role", message, fields={"role": message}, status=422)
    check_unit(unit)
    invitation = Invitation(
        community=community, email=email, role=role, unit=unit.strip(), language=language,
        invited_by_id=by.person_id, invited_at=clock.now(),
    )  # fmt: skip
    token = _fresh(invitation)
    try:
        with transaction.atomic():
            Community.objects.select_for_update().get(pk=community.pk)
            _bound(community)
            # one that has expired makes room for a new one
            old = Invitation.objects.filter(
                community=community, email=email, role=role, accepted_at__isnull=True,
                withdrawn_at__isnull=True, declined_at__isnull=True, expires_at__lte=clock.now(),
            )  # fmt: skip
            old.update(withdrawn_at=clock.now())
            with transaction.atomic():
                invitation.save(force_insert=True)
            _send(invitation, base)
            journal.append(
                OfficialInvited(invitation=str(invitation.id), role=role),
                community=community.code, year=clock.year(), by=by,
            )  # fmt: skip
    except IntegrityError:
        message = _("This address already has an open invitation to this office: send it again below.")
        raise Refused("already_invited", message, fields={"email": message}) from None
    return invitation, token


def _bound(community: Community) -> None:
    day = clock.now() - timedelta(days=1)
    if Invitation.objects.filter(community=community, invited_at__gt=day).count() >= A_DAY:
        raise Refused(
            "too_many_invitations",
            _("No more than %(limit)d invitations a day: continue tomorrow.") % {"limit": A_DAY},
            status=429,
        )


def _send(invitation: Invitation, base: str) -> None:
    queue_letter(
        key=f"invitation:{invitation.id}:{invitation.sent_number}", kind="invitation", subject=invitation.id,
        to=invitation.email, language=invitation.language, base=base,
    )  # fmt: skip


def _held(invitation: Invitation) -> Invitation:
    """The invitation, its row locked."""
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("community__territory")
        .get(pk=invitation.pk)
    )


def resend_invitation(*, invitation: Invitation, base: str, by: Actor) -> str:
    """Send an open invitation again, with a new link for another 14 days; returns the new token; locks its row.

    The earlier link opens nothing any more. Refused: not_administrator, not_open, too_many_invitations (sent five
    times).
    """
    _administrator_only(invitation.community, by)
    with transaction.atomic():
        held = _held(invitation)
        if not held.is_open:
            raise Refused("not_open", _("This invitation is already accepted or closed."))
        if held.sent_number >= MAX_SENT:
            raise Refused(
                "too_many_invitations",
                _("It was sent %(limit)d times. Ask the person for another address.") % {"limit": MAX_SENT},
                status=429,
            )
        held.sent_number += 1
        token = _fresh(held)
        held.save()
        _send(held, base)
    return token


def withdraw_invitation(*, invitation: Invitation, by: Actor) -> None:
    """Close an open invitation; locks its row; journal: InvitationWithdrawn. A closed one stays as it is.

    Refused: not_administrator, not_open (it was accepted meanwhile).
    """
    _administrator_only(invitation.community, by)
    with transaction.atomic():
        held = _held(invitation)
        if held.accepted_at is not None:
            raise Refused("not_open", _("The invitation was accepted meanwhile: end the office instead."))
        if not held.is_open:
            return
        held.withdrawn_at = clock.now()
        held.save(update_fields=["withdrawn_at"])
        _close(held, InvitationWithdrawn, by)


def _close(held: Invitation, event: type[InvitationWithdrawn], by: Actor | None) -> None:
    journal.append(
        event(invitation=str(held.id), role=held.role),
        community=held.community.code, year=clock.year(), by=by,
    )  # fmt: skip


def decline_invitation(*, invitation: Invitation) -> None:
    """Whoever holds the link says that it was not meant for them: it opens nothing any more; locks its row;
    journal: InvitationDeclined. Refused: not_open (it was accepted).
    """
    with transaction.atomic():
        held = _held(invitation)
        if held.accepted_at is not None:
            raise Refused("not_open", _("This invitation was already used."))
        if held.is_open:
            held.declined_at = clock.now()
            held.save(update_fields=["declined_at"])
            _close(held, InvitationDeclined, None)


def refuse_unusable(invitation: Invitation, person: Person | None) -> None:
    """Refused, where the invitation can be accepted by nobody, or by nobody else: used, withdrawn, expired,
    inviter_gone. Passes for the person who has accepted it.
    """
    if invitation.accepted_at is not None:
        if person is not None and invitation.accepted_by_id == person.pk:
            return
        raise Refused("used", _("This invitation was already used."), status=410)
    if not invitation.is_open:
        raise Refused("withdrawn", _("This invitation is closed: ask for a new one."), status=410)
    if invitation.expires_at <= clock.now():
        raise Refused("expired", _("This invitation has expired: ask for a new one."), status=410)
    inviter = invitation.invited_by
    if inviter is not None and not (
        Role.ADMINISTRATOR in roles_in(inviter, invitation.community)
        or Role.PLATFORM in roles_in(inviter, None)
    ):
        raise Refused(
            "inviter_gone",
            _("Whoever sent this invitation gives no offices here any more: ask for a new one."),
            status=410,
        )


def accept_invitation(*, invitation: Invitation, person: Person) -> Office:
    """The identified person takes the office; locks the invitation's row; journal: OfficeGranted by the inviter,
    InvitationAccepted by the person. Accepting again is the same office; one held already stays as it is.

    Refused: used (by somebody else), withdrawn, expired, inviter_gone.
    """
    with transaction.atomic():
        held = _held(invitation)
        refuse_unusable(held, person)
        if held.accepted_at is not None and held.office is not None:
            return held.office
        reference = str(held.invited_by_id) if held.invited_by_id else ""
        office = write_office(
            person=person, community=held.community, role=held.role, unit=held.unit,
            granted_by=held.invited_by_id, by=Actor(kind="official", reference=reference) if reference else None,
        )  # fmt: skip
        held.accepted_by, held.accepted_at, held.office = person, clock.now(), office
        held.save(update_fields=["accepted_by", "accepted_at", "office"])
        journal.append(
            InvitationAccepted(invitation=str(held.id), office=str(office.id), role=held.role),
            community=held.community.code, year=clock.year(),
            by=Actor(kind="person", reference=str(person.id)),
        )  # fmt: skip
    return office
