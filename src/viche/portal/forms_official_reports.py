"""The form that asks whether a file is an issued report."""

import re
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from viche.foundation.limits import MAX_FILE_BYTES, MAX_FILE_MEGABYTES


class CheckForm(forms.Form):
    """A file, or its SHA-256."""

    says_optional = False
    file = forms.FileField(
        label=_("The file"), required=False,
        help_text=format_lazy(_("It is compared and not kept. Up to {most} MB."), most=MAX_FILE_MEGABYTES),
    )  # fmt: skip
    digest = forms.CharField(
        label=_("Or its SHA-256"), required=False, max_length=100,
        help_text=_("64 signs 0–9, a–f."), widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB.") % {"most": MAX_FILE_MEGABYTES}
            )
        return file

    def clean_digest(self) -> str:
        text = "".join(self.cleaned_data["digest"].split()).lower()
        if text and not re.fullmatch(r"[0-9a-f]{64}", text):
            raise forms.ValidationError(_("A SHA-256 has 64 signs 0–9, a–f."))
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not data.get("digest"):
            self.add_error("file", _("Choose the file, or write its SHA-256."))
        return data
