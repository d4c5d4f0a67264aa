"""Events of the identity room. A person is named by reference only."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from viche.journal.events import Event


@dataclass(frozen=True)
class MembershipGranted(Event):
    sentence = gettext_noop("An operator confirmed a membership (%(basis)s) in %(territory)s")
    membership: str
    territory: str
    basis: str

    @property
    def subject(self) -> str:
        return f"membership:{self.membership}"


@dataclass(frozen=True)
class OfficeGranted(Event):
    sentence = gettext_noop("A person was given the office “%(role)s”")
    office: str
    role: str

    @property
    def subject(self) -> str:
        return f"office:{self.office}"


@dataclass(frozen=True)
class OfficeEnded(Event):
    sentence = gettext_noop("An office “%(role)s” has ended")
    office: str
    role: str

    @property
    def subject(self) -> str:
        return f"office:{self.office}"
