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
