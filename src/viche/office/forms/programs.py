"""Forms of programs: what they may do, in whose name, how often and from where."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.connectors.clients.actions import Limits
from viche.connectors.clients.models import Client
from viche.connectors.clients.scopes import SCOPES
from viche.identity.models import Office
from viche.identity.queries.offices import Holder
from viche.portal.refusable import RefusableForm

OVERLAPS = ((0, _("at once")), (1, _("in an hour")), (24, _("in a day")), (168, _("in a week")))


class ProgramLimitsForm(RefusableForm):
    """Quotas and networks."""

    quota_minute = forms.IntegerField(label=_("Most requests a minute"), min_value=1, initial=120)
    quota_day = forms.IntegerField(label=_("Most requests a day"), min_value=1, initial=20_000)
    networks = forms.CharField(
        label=_("Addresses it comes from"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line: 203.0.113.7 or 203.0.113.0/24. Empty: from anywhere."),
    )  # fmt: skip

    def clean_networks(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["networks"].split())

    def limits(self) -> Limits:
        """What the action is told."""
        data = self.cleaned_data
        return Limits(data["quota_minute"], data["quota_day"], data["networks"])

    @staticmethod
    def shown(client: Client) -> dict[str, Any]:
        """The limits of a program as the form shows them."""
        return {
            "quota_minute": client.quota_minute, "quota_day": client.quota_day,
            "networks": "\n".join(client.networks),
        }  # fmt: skip


class ProgramForm(ProgramLimitsForm):
    """A program to be connected."""

    title = forms.CharField(
        label=_("Name of the program"), max_length=120,
        help_text=_("As the body calls it: “Document flow”. The journal shows it to everybody."),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("What it is for, and who looks after it"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Only officials see it."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose only what it needs: each of these can be misused by whoever gets hold of its key."),
    )  # fmt: skip
    official = forms.ChoiceField(
        label=_("In whose name it acts"),
        help_text=_(
            "It may do what this official may, and nothing else. The official has to agree; when the office ends, the "
            "program can write no more."
        ),
    )  # fmt: skip
    field_order = ("title", "purpose", "scopes", "official", "quota_minute", "quota_day", "networks")

    def __init__(self, *args: Any, holders: Sequence[Holder], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(each.office.person_id): each.office.person for each in holders}
        self.fields["scopes"].choices = [
            (name, f"{each.title}: {each.text}") for name, each in SCOPES.items()
        ]  # type: ignore[attr-defined]
        self.fields["official"].choices = [("", _("Choose an official")), *_named(holders)]  # type: ignore[attr-defined]


def _named(holders: Sequence[Holder]) -> list[tuple[str, str]]:
    """Each person once, with their offices."""
    offices: dict[str, list[Office]] = {}
    for each in holders:
        offices.setdefault(str(each.office.person_id), []).append(each.office)
    return [
        (
            person,
            f"{held[0].person.display_name} ({', '.join(str(each.get_role_display()) for each in held)})",
        )
        for person, held in offices.items()
    ]


class NewKeyForm(RefusableForm):
    """A new key in place of the old one."""

    overlap = forms.TypedChoiceField(
        label=_("The old key stops counting"), choices=OVERLAPS, coerce=int, initial=24,
        help_text=_("Time enough to give the program the new one. At once, where somebody may have seen the old one."),
    )  # fmt: skip
