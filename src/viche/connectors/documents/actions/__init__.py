"""Writes of the documents room."""

from viche.connectors.documents.actions.making import make_documents, make_due_documents
from viche.connectors.documents.actions.registering import (
    hand_package,
    make_token,
    record_number,
    record_told_number,
    resend_document,
)
from viche.connectors.documents.actions.sending import send_documents
from viche.connectors.documents.actions.setting import set_registry

__all__ = [
    "hand_package", "make_documents", "make_due_documents", "make_token", "record_number", "record_told_number",
    "resend_document", "send_documents", "set_registry",
]  # fmt: skip
