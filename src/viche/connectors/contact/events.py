"""Events of the contact form: how many messages wait, never what they say or whose they are."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class MessageReceived(Event):
    """community: the body's code, or the platform's. waiting: messages without an answer after this one came."""

    sentence = gettext_noop("A message came by the contact form; waiting for an answer: %(waiting)s")
    about = "contact:{community}"
    community: str
    waiting: int


@dataclass(frozen=True)
class MessageAnswered(MessageReceived):
    sentence = gettext_noop("A message of the contact form was answered; waiting for an answer: %(waiting)s")


@dataclass(frozen=True)
class MessageClosed(MessageReceived):
    sentence = gettext_noop("A message of the contact form was closed; waiting for an answer: %(waiting)s")
