"""How long notices and where they went are kept."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from viche.connectors.messages.actions import (
    delete_old_deliveries,
    delete_old_notices,
    delete_unused_addresses,
)
from viche.connectors.messages.actions.reading import ASKED_DAYS, DELIVERY_DAYS, NOTICE_DAYS
from viche.foundation.retention import Kept, Rule, after

RULES = (
    Rule(
        "notices", _("notices to you"), after("%(term)s", lambda: timedelta(days=NOTICE_DAYS)),
        _("so that you can look them up"), delete_old_notices, ("notices.Notice", "notices.Item"),
    ),
    Rule(
        "deliveries", _("which messages were sent to which address"),
        after("%(term)s", lambda: timedelta(days=DELIVERY_DAYS)), _("so that no message is sent twice"),
        delete_old_deliveries, ("notices.Delivery",),
    ),
    Rule(
        "addresses", _("addresses for notices: e-mail, telephone number, chat"),
        after(
            _("until you delete them; %(term)s where you did not confirm"), lambda: timedelta(days=ASKED_DAYS)
        ),
        _("so that notices reach you"), delete_unused_addresses, ("notices.Address",),
    ),
)  # fmt: skip

KEPT = (
    Kept(
        _("what you follow, and how you want to be told"), _("until you change it"), _("so that you are told"),
        ("notices.Wish", "notices.Follow"),
    ),
)  # fmt: skip

IMPERSONAL = ("notices.Cursor", "notices.Inbox")
