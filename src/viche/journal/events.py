"""What an entry says. Each room declares its events as frozen dataclasses derived from Event."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from django.utils.translation import gettext_noop

REGISTRY: dict[str, type["Event"]] = {}


@dataclass(frozen=True)
class Event:
    """Base of all events.

    sentence: msgid of the human sentence with %(field)s of the event. about: the pattern of its subject, with
    {field}s: what the entry is about, for histories, e.g. "project:{project}". is_timed: False for ballots, whose
    entries carry no time.
    """

    sentence: ClassVar[str]
    about: ClassVar[str]
    is_timed: ClassVar[bool] = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.__name__ in REGISTRY and REGISTRY[cls.__name__].__module__ != cls.__module__:
            raise TypeError(f"two events are called {cls.__name__}")
        REGISTRY[cls.__name__] = cls

    @property
    def subject(self) -> str:
        return self.about.format_map(self.data())

    @property
    def sort_key(self) -> bytes | None:
        """Order inside a sequencing batch; None keeps the order of writing."""
        return None

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The entry's data as its sentence needs them: codes become words. The leaf keeps the codes."""
        return data

    def data(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class LogOpened(Event):
    sentence = gettext_noop("The log of %(year)s is opened")
    about = "log:{log}"
    log: str
    year: int


@dataclass(frozen=True)
class LogBegunAnew(Event):
    sentence = gettext_noop(
        "The log is begun anew as files, edition %(edition)s: of %(size)s published entries some are lost. %(reason)s"
    )
    about = "log:{log}"
    log: str
    edition: int
    size: int
    root: str
    reason: str
