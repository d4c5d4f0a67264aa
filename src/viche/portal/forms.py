"""Forms of the citizens' pages: they parse and say what is missing; deciding is the actions' work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory
from viche.contests.models import Contest
from viche.foundation.fields import MoneyField
from viche.portal.contest_page import category_names, class_names
from viche.projects.models import PUBLIC_STATES

SORT_NAMES = {
    "fair": _("random, fair"),
    "cheap": _("cheapest first"),
    "dear": _("dearest first"),
    "number": _("by number"),
    "new": _("newest first"),
}


class FilterForm(forms.Form):
    """The filters of the project list; a value that means nothing is left out, never an error page."""

    says_optional = False

    q = forms.CharField(required=False, max_length=120, label=_("Search"))
    size = forms.ChoiceField(required=False, label=_("Size"))
    type = forms.ChoiceField(required=False, label=_("Type"))
    area = forms.ChoiceField(required=False, label=_("Territory"))
    state = forms.ChoiceField(required=False, label=_("Status"))
    min = MoneyField(required=False, label=_("Cost from, UAH"))
    max = MoneyField(required=False, label=_("Cost to, UAH"))
    sort = forms.ChoiceField(required=False, label=_("Order"))

    def __init__(self, data: Any, *, contest: Contest, areas: list[Territory]) -> None:
        super().__init__(data)
        every = ("", _("all"))
        self.fields["size"].choices = [every, *class_names(contest).items()]
        self.fields["type"].choices = [every, *category_names(contest).items()]
        self.fields["area"].choices = [every, *((area.code, area.full_name) for area in areas[1:])]
        self.fields["state"].choices = [every, *((state.value, state.label) for state in PUBLIC_STATES)]
        self.fields["sort"].choices = list(SORT_NAMES.items())
        for name in [name for name, field in self.fields.items() if isinstance(field, forms.ChoiceField)]:
            if len(self.fields[name].choices) < 2:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        for name in list(self.errors):
            del self.errors[name]
        return self.cleaned_data
