"""What an official chooses to put on the community's own website."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.contests.models import Contest
from viche.portal.framing import COLOUR
from viche.portal.widgets import KINDS
from viche.projects.filters import GROUPS

THEMES = [
    ("auto", _("as the visitor’s device")),
    ("light", _("always light")),
    ("dark", _("always dark")),
]
LANGUAGES = [("uk", "Українська"), ("en", "English")]


class WidgetForm(forms.Form):
    """Which widget, of which contest, how it looks. A value that means nothing is told, the rest is shown."""

    says_optional = False

    kind = forms.ChoiceField(label=_("Widget"), widget=forms.RadioSelect)
    contest = forms.ChoiceField(
        label=_("Contest"), required=False,
        help_text=_("“The one of now” changes by itself: next year nothing has to be put in anew."),
    )  # fmt: skip
    project = forms.IntegerField(
        label=_("Number of the project"), required=False, min_value=1, max_value=2_000_000_000,
        help_text=_("For the widget of one project: the number on its page, after №."),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("Which projects"), required=False)
    n = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=24)
    theme = forms.ChoiceField(label=_("Light or dark"), required=False, choices=THEMES)
    accent = forms.CharField(
        label=_("Colour of your site"), required=False, max_length=7,
        help_text=_("As #0d4f6b. It is made darker or lighter where it could not be read. Empty: the body’s colour."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": "9"}),
    )  # fmt: skip
    lang = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)

    def __init__(self, data: Any, *, contests: list[Contest]) -> None:
        super().__init__({"kind": "status", "theme": "auto", "lang": "uk", **data})
        self.fields["kind"].choices = [(name, kind.text) for name, kind in KINDS.items()]
        self.fields["contest"].choices = [
            ("", _("the one of now")),
            *((each.slug, each.name) for each in contests),
        ]
        self.fields["state"].choices = [
            ("", _("all")),
            *((name, text) for name, (text, _s) in GROUPS.items()),
        ]

    def clean_accent(self) -> str:
        text = self.cleaned_data["accent"].strip()
        if text and COLOUR.fullmatch(text) is None:
            raise forms.ValidationError(_("Write the colour as #0d4f6b: six digits or letters from a to f."))
        return text.removeprefix("#").lower()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("kind") == "project" and not said.get("project") and "project" not in self.errors:
            self.add_error("project", _("Write the number of the project."))
        return said
