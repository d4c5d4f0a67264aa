"""Jobs of the messages room."""

import logging

from procrastinate.contrib.django import app

from viche.connectors.messages.actions import (
    accept_chats,
    make_notices,
    make_reminders,
    prepare_digests,
    prepare_messages,
    send_messages,
)
from viche.connectors.messages.channels import NotSent

log = logging.getLogger("viche.messages")


# seconds stand last: soon after the journal was sequenced
@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="make_notices", lock="make_notices")
def read_journal(timestamp: int) -> None:
    """Entries become notices."""
    make_notices()


@app.periodic(cron="* * * * * */20")
@app.task(queueing_lock="send_messages", lock="send_messages")
def send_queue(timestamp: int) -> None:
    """What is told at once, the digests that are due, and what is tried again."""
    prepare_messages()
    prepare_digests()
    send_messages()


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="accept_chats", lock="accept_chats")
def hear_chats(timestamp: int) -> None:
    """What people write to the bot, where there is one."""
    try:
        accept_chats()
    except NotSent as error:
        log.warning("%s", error)


# 6:30 or 7:30 in Kyiv: before the day's digest
@app.periodic(cron="30 4 * * *")
@app.task(queueing_lock="make_reminders", lock="make_reminders")
def remind(timestamp: int) -> None:
    """What is due soon or late."""
    make_reminders()
