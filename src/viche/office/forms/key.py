"""Forms of the page of the box's key."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.ballots.holding import Act
from viche.portal.refusable import RefusableForm

LARGEST = 20_000
"""Bytes read of an uploaded file: those of a ceremony are far smaller, and a larger one is refused as none of them."""


class FileForm(RefusableForm):
    """One file of the ceremony. what: how the file is called on the page."""

    file = forms.FileField(widget=forms.FileInput(attrs={"accept": ".json,application/json"}))

    def __init__(self, *args: Any, what: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label, self.fields["file"].help_text = what, help_text

    def text(self) -> bytes:
        """What was uploaded, cut after LARGEST bytes."""
        content: bytes = self.cleaned_data["file"].read(LARGEST + 1)
        return content


class FingerprintForm(RefusableForm):
    typed = forms.CharField(
        label=_("The fingerprint, from the protocol of the ceremony"), max_length=80,
        help_text=_("Thirty digits in six groups, as they were read aloud; not copied from a screen."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class ReasonForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody will read it in the journal: no names."),
    )  # fmt: skip


class ChangeForm(ReasonForm):
    act = forms.ChoiceField(
        label=_("What is to be done"), choices=Act.choices, widget=forms.RadioSelect, initial=Act.REWRAP
    )
    field_order = ("act", "reason")
