"""Writes of the treasury room."""

from viche.connectors.treasury.actions.lines import delete_line, save_line
from viche.connectors.treasury.actions.paying import assign_payment, discard_statement, record_statement
from viche.connectors.treasury.actions.planning import resend_plan, send_plans, submit_plan
from viche.connectors.treasury.actions.procuring import connect_procurement, end_procurement, report_contract
from viche.connectors.treasury.actions.reading import import_statement, request_payments

__all__ = [
    "assign_payment", "connect_procurement", "delete_line", "discard_statement", "end_procurement",
    "import_statement", "record_statement", "report_contract", "request_payments", "resend_plan", "save_line",
    "send_plans", "submit_plan",
]  # fmt: skip
