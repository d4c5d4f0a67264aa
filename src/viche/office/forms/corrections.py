"""The form of an expert's version: the author's words and estimate, to be said otherwise."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.foundation.fields import MoneyField, amount_typed
from viche.portal.refusable import RefusableForm
from viche.projects.completeness import LETTERS
from viche.projects.estimate import MAX_ITEMS, quantity_typed
from viche.projects.models import Project

PARTS = ("name", "unit", "quantity", "price")
# empty rows below the items that there are
MORE = 3


class CorrectionForm(RefusableForm):
    """The whole cost where there are no items, the items where there are."""

    says_optional = False

    title = forms.CharField(label=_("Title"), max_length=LETTERS["title"])
    summary = forms.CharField(
        label=_("In one or two sentences"), max_length=LETTERS["summary"], required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Description"), max_length=LETTERS["text"], widget=forms.Textarea(attrs={"rows": 8})
    )
    cost = MoneyField(label=_("The whole cost, UAH"), required=False)
    note = forms.CharField(
        label=_("Why"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any, *, project: Project, **options: Any) -> None:
        super().__init__(data, initial=_initial(project), **options)
        self.number = 0
        if project.items:
            del self.fields["cost"]
            sent = [
                int(found[1]) for name in data or () if (found := re.search(r"item-([0-9]{1,3})-name$", name))
            ]
            self.number = min(max(len(project.items) + MORE, *(each + 1 for each in [*sent, -1])), MAX_ITEMS)
        note = self.fields.pop("note")
        for place in range(self.number):
            self.fields |= _row(place)
        self.fields["note"] = note

    def clean(self) -> dict[str, Any]:
        for place in range(self.number):
            name = f"item-{place}-quantity"
            typed = self.cleaned_data.get(name)
            if typed and quantity_typed(typed) is None:
                self.add_error(name, _("A quantity is a number with at most three places after the comma."))
        return self.cleaned_data

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each item, for the template."""
        return [{name: self[f"item-{place}-{name}"] for name in PARTS} for place in range(self.number)]

    def said(self) -> dict[str, Any]:
        """What propose_correction is given."""
        data = self.cleaned_data
        changes = {name: data[name] for name in ("title", "summary", "text", "cost") if name in self.fields}
        if changes.get("cost", 0) is None:
            del changes["cost"]
        if self.number:
            changes["items"] = [
                {name: data.get(f"item-{place}-{name}") for name in PARTS} for place in range(self.number)
            ]
        return {"note": data["note"], "changes": changes}


def _initial(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(project, name) for name in ("title", "summary", "text")}
    found["cost"] = amount_typed(project.cost) if project.cost else ""
    for place, item in enumerate(project.items):
        found |= {f"item-{place}-{name}": item.get(name) for name in ("name", "unit", "price")}
        found[f"item-{place}-quantity"] = str(item.get("quantity") or "").replace(".", ",")
    return found


def _row(place: int) -> dict[str, forms.Field]:
    number = {"inputmode": "decimal", "autocomplete": "off"}
    return {
        f"item-{place}-name": forms.CharField(label=_("What"), max_length=200, required=False),
        f"item-{place}-unit": forms.CharField(label=_("Unit"), max_length=20, required=False),
        f"item-{place}-quantity": forms.CharField(
            label=_("Quantity"), max_length=20, required=False, widget=forms.TextInput(attrs=number)
        ),
        f"item-{place}-price": MoneyField(label=_("Price of one"), required=False),
    }  # fmt: skip
