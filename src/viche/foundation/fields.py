"""Fields of forms for what the house stores as whole numbers: money in kopiykas, shares in hundredths of a percent."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_SPACES = re.compile(r"[\s\u00a0\u202f]")


def whole_number(value: Any) -> int | None:
    """A number of a record or a version as an address or a hidden field sends it; None where it is none, or a far too
    long one.
    """
    text = str(value or "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def amount_typed(amount: int) -> str:
    """Kopiykas as they are typed: 1250050 → «12 500,50»."""
    whole, part = divmod(amount, 100)
    grouped = f"{whole:,}".replace(",", "\u00a0")
    return f"{grouped},{part:02d}" if part else grouped


class MoneyField(forms.Field):
    """An amount typed in hryvnias («12 500,50»), given as integer kopiykas."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write the amount in digits, for example 125 000.")}

    def to_python(self, value: Any) -> int | None:
        text = _SPACES.sub("", str(value or "")).removesuffix("₴")
        if not text:
            return None
        # thousands apart by commas, as English writes them; otherwise one comma or point before kopiykas
        if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?", text):
            text = text.replace(",", "")
        if not re.fullmatch(r"[0-9]{1,12}([.,][0-9]{1,2})?", text):
            raise forms.ValidationError(self.error_messages["invalid"])
        whole, _point, part = text.replace(",", ".").partition(".")
        return int(whole) * 100 + int(part.ljust(2, "0"))

    def prepare_value(self, value: Any) -> Any:
        return amount_typed(value) if isinstance(value, int) else value


class PercentField(forms.Field):
    """A share typed in percent («26,67»), given in hundredths of a percent."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Write the share in percent, for example 60 or 12,5."),
    }

    def to_python(self, value: Any) -> int | None:
        text = _SPACES.sub("", str(value or "")).removesuffix("%")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,3}([.,][0-9]{1,2})?", text):
            raise forms.ValidationError(self.error_messages["invalid"])
        whole, _point, part = text.replace(",", ".").partition(".")
        share = int(whole) * 100 + int(part.ljust(2, "0") or 0)
        if share > 10_000:
            raise forms.ValidationError(_("A share is at most 100%."))
        return share

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        whole, part = divmod(value, 100)
        return f"{whole},{part:02d}".rstrip("0") if part else str(whole)
