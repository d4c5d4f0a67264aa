"""Events of the identity room. A person is named by reference only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from viche.identity.consents.wording import NAMES as LEGAL_NAMES
from viche.identity.models import Basis, Objection, Role
from viche.identity.wording import basis_name, factor_name
from viche.journal.events import Event


@dataclass(frozen=True)
class MembershipGranted(Event):
    sentence = gettext_noop("An operator confirmed a membership (%(basis)s) in %(territory)s")
    about = "membership:{membership}"
    membership: str
    territory: str
    basis: str
    evidence: str = ""

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "basis": Basis(data["basis"]).label}


@dataclass(frozen=True)
class PeopleMerged(Event):
    sentence = gettext_noop("Two records of one person were made one")
    about = "person:{kept}"
    kept: str
    document: bool = False


@dataclass(frozen=True)
class PersonErased(Event):
    """Whose data it was, the journal does not say."""

    sentence = gettext_noop("Somebody’s personal data was erased at their request")
    about = "erasures"


@dataclass(frozen=True)
class ObjectionFiled(Event):
    """act: the kind of act that is denied (identity.models.Objection.Kind). Who denies it, the journal does not say."""

    sentence = gettext_noop("Somebody says of an act in their name that it was not theirs: %(act)s")
    about = "objection:{objection}"
    objection: str
    act: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "act": str(Objection.Kind(data["act"]).label)}


@dataclass(frozen=True)
class ObjectionUpheld(ObjectionFiled):
    sentence = gettext_noop("The body found that an act was not the named person’s: %(act)s")


@dataclass(frozen=True)
class ObjectionDismissed(ObjectionFiled):
    sentence = gettext_noop("The body found no sign that an act was somebody else’s: %(act)s")


@dataclass(frozen=True)
class LegalTextPublished(Event):
    """text: the kind of text (identity.consents.wording.KINDS)."""

    sentence = gettext_noop("Version %(version)s of a legal text is published: %(text)s (%(digest)s)")
    about = "legal:{text}"
    text: str
    version: int
    digest: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "text": str(LEGAL_NAMES[data["text"]])}


@dataclass(frozen=True)
class FactorAdded(Event):
    """kind: "codes" or "passkey". Whose it is, the journal does not say."""

    sentence = gettext_noop("An official set up a second factor (%(kind)s)")
    about = "staff"
    kind: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "kind": factor_name(data["kind"])}


@dataclass(frozen=True)
class FactorRemoved(FactorAdded):
    sentence = gettext_noop("An official took a second factor off (%(kind)s)")


@dataclass(frozen=True)
class FactorsReset(Event):
    """Whose it was, the journal does not say."""

    sentence = gettext_noop("An administrator reset the second factor of an official")
    about = "staff"


@dataclass(frozen=True)
class OfficeGranted(Event):
    sentence = gettext_noop("A person was given the office “%(role)s”")
    about = "office:{office}"
    office: str
    role: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class OfficeEnded(Event):
    sentence = gettext_noop("An office “%(role)s” has ended")
    about = "office:{office}"
    office: str
    role: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class MembershipEnded(Event):
    sentence = gettext_noop("An operator took back a membership (%(basis)s) in %(territory)s")
    about = "membership:{membership}"
    membership: str
    territory: str
    basis: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "basis": Basis(data["basis"]).label}


@dataclass(frozen=True)
class CitizenshipRecorded(Event):
    sentence = gettext_noop("An operator recorded a person’s citizenship by a document")
    about = "citizenship:{record}"
    record: str
    evidence: str


@dataclass(frozen=True)
class RequestGranted(Event):
    sentence = gettext_noop("A request to confirm a basis (%(basis)s) was granted")
    about = "request:{request}"
    request: str
    basis: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "basis": basis_name(data["basis"])}


@dataclass(frozen=True)
class RequestRefused(Event):
    sentence = gettext_noop("A request to confirm a basis (%(basis)s) was refused")
    about = "request:{request}"
    request: str
    basis: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "basis": basis_name(data["basis"])}


@dataclass(frozen=True)
class RegisterImported(Event):
    """rows: members in it; new and gone: compared with the version before; digest: SHA-256 of the rows."""

    sentence = gettext_noop(
        "Version %(version)s of the register of members was imported: rows %(rows)s, new %(new)s, gone %(gone)s"
    )
    about = "register:{register}"
    register: str
    version: int
    rows: int
    new: int
    gone: int
    digest: str


@dataclass(frozen=True)
class OfficialInvited(Event):
    sentence = gettext_noop("An invitation to the office “%(role)s” was sent")
    about = "invitation:{invitation}"
    invitation: str
    role: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class InvitationWithdrawn(Event):
    sentence = gettext_noop("An invitation to the office “%(role)s” was withdrawn")
    about = "invitation:{invitation}"
    invitation: str
    role: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class InvitationDeclined(InvitationWithdrawn):
    sentence = gettext_noop("An invitation to the office “%(role)s” came to the wrong person and was closed")


@dataclass(frozen=True)
class InvitationAccepted(Event):
    sentence = gettext_noop("An invitation to the office “%(role)s” was accepted")
    about = "invitation:{invitation}"
    invitation: str
    office: str
    role: str

    @classmethod
    def words(cls, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "role": Role(data["role"]).label}


@dataclass(frozen=True)
class ConnectionRequested(Event):
    sentence = gettext_noop("A body of the territory %(territory)s asked to be connected")
    about = "connection:{request}"
    request: str
    territory: str


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
