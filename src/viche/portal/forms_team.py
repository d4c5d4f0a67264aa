"""The forms of a team: whom to invite."""

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm


class CoauthorForm(RefusableForm):
    """Whom the author invites; the e-mail only where the letter should be sent from here."""

    name = forms.CharField(
        label=_("Whom you invite"), max_length=120,
        help_text=_("A name by which you know them. Only the team sees it; they identify themselves by their own."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), required=False,
        help_text=_("The invitation goes there by letter. Without it you pass the link on yourself."),
    )  # fmt: skip
