"""Forms about outgoing documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.connectors.documents.models import Dispatch, Kind, Registry
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.portal.refusable import RefusableForm

FORMER, NOW = "former", "now"


class DocumentsFilter(forms.Form):
    """What of the list is shown."""

    says_optional = False
    q = forms.CharField(label=_("Number or words of the title"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    contest = forms.ChoiceField(label=_("Contest"), required=False)

    def __init__(self, *args: Any, contests: list[Contest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("all")), *Kind.choices]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("all")), *Dispatch.State.choices]  # type: ignore[attr-defined]
        self.fields["contest"].choices = [  # type: ignore[attr-defined]
            ("", _("all")), *((each.slug, each.name) for each in contests),
        ]  # fmt: skip


class MakeForm(RefusableForm):
    """Which kinds of documents of a contest are made now."""

    kinds = forms.MultipleChoiceField(label=_("What to make"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, waiting: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind, f"{Kind(kind).label}: {number}") for kind, number in waiting.items()
        ]


class NumberForm(RefusableForm):
    """The number under which a document was registered."""

    number = forms.CharField(label=_("Number of registration"), max_length=100)
    day = forms.DateField(
        label=_("Registered on"), widget=forms.DateInput(attrs={"type": "date"}),
        initial=lambda: clock.now().astimezone(KYIV).date(),
    )  # fmt: skip


class RegistryForm(RefusableForm):
    """How documents are made."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    organisation = forms.CharField(label=_("ЄДРПОУ of the body"), max_length=8, min_length=8)
    executor = forms.CharField(
        label=_("Executor"), max_length=200, required=False,
        help_text=_("A unit, as it stands at the foot of letters."),
    )  # fmt: skip
    makes = forms.MultipleChoiceField(
        label=_("Made by themselves"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Of what happens from now on. The other documents are made when you press the button."),
    )  # fmt: skip

    @staticmethod
    def shown(registry: Registry | None) -> dict[str, Any]:
        if registry is None:
            return {"revision": 0}
        return {
            "revision": registry.revision, "organisation": registry.organisation, "executor": registry.executor,
            "makes": registry.makes,
        }  # fmt: skip
