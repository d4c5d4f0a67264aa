"""Forms of the staff page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from viche.identity.models import COMMUNITY_ROLES
from viche.portal.refusable import RefusableForm

# what each office may do, as the person who gives it needs to know
MEANINGS = {
    "administrator": _(
        "everything of the body: staff, name, contests; freezes rules together with another official"
    ),
    "editor": _("edits the rules of contests, confirms what an administrator proposes"),
    "reviewer": _("gives the opinion of a department about projects"),
    "commission": _("decides about projects, counts and certifies"),
    "operator": _("confirms memberships and helps people at a service point"),
    "partner": _("runs voting terminals under a contract"),
    "auditor": _("reads everything and changes nothing"),
}


class InviteForm(RefusableForm):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("The official address of the person."),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Office"), widget=forms.RadioSelect)
    unit = forms.CharField(
        label=_("Department or service point"), max_length=200, required=False,
        help_text=_("For a reviewer the department, for an operator the point: they stand in the list of staff."),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, f"{role.label}: {MEANINGS[role.value]}") for role in COMMUNITY_ROLES
        ]


class ResetForm(forms.Form):
    """Why a second factor is reset."""

    reason = forms.CharField(
        label=_("How you made sure who asked for it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: came in person with a passport. It is not kept; the journal says that it was reset."),
    )  # fmt: skip
