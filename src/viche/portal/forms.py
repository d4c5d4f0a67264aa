"""Forms of the citizens' pages: they parse and say what is missing; deciding is the actions' work."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.communities.models import Territory
from viche.contests.models import Contest
from viche.foundation.fields import MoneyField
from viche.foundation.refused import Refused
from viche.portal.contest_page import category_names, class_names
from viche.projects.actions import Draft
from viche.projects.submission import is_admitted_category


class ProjectForm(forms.Form):
    """One project as its author writes it."""

    title = forms.CharField(
        label=_("Title"),
        max_length=500,
        help_text=_("What and where, so that a neighbour understands at once."),
    )
    summary = forms.CharField(
        label=_("In one or two sentences"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    text = forms.CharField(
        label=_("Description"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("The problem, what will be done, who will benefit."),
    )  # fmt: skip
    category = forms.ChoiceField(label=_("Type"))
    territory = forms.ChoiceField(label=_("Territory"))
    place_name = forms.CharField(label=_("Address or landmark"), max_length=200, required=False)
    coordinates = forms.CharField(
        label=_("Coordinates"), max_length=60, required=False,
        help_text=_("Latitude and longitude, as any map copies them: 49.5894, 34.5510."),
    )  # fmt: skip
    cost = MoneyField(label=_("Cost, UAH"))
    picture = forms.FileField(
        label=_("Picture"), required=False,
        help_text=_("JPEG, PNG or WebP, up to 15 MB. Where it was taken is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip

    def __init__(self, *args: Any, contest: Contest, areas: list[Territory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {area.code: area for area in areas}
        categories = {
            key: name
            for key, name in category_names(contest).items()
            if is_admitted_category(contest.rules, key)
        }
        if categories:
            self.fields["category"].choices = [("", _("choose")), *categories.items()]
        else:
            del self.fields["category"]
        self.fields["territory"].choices = [(area.code, area.full_name) for area in areas]
        limits = contest.rules.size_classes
        if limits:
            names = class_names(contest)
            self.fields["cost"].help_text = "; ".join(
                f"{names[each.id]}: {each.min_cost // 100:,}–{(each.max_cost or 0) // 100:,}".replace(
                    ",", "\u00a0"
                )
                for each in limits
            )

    def clean_coordinates(self) -> tuple[Decimal, Decimal] | None:
        text = self.cleaned_data["coordinates"].strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{2}(?:\.\d{1,15})?)[,;\s]+(\d{2}(?:\.\d{1,15})?)", text)
        if found is None:
            raise forms.ValidationError(_("Write two numbers, for example 49.5894, 34.5510."))
        latitude, longitude = (Decimal(part).quantize(Decimal("0.000001")) for part in found.groups())
        if not (Decimal(44) <= latitude <= Decimal(53) and Decimal(22) <= longitude <= Decimal(41)):
            raise forms.ValidationError(_("This place is not in Ukraine: the latitude comes first."))
        return latitude, longitude

    def draft(self) -> Draft:
        data = self.cleaned_data
        latitude, longitude = data["coordinates"] or (None, None)
        picture = data.get("picture")
        return Draft(
            title=data["title"], summary=data["summary"], text=data["text"], category=data.get("category", ""),
            territory=self._areas[data["territory"]], place_name=data["place_name"], cost=data["cost"],
            latitude=latitude, longitude=longitude,
            pictures=((picture.read(), data["title"][:200]),) if picture else (),
        )  # fmt: skip

    def refuse(self, refused: Refused) -> None:
        """Show an action's refusal at its fields, or above the form."""
        for name, message in refused.fields.items():
            self.add_error(name if name in self.fields else None, message)
        if not refused.fields:
            self.add_error("picture" if "picture" in refused.code else None, refused.message)
