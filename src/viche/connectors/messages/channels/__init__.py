"""The ways messages go: one file each. How to add one: docs/how-to/add-a-message-channel.md."""

from viche.connectors.messages.channels.mail import Mail
from viche.connectors.messages.channels.ports import Channel, Message, NotSent, Undeliverable
from viche.connectors.messages.channels.sms import Sms
from viche.connectors.messages.channels.telegram import Telegram

TELEGRAM = Telegram()
CHANNELS: dict[str, Channel] = {each.name: each for each in (Mail(), TELEGRAM, Sms())}


def offered_channels() -> list[Channel]:
    """The channels that this installation has set up."""
    return [channel for channel in CHANNELS.values() if channel.is_offered()]


__all__ = ["CHANNELS", "TELEGRAM", "Channel", "Message", "NotSent", "Undeliverable", "offered_channels"]
