"""Reads of the identity room."""

from viche.identity.queries.accesses import accesses_about, accesses_in, officials_who_looked
from viche.identity.queries.attempts import attempt_named, attempt_of
from viche.identity.queries.connections import (
    checks_of,
    connection_request,
    connections_by,
    decided_connections,
    done_steps,
    free_slug,
    open_connections,
    territory_coded,
)
from viche.identity.queries.consents import (
    TextInForce,
    consent_of,
    consents_of,
    needs_consent,
    text_in_force,
    text_versions,
)
from viche.identity.queries.factors import factors_of, has_factor, without_factor
from viche.identity.queries.invitations import invitation_in, invitation_of, invitations_of
from viche.identity.queries.memberships import (
    citizenship_in,
    counting_on,
    day_of,
    granted_membership,
    granted_memberships,
    live_memberships,
    memberships_in,
)
from viche.identity.queries.objections import (
    objection_in,
    objections_by,
    objections_to,
    open_objections,
)
from viche.identity.queries.offices import (
    actor_of,
    administrators_of,
    is_uuid,
    live_offices,
    office_in,
    roles_in,
    staff_of,
)
from viche.identity.queries.people import (
    has_number,
    is_address_unknown,
    latest_identifications,
    number_tokens,
    numbers_on_record,
    person_named,
    person_of_token,
    tokens_of,
    ways_used,
)
from viche.identity.queries.registers import (
    current_register,
    draft_register,
    register_at,
    register_members,
    register_parts,
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
from viche.identity.queries.retention import latest_runs, terms_kept

__all__ = [
    "TextInForce", "accesses_about", "accesses_in", "actor_of", "administrators_of", "attempt_named", "attempt_of",
    "checks_of", "citizenship_in", "connection_request", "connections_by", "consent_of", "consents_of", "counting_on",
    "current_register", "day_of", "decided_connections", "decided_requests", "done_steps", "draft_register",
    "factors_of", "file_in", "free_slug", "granted_membership", "granted_memberships", "has_factor", "has_number",
    "invitation_in", "invitation_of", "invitations_of", "is_address_unknown", "is_uuid", "latest_identifications",
    "latest_runs", "live_memberships", "live_offices", "memberships_in", "needs_consent", "number_tokens",
    "numbers_on_record", "objection_in", "objections_by", "objections_to", "office_in", "officials_who_looked",
    "open_connections", "open_objections", "person_named", "person_of_token", "register_at", "register_members",
    "register_parts",
    "register_versions", "request_in", "requests_of", "roles_in", "staff_of", "terms_kept", "territory_coded",
    "text_in_force", "text_versions", "tokens_of", "waiting_by_basis", "waiting_request", "waiting_requests",
    "ways_used", "without_factor",
]  # fmt: skip
