"""Forms of what arrives from other platforms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.connectors.arrivals.sources.layouts import FIELDS
from viche.foundation.fields import MoneyField
from viche.foundation.tables import letter_of

MAX_COLUMNS = 80


class SourceForm(forms.Form):
    file = forms.FileField(
        label=_("File of another platform"),
        help_text=_("JSON, CSV, XLSX or ODS, up to 30 MB: an export of Decidim, CONSUL or civilsbudget, the table "
                    "“projects” of resolution 835, or any table with one project a row."),
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.xlsx,.ods"}), allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip


class ColumnsForm(forms.Form):
    """What each column holds."""

    def __init__(
        self, *args: Any, headings: Sequence[str], columns: Mapping[str, int], **kwargs: Any
    ) -> None:
        held = {place: field for field, place in columns.items()}
        kwargs.setdefault("initial", {f"column_{place}": field for place, field in held.items()})
        super().__init__(*args, **kwargs)
        choices = [("", _("not used")), *FIELDS.items()]
        for place, name in enumerate(headings[:MAX_COLUMNS]):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=f"{letter_of(place)}: {name}" if name else letter_of(place),
                choices=choices,
                required=False,
            )

    @property
    def columns(self) -> dict[str, int]:
        """By field, the place of the column; the last of two that hold the same gives way to -1."""
        found: dict[str, int] = {}
        for name, field in self.cleaned_data.items():
            if field:
                found[field] = int(name.removeprefix("column_"))
        return found

    def clean(self) -> dict[str, Any]:
        fields = [field for field in self.cleaned_data.values() if field]
        for name, field in list(self.cleaned_data.items()):
            if field and fields.count(field) > 1:
                self.add_error(name, _("Two columns hold the same: choose one."))
        return self.cleaned_data


class TargetForm(forms.Form):
    contest = forms.ChoiceField(
        label=_("Contest"), help_text=_("Its rules are frozen, and its voting has not begun."),
        error_messages={"required": _("Choose a contest.")},
    )  # fmt: skip

    def __init__(self, *args: Any, contests: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contest"].choices = contests  # type: ignore[attr-defined]


class FinishedForm(forms.Form):
    votes = forms.FileField(
        label=_("Table of votes"),
        help_text=_("The table “votings” of resolution 835: projectUid, voterID, voteDate; one choice a row."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods"}), allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip
    title = forms.CharField(
        label=_("Name of the contest"), max_length=200, error_messages={"required": _("Name the contest.")}
    )
    budget = MoneyField(label=_("Sum that was voted on, hryvnias"))


class ArchiveForm(forms.Form):
    file = forms.FileField(
        label=_("Archive of the body"), help_text=_("The ZIP that its old platform made."),
        widget=forms.FileInput(attrs={"accept": ".zip"}), allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip
