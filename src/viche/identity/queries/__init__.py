"""Reads of the identity room."""

from viche.identity.queries.connections import (
    checks_of,
    connection_request,
    decided_requests,
    done_steps,
    free_slug,
    open_requests,
    requests_by,
    territory_coded,
)
from viche.identity.queries.invitations import invitation_in, invitation_of, invitations_of
from viche.identity.queries.memberships import granted_memberships, live_memberships, memberships_in
from viche.identity.queries.offices import (
    actor_of,
    administrators_of,
    live_offices,
    office_in,
    roles_in,
    staff_of,
)
from viche.identity.queries.people import is_address_unknown, latest_identifications

__all__ = [
    "actor_of", "administrators_of", "checks_of", "connection_request", "decided_requests", "done_steps", "free_slug",
    "granted_memberships", "invitation_in", "invitation_of", "invitations_of", "is_address_unknown",
    "latest_identifications", "live_memberships", "live_offices", "memberships_in", "office_in", "open_requests",
    "requests_by", "roles_in", "staff_of", "territory_coded",
]  # fmt: skip
