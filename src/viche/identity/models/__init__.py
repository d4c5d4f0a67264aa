"""Tables of the identity room. No personal number is stored: only keyed tokens of them."""

from viche.identity.models.connections import OPEN_STATES, ConnectionRequest, ConnectionState, SetupStep
from viche.identity.models.invitations import Invitation, Letter
from viche.identity.models.memberships import Basis, Membership
from viche.identity.models.offices import COMMUNITY_ROLES, INHERITED_ROLES, PLATFORM, Office, Role
from viche.identity.models.people import Identification, Identifier, Person

__all__ = [
    "COMMUNITY_ROLES", "INHERITED_ROLES", "OPEN_STATES", "PLATFORM", "Basis", "ConnectionRequest", "ConnectionState",
    "Identification", "Identifier", "Invitation", "Letter", "Membership", "Office", "Person", "Role", "SetupStep",
]  # fmt: skip
