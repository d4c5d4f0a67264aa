"""Events of the polling points. They name no person: who is on duty stays in the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.contests.events import moment_text
from viche.journal.events import Event


@dataclass(frozen=True)
class PointEvent(Event):
    """Base of the events about one polling point. point: its reference; title: as it was called then."""

    point: str
    title: str

    sentence = ""
    about = "point:{point}"


@dataclass(frozen=True)
class PointAdded(PointEvent):
    sentence = gettext_noop("A polling point is added: “%(title)s”, %(place)s")
    place: str
    contests: list[str]


@dataclass(frozen=True)
class PointChanged(PointEvent):
    """changed: the fields that changed, by their names."""

    sentence = gettext_noop("The polling point “%(title)s” is changed, address: %(place)s")
    place: str
    contests: list[str]
    changed: list[str]


@dataclass(frozen=True)
class PointClosed(PointEvent):
    sentence = gettext_noop("The polling point “%(title)s” is closed")


class _Shift:
    """The moments of a shift in words; operators: how many."""

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            **data, "starts_at": moment_text(data["starts_at"]), "ends_at": moment_text(data["ends_at"]),
        }  # fmt: skip


@dataclass(frozen=True)
class ShiftPlanned(_Shift, PointEvent):
    sentence = gettext_noop(
        "A shift at the polling point “%(title)s” is planned: from %(starts_at)s to %(ends_at)s, "
        "operators: %(operators)s"
    )
    shift: str
    starts_at: str
    ends_at: str
    operators: int


@dataclass(frozen=True)
class ShiftCancelled(_Shift, PointEvent):
    sentence = gettext_noop(
        "A shift at the polling point “%(title)s” is cancelled: from %(starts_at)s to %(ends_at)s"
    )
    shift: str
    starts_at: str
    ends_at: str


@dataclass(frozen=True)
class ScreenPaired(PointEvent):
    """screen: its reference, which votes cast at it carry, sealed."""

    sentence = gettext_noop("A public screen is tied to the polling point “%(title)s”")
    screen: str


@dataclass(frozen=True)
class ScreenRevoked(PointEvent):
    sentence = gettext_noop("A public screen at the polling point “%(title)s” is shut out")
    screen: str
