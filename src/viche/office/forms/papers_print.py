"""Forms of printing ballots."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.portal.refusable import RefusableForm

PRINTS = (("normal", _("Ordinary")), ("large", _("Large print, 18 points: for people who see badly")))
LANGUAGES = (("uk", "Українська"), ("en", "English"), ("uk-en", "Українська, English"))
ORDERS = (
    ("fixed", _("By number, the same on every ballot")),
    ("random", _("Drawn anew for each ballot: nobody gains by standing first")),
)


class LookForm(RefusableForm):
    """How the sheets look."""

    print = forms.ChoiceField(label=_("Print"), choices=PRINTS, initial="normal", widget=forms.RadioSelect)
    languages = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGES, initial="uk", widget=forms.RadioSelect
    )
    order = forms.ChoiceField(
        label=_("Order of the projects"), choices=ORDERS, initial="fixed", widget=forms.RadioSelect
    )

    def look(self) -> dict[str, Any]:
        """As sheet_layout takes it."""
        said = self.cleaned_data
        return {"is_large": said["print"] == "large", "languages": said["languages"], "order": said["order"]}


class PrintForm(LookForm):
    """A new run of sheets. after: the last number when the page was opened, so that a second click takes none."""

    number = forms.IntegerField(
        label=_("How many ballots"), min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    point = forms.ChoiceField(label=_("Polling point"), required=False)
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, points: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = [("", _("No single point")), *points]

    def for_point(self) -> UUID | None:
        said = self.cleaned_data["point"]
        return UUID(said) if said else None


class FileForm(LookForm):
    """Which numbers a file is wanted of."""

    first = forms.IntegerField(min_value=1)
    last = forms.IntegerField(min_value=1)
