"""Tables of the identity room. No personal number is stored: only keyed tokens of them."""

from viche.identity.models.accesses import NOTHING, Access, DataKind, RetentionRun
from viche.identity.models.attempts import Attempt
from viche.identity.models.connections import OPEN_STATES, ConnectionRequest, ConnectionState, SetupStep
from viche.identity.models.consents import Consent, LegalText
from viche.identity.models.factors import Passkey, RecoveryCode, SecondFactor
from viche.identity.models.invitations import Invitation, Letter
from viche.identity.models.memberships import FROM_REGISTERS, Basis, Membership
from viche.identity.models.objections import Objection
from viche.identity.models.offices import COMMUNITY_ROLES, INHERITED_ROLES, PLATFORM, Office, Role
from viche.identity.models.people import (
    Citizenship,
    Citizenships,
    Identification,
    Identifier,
    NameForms,
    Person,
)
from viche.identity.models.registers import Register, RegisterRow, RegisterState
from viche.identity.models.requests import CITIZENSHIP, PROOFS, ProofRequest, RequestFile, RequestState

__all__ = [
    "CITIZENSHIP", "COMMUNITY_ROLES", "FROM_REGISTERS", "INHERITED_ROLES", "NOTHING", "OPEN_STATES", "PLATFORM",
    "PROOFS", "Access", "Attempt", "Basis", "Citizenship", "Citizenships", "ConnectionRequest", "ConnectionState",
    "Consent", "DataKind", "Identification", "Identifier", "Invitation", "LegalText", "Letter", "Membership",
    "NameForms", "Objection", "Office", "Passkey", "Person", "ProofRequest", "RecoveryCode", "Register",
    "RegisterRow", "RegisterState", "RequestFile", "RequestState", "RetentionRun", "Role", "SecondFactor",
    "SetupStep",
]  # fmt: skip
