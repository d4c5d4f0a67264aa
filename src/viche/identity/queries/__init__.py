"""Reads of the identity room."""

from viche.identity.queries.memberships import (
    citizenship_in,
    counting_on,
    day_of,
    granted_membership,
    granted_memberships,
    live_memberships,
    memberships_in,
)
from viche.identity.queries.offices import actor_of, live_offices, roles_in
from viche.identity.queries.people import has_tax_number, is_address_unknown, latest_identifications
from viche.identity.queries.registers import (
    current_register,
    draft_register,
    register_members,
    register_versions,
)
from viche.identity.queries.requests import (
    decided_requests,
    file_in,
    request_in,
    requests_of,
    waiting_by_basis,
    waiting_request,
    waiting_requests,
)

__all__ = [
    "actor_of", "citizenship_in", "counting_on", "current_register", "day_of", "decided_requests", "draft_register",
    "file_in", "granted_membership", "granted_memberships", "has_tax_number", "is_address_unknown",
    "latest_identifications", "live_memberships", "live_offices", "memberships_in", "register_members",
    "register_versions", "request_in", "requests_of", "roles_in", "waiting_by_basis", "waiting_request",
    "waiting_requests",
]  # fmt: skip
