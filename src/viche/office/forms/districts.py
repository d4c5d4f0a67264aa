"""Forms of a body's own districts."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory
from viche.portal.refusable import RefusableForm


class DistrictForm(RefusableForm):
    """A district: its name, and settlements where its body has some. What may be chosen, the action decides again."""

    name = forms.CharField(
        label=_("Name of the district"),
        max_length=120,
        help_text=_("Without the words “starosta district”: they are added."),
    )
    settlements = forms.MultipleChoiceField(
        label=_("Settlements"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one settlement.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, settlements: Sequence[Territory], has_settlements: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = Counter(each.full_name for each in settlements)
        # of two villages with one name the codes tell which is which
        self.fields["settlements"].choices = [
            (each.code, each.full_name if names[each.full_name] == 1 else f"{each.full_name} ({each.code})")
            for each in settlements
        ]
        if not has_settlements:
            del self.fields["settlements"]
            self.fields["name"].help_text = ""
