"""Forms of those who support a project, and of its author before it is published."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm


class SignForm(RefusableForm):
    """Consent to a signature. with_name: the rules publish the names of those who agree."""

    agrees = forms.BooleanField(
        label=_("I have read this and sign"), error_messages={"required": _("Tick this to sign.")}
    )
    shows_name = forms.BooleanField(
        label=_("I agree that my name is published among those who signed"), required=False
    )

    def __init__(self, *args: Any, with_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_name:
            del self.fields["shows_name"]
