"""Forms of the report designer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from viche.foundation.clock import KYIV
from viche.foundation.fields import MoneyField
from viche.portal.refusable import RefusableForm
from viche.reports.designing.calendar import WEEK
from viche.reports.designing.cube import NO_VALUE, Cube
from viche.reports.designing.definition import (
    ALL,
    AUTO,
    BARS,
    CHOSEN,
    COLUMNS,
    LATEST,
    LINES,
    STACKED,
    TABLE,
    Definition,
    Filter,
    definition_from,
    voter_tables,
)
from viche.reports.designing.quantities import (
    DIMENSIONS,
    FAMILIES,
    FILTERS,
    PROJECTS,
    QUANTITIES,
    VOTER_QUANTITIES,
    VOTERS,
)
from viche.reports.models import DesignedReport, ReportSchedule

ONLY, BUT = "only", "but"


class DesignForm(RefusableForm):
    """What is counted, by what, of which contests, how it is drawn. What is right is the definition's to say."""

    measure = forms.ChoiceField(label=_("What is counted"))
    rows = forms.ChoiceField(label=_("In rows"))
    columns = forms.ChoiceField(label=_("Side by side"), required=False)
    span = forms.ChoiceField(
        label=_("Of which contests"),
        choices=[
            (LATEST, _("the latest with an answer")),
            (ALL, _("all contests of the body")),
            (CHOSEN, _("only those chosen below")),
        ],
    )
    contests = forms.MultipleChoiceField(
        label=_("Contests"), required=False, widget=forms.CheckboxSelectMultiple
    )
    chart = forms.ChoiceField(
        label=_("Picture"),
        required=False,
        choices=[
            (AUTO, _("what fits best")),
            (BARS, _("bars")),
            (STACKED, _("stacked bars")),
            (COLUMNS, _("upright columns")),
            (LINES, _("lines")),
            (TABLE, _("no picture, a table only")),
        ],
    )
    min_cost = MoneyField(label=_("Cost from, ₴"), required=False)
    max_cost = MoneyField(label=_("Cost to, ₴"), required=False)
    title_uk = forms.CharField(
        label=_("Title in Ukrainian"), required=False, max_length=200,
        help_text=_("Left empty, it is made of what is counted."),
    )  # fmt: skip
    title_en = forms.CharField(label=_("Title in English"), required=False, max_length=200)

    says_optional = False

    def __init__(self, data: QueryDict | None = None, *, cube: Cube, initial: Mapping[str, Any]) -> None:
        super().__init__(_kindly(data) if data is not None else None, initial=dict(initial))
        self._choose("measure", [
            (FAMILIES[PROJECTS], [(each.key, each.title) for each in QUANTITIES.values()]),
            (FAMILIES[VOTERS], [(each.key, each.title) for each in VOTER_QUANTITIES.values()]),
        ])  # fmt: skip
        by = [(each.key, each.title) for each in DIMENSIONS.values()]
        tables = [(key, measure.heading) for key, measure in voter_tables().items()]
        self._choose("rows", [(FAMILIES[PROJECTS], by), (FAMILIES[VOTERS], tables)])
        self._choose("columns", [("", _("nothing: one set of numbers")), *by])
        self._choose("contests", [(each.slug, each.name) for each in cube.contests])
        for dimension in FILTERS:
            name = f"only_{dimension}"
            known = {key: words for key, words in cube.names(dimension).items() if key}
            if dimension != "group":
                known[NO_VALUE] = str(DIMENSIONS[dimension].none)
            gone = [key for key in self.initial.get(name, ()) if key not in known]
            self.fields[name] = forms.MultipleChoiceField(
                label=DIMENSIONS[dimension].title, required=False, widget=forms.CheckboxSelectMultiple,
                choices=[*known.items(), *((key, key) for key in gone)],
            )  # fmt: skip
            self.fields[f"mode_{dimension}"] = forms.ChoiceField(
                label=_("Narrow by: %(what)s") % {"what": DIMENSIONS[dimension].title}, required=False,
                choices=[(ONLY, _("only those marked")), (BUT, _("all but those marked"))],
            )  # fmt: skip

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def filters(self) -> list[dict[str, Any]]:
        """The fields of each filter, and whether one of its keys is chosen."""
        return [
            {
                "title": DIMENSIONS[dimension].title, "mode": self[f"mode_{dimension}"],
                "only": self[f"only_{dimension}"], "is_open": bool(self[f"only_{dimension}"].value()),
            }
            for dimension in FILTERS
        ]  # fmt: skip

    @property
    def is_narrowed(self) -> bool:
        costs = [self[name].value() for name in ("min_cost", "max_cost")]
        return any(each["is_open"] for each in self.filters) or any(cost not in (None, "") for cost in costs)

    def definition(self) -> Definition:
        """What the form says. Only of a valid form. Refused: bad_definition."""
        data = self.cleaned_data
        narrowed = [
            {
                "by": dimension, "is_in": data[f"mode_{dimension}"] != BUT,
                "keys": ["" if key == NO_VALUE else key for key in data[f"only_{dimension}"]],
            }
            for dimension in FILTERS
            if data[f"only_{dimension}"]
        ]  # fmt: skip
        return definition_from(
            {
                "measure": data["measure"], "rows": data["rows"], "columns": data["columns"], "span": data["span"],
                "contests": data["contests"] if data["span"] == CHOSEN else [], "filters": narrowed,
                "min_cost": data["min_cost"], "max_cost": data["max_cost"], "chart": data["chart"],
            }
        )  # fmt: skip

    def titles(self) -> dict[str, str]:
        return {"uk": self.cleaned_data["title_uk"], "en": self.cleaned_data["title_en"]}


def _kindly(data: QueryDict) -> QueryDict:
    """The part of the community stands in both families, under two names: whoever changes what is counted need not
    choose it anew.
    """
    measure, rows = data.get("measure", ""), data.get("rows", "")
    if measure in VOTER_QUANTITIES and f"turnout-by-{rows}" in voter_tables():
        data = data.copy()
        data["rows"] = f"turnout-by-{rows}"
    elif measure in QUANTITIES and rows.removeprefix("turnout-by-") in DIMENSIONS:
        data = data.copy()
        data["rows"] = rows.removeprefix("turnout-by-")
    return data


def initial_of(definition: Definition, report: DesignedReport | None = None) -> dict[str, Any]:
    """A definition as the form's fields."""
    found: dict[str, Any] = {
        "measure": definition.measure, "rows": definition.rows, "columns": definition.columns, "span": definition.span,
        "contests": list(definition.contests), "chart": definition.chart, "min_cost": definition.min_cost,
        "max_cost": definition.max_cost,
    }  # fmt: skip
    for each in definition.filters:
        found |= _filter_fields(each)
    if report is not None:
        found |= {f"title_{language}": words for language, words in report.title.items()}
    return found


def _filter_fields(narrow: Filter) -> dict[str, Any]:
    return {
        f"only_{narrow.by}": [key or NO_VALUE for key in narrow.keys],
        f"mode_{narrow.by}": ONLY if narrow.is_in else BUT,
    }


WEEKDAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


class ScheduleForm(RefusableForm):
    """When a report is sent, in which form, to which officials."""

    every = forms.ChoiceField(label=_("How often"), choices=ReportSchedule.Every.choices)
    weekday = forms.TypedChoiceField(
        label=_("On which day of the week"), coerce=int, choices=list(enumerate(WEEKDAYS, start=1)),
        help_text=_("Counts where it is sent every week."),
    )  # fmt: skip
    monthday = forms.TypedChoiceField(
        label=_("On which day of the month"), coerce=int, choices=[(day, str(day)) for day in range(1, 32)],
        help_text=_("Counts where it is sent every month; a shorter month has it on its last day."),
    )  # fmt: skip
    hour = forms.TypedChoiceField(
        label=_("At what hour, Kyiv time"), coerce=int, choices=[(hour, f"{hour}:00") for hour in range(24)]
    )
    form = forms.ChoiceField(label=_("As which file"), choices=ReportSchedule.Form.choices)
    readers = forms.TypedMultipleChoiceField(
        label=_("To whom"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Officials of the body who have confirmed an e-mail address among their notices."),
    )  # fmt: skip

    says_optional = False

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, schedule: ReportSchedule | None,
        people: list[tuple[UUID, str]],
    ) -> None:  # fmt: skip
        initial: dict[str, Any] = {"every": WEEK, "weekday": 1, "monthday": 1, "hour": 8, "form": "pdf"}
        if schedule is not None:
            own = "weekday" if schedule.every == WEEK else "monthday"
            initial |= {
                "every": schedule.every, own: schedule.day, "hour": schedule.hour, "form": schedule.form,
                "readers": [str(each.person_id) for each in schedule.readers.filter(left_at=None)],
            }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["readers"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        return {
            "every": data["every"], "day": data["weekday"] if data["every"] == WEEK else data["monthday"],
            "hour": data["hour"], "form": data["form"], "readers": data["readers"],
        }  # fmt: skip


def planned_text(schedule: ReportSchedule) -> str:
    """When it is sent next, in words."""
    return date_format(schedule.next_at.astimezone(KYIV), "j E Y, H:i")
