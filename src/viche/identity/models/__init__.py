"""Tables of the identity room. No personal number is stored: only keyed tokens of them."""

from viche.identity.models.memberships import FROM_REGISTERS, Basis, Membership
from viche.identity.models.offices import Office, Role
from viche.identity.models.people import Citizenship, Citizenships, Identification, Identifier, Person
from viche.identity.models.registers import Register, RegisterRow, RegisterState
from viche.identity.models.requests import CITIZENSHIP, ProofRequest, RequestFile, RequestState

__all__ = [
    "CITIZENSHIP", "FROM_REGISTERS", "Basis", "Citizenship", "Citizenships", "Identification", "Identifier",
    "Membership", "Office", "Person", "ProofRequest", "Register", "RegisterRow", "RegisterState", "RequestFile",
    "RequestState", "Role",
]  # fmt: skip
