"""Events of programs."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class ClientEvent(Event):
    """Base of the events about one program. client: its id; title: as it was called then."""

    client: str
    title: str

    sentence = ""
    about = "client:{client}"


@dataclass(frozen=True)
class ClientProposed(ClientEvent):
    sentence = gettext_noop(
        "An administrator wants to connect the program “%(title)s”, which may: %(scopes)s"
    )
    scopes: str


@dataclass(frozen=True)
class ClientConnected(ClientEvent):
    sentence = gettext_noop(
        "The program “%(title)s” is connected; the official in whose name it acts has agreed"
    )


@dataclass(frozen=True)
class ClientChanged(ClientEvent):
    sentence = gettext_noop("The limits of the program “%(title)s” were changed")


@dataclass(frozen=True)
class ClientKeyMade(ClientEvent):
    sentence = gettext_noop("A new key of the program “%(title)s” was made: %(hint)s")
    hint: str


@dataclass(frozen=True)
class ClientKeyRevoked(ClientKeyMade):
    sentence = gettext_noop("The key %(hint)s of the program “%(title)s” was revoked")


@dataclass(frozen=True)
class ClientRevoked(ClientEvent):
    sentence = gettext_noop("The program “%(title)s” was disconnected for good")
