"""The form of a rehearsal: on which election, next to which rules."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.results.rehearsing import MOST_PROJECTS, MOST_VOTERS

INVENTED, FILE = "invented", "file"


class RehearsalForm(forms.Form):
    """elections: (value, label) of the body's own published contests; others: of the rules to compare with."""

    election = forms.ChoiceField(label=_("On which election"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File of an election (.pb)"), required=False,
        help_text=_("In the format of pabulib.org, where the elections of hundreds of cities can be had."),
    )  # fmt: skip
    projects = forms.IntegerField(
        label=_("Invented projects"), min_value=1, max_value=MOST_PROJECTS, required=False, initial=60
    )
    voters = forms.IntegerField(
        label=_("Invented voters"), min_value=1, max_value=MOST_VOTERS, required=False, initial=2000
    )
    seed = forms.IntegerField(
        label=_("Number of the invention"), min_value=1, max_value=10**9, required=False, initial=1,
        help_text=_("Another number invents another election; the same gives the same again."),
    )  # fmt: skip
    against = forms.ChoiceField(label=_("Compare with"))
    scale_pots = forms.BooleanField(
        label=_("Share out as much money as that election had"), required=False, initial=True,
        help_text=_("In the proportions of the rules. Without the mark each regulation has its own money."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        elections: Sequence[tuple[str, Any]],
        others: Sequence[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["election"].choices = [
            *elections, (INVENTED, _("an invented one that obeys the draft")), (FILE, _("one from a file")),
        ]  # fmt: skip
        self.fields["election"].initial = elections[0][0] if elections else INVENTED
        self.fields["against"].choices = list(others)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("election") == FILE and not data.get("file"):
            self.add_error("file", _("Choose a file."))
        return data
