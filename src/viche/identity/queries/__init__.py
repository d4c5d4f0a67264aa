"""Reads of the identity room."""

from viche.identity.queries.memberships import granted_memberships, live_memberships, memberships_in
from viche.identity.queries.offices import actor_of, live_offices, roles_in
from viche.identity.queries.people import is_address_unknown, latest_identifications

__all__ = [
    "actor_of", "granted_memberships", "is_address_unknown", "latest_identifications", "live_memberships",
    "live_offices", "memberships_in", "roles_in",
]  # fmt: skip
