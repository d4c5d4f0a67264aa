"""What people write to the bot: the code that connects their chat, or that they want no more."""

import logging

from django.db import transaction

from viche.connectors.messages.actions.addresses import confirm_address, end_messages
from viche.connectors.messages.channels import TELEGRAM
from viche.connectors.messages.models import Address, Delivery, Inbox
from viche.connectors.messages.tokens import CHAT, address_by_token
from viche.foundation import clock
from viche.foundation.refused import Refused

log = logging.getLogger("viche.messages")


def accept_chats() -> int:
    """Read what was written to the bot since the last time; how many chats were connected.

    Locks the inbox, so that two workers never read the same; what a crash undoes is read again, and connecting twice
    is once. Raises NotSent where Telegram cannot be asked.
    """
    if not TELEGRAM.is_offered():
        return 0
    Inbox.objects.bulk_create([Inbox(channel=TELEGRAM.name)], ignore_conflicts=True)
    connected = 0
    with transaction.atomic():
        inbox = Inbox.objects.select_for_update().get(channel=TELEGRAM.name)
        for each in TELEGRAM.heard(inbox.next_update):
            inbox.next_update = max(inbox.next_update, each.number + 1)
            if each.chat:
                connected += _answered(each.chat, each.text.split())
        inbox.save(update_fields=["next_update"])
    return connected


def _answered(chat: str, words: list[str]) -> bool:
    if words[:1] == ["/stop"]:
        for address in Address.objects.filter(channel=TELEGRAM.name, target=chat):
            end_messages(address=address)
        return False
    if words[:1] != ["/start"] or len(words) != 2:
        return False
    asked = address_by_token(words[1], CHAT)
    if asked is None or asked.channel != TELEGRAM.name or asked.confirmed_at is not None:
        return False
    try:
        with transaction.atomic():
            address = confirm_address(address=asked, target=chat)
    except Refused:
        return False  # the code has expired: the settings page offers another
    Delivery.objects.create(
        key=f"hello:{address.pk}:{clock.now().timestamp():.0f}", address=address, kind="hello", queued_at=clock.now(),
        next_at=clock.now(),
    )  # fmt: skip
    return True
