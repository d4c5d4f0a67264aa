"""Words for the defects of a ballot that rulebook.ballot finds."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rulebook.ballot import Defect
from viche.foundation.money import money_text

# every code of rulebook.ballot.defects; a test compares this table with the codes in use
DEFECTS: dict[str, str] = {
    "empty": gettext_noop("You have not chosen any project."),
    "unknown_project": gettext_noop("The ballot names a project that is not in this vote."),
    "duplicate_project": gettext_noop("The ballot names one project twice."),
    "too_many": gettext_noop("You have chosen %(used)s projects; the rules allow %(limit)s."),
    "too_few": gettext_noop("You have chosen %(used)s projects; the rules ask for at least %(minimum)s."),
    "too_many_in_class": gettext_noop(
        "You have chosen %(used)s projects of the class “%(name)s”; the rules allow %(limit)s."
    ),
    "too_many_in_category": gettext_noop(
        "You have chosen %(used)s projects of the category “%(name)s”; the rules allow %(limit)s."
    ),
    "too_many_in_territory": gettext_noop(
        "You have chosen %(used)s projects in one place, %(name)s; the rules allow %(limit)s."
    ),
    "too_expensive": gettext_noop(
        "The projects you have chosen cost %(used)s together; the rules allow %(limit)s."
    ),
    "too_many_minus": gettext_noop(
        "You have marked %(used)s projects as those you are against; the rules allow %(limit)s."
    ),
    "too_many_points": gettext_noop("You have given %(used)s points; the rules allow %(limit)s."),
    "too_many_points_for_project": gettext_noop(
        "You have given one project %(value)s points; the rules allow %(limit)s."
    ),
    "negative_points": gettext_noop("Points cannot be less than zero."),
    "no_points": gettext_noop("A chosen project needs at least one point."),
    "wrong_value": gettext_noop("On this ballot a project is either chosen or not."),
    "bad_ranks": gettext_noop("The places on the ballot must be 1, 2, 3 and so on, each given once."),
    "own_project": gettext_noop("The rules do not allow a vote for one’s own project."),
}


def defect_text(defect: Defect, names: Mapping[str, str] | None = None, *, currency: str = "UAH") -> str:
    """The defect as a sentence. names: titles of classes, categories and territories by id."""
    sentence = DEFECTS.get(defect.code)
    if sentence is None:
        return defect.code
    params = dict(defect.params)
    for key in ("class", "category", "territory"):
        if key in params:
            params["name"] = (names or {}).get(str(params[key]), str(params[key]))
    if defect.code == "too_expensive":
        params |= {key: money_text(int(str(params[key])), currency) for key in ("used", "limit")}
    return _(sentence) % params


def defects_text(
    found: Iterable[Defect], names: Mapping[str, str] | None = None, *, currency: str = "UAH"
) -> list[str]:
    return list(dict.fromkeys(defect_text(defect, names, currency=currency) for defect in found))
