"""The contact form, and what an official answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.connectors.contact.actions import MAX_EMAIL, MAX_NAME, MAX_TEXT
from viche.connectors.contact.models import ContactMessage
from viche.portal.refusable import RefusableForm


class ContactForm(RefusableForm):
    """homepage: a field that people do not see and machines fill in. opened: when the form was opened, signed."""

    subject = forms.ChoiceField(
        label=_("What is it about?"), choices=ContactMessage.Subject.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Your message"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("No passwords, numbers of documents or cards, please; at most two links."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Your name"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail for the answer"), max_length=MAX_EMAIL, help_text=_("Nobody but the officials sees it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    wants_copy = forms.BooleanField(label=_("Send me a copy"), required=False)
    homepage = forms.CharField(
        label=_("Leave this empty"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_copy: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_copy:
            del self.fields["wants_copy"]

    def seen(self) -> list[forms.BoundField]:
        """The fields a person fills in."""
        return [self[name] for name in self.fields if name not in {"homepage", "opened"}]

    def renew(self, **fields: str) -> None:
        """Put these in place of what was sent when the form is shown once more. Needs a copy of the sent data."""
        for name, value in fields.items():
            self.data[name] = value  # type: ignore[index]


class ReplyForm(RefusableForm):
    text = forms.CharField(
        label=_("Your answer"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("It is sent by e-mail, with the message below it."),
    )  # fmt: skip
