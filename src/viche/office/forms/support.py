"""Forms of the desk at which sheets of signatures are entered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory
from viche.portal.refusable import RefusableForm
from viche.projects.sheets import TypedLine


class SheetForm(RefusableForm):
    project = forms.ChoiceField(label=_("Project"))
    lines = forms.IntegerField(
        label=_("Filled lines"),
        min_value=1,
        max_value=60,
        help_text=_("How many lines of the sheet are filled in."),
    )
    scan = forms.FileField(
        label=_("Scan of the sheet"), help_text=_("PDF or JPEG, up to 15 MB. Only officials see it."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg"}),
    )  # fmt: skip

    def __init__(self, *args: Any, projects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = projects


class LineForm(RefusableForm):
    """One line of a sheet, as the operator reads it: all of it is needed, unless it cannot be read."""

    says_optional = False

    line = forms.IntegerField(label=_("Line"), min_value=1, max_value=60)
    is_unreadable = forms.BooleanField(label=_("The line cannot be read, or is not signed"), required=False)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=80)
    given_name = forms.CharField(label=_("Given name"), required=False, max_length=80)
    number = forms.CharField(
        label=_("Tax number, or passport"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("It is checked and turned into a keyed token; the number itself is not kept."),
    )  # fmt: skip
    birth_date = forms.DateField(
        label=_("Day of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Only with a passport: a tax number tells it."),
    )  # fmt: skip
    territory = forms.ChoiceField(label=_("Lives in"), required=False)

    def __init__(self, *args: Any, areas: list[Territory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area for area in areas}
        self.fields["territory"].choices = [
            ("", _("choose")), *((area.code, area.full_name) for area in areas), ("-", _("elsewhere")),
        ]  # fmt: skip

    def typed(self) -> TypedLine:
        """What was typed."""
        data = self.cleaned_data
        return TypedLine(
            is_unreadable=data["is_unreadable"], family_name=data["family_name"], given_name=data["given_name"],
            number=data["number"], birth_date=data["birth_date"], territory=self.areas.get(data["territory"]),
            is_elsewhere=data["territory"] == "-",
        )  # fmt: skip


class LinesFileForm(RefusableForm):
    file = forms.FileField(
        label=_("Table with the lines"),
        help_text=_(
            "XLSX, ODS or CSV: line, family name, given name, tax number or passport, day of birth, lives in. "
            "It is not kept."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}),
    )  # fmt: skip


class DiscardForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
