"""Form of an appeal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files; none is an empty list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(_FilesField, self).clean(each, initial) for each in (data or [])]


class AppealForm(RefusableForm):
    reason = forms.CharField(
        label=_("Why the refusal is wrong"), max_length=2000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Everybody reads it on the page of the project: no telephones or addresses, please."),
    )  # fmt: skip
    documents = _FilesField(
        label=_("Documents"), required=False, widget=_Files,
        help_text=_("Up to five, 20 MB each: PDF, office documents, photographs. Officials only see them."),
    )  # fmt: skip
