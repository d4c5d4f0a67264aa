"""Official reports in words: their authors, their forms, why one could not be made."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from viche.identity.models import Role
from viche.reports.official.kind import DATA, PDF, TABLES, WORKBOOK
from viche.reports.official.models import SIGNED

FAULTS = {
    "error": _(
        "The report could not be made because of a fault of this site. It is written down; try once more."
    ),
    "not_ready": _("What the report tells of is not there any more. Look at the list of reports again."),
    "unknown_kind": _("Reports of this kind are not made any more."),
    "seal_key": _(
        "The key of the seal cannot be read, or its certificate does not hold any more. Please tell whoever looks "
        "after the platform."
    ),
    "stamp_missing": _("The authority of time stamps does not answer. Try once more in a few minutes."),
}

FORMS = {
    PDF: _("Document (PDF/A)"),
    WORKBOOK: _("Workbook (XLSX)"),
    TABLES: _("Tables (CSV in a ZIP)"),
    DATA: _("Data (JSON)"),
    SIGNED: _("Signed copy"),
}

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "json": "application/json",
    "p7s": "application/pkcs7-signature",
    "asice": "application/vnd.etsi.asic-e+zip",
}

AUTHORS = {
    Role.ADMINISTRATOR: pgettext_lazy("author of a report", "administrator of the contest"),
    Role.COMMISSION: pgettext_lazy("author of a report", "commission of the contest"),
}


def author_text(office: str) -> str:
    """The author of a report in words: an office, never a person."""
    return str(AUTHORS.get(office, pgettext_lazy("author of a report", "platform")))


def fault_text(code: str) -> str:
    return str(FAULTS.get(code, FAULTS["error"])) if code else ""
