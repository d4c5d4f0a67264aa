"""SMS by any gateway that takes one HTTP POST a message: JSON {"to", "text", "key"}, with a bearer token.

Viber and others are reached the same way by gateways that fall back from one to the other.
"""

import re

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from viche.connectors.messages.channels.ports import Message, NotSent, Undeliverable
from viche.identity.providers.wire import quiet_wire

TIMEOUT_SECONDS = 20
# two parts of a Ukrainian SMS, and a link
LONGEST = 300


class Sms:
    name = "sms"
    is_typed = True

    def checked(self, target: str) -> str:
        """A number of Ukraine as +380XXXXXXXXX, or another country's with its code."""
        digits = re.sub(r"[\s()\-.\u00a0]", "", target)
        if re.fullmatch(r"0\d{9}", digits):
            digits = f"+38{digits}"
        if re.fullmatch(r"380\d{9}", digits):
            digits = f"+{digits}"
        if not re.fullmatch(r"\+[1-9]\d{8,14}", digits, re.ASCII):
            raise ValueError(_("Write the number with its code, for example +380 67 123 45 67."))
        return digits

    def is_offered(self) -> bool:
        return bool(settings.SMS_URL)

    def send(self, message: Message) -> None:
        """One message; the key lets a gateway drop a repetition."""
        headers = {"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {}
        document = {"to": message.to, "text": short(message), "key": message.key}
        failure = ""
        try:
            with quiet_wire(), httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
                status = client.post(settings.SMS_URL, json=document, headers=headers).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = f"the gateway cannot be reached: {type(error).__name__}"
        if failure:
            raise NotSent(failure)
        if status in {400, 404, 422}:
            raise Undeliverable(f"the gateway refuses this number ({status})")
        if status >= 300:
            raise NotSent(f"the gateway answered {status}")


def short(message: Message) -> str:
    """The subject and the first link: an SMS is paid by its length."""
    link = re.search(r"https?://\S+", message.text)
    text = message.subject[:LONGEST]
    return f"{text} {link[0]}" if link else text
