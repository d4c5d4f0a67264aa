"""Forms about budget and treasury."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import localised
from viche.connectors.treasury.models import Fund
from viche.connectors.treasury.plans import Planned
from viche.connectors.treasury.reading import FIELDS
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.portal.refusable import RefusableForm
from viche.projects.models import Project

CODE = re.compile(r"^(?:ГБ-)?(.+)-([0-9]{1,6})$", re.IGNORECASE)


def _today() -> date:
    return clock.now().astimezone(KYIV).date()


class StatementForm(RefusableForm):
    """A file of payments, with its columns by number where its headings say nothing."""

    file = forms.FileField(
        label=_("File of payments"), help_text=_("CSV, XLSX or ODS: an extract of the treasury or of spending.gov.ua."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,.txt"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in FIELDS.items():
            self.fields[name] = forms.IntegerField(
                label=_("Column: %s") % label, required=False, min_value=1, max_value=500
            )

    @property
    def columns(self) -> dict[str, int] | None:
        """Field to place; None where no column was named."""
        found = {name: self.cleaned_data[name] - 1 for name in FIELDS if self.cleaned_data.get(name)}
        return found or None

    def column_fields(self) -> list[Any]:
        return [self[name] for name in FIELDS]

    @property
    def has_column_faults(self) -> bool:
        return any(name in self.errors for name in FIELDS)


class PeriodForm(RefusableForm):
    """Of which days payments are asked for."""

    since = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}),
        initial=lambda: _today() - timedelta(days=30),
    )  # fmt: skip
    until = forms.DateField(
        label=_("To, inclusive"), widget=forms.DateInput(attrs={"type": "date"}), initial=_today
    )


class LineForm(RefusableForm):
    """Budget codes of the contest, of a category, of a project."""

    whose = forms.ChoiceField(label=_("For what"))
    programme = forms.CharField(label=_("КПКВК"), max_length=7, help_text=_("Seven digits."))
    economic = forms.CharField(label=_("КЕКВ"), max_length=4, help_text=_("Four digits."))
    fund = forms.ChoiceField(label=_("Fund"), choices=Fund.choices, widget=forms.RadioSelect)
    executor_code = forms.CharField(label=_("ЄДРПОУ of the executor"), max_length=8)
    executor_title = forms.CharField(label=_("Executor"), max_length=200)

    def __init__(self, *args: Any, contest: Contest, planned: list[Planned], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.planned = {str(each.project.number): each.project for each in planned}
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            ("", _("all winners of the contest")),
            *((f"category:{each.id}", localised(dict(each.name))) for each in contest.rules.categories),
            *((f"project:{number}", _shown(project)) for number, project in self.planned.items()),
        ]  # fmt: skip
        self.fields["whose"].required = False

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        found = dict(self.cleaned_data)
        kind, _colon, name = found.pop("whose").partition(":")
        return {
            **found, "category": name if kind == "category" else "",
            "project": self.planned.get(name) if kind == "project" else None,
        }  # fmt: skip


class ProcurementForm(RefusableForm):
    """A contract by its id in the procurement system, and of which winner it is."""

    number = forms.ChoiceField(label=_("Project"))
    reference = forms.CharField(
        label=_("Id of the contract"), max_length=32, min_length=32,
        help_text=_("The 32 signs in the address of the contract’s page."),
    )  # fmt: skip

    def __init__(self, *args: Any, planned: list[Planned], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.planned = {str(each.project.number): each.project for each in planned}
        self.fields["number"].choices = [  # type: ignore[attr-defined]
            (number, _shown(project)) for number, project in self.planned.items()
        ]


def _shown(project: Project) -> str:
    return f"№ {project.number} {project.title}"[:80]


def project_code(text: str) -> tuple[str, int] | None:
    """(contest, number) of a code as «ГБ-2026-7» or «2026-7»; None for anything else."""
    found = CODE.match(text.strip())
    return (found[1].lower(), int(found[2])) if found else None
