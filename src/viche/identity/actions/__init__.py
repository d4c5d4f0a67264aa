"""Writes of the identity room."""

from viche.identity.actions.accesses import record_access
from viche.identity.actions.attempts import (
    delete_old_attempts,
    record_delivery,
    record_question,
    record_started,
    record_try,
    start_attempt,
)
from viche.identity.actions.by_document import grant_by_passport, merge_by_documents
from viche.identity.actions.connections import (
    answer_question,
    approve_connection,
    ask_applicant,
    connect_directly,
    mark_step,
    refuse_connection,
    request_connection,
    withdraw_connection,
)
from viche.identity.actions.consents import give_consent, publish_text, withdraw_consent
from viche.identity.actions.erasing import (
    ask_erasure,
    cancel_erasure,
    erase_asked,
    erase_person,
    issues_before_erasure,
)
from viche.identity.actions.factors import (
    check_code,
    make_recovery_codes,
    record_passkey,
    remove_factor,
    reset_factors,
    set_codes,
    use_passkey,
)
from viche.identity.actions.invitations import (
    accept_invitation,
    decline_invitation,
    invite_official,
    resend_invitation,
    withdraw_invitation,
)
from viche.identity.actions.memberships import end_membership, grant_membership, record_citizenship
from viche.identity.actions.merging import merge_people, remove_account
from viche.identity.actions.objections import decide_objection, object_to_act
from viche.identity.actions.offices import end_office, grant_office
from viche.identity.actions.people import (
    close_sessions,
    identify_client,
    identify_person,
    person_by_number,
    record_person,
    set_name_form,
)
from viche.identity.actions.registers import (
    delete_old_drafts,
    discard_register,
    import_register,
    prepare_register,
    prepare_register_changes,
)
from viche.identity.actions.requests import (
    Proof,
    delete_old_files,
    grant_request,
    refuse_request,
    submit_request,
    withdraw_request,
)
from viche.identity.actions.retaining import run_retention

__all__ = [
    "Proof", "accept_invitation", "answer_question", "approve_connection", "ask_applicant", "ask_erasure",
    "cancel_erasure", "check_code", "close_sessions", "connect_directly", "decide_objection",
    "decline_invitation", "delete_old_attempts", "delete_old_drafts", "delete_old_files", "discard_register",
    "end_membership", "end_office", "erase_asked", "erase_person", "give_consent", "grant_by_passport",
    "grant_membership", "grant_office", "grant_request", "identify_client", "identify_person", "import_register",
    "invite_official", "issues_before_erasure", "make_recovery_codes", "mark_step", "merge_by_documents",
    "merge_people", "object_to_act", "person_by_number", "prepare_register", "prepare_register_changes",
    "publish_text", "record_access", "record_citizenship", "record_delivery", "record_passkey", "record_person",
    "record_question", "record_started", "record_try", "refuse_connection", "refuse_request", "remove_account",
    "remove_factor", "request_connection", "resend_invitation", "reset_factors", "run_retention", "set_codes",
    "set_name_form", "start_attempt", "submit_request", "use_passkey", "withdraw_connection", "withdraw_consent",
    "withdraw_invitation", "withdraw_request",
]  # fmt: skip
