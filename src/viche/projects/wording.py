"""Words for the refusals of the lifecycle."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rulebook.lifecycle import Refusal
from viche.contests.models import PHASE_NAMES

ROLE_NAMES = {
    "author": gettext_lazy("the author"),
    "editor": gettext_lazy("the editor"),
    "reviewer": gettext_lazy("the reviewer of a department"),
    "commission": gettext_lazy("the commission"),
    "administrator": gettext_lazy("the administrator"),
    "system": gettext_lazy("the count"),
}

LEVEL_NAMES = {
    "region": gettext_lazy("a region"),
    "district": gettext_lazy("a district of a region"),
    "hromada": gettext_lazy("a territorial community"),
    "city": gettext_lazy("a city"),
    "city-district": gettext_lazy("a district of a city"),
    "starosta-district": gettext_lazy("a starosta district"),
    "settlement": gettext_lazy("a settlement"),
}
"""Levels of territory that a class of projects may be for (rulebook SCOPES), as they stand after “for”."""


def refusal_text(refusal: Refusal) -> str:
    """Why a move is not possible, as a sentence."""
    params = refusal.params
    if refusal.code == "wrong_phase":
        names = ", ".join(str(PHASE_NAMES[phase]).lower() for phase in params.get("during", ()))
        return _("This can be done only during: %s.") % names
    if refusal.code == "wrong_role":
        names = ", ".join(str(ROLE_NAMES.get(role, role)) for role in params.get("by", ()))
        return _("This can be done only by: %s.") % names
    if refusal.code == "wrong_procedure":
        return _("The rules of this contest do not foresee this.")
    return _("The project’s present state does not allow this.")
