"""How long messages of the contact form are kept."""

from django.utils.translation import gettext_lazy as _

from viche.connectors.contact.actions import KEPT as LENGTH
from viche.connectors.contact.actions import delete_old_marks, delete_old_messages
from viche.connectors.contact.screening import WINDOW
from viche.foundation.retention import Rule, after

RULES = (
    Rule(
        "contact_messages", _("messages by the contact form, with name and e-mail address"),
        after(_("%(term)s after the answer"), lambda: LENGTH), _("so that you are answered"), delete_old_messages,
        ("contact.ContactMessage", "contact.ContactLetter"),
    ),
    Rule(
        "contact_marks", _("that a message came from a network, as a mark under a key"),
        after("%(term)s", lambda: WINDOW), _("against floods of messages"), delete_old_marks,
        ("contact.SendingMark",),
    ),
)  # fmt: skip
