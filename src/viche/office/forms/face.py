"""Forms of a body's name, look and address."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Community
from viche.portal.refusable import RefusableForm


class NameForm(RefusableForm):
    """What the body is called, in both languages."""

    name_uk = forms.CharField(label=_("Name in Ukrainian"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    short_uk = forms.CharField(
        label=_("Short name in Ukrainian"), max_length=40,
        help_text=_("For narrow screens: «Полтава», not «Полтавська міська територіальна громада»."),
    )  # fmt: skip
    short_en = forms.CharField(label=_("Short name in English"), max_length=40)

    @classmethod
    def of(cls, community: Community) -> dict[str, Any]:
        return {
            "name_uk": community.name.get("uk", ""), "name_en": community.name.get("en", ""),
            "short_uk": community.short_name.get("uk", ""), "short_en": community.short_name.get("en", ""),
        }  # fmt: skip

    def face(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "name": {"uk": data["name_uk"], "en": data["name_en"]},
            "short_name": {"uk": data["short_uk"], "en": data["short_en"]},
        }


class LookForm(RefusableForm):
    """Emblem and colour."""

    emblem = forms.FileField(
        label=_("Emblem"), required=False,
        help_text=_("PNG, JPEG or WebP, up to 5 MB. PNG keeps what is transparent."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )  # fmt: skip
    colour = forms.CharField(
        label=_("Colour"), max_length=7, required=False,
        help_text=_("The colour of your coat of arms or flag, written as #0d4f6b. Empty: the colour of Viche."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": "9"}),
    )  # fmt: skip

    @classmethod
    def of(cls, community: Community) -> dict[str, Any]:
        return {"colour": community.brand_colour}

    def clean_colour(self) -> str:
        text = self.cleaned_data["colour"].strip().lower()
        if text and not text.startswith("#"):
            text = f"#{text}"
        if text and not re.fullmatch(r"#[0-9a-f]{6}", text):
            raise forms.ValidationError(_("Write the colour as # and six signs 0–9, a–f: #0d4f6b."))
        return text


class AddressForm(RefusableForm):
    """Where the pages are and whom to turn to."""

    slug = forms.CharField(
        label=_("Address on the platform"), max_length=40,
        help_text=_("Latin letters, digits and hyphens. It cannot change after the first contest is announced."),
    )  # fmt: skip
    host = forms.CharField(
        label=_("Own domain"), max_length=120, required=False,
        help_text=_("For example budget.example.gov.ua. The administrator of the installation has to set it up too."),
    )  # fmt: skip
    website = forms.URLField(label=_("Official website"), required=False, assume_scheme="https")
    contact_email = forms.EmailField(label=_("E-mail for citizens"), required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=32, required=False)
    address = forms.CharField(label=_("Postal address"), max_length=200, required=False)

    CONTACTS = ("website", "contact_email", "contact_phone", "address")

    def __init__(self, *args: Any, is_fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_fixed:
            # a disabled field keeps its first value whatever the browser sends
            self.fields["slug"].disabled = True
            self.fields["slug"].help_text = _(
                "A contest was announced under this address: it cannot change any more."
            )

    @classmethod
    def of(cls, community: Community) -> dict[str, Any]:
        return {
            "slug": community.slug, "host": community.host or "",
            **{name: getattr(community, name) for name in cls.CONTACTS},
        }  # fmt: skip

    def contacts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.CONTACTS}
