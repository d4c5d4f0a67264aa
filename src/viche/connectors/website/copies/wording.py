"""Why a copy could not be made, in words of officials."""

from django.utils.translation import gettext_lazy as _

FAULTS = {
    "disk": _("The disk of the server is full, or its folder cannot be written."),
    "broken_page": _("A page of the site could not be read; the operator finds which in the server’s log."),
    "copy_running": _("Another copy was being written; it is tried again."),
    "folder_in_use": _("The folder for copies holds other files."),
}


def fault_text(code: str) -> str:
    return str(FAULTS.get(code, code))
