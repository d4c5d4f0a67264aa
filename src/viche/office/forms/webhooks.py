"""Forms of webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.connectors.webhooks.catalogue import GROUPS, kinds_in
from viche.connectors.webhooks.models import Endpoint
from viche.contests.models import Contest
from viche.contests.queries import contests_of
from viche.portal.refusable import RefusableForm


class WebhookForm(RefusableForm):
    """Who is told of what. What is right is the action's to say."""

    title = forms.CharField(
        label=_("What you call it"), max_length=80,
        help_text=_("For example “Document flow”. The public journal shows this name, never the address."),
    )  # fmt: skip
    url = forms.CharField(
        label=_("Address of the receiver"), max_length=1000,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Begins with https:// and is reachable from the internet. Its programmers give it to you."),
    )  # fmt: skip
    groups = forms.MultipleChoiceField(
        label=_("Which events"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Single kinds of events besides"), required=False, widget=forms.SelectMultiple({"size": 8}),
        help_text=_("Only if the receiver needs nothing but these. Sealed ballots are told only where chosen here."),
    )  # fmt: skip
    contest = forms.ChoiceField(label=_("Of which contest"), required=False)
    from_start = forms.BooleanField(
        label=_("Tell what has happened so far too"), required=False,
        help_text=_("The receiver gets every event of the body’s journal from the beginning, in its order."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, community: Community, endpoint: Endpoint | None = None, **kwargs: Any
    ) -> None:
        if endpoint is not None:
            kwargs["initial"] = {
                "title": endpoint.title, "url": endpoint.url, "contest": str(endpoint.contest_id or ""),
                "groups": [each for each in endpoint.kinds if each in GROUPS],
                "kinds": [each for each in endpoint.kinds if each not in GROUPS],
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self._contests: dict[str, Contest] = {str(each.pk): each for each in contests_of(community)}
        self.fields["groups"].choices = [(name, title) for name, (title, _rooms) in GROUPS.items()]  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (title, [(each.code, each.code) for each in kinds_in(name)])
            for name, (title, _rooms) in GROUPS.items()
        ]
        self.fields["contest"].choices = [  # type: ignore[attr-defined]
            ("", _("All contests and the body itself")),
            *((pk, each.name) for pk, each in self._contests.items()),
        ]
        if endpoint is not None:
            del self.fields["from_start"]

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        return {
            "title": data["title"], "url": data["url"], "kinds": [*data["groups"], *data["kinds"]],
            "contest": self._contests.get(data["contest"]),
        }  # fmt: skip
