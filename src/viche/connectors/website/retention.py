"""How long the website room keeps what it holds."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT = (
    Kept(
        _("which official connected a site of the body for results, and when"),
        _("until the site is removed"),
        _("acts of officials are documents of the body (law on the national archives)"),
        ("website.PushTarget", "website.Push"),
    ),
)

IMPERSONAL: tuple[str, ...] = ("website.SiteCopy",)
