"""Outcomes of calls in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from viche.foundation.outgoing import WORDS

OUTCOMES: dict[str, Any] = {
    **WORDS,
    "ok": _("It answered."),
    "error": _("The call ended in an error of ours: tell the operator of the platform."),
    "garbage": _("The answer is not what was agreed."),
    "refused": _("It does not let us in: the key, the certificate or the permission is not right."),
    "not_found": _("Nothing is found at this address."),
    "too_many": _("It asks us to call less often."),
    "out_of_order": _("It says that it is out of order."),
    "fault": _("It answered with an error."),
}


def outcome_text(code: str) -> str:
    """The outcome in a sentence; "soap_fault:Server" is a fault with the neighbour's own word for it."""
    known = OUTCOMES.get(code)
    if known is not None:
        return str(known)
    head, _colon, tail = code.partition(":")
    words = str(OUTCOMES.get(head, OUTCOMES["fault"]))
    return f"{words} ({tail})" if tail else words


def fault_of_status(status: int) -> str:
    """The code of an HTTP status that is not a success."""
    if status in {401, 403}:
        return "refused"
    if status in {404, 410}:
        return "not_found"
    if status == 429:
        return "too_many"
    return "out_of_order" if status >= 500 else f"fault:{status}"
