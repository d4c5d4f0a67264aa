"""Forms about members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory
from viche.identity.models import Basis
from viche.identity.providers import TaxNumberError, parse_tax_number


class MembershipForm(forms.Form):
    """Confirm by a document that a person belongs to the community."""

    tax_number = forms.CharField(
        label=_("Tax number of the person"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Ten digits. It is checked and turned into a keyed token; the number itself is not kept."),
    )  # fmt: skip
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices)
    territory = forms.ChoiceField(label=_("Territory"))
    document_reference = forms.CharField(
        label=_("Document"),
        max_length=200,
        help_text=_("Kind, number and date, for example: certificate No. 5301-77 of 12.03.2025."),
    )

    def __init__(self, *args: Any, areas: list[Territory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area for area in areas}
        self.fields["territory"].choices = [(area.code, area.full_name) for area in areas]

    def clean_tax_number(self) -> str:
        try:
            return parse_tax_number(self.cleaned_data["tax_number"]).number
        except TaxNumberError:
            raise forms.ValidationError(_("This is not a valid tax number: check the digits.")) from None
