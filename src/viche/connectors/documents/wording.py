"""Why a document did not go, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from viche.connectors.systems.wording import outcome_text

FAULTS: dict[str, Any] = {
    "down": _("The document system does not answer. The document waits and is sent by itself."),
    "no_file": _("The file is gone from our disk: restore it from a backup."),
}


def fault_text(code: str) -> str:
    """The code of Dispatch.fault in a sentence; "" for none."""
    if not code:
        return ""
    return str(FAULTS[code]) if code in FAULTS else outcome_text(code)
