"""The form by which a person asks to have a basis confirmed."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from viche.communities.models import Territory
from viche.foundation.refused import Refused
from viche.identity.actions import Proof
from viche.identity.models import CITIZENSHIP, Citizenships
from viche.identity.wording import EVIDENCE_NAMES, SHOWN_EVIDENCE, USUAL_EVIDENCE, basis_name


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files from one control."""

    def __init__(self, **kwargs: Any) -> None:
        accept = "application/pdf,image/jpeg,image/png,image/webp"
        super().__init__(widget=_ManyFiles(attrs={"accept": accept, "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [each for each in (data if isinstance(data, (list, tuple)) else [data]) if each]
        if not files:
            raise forms.ValidationError(_("Add a photo or a scan of the document."), code="required")
        return [super(FilesField, self).clean(each, initial) for each in files]


class RequestForm(forms.Form):
    """One request. bases: the codes one may choose from. usual: evidence shown first for the chosen basis."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    basis = forms.ChoiceField(label=_("What is to be confirmed"))
    territory = forms.ChoiceField(label=_("Where"))
    citizenship = forms.ChoiceField(
        label=_("Citizenship"), required=False, choices=[("", _("choose")), *Citizenships.choices],
        help_text=_("Only where citizenship is to be confirmed."),
    )  # fmt: skip
    evidence = forms.ChoiceField(label=_("Document"))
    document_number = forms.CharField(label=_("Number of the document"), max_length=80)
    document_date = forms.DateField(
        label=_("Date of the document"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    files = FilesField(label=_("Photo or scan"))
    note = forms.CharField(
        label=_("What the operator should know"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, bases: Sequence[str], areas: list[Territory], basis: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area for area in areas}
        usual = USUAL_EVIDENCE.get(basis, ())
        words = [*usual, *(word for word in SHOWN_EVIDENCE if word not in usual)]
        self.fields["basis"].choices = [(code, basis_name(code)) for code in bases]
        self.fields["territory"].choices = [(area.code, area.full_name) for area in areas]
        self.fields["evidence"].choices = [(word, EVIDENCE_NAMES[word]) for word in words]
        self.fields["key"].initial = uuid.uuid4
        days = settings.PROOF_FILES_DAYS
        self.fields["files"].help_text = ngettext(
            "Up to 3 files: PDF, JPEG, PNG or WebP, each up to 10 MB. Only the operators of the community see them; "
            "they are deleted %d day after the decision.",
            "Up to 3 files: PDF, JPEG, PNG or WebP, each up to 10 MB. Only the operators of the community see them; "
            "they are deleted %d days after the decision.",
            days,
        ) % days  # fmt: skip
        if basis in bases:
            self.fields["basis"].initial = basis
        if CITIZENSHIP not in bases:
            del self.fields["citizenship"]
        elif basis == CITIZENSHIP:
            self.fields["citizenship"].initial = Citizenships.CITIZEN.value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("basis") == CITIZENSHIP and not data.get("citizenship"):
            self.add_error("citizenship", _("Choose the citizenship from the list."))
        if self.errors and "files" not in self.errors and self.files:
            # no browser gives a file back to a page: said where it must be done
            self.add_error("files", _("Choose the files once more: the browser does not keep them."))
        return data

    def proof(self) -> Proof:
        data = self.cleaned_data
        return Proof(
            basis=data["basis"], evidence=data["evidence"], document_number=data["document_number"], key=data["key"],
            territory=self.areas[data["territory"]], citizenship=data.get("citizenship", ""),
            document_date=data["document_date"], note=data["note"],
            files=[(file.name or "", file.read()) for file in data["files"]],
        )  # fmt: skip

    def refuse(self, refused: Refused) -> None:
        """Show an action's refusal at its fields, or above the form."""
        for name, message in refused.fields.items():
            self.add_error(name if name in self.fields else None, message)
        if not refused.fields:
            self.add_error(None, refused.message)
