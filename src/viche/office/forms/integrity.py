"""Forms of the integrity desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.ballots.annulling import reasons_to_annul
from viche.integrity.actions import MAX_TEXT
from viche.integrity.events import rule_text
from viche.integrity.models import Decision
from viche.integrity.thresholds import KNOBS, REOPEN, RULES
from viche.portal.refusable import RefusableForm

ALL, TICKED = "all", "ticked"


class DecisionForm(RefusableForm):
    """What was found about a signal."""

    outcome = forms.ChoiceField(
        label=_("What was found"), choices=Decision.Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was found.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Reason"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is published in the journal. Name no voter."),
        error_messages={"required": _("Give the reason in a few words: it is published.")},
    )  # fmt: skip
    why = forms.ChoiceField(
        label=_("If annulment is proposed: why"), required=False,
        choices=lambda: [("", _("– choose –")), *reasons_to_annul()],
    )  # fmt: skip
    which = forms.ChoiceField(
        label=_("If annulment is proposed: of which votes"), required=False, widget=forms.RadioSelect,
        choices=[(ALL, _("all votes of the signal")), (TICKED, _("those ticked in the list"))], initial=TICKED,
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)


class NamesForm(RefusableForm):
    text = forms.CharField(
        label=_("Why the names are needed"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is published in the journal. Name no voter."),
        error_messages={"required": _("Give the reason in a few words: it is published.")},
    )  # fmt: skip


class ThresholdsForm(RefusableForm):
    """The thresholds of one contest: a field for each number of each rule."""

    says_optional = False

    def __init__(self, data: Any = None, *, current: dict[str, dict[str, int]]) -> None:
        super().__init__(data)
        for rule, numbers in current.items():
            for name, number in numbers.items():
                label, lowest, highest = KNOBS[name]
                if rule == REOPEN:
                    label = _("a decided signal opens again with so many new votes")
                self.fields[f"{rule}-{name}"] = forms.IntegerField(
                    label=label, initial=number, min_value=lowest, max_value=highest,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
                )  # fmt: skip

    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(title, about, fields) of each rule; what opens a signal again stands last."""
        found = [
            (rule_text(rule), str(each.about), [self[f"{rule}-{name}"] for name in each.defaults])
            for rule, each in RULES.items()
        ]
        return [*found, (str(_("After a decision")), "", [self[f"{REOPEN}-least"]])]

    def values(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for name, number in self.cleaned_data.items():
            rule, _dash, knob = name.rpartition("-")
            found.setdefault(rule, {})[knob] = number
        return found
