"""Forms of the review."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VerdictForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where the project is not admitted. Everybody will read it: no personal data."),
    )  # fmt: skip
