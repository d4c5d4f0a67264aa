"""The form of a connected system, made of the fields of its kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.connectors.systems.kinds import Field, Kind
from viche.connectors.systems.models import System
from viche.portal.refusable import RefusableForm

KEPT = _("Kept sealed and never shown again.")
STAYS = _("One is kept. Leave the field empty to keep it; type another to replace it.")


class SystemForm(RefusableForm):
    """Title and the kind's fields. What is right is the action's to say; secrets are never shown."""

    title = forms.CharField(
        label=_("What you call it"), max_length=120, required=False,
        help_text=_("For your colleagues: “Register of Kremenchuk, test stand”."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, kind: Kind, system: System | None = None, kept: frozenset[str] = frozenset(), **kwargs: Any
    ) -> None:  # fmt: skip
        first = {each.name: each.first for each in kind.fields if not each.is_secret}
        kwargs["initial"] = (
            {**first, "title": kind.title}
            if system is None
            else {**first, **system.settings, "title": system.title, "version": system.version}
        )
        super().__init__(*args, **kwargs)
        for each in kind.fields:
            self.fields[each.name] = _form_field(each, is_kept=each.name in kept)
            if each.name in kept and not each.is_required:
                self.fields[f"forget_{each.name}"] = forms.BooleanField(
                    label=_("Forget it: %(label)s") % {"label": each.label}, required=False
                )

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        values = {
            name: value for name, value in self.cleaned_data.items() if name not in {"title", "version"}
        }
        return {"title": self.cleaned_data["title"], "values": values}


class SecretText(forms.Textarea):
    """A long secret, such as a key: what was typed is not sent back."""

    def format_value(self, value: Any) -> str:
        return ""


def _form_field(field: Field, *, is_kept: bool) -> forms.Field:
    """A field with its control."""
    facts: dict[str, Any] = {
        "label": field.label, "help_text": field.help, "required": field.is_required and not is_kept,
    }  # fmt: skip
    attributes = {"autocomplete": "off", "spellcheck": "false"}
    if field.is_secret:
        facts["help_text"] = f"{field.help} {STAYS if is_kept else KEPT}".strip()
    match field.shape:
        case "flag":
            return forms.BooleanField(**{**facts, "required": False})
        case "choice":
            return forms.ChoiceField(**facts, choices=field.choices)
        case "long":
            return forms.CharField(**facts, widget=forms.Textarea({**attributes, "rows": 4}))
        case "number":
            return forms.CharField(**facts, widget=forms.TextInput({**attributes, "inputmode": "numeric"}))
        case "long_secret":
            return forms.CharField(**facts, widget=SecretText({**attributes, "rows": 4}))
        case "secret":
            control = forms.PasswordInput({**attributes, "autocomplete": "new-password"})
            return forms.CharField(**facts, widget=control)
        case _:
            return forms.CharField(**facts, widget=forms.TextInput(attributes))
