"""The form of the terms of open data."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from viche.connectors.open_data.licences import LICENCES, USUAL
from viche.connectors.open_data.models import Terms
from viche.portal.refusable import RefusableForm


class TermsForm(RefusableForm):
    """Licence, code and mailbox of the publisher."""

    licence = forms.ChoiceField(label=_("Licence"), widget=forms.RadioSelect)
    edrpou = forms.CharField(
        label=_("Code in the register of legal entities (EDRPOU)"), max_length=8, required=False,
        help_text=_("Eight digits. Resolution 835 wants it in every row of the projects."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "10"}),
    )  # fmt: skip
    mailbox = forms.EmailField(
        label=_("E-mail for questions about the data"), required=False,
        help_text=_("Published in the catalogue. Empty: the address of the body."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "en" if (get_language() or "uk").startswith("en") else "uk"
        self.fields["licence"].choices = [  # type: ignore[attr-defined]
            (each.code, f"{each.title}. {each.says[language]}") for each in LICENCES.values()
        ]

    @classmethod
    def of(cls, terms: Terms | None) -> dict[str, str]:
        """What the form begins with."""
        if terms is None:
            return {"licence": USUAL}
        return {"licence": terms.licence, "edrpou": terms.edrpou, "mailbox": terms.mailbox}
