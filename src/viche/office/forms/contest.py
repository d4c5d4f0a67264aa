"""Forms of one contest: its beginning, its dates, decisions, ties."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from rulebook.calendar import IMPLEMENTATION, PHASES, RESULTS, Window
from viche.contests.models import PHASE_NAMES
from viche.contests.planning import day_of, last_day_of, span
from viche.foundation import clock


def today() -> date:
    """The day it is in Kyiv."""
    return clock.now().astimezone(clock.KYIV).date()


class NewContestForm(forms.Form):
    """A contest's beginning: everything else is suggested and can be changed before the rules are frozen.

    bases: (value, label) of presets and of the body's own earlier contests.
    """

    title_uk = forms.CharField(label=_("Name of the contest"), max_length=200)
    title_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2000,
        max_value=2200,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    slug = forms.CharField(
        label=_("Address"), max_length=60, required=False,
        help_text=_("The end of its address on the site: letters a-z, digits, hyphens. Blank: the year."),
    )  # fmt: skip
    base = forms.ChoiceField(
        label=_("Rules to start from"),
        help_text=_(
            "A regulation of a real community, or your own of an earlier year. Everything can be changed."
        ),
    )
    first_day = forms.DateField(
        label=_("First day of submission"), widget=forms.DateInput,
        help_text=_("The other dates are suggested from the terms of the rules."),
    )  # fmt: skip

    def __init__(self, *args: Any, bases: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].choices = list(bases)
        self.fields["year"].initial = today().year + 1

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if day < today():
            raise forms.ValidationError(_now("This day is over: choose today or a later one."))
        return day

    @property
    def title(self) -> dict[str, str]:
        data = self.cleaned_data
        return {"uk": data["title_uk"], **({"en": data["title_en"]} if data["title_en"] else {})}


class ScheduleForm(forms.Form):
    """First and last day of each phase, both counted in; a phase left blank is not held.

    A day before today is refused unless it stood there already.
    """

    says_optional = False
    OPEN = (RESULTS, IMPLEMENTATION)

    def __init__(self, *args: Any, schedule: Sequence[Window], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = {window.phase: (day_of(window.starts_at), last_day_of(window)) for window in schedule}
        for phase in PHASES:
            first, last = self.kept.get(phase, (None, None))
            for name, label, day in (("first", _("First day"), first), ("last", _("Last day"), last)):
                self.fields[f"{phase}_{name}"] = forms.DateField(
                    label=label, required=False, widget=forms.DateInput, initial=day
                )
        for phase in self.OPEN:
            self.fields[f"{phase}_last"].help_text = _("Blank: without an end.")

    def groups(self) -> list[dict[str, Any]]:
        """Each phase with its two fields."""
        return [
            {
                "id": phase,
                "name": PHASE_NAMES[phase],
                "first": self[f"{phase}_first"],
                "last": self[f"{phase}_last"],
            }
            for phase in PHASES
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for phase in PHASES:
            first, last = data.get(f"{phase}_first"), data.get(f"{phase}_last")
            if {f"{phase}_first", f"{phase}_last"} & set(self.errors):
                continue
            if first is None and last is not None:
                self.add_error(f"{phase}_first", _now("Name the first day too, or leave both blank."))
            elif first is not None and last is None and phase not in self.OPEN:
                self.add_error(f"{phase}_last", _now("Name the last day of this phase."))
            elif first is not None and last is not None and last < first:
                self.add_error(f"{phase}_last", _now("The last day lies before the first."))
            for name, day in (("first", first), ("last", last)):
                was = self.kept.get(phase, (None, None))[0 if name == "first" else 1]
                if day is not None and day < today() and day != was:
                    self.add_error(f"{phase}_{name}", _now("This day is over: choose today or a later one."))
        return data

    def schedule(self) -> list[Window]:
        data = self.cleaned_data
        return [
            span(phase, data[f"{phase}_first"], data[f"{phase}_last"])
            for phase in PHASES
            if data[f"{phase}_first"] is not None
        ]


class DecisionForm(forms.Form):
    """The council's decision an act rests on."""

    number = forms.CharField(label=_("Number of the decision"), max_length=80)
    day = forms.DateField(label=_("Date of the decision"), widget=forms.DateInput)
    url = forms.URLField(
        label=_("Link to its text"), required=False, max_length=200, assume_scheme="https",
        help_text=_("On the official site of the council; everybody will see it."),
    )  # fmt: skip

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > today():
            raise forms.ValidationError(
                _now("This day is still to come: a decision is cited after it is taken.")
            )
        return day


class ExtensionForm(DecisionForm):
    """A phase and its new last day."""

    phase = forms.ChoiceField(label=_("Phase"))
    last_day = forms.DateField(label=_("New last day"), widget=forms.DateInput)
    field_order = ("phase", "last_day", "number", "day", "url")

    def __init__(self, *args: Any, phases: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phase"].choices = list(phases)


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Why not"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


def show_refusal(form: forms.Form, fields: Mapping[str, Any], message: str) -> None:
    """A refusal of an action at the fields it concerns, or above the form."""
    for name, said in (fields or {"": message}).items():
        for line in said if isinstance(said, list) else [said]:
            form.add_error(name if name in form.fields else None, str(line))


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
