"""Forms of files of paper results."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.channels.paper.importing.columns import NUMBERS, fields_of
from viche.channels.paper.importing.models import PaperImport
from viche.channels.paper.importing.wording import FIELDS, field_text
from viche.foundation.tables import letter_of

MAX_COLUMNS = 200


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File with the results"),
        help_text=_("XLSX, ODS or CSV, up to 30 MB. More rows than a spreadsheet holds go into a CSV."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}), allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip
    point = forms.TypedChoiceField(
        label=_("Polling point"), required=False, help_text=_("Whose ballots the file holds; one file a point."),
        empty_value=None,
    )  # fmt: skip

    def __init__(self, *args: Any, points: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["point"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("of several points, or of none")), *points]
        if not points:
            del self.fields["point"]


class ColumnsForm(forms.Form):
    """What each column holds. The columns come from the file."""

    heading = forms.IntegerField(
        label=_("Row with the names of the columns"), min_value=0, max_value=1000,
        help_text=_("Rows above it are left out. 0 where there are no names."),
    )  # fmt: skip

    def __init__(self, *args: Any, paper_import: PaperImport, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "heading": paper_import.heading,
                **{f"column_{place}": name for place, name in paper_import.columns.items()},
            },
        )
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("not used")),
            *((name, field_text(name)) for name in fields_of(paper_import.contest)),
        ]
        for place, name in enumerate(paper_import.headings[:MAX_COLUMNS]):
            label = f"{letter_of(place)}: {name}" if name else letter_of(place)
            field = forms.ChoiceField(label=label, choices=choices, required=False)
            field.says_optional = False  # type: ignore[attr-defined]
            self.fields[f"column_{place}"] = field

    says_optional = False

    @property
    def columns(self) -> dict[str, str]:
        """The columns as the action takes them."""
        return {
            name.removeprefix("column_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("column_") and value
        }


class RunForm(forms.Form):
    """The numbers of the point's protocol, all or none."""

    says_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NUMBERS:
            self.fields[name] = forms.IntegerField(
                label=FIELDS[name], required=False, min_value=0, max_value=10_000_000
            )

    def clean(self) -> dict[str, Any]:
        """All numbers or none."""
        data = super().clean() or {}
        given = [name for name in NUMBERS if data.get(name) is not None]
        if given and len(given) < len(NUMBERS):
            for name in set(NUMBERS) - set(given) - set(self.errors):
                self.add_error(name, _("Write all five numbers of the protocol, or none."))
        return data

    @property
    def expected(self) -> dict[str, int] | None:
        """The numbers; None where none was written."""
        found = {name: self.cleaned_data[name] for name in NUMBERS if self.cleaned_data.get(name) is not None}
        return found or None


class CloseForm(forms.Form):
    difference = forms.CharField(
        label=_("Why the numbers differ from the protocol"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("It is published in the log: name no people."),
    )  # fmt: skip


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the file is taken back"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is published in the log: name no people."),
        error_messages={"required": _("Give the reason in a few words: it is published.")},
    )  # fmt: skip
