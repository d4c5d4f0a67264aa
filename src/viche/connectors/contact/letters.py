"""What a letter about a message says, put together at the moment of sending."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from viche.connectors.contact.models import ContactLetter, ContactMessage
from viche.connectors.contact.queries import mailbox_of
from viche.connectors.messages.channels import Message
from viche.connectors.messages.links import URLS, body_address, own_address

Kind = ContactLetter.Kind


def letter_of(letter: ContactLetter) -> Message | None:
    """The letter as it is sent now, to officials in Ukrainian and to the writer in the writer's language.

    None where there is nothing to say any more: the mailbox was taken away meanwhile.
    """
    message = letter.message
    language = "uk" if letter.kind == Kind.MAILBOX else message.language
    with translation.override(language if language in dict(settings.LANGUAGES) else "uk"):
        if letter.kind == Kind.MAILBOX:
            to, (subject, text) = mailbox_of(message.community), _to_mailbox(message)
        else:
            to = message.email
            subject, text = _copy(message) if letter.kind == Kind.COPY else _answer(message)
    return Message(letter.key, to, subject, text) if to else None


def _to_mailbox(message: ContactMessage) -> tuple[str, str]:
    lines = [
        _("A message came by the contact form: %(subject)s.") % {"subject": message.get_subject_display()},
        _("From: %(name)s, %(email)s") % {"name": message.name, "email": message.email},
        _quoted(message.text),
        _("Answer it here, so that everybody sees that it is answered:"),
        _office_address(message),
    ]
    subject = _("Contact form: %(subject)s") % {"subject": message.get_subject_display()}
    return subject, "\n\n".join(lines) + "\n"


def _copy(message: ContactMessage) -> tuple[str, str]:
    lines = [
        _("Good day!"),
        _("Your message is received: %(body)s. This is what you wrote:") % {"body": _receiver(message)},
        _quoted(message.text),
    ]
    return _("A copy of your message"), "\n\n".join(lines) + "\n"


def _answer(message: ContactMessage) -> tuple[str, str]:
    lines = [
        _("Good day!"),
        message.answer,
        _receiver(message),
        _("You wrote:"),
        _quoted(message.text),
    ]
    return _("Answer to your message: %(body)s") % {"body": _receiver(message)}, "\n\n".join(lines) + "\n"


def _receiver(message: ContactMessage) -> str:
    return message.community.title if message.community is not None else _("The platform")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _office_address(message: ContactMessage) -> str:
    """The absolute address of the message's page. Only outside a request: no script prefix may be set."""
    if message.community is None:
        return own_address("platform-message", message.base, str(message.pk))
    path = reverse("office-message", args=[message.pk], urlconf=URLS)
    return body_address(message.community, message.base) + path
