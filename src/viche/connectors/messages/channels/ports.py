"""What every channel of messages can do. One file a channel; the registry is in the package's __init__."""

from dataclasses import dataclass
from typing import Protocol

from viche.foundation.mail import Enclosure


@dataclass(frozen=True)
class Message:
    """One message, put together at the moment of sending. key: the same for the same message, also when it is sent
    again after a crash. unsubscribe: the absolute address that ends all messages to this address, empty where the
    message is no notice. body: the id of the body that all of it is about, "" where there are several or none.
    enclosures: files with it, where the channel carries files (letters).
    """

    key: str
    to: str
    subject: str
    text: str
    unsubscribe: str = ""
    body: str = ""
    enclosures: tuple[Enclosure, ...] = ()


class NotSent(Exception):
    """It could not be sent now and may be later. The message holds our own words: no address, no secret.

    wait: seconds that the other side asked to wait, 0 where it did not.
    """

    def __init__(self, reason: str, *, wait: int = 0) -> None:
        super().__init__(reason)
        self.wait = wait


class Undeliverable(Exception):
    """This address will never take it: it is not there, or its owner has closed it to us."""


class Channel(Protocol):
    """One way to reach a person."""

    name: str
    # whether the person types the address; otherwise the channel finds it (a chat that is begun by a link)
    is_typed: bool

    def checked(self, target: str) -> str:
        """An address as it is kept. Raises ValueError with the fault in words."""

    def is_offered(self) -> bool:
        """Whether this installation has it set up."""

    def send(self, message: Message) -> None:
        """Send now. Raises NotSent, Undeliverable."""
