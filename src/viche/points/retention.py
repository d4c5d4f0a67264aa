"""How long the points room keeps what it knows of people."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept

KEPT = (
    Kept(
        _("which officials worked at a polling point and when, and who set up its screens"), _("for good"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("points.Shift", "points.Duty", "points.Screen"),
    ),
)  # fmt: skip

IMPERSONAL = ("points.Point",)
