"""What the desk offers to administrators beside a body's daily work: its website, other systems, reports.

One line a page: (name of the URL, text, icon). A page stands here once it exists.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

__all__ = ["desk_links"]

PAGES: tuple[tuple[str, object, str], ...] = (
    ("office-systems", _("Other systems of the body"), "route"),
    ("office-arrivals", _("From other platforms"), "upload"),
)


def desk_links() -> list[tuple[str, object, str]]:
    """(href, text, icon) in the order of the table."""
    return [(reverse(name), text, icon) for name, text, icon in PAGES]
