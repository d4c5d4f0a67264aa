"""Forms of terminal partners: the contract, the limits, the keys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from viche.channels.terminals.actions import Contract, Limits, read_public_key
from viche.channels.terminals.models import Partner, Way
from viche.foundation.refused import Refused
from viche.portal.refusable import RefusableForm

MOST_KEY_BYTES = 4_000


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=False, help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


class KeyForm(RefusableForm):
    """A public key: a file, or its text."""

    key = forms.CharField(
        label=_("Public key of the partner"), max_length=MOST_KEY_BYTES,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Ed25519: the PEM text, or base64 of its 32 bytes. Never the private key."),
    )  # fmt: skip

    def clean_key(self) -> bytes:
        try:
            return read_public_key(self.cleaned_data["key"])
        except Refused as refused:
            raise forms.ValidationError(str(refused.message)) from None


class PartnerForm(KeyForm):
    """A partner to be connected: who it is, by which contract, how it knows its clients."""

    name = forms.CharField(label=_("Name of the bank or network"), max_length=120)
    slug = forms.CharField(
        label=_("Short name in Latin letters"), max_length=20,
        help_text=_("Stands in the requests of its machines and in the marks of voters: privat, easypay."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    way = forms.ChoiceField(
        label=_("How it knows who stands at the terminal"), choices=Way.choices, widget=forms.RadioSelect,
        help_text=_(
            "By the contract; it cannot be changed later. A partner that does not check the number votes only where "
            "the rules of a contest accept that."
        ),
    )  # fmt: skip
    contract_number = forms.CharField(label=_("Number of the contract"), max_length=60)
    contract_date = forms.DateField(
        label=_("Date of the contract"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    contract_person = forms.CharField(
        label=_("Who answers for it at the partner"), max_length=200,
        help_text=_("Name, telephone, address for urgent letters. Only officials see it."),
    )  # fmt: skip
    field_order = (
        "name", "slug", "way", "contract_number", "contract_date", "contract_person", "key",
    )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """What the action is told."""
        data = self.cleaned_data
        return {
            "name": data["name"], "slug": data["slug"], "way": data["way"], "key": data["key"],
            "contract": Contract(data["contract_number"], data["contract_date"], data["contract_person"]),
        }  # fmt: skip


class LimitsForm(RefusableForm):
    """Quotas, window, addresses, certificate."""

    quota_minute = forms.IntegerField(label=_("Most requests a minute"), min_value=1)
    quota_day = forms.IntegerField(label=_("Most requests a day"), min_value=1)
    from_at = _moment(
        _("Takes ballots from"), _("Empty: as long as the rules of the contest let terminals vote.")
    )
    to_at = _moment(pgettext_lazy("takes ballots", "Until"))
    addresses = forms.CharField(
        label=_("Addresses of its machines"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: 203.0.113.7 or 203.0.113.0/24. Empty: from anywhere."),
    )  # fmt: skip
    certificate = forms.CharField(
        label=_("Fingerprint of its TLS certificate"), required=False, max_length=95,
        help_text=_("SHA-256; only where the proxy checks certificates of clients and hands the fingerprint over."),
    )  # fmt: skip

    def clean_addresses(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["addresses"].split())

    def clean_certificate(self) -> str:
        return self.cleaned_data["certificate"].replace(":", "").strip().lower()

    def said(self) -> Limits:
        data = self.cleaned_data
        return Limits(
            data["quota_minute"], data["quota_day"], data["from_at"], data["to_at"], data["addresses"],
            data["certificate"],
        )  # fmt: skip

    @staticmethod
    def shown(partner: Partner) -> dict[str, Any]:
        """The limits of a partner as the form shows them."""
        return {
            "quota_minute": partner.quota_minute, "quota_day": partner.quota_day, "from_at": partner.from_at,
            "to_at": partner.to_at, "addresses": "\n".join(partner.addresses), "certificate": partner.certificate,
        }  # fmt: skip


class ReasonForm(RefusableForm):
    """Why; the journal shows it."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The journal shows it to everybody; name nobody."),
    )  # fmt: skip
