"""Events of the communities room."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class CommunityConnected(Event):
    sentence = gettext_noop("The community %(code)s is connected under the address “%(slug)s”")
    about = "community:{code}"
    code: str
    slug: str


@dataclass(frozen=True)
class CommunityBranded(Event):
    sentence = gettext_noop(
        "The community %(code)s changed its name, emblem, colours or contacts: %(changed)s"
    )
    about = "community:{code}"
    code: str
    changed: str


class _OfTerritory:
    """Filed under the territory that changed; edition: of the codifier."""

    about = "territory:{code}"
    code: str


@dataclass(frozen=True)
class TerritoryAdded(_OfTerritory, Event):
    sentence = gettext_noop("Codifier %(edition)s: %(title)s is a new territory (%(code)s)")
    code: str
    title: str
    edition: str


@dataclass(frozen=True)
class TerritoryRenamed(_OfTerritory, Event):
    sentence = gettext_noop("Codifier %(edition)s: %(before)s is called %(after)s now (%(code)s)")
    code: str
    before: str
    after: str
    edition: str


@dataclass(frozen=True)
class TerritoryRecategorised(_OfTerritory, Event):
    sentence = gettext_noop("Codifier %(edition)s: %(title)s got another category (%(code)s)")
    code: str
    title: str
    before: str
    after: str
    edition: str


@dataclass(frozen=True)
class TerritoryMoved(_OfTerritory, Event):
    sentence = gettext_noop("Codifier %(edition)s: %(title)s (%(code)s) passed from %(before)s to %(after)s")
    code: str
    title: str
    before: str
    after: str
    edition: str


@dataclass(frozen=True)
class TerritoryClosed(_OfTerritory, Event):
    sentence = gettext_noop("Codifier %(edition)s: %(title)s (%(code)s) is no territory of its own any more")
    code: str
    title: str
    successor: str
    edition: str


@dataclass(frozen=True)
class TerritoryReopened(_OfTerritory, Event):
    sentence = gettext_noop("Codifier %(edition)s: %(title)s (%(code)s) is a territory again")
    code: str
    title: str
    edition: str


@dataclass(frozen=True)
class CommunityMoved(Event):
    """The body of a closed territory is the body of its successor; its journal goes on under its own code."""

    sentence = gettext_noop("The territory of the community %(code)s is %(territory)s now")
    about = "community:{code}"
    code: str
    territory: str
    edition: str


@dataclass(frozen=True)
class DistrictDrawn(_OfTerritory, Event):
    sentence = gettext_noop("The district “%(title)s” (%(code)s) was drawn")
    code: str
    title: str
    settlements: list[str]


@dataclass(frozen=True)
class DistrictRedrawn(_OfTerritory, Event):
    sentence = gettext_noop("The district “%(title)s” (%(code)s) was drawn anew")
    code: str
    title: str
    settlements: list[str]


@dataclass(frozen=True)
class DistrictClosed(_OfTerritory, Event):
    sentence = gettext_noop("The district “%(title)s” (%(code)s) was closed")
    code: str
    title: str


@dataclass(frozen=True)
class CommunityReaddressed(Event):
    sentence = gettext_noop("The community %(code)s has a new address on the platform: “%(slug)s”")
    about = "community:{code}"
    code: str
    slug: str


@dataclass(frozen=True)
class StaffDoorClosed(Event):
    sentence = gettext_noop("The community %(code)s closed its door to officials of the bodies above it")
    about = "community:{code}"
    code: str


@dataclass(frozen=True)
class StaffDoorOpened(StaffDoorClosed):
    sentence = gettext_noop("The community %(code)s opened its door to officials of the bodies above it")


@dataclass(frozen=True)
class CommunityArchived(Event):
    sentence = gettext_noop("The community %(code)s left the platform by the decision %(decision)s")
    about = "community:{code}"
    code: str
    decision: str


@dataclass(frozen=True)
class CommunityRestored(StaffDoorClosed):
    sentence = gettext_noop("The community %(code)s came back to the platform")
