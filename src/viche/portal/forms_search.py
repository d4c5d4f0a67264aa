"""The filters of a list of projects."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory, localised
from viche.contests.models import Contest
from viche.foundation.fields import MoneyField
from viche.portal.contest_page import category_names, class_names
from viche.projects.filters import GROUPS
from viche.projects.finding import Facets
from viche.projects.models import PUBLIC_STATES, State

SORT_NAMES = {
    "fair": _("random, fair; with words the best fitting first"),
    "near": _("nearest first"),
    "cheap": _("cheapest first"),
    "dear": _("dearest first"),
    "number": _("by number"),
    "new": _("newest first"),
}


class FilterForm(forms.Form):
    """The filters of a list; a value that means nothing is left out, never an error page."""

    says_optional = False

    q = forms.CharField(required=False, max_length=120, label=_("Search"))
    size = forms.ChoiceField(required=False, label=_("Size"))
    type = forms.ChoiceField(required=False, label=_("Category"))
    kind = forms.ChoiceField(required=False, label=_("Type"))
    area = forms.ChoiceField(required=False, label=_("Territory"))
    state = forms.ChoiceField(required=False, label=_("Status"))
    min = MoneyField(required=False, label=_("Cost from, UAH"))
    max = MoneyField(required=False, label=_("Cost to, UAH"))
    pictures = forms.BooleanField(required=False, label=_("Only with pictures"))
    sort = forms.ChoiceField(required=False, label=_("Order"))
    near = forms.CharField(
        required=False, max_length=120, label=_("Near an address or a settlement"),
        help_text=_("One that some project names as its place."),
    )  # fmt: skip

    def __init__(self, data: Any, *, contest: Contest | None, areas: list[Territory]) -> None:
        super().__init__(data)
        every = ("", _("all"))
        kinds = {each.id: localised(dict(each.name)) for each in contest.rules.types} if contest else {}
        choices: dict[str, list[Any]] = {
            "size": list(class_names(contest).items()) if contest else [],
            "type": list(category_names(contest).items()) if contest else [],
            "kind": list(kinds.items()),
            "area": [(area.code, area.full_name) for area in areas[1:]],
            "state": _states(),
        }
        for name, listed in choices.items():
            self.fields[name].choices = [every, *listed]
            if not listed:
                del self.fields[name]
        self.fields["sort"].choices = list(SORT_NAMES.items())

    def clean(self) -> dict[str, Any]:
        for name in list(self.errors):
            del self.errors[name]
        return self.cleaned_data

    def in_words(self) -> dict[str, str]:
        """What narrows the list, by field: “Size: small”."""
        said = {}
        for name, value in self.cleaned_data.items():
            if not value or name in {"q", "sort", "near"}:
                continue
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                said[name] = f"{field.label}: {_flat(field.choices).get(value, value)}"
            elif isinstance(field, forms.BooleanField):
                said[name] = str(field.label)
            else:
                said[name] = f"{field.label}: {self.data.get(name)}"
        return said

    def show_counts(self, counted: Facets) -> None:
        """Beside each value the number of projects that it leaves."""
        states = dict(counted.states)
        for name, (_label, members) in GROUPS.items():
            states[name] = sum(counted.states[str(state)] for state in members)
        for name, counts in (
            ("size", counted.sizes), ("type", counted.categories), ("kind", counted.kinds),
            ("area", counted.territories), ("state", states),
        ):  # fmt: skip
            if name in self.fields:
                self.fields[name].choices = _counted(self.fields[name].choices, counts)


def _states() -> list[Any]:
    listed: list[Any] = []
    for name, (label, members) in GROUPS.items():
        public = [State(state) for state in members if state in PUBLIC_STATES]
        if len(public) == 1:
            listed.append((public[0].value, public[0].label))
        else:
            every = (name, _("%s: all") % label)
            listed.append((label, [every, *((state.value, state.label) for state in public)]))
    return listed


def _flat(choices: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, label in choices:
        found.update(_flat(label) if isinstance(label, list | tuple) else {value: str(label)})
    return found


def _counted(choices: Any, counts: Mapping[str, int]) -> list[Any]:
    found: list[Any] = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            found.append((value, _counted(label, counts)))
        elif value:
            shown = {"name": label, "number": counts.get(value, 0)}
            found.append((value, _now("%(name)s (%(number)d)") % shown))
        else:
            found.append((value, label))
    return found
