"""Forms of the ways of terminal networks: opened, set anew, compared with the network's register."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.channels.terminals.networks.dialects import DIALECTS
from viche.channels.terminals.networks.models import NetworkWay
from viche.channels.terminals.queries import contests_at_terminals
from viche.communities.models import Community
from viche.portal.refusable import RefusableForm

MOST_REGISTER_BYTES = 8_000_000


class SettingsForm(RefusableForm):
    """Where the network comes from, what it pays, when a basket becomes a ballot."""

    addresses = forms.CharField(
        label=_("Addresses of the network"), widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line: 203.0.113.7 or 203.0.113.0/24. Its protocol is not signed: nobody else is let in."),
    )  # fmt: skip
    amount = forms.DecimalField(
        label=_("Sum of one payment, hryvnias"), min_value=0, max_digits=6, decimal_places=2, initial=Decimal(0),
        help_text=_("Usually nothing. A network that cannot send a zero pays a nominal sum, by the contract."),
    )  # fmt: skip
    basket = forms.ChoiceField(
        label=_("A basket becomes a ballot"), choices=NetworkWay.Basket.choices, widget=forms.RadioSelect,
        initial=NetworkWay.Basket.CONFIRM,
        help_text=_("One payment is one project. A basket that is not confirmed in 30 minutes is no ballot."),
    )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """What the action is told."""
        data = self.cleaned_data
        # the sum is checked to two places: its digits are kopiykas
        return {
            "addresses": data["addresses"].split(), "amount": int(data["amount"] * 100), "basket": data["basket"],
        }  # fmt: skip

    @staticmethod
    def shown(way: NetworkWay) -> dict[str, Any]:
        """A way as the form shows it."""
        return {
            "addresses": "\n".join(way.addresses), "amount": Decimal(way.amount).scaleb(-2), "basket": way.basket,
        }  # fmt: skip


class WayForm(SettingsForm):
    """A way to be opened."""

    dialect = forms.ChoiceField(
        label=_("Protocol of the network"), widget=forms.RadioSelect,
        choices=[(each.name, each.title) for each in DIALECTS.values()],
    )  # fmt: skip
    contest = forms.ChoiceField(
        label=_("Contest"), required=False,
        help_text=_("Whichever is open now: where two are open at once, a terminal is told to name one."),
    )  # fmt: skip
    service_apart = forms.BooleanField(
        label=_("The number of the project is the number of the service"), required=False,
        help_text=_("Otherwise it stands after the tax number, as the voter types it: 2987654321-12."),
    )  # fmt: skip
    field_order = ("dialect", "contest", "addresses", "amount", "basket", "service_apart")

    def __init__(self, data: Any = None, *, body: Community) -> None:
        super().__init__(data)
        self.contests = {str(each.pk): each for each in contests_at_terminals(body)}
        field = self.fields["contest"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("whichever votes now"))] + [
            (key, each.name) for key, each in self.contests.items()
        ]

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **super().said(), "dialect": data["dialect"], "contest": self.contests.get(data["contest"]),
            "service_apart": data["service_apart"],
        }  # fmt: skip


class RegisterForm(RefusableForm):
    """The network's own register of a day."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    register = forms.FileField(
        label=_("Register of the network"),
        help_text=_("CSV: id of the payment and its sum. It is compared and not kept."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )

    def clean_register(self) -> bytes:
        sent = self.cleaned_data["register"]
        if sent.size > MOST_REGISTER_BYTES:
            raise forms.ValidationError(_("The register is too long."))
        return bytes(sent.read())
