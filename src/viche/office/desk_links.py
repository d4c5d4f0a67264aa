"""What the desk offers to administrators beside a body's daily work: its website, other systems, reports.

One line a page: (name of the URL, text, icon). A page stands here once it exists.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

__all__ = ["desk_links"]

PAGES: tuple[tuple[str, object, str], ...] = (
    ("office-designs", _("Report designer"), "chart-column"),
    ("office-widgets", _("Widgets for your website"), "layout-grid"),
    ("office-pushes", _("Results on your website"), "send"),
    ("office-copies", _("Copies of your contests"), "download"),
    ("office-domain", _("Your own domain"), "globe"),
    ("office-data", _("Open data"), "files"),
    ("office-programs", _("Programs"), "key-round"),
    ("office-webhooks", _("Webhooks"), "send"),
    ("office-systems", _("Other systems of the body"), "route"),
    ("office-documents", _("Outgoing documents"), "files"),
    ("office-reports", _("Reports"), "file-check"),
    ("office-treasury", _("Budget and payments"), "banknote"),
    ("office-arrivals", _("From other platforms"), "upload"),
)


def desk_links() -> list[tuple[str, object, str]]:
    """(href, text, icon) in the order of the table."""
    return [(reverse(name), text, icon) for name, text, icon in PAGES]
