"""What a receiver answered, in words."""

from django.utils.translation import gettext as _

from viche.foundation.outgoing import WORDS


def outcome_text(outcome: str) -> str:
    """A sentence on the outcome of an attempt; empty where there was none."""
    if not outcome:
        return ""
    if outcome in WORDS:
        return str(WORDS[outcome])
    if outcome.startswith("2"):
        return _("The receiver took it (%(status)s).") % {"status": outcome}
    if outcome.startswith("3"):
        return _("The receiver sends us to another address (%(status)s); we do not follow.") % {
            "status": outcome
        }
    if outcome in {"401", "403"}:
        return _("The receiver does not let us in (%(status)s). Has it the right secret?") % {
            "status": outcome
        }
    if outcome == "410":
        return _("The receiver says that it is gone for good (%(status)s).") % {"status": outcome}
    if outcome in {"429", "503"}:
        return _("The receiver asks us to come later (%(status)s).") % {"status": outcome}
    if outcome.startswith("5"):
        return _("The receiver is out of order (%(status)s).") % {"status": outcome}
    return _("The receiver rejected it (%(status)s).") % {"status": outcome}
