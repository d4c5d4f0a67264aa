"""The filter of the page about who looked at whose data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.identity.models import DataKind, Person


class AccessFilterForm(forms.Form):
    says_optional = False

    official = forms.ChoiceField(label=_("Official"), required=False)
    kind = forms.ChoiceField(label=_("Data"), required=False)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, officials: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["official"].choices = [  # type: ignore[attr-defined]
            ("", _("everybody")), *((str(each.pk), each.display_name) for each in officials)
        ]  # fmt: skip
        self.fields["kind"].choices = [("", _("all")), *DataKind.choices]  # type: ignore[attr-defined]

    def narrowing(self) -> dict[str, Any]:
        """What to look for; a field with a fault looks for everything."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
