"""Forms of the body's website: a site for results, the body's own domain."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.connectors.website.models import TargetKind
from viche.portal.refusable import RefusableForm


class TargetForm(RefusableForm):
    """A site to which results are pushed. What is right is the action's to say; the password is never sent back."""

    kind = forms.ChoiceField(
        label=_("How the site is reached"), choices=TargetKind.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("What you call it"),
        max_length=120,
        help_text=_("For example: the city’s website."),
    )
    address = forms.CharField(
        label=_("Address"), max_length=300,
        help_text=_(
            "WordPress: the site’s first page, https://example.gov.ua. Folder: its address, with a stroke at the end. "
            "JSON: the address that takes it."
        ),
    )  # fmt: skip
    user = forms.CharField(
        label=_("User"),
        max_length=120,
        required=False,
        help_text=_("Not needed where the site takes signed JSON."),
    )
    password = forms.CharField(
        label=_("Password"), max_length=300, required=False, widget=forms.PasswordInput,
        help_text=_(
            "WordPress: an application password, made on the user’s profile there, not the one the user signs in with. "
            "It is kept sealed and never shown again."
        ),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Who signs in there by name needs a name and a password."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("kind") != TargetKind.SIGNED_POST:
            for name, message in (
                ("user", _("Write the user’s name.")),
                ("password", _("Write the password.")),
            ):
                if not found.get(name):
                    self.add_error(name, message)
        return found


class DomainForm(RefusableForm):
    """The body's own domain."""

    host = forms.CharField(
        label=_("Domain"), max_length=120, required=False,
        help_text=_("For example budget.example.gov.ua. Left empty, the body has no domain of its own."),
    )  # fmt: skip
