"""Forms of one contest."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FreezeForm(forms.Form):
    decision = forms.CharField(
        label=_("Decision of the council"), max_length=200, help_text=_("Its number and date.")
    )


class TieForm(forms.Form):
    """The commission's decision of one open tie: a place for each tied project, and the protocol.

    projects: (code, label) of each. What is sent names the projects by their places in this list; whether the
    list is still that of the latest count, the action decides.
    """

    def __init__(self, *args: Any, projects: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {f"place_{index}": code for index, (code, _label) in enumerate(projects)}
        for name, (_code, label) in zip(self.codes, projects, strict=True):
            self.fields[name] = forms.IntegerField(
                label=label, min_value=1, max_value=len(projects),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip
        self.fields["protocol"] = forms.CharField(
            label=_("Protocol of the commission"), max_length=200,
            help_text=_("Its number and date, for example: No. 7 of 12.06.2026."),
        )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Why so, in a few words. Everybody will read it: no personal data."),
        )  # fmt: skip

    @property
    def places(self) -> list[forms.BoundField]:
        return [self[name] for name in self.codes]

    @property
    def order(self) -> list[str]:
        """The codes of the projects, the best first; of a form without faults."""
        return sorted(self.codes.values(), key=self._given)

    def _given(self, code: str) -> int:
        return int(self.cleaned_data[next(name for name, each in self.codes.items() if each == code)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[int] = set()
        for name in self.codes:
            place = data.get(name)
            if place is not None and place in seen:
                self.add_error(name, _("Place %(place)d is given twice.") % {"place": place})
            seen.add(place)
        return data
