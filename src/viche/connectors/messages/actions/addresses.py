"""Addresses: given by a person, confirmed by whoever reads what is sent there, silenced by one press, erased."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from viche.connectors.messages.channels import CHANNELS, offered_channels
from viche.connectors.messages.models import Address, Delivery, Item, Wish
from viche.connectors.messages.relevance import GROUPS
from viche.connectors.messages.tokens import is_confirmable
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.models import Person

# questions that one address, or one person's new address, may get in a day: nobody is flooded by a stranger
MOST_QUESTIONS = 4


def request_address(*, person: Person, channel: str, target: str, language: str, base: str) -> Address:
    """A person gives an address; a question goes there, and nothing else before it is answered.

    Replaces one asked for before and not confirmed; a confirmed one stays in use until then. Channels that find the
    address themselves (a chat) get none and are sent nothing. Refused: not_offered, bad_address, too_many_letters.
    """
    if channel not in {each.name for each in offered_channels()}:
        raise Refused("not_offered", _("This way is not set up here."), status=422)
    target = target.strip()
    if CHANNELS[channel].is_typed:
        try:
            target = CHANNELS[channel].checked(target)
        except ValueError as error:
            raise Refused("bad_address", str(error), fields={"target": str(error)}, status=422) from None
    with transaction.atomic():
        # the person's row is the lock: two presses are one after the other
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        address = Address.objects.filter(person=person, channel=channel, confirmed_at__isnull=True).first()
        address = address or Address(person=person, channel=channel)
        if CHANNELS[channel].is_typed:
            _check_rate(person, channel, target)
        address.target, address.language, address.base = target, language, base
        address.nonce, address.asked_at, address.fault = secrets.token_bytes(32), clock.now(), ""
        address.save()
        if CHANNELS[channel].is_typed:
            Delivery.objects.filter(address=address, state=Delivery.State.QUEUED).update(
                state=Delivery.State.FAILED, error="asked anew"
            )
            Delivery.objects.create(
                key=f"confirm:{address.pk}:{bytes(address.nonce).hex()[:16]}", address=address, kind="confirm",
                queued_at=clock.now(), next_at=clock.now(),
            )  # fmt: skip
    return address


def _check_rate(person: Person, channel: str, target: str) -> None:
    """Refused: too_many_letters."""
    lately = Delivery.objects.filter(kind="confirm", queued_at__gt=clock.now() - timedelta(days=1))
    mine = lately.filter(address__person=person, address__channel=channel).count()
    theirs = lately.filter(address__channel=channel, address__target__iexact=target).count()
    if max(mine, theirs) >= MOST_QUESTIONS:
        message = _(
            "We have asked often enough today. Look into the folder for unwanted mail, or try tomorrow."
        )
        raise Refused("too_many_letters", message, fields={"target": message}, status=429)


def confirm_address(*, address: Address, target: str = "") -> Address:
    """Whoever reads what is sent there confirms it; locks the person's addresses. Twice is once.

    An address in use on this channel takes over the new target, so that nothing queued is lost. target: for channels
    that find the address themselves. Refused: expired_link.
    """
    with transaction.atomic():
        rows = list(
            Address.objects.select_for_update()
            .filter(person=address.person_id, channel=address.channel)
            .order_by("pk")
        )
        asked = next((each for each in rows if each.pk == address.pk), None)
        if asked is not None and asked.confirmed_at is not None:
            return asked
        if asked is None or not is_confirmable(asked):
            raise Refused("expired_link", _("This link has expired. Give the address once more."), status=410)
        used = next((each for each in rows if each.confirmed_at is not None), None)
        kept = used or asked
        kept.target, kept.language, kept.base = target or asked.target, asked.language, asked.base
        kept.confirmed_at, kept.is_silent, kept.fault = clock.now(), False, ""
        if used is not None:
            asked.delete()
        kept.save()
    return kept


def end_messages(*, address: Address) -> None:
    """Unsubscribe: nothing more goes there, and what waited is dropped. Twice is once; the person may begin again."""
    with transaction.atomic():
        Address.objects.filter(pk=address.pk).update(is_silent=True)
        Item.objects.filter(address=address, delivery__isnull=True).delete()


def restore_messages(*, person: Person, channel: str) -> None:
    """Begin again with a silent or faulty address of the person."""
    mine = Address.objects.filter(person=person, channel=channel, confirmed_at__isnull=False)
    mine.update(is_silent=False, fault="")


def delete_address(*, person: Person, channel: str) -> None:
    """Erase the person's addresses on a channel, with everything that was queued for them."""
    Address.objects.filter(person=person, channel=channel).delete()


def revise_wishes(*, person: Person, channel: str, modes: dict[str, str], language: str) -> None:
    """How the person wants each group of notices on a channel, and in which language. Refused: unknown_mode."""
    if set(modes) - set(GROUPS) or set(modes.values()) - set(Wish.Mode.values):
        raise Refused("unknown_mode", _("Choose from the list."), status=422)
    rows = [Wish(person=person, channel=channel, group=group, mode=mode) for group, mode in modes.items()]
    with transaction.atomic():
        Wish.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["person", "channel", "group"], update_fields=["mode"]
        )
        Address.objects.filter(person=person, channel=channel).update(language=language)
