"""Forms about implementing a winner."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.foundation.fields import MoneyField
from viche.portal.refusable import RefusableForm
from viche.projects.models import Photograph


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **options)


def _today() -> date:
    return clock.now().astimezone(KYIV).date()


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it on the page of the project."),
    )  # fmt: skip


class PlanForm(RefusableForm):
    """Who builds it, for how much, from when to when."""

    responsible_unit = forms.CharField(label=_("Responsible unit"), max_length=200)
    responsible_contact = forms.CharField(
        label=_("Public contact of the unit"), max_length=200, required=False,
        help_text=_("A telephone or e-mail of the unit, not of a person."),
    )  # fmt: skip
    plan_cost = MoneyField(label=_("Planned cost, UAH"))
    starts_on = _day(_("The work begins on"), initial=_today)
    due_on = _day(_("To be done by"))


class ReviseForm(RefusableForm):
    """Who is responsible, and the costs."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    responsible_unit = PlanForm.base_fields["responsible_unit"]
    responsible_contact = PlanForm.base_fields["responsible_contact"]
    plan_cost = MoneyField(label=_("Planned cost, UAH"))
    actual_cost = MoneyField(label=_("Paid so far, UAH"), required=False)


class ContractForm(RefusableForm):
    number = forms.CharField(label=_("Number of the contract"), max_length=100)
    signed_on = _day(_("Signed on"))
    contractor = forms.CharField(label=_("Contractor"), max_length=200)
    amount = MoneyField(label=_("Amount, UAH"))
    url = forms.URLField(
        label=_("Address in Prozorro or in the register of contracts"), required=False, assume_scheme="https"
    )


class MilestoneForm(RefusableForm):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = _day(_("Planned for"))


class DoneForm(RefusableForm):
    done_on = _day(_("Done on"), initial=_today)


class DelayForm(RefusableForm):
    new_due = _day(_("New term"))
    reason = _reason(_("Why it takes longer"))


class PhotographForm(RefusableForm):
    picture = forms.FileField(
        label=_("Photograph"), help_text=_("JPEG, PNG or WebP, up to 15 MB. Where it was taken is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    moment = forms.ChoiceField(
        label=_("When it was taken"), choices=Photograph.Moment.choices, widget=forms.RadioSelect,
        initial=Photograph.Moment.DURING,
    )  # fmt: skip
    alt = forms.CharField(
        label=_("What it shows"), max_length=200, help_text=_("For people who do not see pictures.")
    )
    taken_on = _day(_("Taken on"), initial=_today)


class AcceptanceForm(RefusableForm):
    accepted_on = _day(_("Accepted on"), initial=_today)
    acceptance = forms.CharField(
        label=_("Act of acceptance"),
        max_length=200,
        help_text=_("Its number and date, for example: No. 14 of 03.09.2026."),
    )
    actual_cost = MoneyField(label=_("Actual cost, UAH"))


class CancelForm(RefusableForm):
    reason = _reason(_("Why it will not be built"))


class ReopenForm(RefusableForm):
    reason = _reason(_("Why the work goes on"))
