"""Forms of the check of form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm
from viche.projects.checking import FORM_CHECKS


class CheckForm(RefusableForm):
    says_optional = False

    faults = forms.MultipleChoiceField(
        label=_("What is not in order"), required=False, choices=list(FORM_CHECKS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what the author has to mend; leave everything empty where the form is in order."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("To the author"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is missing, or why the project is refused. The author reads it; nobody else does."),
    )  # fmt: skip
