"""What is done with paper that is entered: stacks, readings, the way into the box and back, second looks."""

from viche.channels.paper.actions.closing import close_stack, withdraw_stack
from viche.channels.paper.actions.entering import confirm_sheet, decide_sheet, record_entry, record_machine
from viche.channels.paper.actions.protocols import record_protocol
from viche.channels.paper.actions.rechecking import record_recheck
from viche.channels.paper.actions.stacks import attach_scan, delete_old_scans, discard_stack, open_stack

__all__ = [
    "attach_scan", "close_stack", "confirm_sheet", "decide_sheet", "delete_old_scans", "discard_stack", "open_stack",
    "record_entry", "record_machine", "record_protocol", "record_recheck", "withdraw_stack",
]  # fmt: skip
