"""Letters (foundation.mail)."""

import smtplib

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from viche.connectors.messages.channels.ports import Message, NotSent, Undeliverable
from viche.foundation import mail

# RFC 5321, 4.5.3.1.3
LONGEST = 254


class Mail:
    name = "email"
    is_typed = True

    def checked(self, target: str) -> str:
        try:
            validate_email(target)
        except ValidationError:
            raise ValueError(_("Write an e-mail address, for example olena@example.com.")) from None
        if len(target) > LONGEST:
            raise ValueError(_("No more than %(limit)d letters, please.") % {"limit": LONGEST})
        return target

    def is_offered(self) -> bool:
        return mail.is_set_up()

    def send(self, message: Message) -> None:
        """One plain letter; its headers let a mail program end the subscription by one press (RFC 8058)."""
        headers = {}
        if message.unsubscribe:
            headers = {
                "List-Unsubscribe": f"<{message.unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        try:
            mail.send_letter(
                key=message.key, to=message.to, subject=message.subject, text=message.text, headers=headers,
                enclosures=message.enclosures,
            )  # fmt: skip
        except smtplib.SMTPRecipientsRefused as error:
            code = min((int(answer[0]) for answer in error.recipients.values()), default=0)
            if code >= 500:
                raise Undeliverable(f"the mail server refuses this address ({code})") from None
            raise NotSent(f"the mail server does not take it now ({code})") from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"the mail server answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(f"no mail server: {type(error).__name__}") from None
