"""The form of leaving."""

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm


class LeavingForm(RefusableForm):
    decision = forms.CharField(
        label=_("The council's decision"),
        max_length=200,
        help_text=_("Its number and date: № 12-5/VIII від 20.11.2026."),
    )
