"""Keys of a partner: proposed by one administrator, confirmed by another, revoked by one."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.channels.terminals.events import (
    PartnerKeyConfirmed,
    PartnerKeyEvent,
    PartnerKeyProposed,
    PartnerKeyRevoked,
)
from viche.channels.terminals.models import Partner, PartnerKey, PartnerState
from viche.channels.terminals.partners import fingerprint
from viche.channels.terminals.public_keys import check_public_key
from viche.channels.terminals.tokens import new_key_id
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role
from viche.journal import actions as journal


def add_key(*, partner: Partner, public_key: bytes, by: Actor) -> PartnerKey:
    """Propose a key (32 bytes) of the partner; it counts once another administrator confirmed it.

    Journal: PartnerKeyProposed. Refused: not_administrator, bad_value (key), key_used, declined.
    """
    _administrators_only(partner, by)
    check_public_key(public_key)
    if partner.state == PartnerState.DECLINED:
        raise Refused("already_done", _("This partner was not connected."), status=409)
    try:
        with transaction.atomic():
            made = PartnerKey.objects.create(
                community_id=partner.community_id, partner=partner, key_id=new_key_id(partner),
                public_key=public_key, added_by_id=by.person_id, added_at=clock.now(),
            )  # fmt: skip
            _record(PartnerKeyProposed, made, partner, by)
    except IntegrityError:
        message = _("This key is, or was, somebody’s here: a new pair is needed.")
        raise Refused("key_used", message, fields={"key": message}, status=422) from None
    return made


def confirm_key(*, key: PartnerKey, by: Actor) -> PartnerKey:
    """A second administrator compared the fingerprint: the key counts from now on.

    Locks the key; journal: PartnerKeyConfirmed. Refused: not_administrator, same_person, already_done.
    """
    _administrators_only(key.partner, by)
    with transaction.atomic():
        held = PartnerKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
        if held.confirmed_at is not None or held.revoked_at is not None:
            raise Refused("already_done", _("Somebody has decided about this already."), status=409)
        if held.added_by_id is not None and held.added_by_id == by.person_id:
            raise Refused(
                "same_person",
                _("You have proposed this yourself: another administrator decides."),
                status=403,
            )
        return _confirmed(held, by)


def confirm_keys(*, partner: Partner, by: Actor) -> None:
    """With the partner its proposed keys are confirmed; runs in the caller's transaction, which holds the partner."""
    waiting = PartnerKey.objects.select_for_update(of=("self",)).filter(
        partner=partner, confirmed_at=None, revoked_at=None
    )
    for key in waiting:
        if key.added_by_id is None or key.added_by_id != by.person_id:
            _confirmed(key, by)


def revoke_key(*, key: PartnerKey, by: Actor) -> PartnerKey:
    """The key counts no more, for good. One administrator is enough. Locks the key; journal: PartnerKeyRevoked.

    Refused: not_administrator.
    """
    _administrators_only(key.partner, by)
    with transaction.atomic():
        held = PartnerKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
        if held.revoked_at is None:
            held.revoked_at = clock.now()
            held.save(update_fields=["revoked_at"])
            _record(PartnerKeyRevoked, held, held.partner, by)
    return held


def _confirmed(key: PartnerKey, by: Actor) -> PartnerKey:
    key.confirmed_at, key.confirmed_by_id = clock.now(), by.person_id
    key.save(update_fields=["confirmed_at", "confirmed_by"])
    _record(PartnerKeyConfirmed, key, key.partner, by)
    return key


def _administrators_only(partner: Partner, by: Actor) -> None:
    if not by.holds(Role.ADMINISTRATOR, community=partner.community.code):
        raise Refused(
            "not_administrator", _("Only an administrator changes the keys of terminals."), status=403
        )


def _record(kind: type[PartnerKeyEvent], key: PartnerKey, partner: Partner, by: Actor) -> None:
    event = kind(
        partner=str(partner.pk), title=partner.name, key=key.key_id, fingerprint=fingerprint(key.public_key)
    )
    journal.append(event, community=partner.community.code, year=clock.year(), by=by)
