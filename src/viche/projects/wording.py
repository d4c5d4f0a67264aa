"""Words for the refusals of the lifecycle, and for what is asked of a submitted project."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rulebook.lifecycle import Refusal
from rulebook.rules import Rules
from viche.communities.models import localised
from viche.contests.models import PHASE_NAMES
from viche.foundation.numbers import percent_text

ROLE_NAMES = {
    "author": gettext_lazy("the author"),
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


def submission_lines(rules: Rules) -> list[str]:
    """What the rules ask of a project's author beyond the fields of the form, a sentence each."""
    asked, lines = rules.submission, []
    if rules.author_max_projects is not None:
        lines.append(
            ngettext(
                "One author may submit at most %(n)d project.", "One author may submit at most %(n)d projects.",
                rules.author_max_projects,
            )
            % {"n": rules.author_max_projects}
        )  # fmt: skip
    for each in rules.size_classes:
        if (most := asked.max_per_class.get(each.id)) is not None:
            lines.append(
                ngettext(
                    "Of the class “%(name)s”: at most %(n)d project of one author.",
                    "Of the class “%(name)s”: at most %(n)d projects of one author.",
                    most,
                )
                % {"n": most, "name": localised(dict(each.name))}
            )
    if asked.categories:
        names = ", ".join(
            localised(dict(each.name)) for each in rules.categories if each.id in asked.categories
        )
        lines.append(_("This year only these categories are admitted: %s.") % names)
    if asked.reserve_share:
        lines.append(
            _("The cost includes a reserve: %s of the estimate.") % percent_text(asked.reserve_share)
        )
    return lines


def refusal_text(refusal: Refusal) -> str:
    """Why a move is not possible, as a sentence."""
    params = refusal.params
    if refusal.code == "wrong_phase":
        names = ", ".join(str(PHASE_NAMES[phase]).lower() for phase in params.get("during", ()))
        return _("This can be done only during: %s.") % names
    if refusal.code == "wrong_role":
        names = ", ".join(str(ROLE_NAMES.get(role, role)) for role in params.get("by", ()))
        return _("This can be done only by: %s.") % names
    return _("The project’s present state does not allow this.")
