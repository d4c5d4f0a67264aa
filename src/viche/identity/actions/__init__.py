"""Writes of the identity room."""

from viche.identity.actions.connections import (
    answer_question,
    approve_request,
    ask_applicant,
    connect_directly,
    mark_step,
    refuse_request,
    request_connection,
    withdraw_request,
)
from viche.identity.actions.invitations import (
    accept_invitation,
    decline_invitation,
    invite_official,
    resend_invitation,
    withdraw_invitation,
)
from viche.identity.actions.memberships import grant_membership
from viche.identity.actions.offices import end_office, grant_office
from viche.identity.actions.people import identify_person, person_by_number

__all__ = [
    "accept_invitation", "answer_question", "approve_request", "ask_applicant", "connect_directly",
    "decline_invitation", "end_office", "grant_membership", "grant_office", "identify_person", "invite_official",
    "mark_step", "person_by_number", "refuse_request", "request_connection", "resend_invitation",
    "withdraw_invitation", "withdraw_request",
]  # fmt: skip
