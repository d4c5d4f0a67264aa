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
