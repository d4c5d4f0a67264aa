"""What a try ended with, in words of officials. The codes are stored, these are shown."""

from django.utils.translation import gettext_lazy as _

from viche.foundation.outgoing import WORDS as UNREACHABLE

OUTCOMES = {
    **UNREACHABLE,
    "ok": _("It worked."),
    "denied": _("The site does not let us in: look at the user and the password."),
    "may_not_publish": _("The user may not publish pages on the site: give it the role of an editor."),
    "redirect": _("The site sends us on to another address: write that one here."),
    "not_there": _("Nothing at this address speaks the protocol: look at the address."),
    "busy": _("The site asks us to come later."),
    "broken": _("The site answered with a fault of its own."),
    "refused": _("The site did not take what we sent."),
    "foreign_page": _("A page of somebody else’s stands at our address there: rename it or remove it."),
    "seal_broken": _("The secret cannot be opened with the key of this server: connect the site anew."),
    "unfinished": _("It was begun and never finished: it is tried again."),
    "fault": _("A fault of ours: the operator finds it in the server’s log."),
}


def outcome_text(code: str) -> str:
    return str(OUTCOMES.get(code, code))
