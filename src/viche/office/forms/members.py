"""Forms about members."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory
from viche.foundation import clock
from viche.identity.models import CITIZENSHIP, Basis, Citizenships
from viche.identity.numbers import ReadNumber, read_number, read_passport
from viche.identity.providers import TaxNumberError, parse_tax_number
from viche.identity.wording import EVIDENCE_NAMES, SHOWN_EVIDENCE


def _citizenships() -> list[tuple[str, Any]]:
    return [(f"{CITIZENSHIP}:{code}", label) for code, label in Citizenships.choices]


def _last_day() -> forms.DateField:
    return forms.DateField(
        label=_("Counts to"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day, where the document has one: a work contract, a certificate. Empty: without end."),
    )  # fmt: skip


class MembershipForm(forms.Form):
    """Confirm by a document that a person belongs to the community, or what citizenship they have."""

    tax_number = forms.CharField(
        label=_("Tax number of the person"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Ten digits. It is checked and turned into a keyed token; the number itself is not kept."),
    )  # fmt: skip
    basis = forms.ChoiceField(label=_("Basis"))
    territory = forms.ChoiceField(label=_("Territory"))
    evidence = forms.ChoiceField(label=_("Kind of document"))
    document_reference = forms.CharField(
        label=_("Document"),
        max_length=200,
        help_text=_("Kind, number and date, for example: certificate No. 5301-77 of 12.03.2025."),
    )
    ends_on = _last_day()

    def __init__(self, *args: Any, areas: list[Territory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area for area in areas}
        self.fields["territory"].choices = [(area.code, area.full_name) for area in areas]
        self.fields["basis"].choices = [
            (_("Membership"), Basis.choices), (_("Citizenship"), _citizenships()),
        ]  # fmt: skip
        self.fields["evidence"].choices = [
            ("", _("choose")), *((word, EVIDENCE_NAMES[word]) for word in SHOWN_EVIDENCE),
        ]  # fmt: skip

    def clean_tax_number(self) -> str:
        try:
            return parse_tax_number(self.cleaned_data["tax_number"]).number
        except TaxNumberError:
            raise forms.ValidationError(_("This is not a valid tax number: check the digits.")) from None


class PassportField(forms.CharField):
    """The number of a passport, read; its text is kept nowhere."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Number of the passport"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}),
            help_text=_("Two letters and six digits, or nine digits of a card. Only a keyed token of it is kept."),
        )  # fmt: skip

    def clean(self, value: Any) -> ReadNumber:
        try:
            return read_passport(super().clean(value))
        except ValueError:
            raise forms.ValidationError(
                _("This is not the number of a passport: two letters and six digits, or nine digits.")
            ) from None


class PassportForm(MembershipForm):
    """Somebody who has refused a tax number, confirmed by their passport."""

    family_name = forms.CharField(label=_("Family name"), max_length=80)
    given_name = forms.CharField(label=_("Given name"), max_length=80)
    birth_date = forms.DateField(label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}))
    passport = PassportField()
    is_marked = forms.BooleanField(
        label=_("I saw in the passport the mark of the right to pay without a tax number"),
        help_text=_("Who has a number is confirmed by it: otherwise one person could be counted twice."),
    )

    field_order = (
        "family_name",
        "given_name",
        "birth_date",
        "passport",
        "is_marked",
        "basis",
        "territory",
        "evidence",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["tax_number"], self.fields["ends_on"]
        self.fields["basis"].choices = Basis.choices

    def clean_birth_date(self) -> date:
        born = self.cleaned_data["birth_date"]
        today = clock.now().astimezone(clock.KYIV).date()
        if not 0 <= today.year - born.year <= 130 or born > today:
            raise forms.ValidationError(_("Look at the date of birth again."))
        return born


class MergeForm(forms.Form):
    """Two numbers of one person, each known by itself."""

    tax_number = forms.CharField(
        label=_("Tax number"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    passport = PassportField()
    document_reference = forms.CharField(
        label=_("Documents that you saw"), max_length=200,
        help_text=_("Kinds, numbers and dates. They are kept nowhere; the journal says that documents were shown."),
    )  # fmt: skip

    def clean_tax_number(self) -> ReadNumber:
        today = clock.now().astimezone(clock.KYIV).date()
        try:
            found = read_number(self.cleaned_data["tax_number"], today=today)
        except TaxNumberError:
            found = None
        if found is None or found.kind != "tax":
            raise forms.ValidationError(_("This is not a valid tax number: check the digits."))
        return found


class GrantForm(forms.Form):
    """Grant a request."""

    ends_on = _last_day()


class ReasonForm(forms.Form):
    """Why a request is refused, or a membership taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person will read it."),
    )  # fmt: skip


class RegisterForm(forms.Form):
    file = forms.FileField(
        label=_("File of the register"),
        help_text=_("XLSX, or CSV with commas or semicolons; up to 30 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )
