"""Events of the communities room."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class CommunityConnected(Event):
    sentence = gettext_noop("The community %(code)s is connected under the address “%(slug)s”")
    code: str
    slug: str

    @property
    def subject(self) -> str:
        return f"community:{self.code}"


@dataclass(frozen=True)
class CommunityBranded(Event):
    sentence = gettext_noop(
        "The community %(code)s changed its name, emblem, colours or contacts: %(changed)s"
    )
    code: str
    changed: str

    @property
    def subject(self) -> str:
        return f"community:{self.code}"


@dataclass(frozen=True)
class CommunityReaddressed(Event):
    sentence = gettext_noop("The community %(code)s has a new address on the platform: “%(slug)s”")
    code: str
    slug: str

    @property
    def subject(self) -> str:
        return f"community:{self.code}"


@dataclass(frozen=True)
class StaffDoorClosed(Event):
    sentence = gettext_noop("The community %(code)s closed its door to officials of the bodies above it")
    code: str

    @property
    def subject(self) -> str:
        return f"community:{self.code}"


@dataclass(frozen=True)
class StaffDoorOpened(StaffDoorClosed):
    sentence = gettext_noop("The community %(code)s opened its door to officials of the bodies above it")


@dataclass(frozen=True)
class CommunityArchived(Event):
    sentence = gettext_noop("The community %(code)s left the platform by the decision %(decision)s")
    code: str
    decision: str

    @property
    def subject(self) -> str:
        return f"community:{self.code}"


@dataclass(frozen=True)
class CommunityRestored(StaffDoorClosed):
    sentence = gettext_noop("The community %(code)s came back to the platform")
