"""Events of the identity room. A person is named by reference only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.identity.models import Basis, Role
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

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "basis": Basis(data["basis"]).label}


@dataclass(frozen=True)
class OfficeGranted(Event):
    sentence = gettext_noop("A person was given the office “%(role)s”")
    office: str
    role: str

    @property
    def subject(self) -> str:
        return f"office:{self.office}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class OfficeEnded(Event):
    sentence = gettext_noop("An office “%(role)s” has ended")
    office: str
    role: str

    @property
    def subject(self) -> str:
        return f"office:{self.office}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class OfficialInvited(Event):
    sentence = gettext_noop("An invitation to the office “%(role)s” was sent")
    invitation: str
    role: str

    @property
    def subject(self) -> str:
        return f"invitation:{self.invitation}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class InvitationWithdrawn(Event):
    sentence = gettext_noop("An invitation to the office “%(role)s” was withdrawn")
    invitation: str
    role: str

    @property
    def subject(self) -> str:
        return f"invitation:{self.invitation}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class InvitationDeclined(InvitationWithdrawn):
    sentence = gettext_noop("An invitation to the office “%(role)s” came to the wrong person and was closed")


@dataclass(frozen=True)
class InvitationAccepted(Event):
    sentence = gettext_noop("An invitation to the office “%(role)s” was accepted")
    invitation: str
    office: str
    role: str

    @property
    def subject(self) -> str:
        return f"invitation:{self.invitation}"

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class ConnectionRequested(Event):
    sentence = gettext_noop("A body of the territory %(territory)s asked to be connected")
    request: str
    territory: str

    @property
    def subject(self) -> str:
        return f"connection:{self.request}"


@dataclass(frozen=True)
class ConnectionQuestioned(ConnectionRequested):
    sentence = gettext_noop("The platform asked a question about the request of the territory %(territory)s")


@dataclass(frozen=True)
class ConnectionAnswered(ConnectionRequested):
    sentence = gettext_noop("The question about the request of the territory %(territory)s was answered")


@dataclass(frozen=True)
class ConnectionApproved(ConnectionRequested):
    sentence = gettext_noop("The request of the territory %(territory)s was approved")


@dataclass(frozen=True)
class ConnectionRefused(ConnectionRequested):
    sentence = gettext_noop("The request of the territory %(territory)s was refused")


@dataclass(frozen=True)
class ConnectionWithdrawn(ConnectionRequested):
    sentence = gettext_noop("The request of the territory %(territory)s was taken back")
