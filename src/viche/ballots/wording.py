"""Words for the defects of a ballot that rulebook.ballot finds."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rulebook.ballot import Defect

# every code of rulebook.ballot.defects; a test compares this table with the codes in use
DEFECTS: dict[str, str] = {
    "empty": gettext_noop("You have not chosen any project."),
    "unknown_project": gettext_noop("The ballot names a project that is not in this vote."),
    "duplicate_project": gettext_noop("The ballot names one project twice."),
    "too_many": gettext_noop("You have chosen %(used)s projects; the rules allow %(limit)s."),
    "too_few": gettext_noop("You have chosen %(used)s projects; the rules ask for at least %(limit)s."),
    "too_many_in_class": gettext_noop(
        "You have chosen %(used)s projects of the class “%(name)s”; the rules allow %(limit)s."
    ),
    "own_project": gettext_noop("The rules do not allow a vote for one’s own project."),
}


def defect_text(defect: Defect, names: Mapping[str, str] | None = None) -> str:
    """The defect as a sentence. names: titles of classes and categories by id."""
    sentence = DEFECTS.get(defect.code)
    if sentence is None:
        return defect.code
    params = dict(defect.params)
    for key in ("class", "category", "territory"):
        if key in params:
            params["name"] = (names or {}).get(str(params[key]), str(params[key]))
    return _(sentence) % params


def defects_text(found: Iterable[Defect], names: Mapping[str, str] | None = None) -> list[str]:
    return list(dict.fromkeys(defect_text(defect, names) for defect in found))
