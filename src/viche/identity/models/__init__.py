"""Tables of the identity room. No personal number is stored: only keyed tokens of them."""

from viche.identity.models.memberships import Basis, Membership
from viche.identity.models.offices import Office, Role
from viche.identity.models.people import Identification, Identifier, Person

__all__ = ["Basis", "Identification", "Identifier", "Membership", "Office", "Person", "Role"]
