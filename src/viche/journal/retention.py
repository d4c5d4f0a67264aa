"""The journal is for ever: references and hashes, never personal data."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept

KEPT = (
    Kept(
        _("the journal: references and hashes, without personal data"), _("for good"),
        _("so that everybody can check what was done"),
        ("journal.Log", "journal.Entry", "journal.Stamp", "journal.Witnessing"),
    ),
)  # fmt: skip
