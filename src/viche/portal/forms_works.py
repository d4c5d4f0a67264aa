"""The form of a resident's rating."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from viche.portal.refusable import RefusableForm
from viche.projects.models import Rating


def _stars() -> list[tuple[int, Any]]:
    return [
        (stars, ngettext("%(n)d star", "%(n)d stars", stars) % {"n": stars} + " " + "★" * stars)
        for stars in (5, 4, 3, 2, 1)
    ]


class RatingForm(RefusableForm):
    stars = forms.TypedChoiceField(
        label=_("How good is it?"), choices=_stars, coerce=int, widget=forms.RadioSelect
    )
    promise = forms.ChoiceField(
        label=_("Is it what was promised?"), choices=Rating.Promise.choices, widget=forms.RadioSelect
    )
