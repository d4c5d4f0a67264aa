"""Forms about how a person is told."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from viche.connectors.messages.models import Wish
from viche.connectors.messages.relevance import GROUP_NAMES
from viche.portal.refusable import RefusableForm


class EmailForm(RefusableForm):
    target = forms.CharField(
        max_length=254, label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send one letter with a link; nothing else goes there before you have opened it."),
    )  # fmt: skip


class PhoneForm(RefusableForm):
    target = forms.CharField(
        max_length=20, label=_("Mobile number"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("For example +380 67 123 45 67. A message with a link comes there."),
    )  # fmt: skip


class WishForm(RefusableForm):
    """How each group is told on one channel, and in which language."""

    says_optional = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for group, name in GROUP_NAMES.items():
            self.fields[group] = forms.ChoiceField(label=name, choices=Wish.Mode.choices)
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def modes(self) -> dict[str, str]:
        return {group: self.cleaned_data[group] for group in GROUP_NAMES}


ADDRESS_FORMS: dict[str, type[RefusableForm]] = {"email": EmailForm, "sms": PhoneForm}
