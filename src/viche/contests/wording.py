"""Words for the codes that rulebook gives about rules and schedules."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rulebook.problem import Problem

# every code of rulebook.rules and rulebook.calendar; a test compares this table with the codes in use
PROBLEMS: dict[str, str] = {
    "unknown_phase": gettext_noop("The schedule names an unknown phase: %(phase)s."),
    "ends_before_start": gettext_noop("The phase “%(phase)s” ends before it begins."),
    "same_phase_overlaps": gettext_noop("Two windows of the phase “%(phase)s” overlap."),
    "starts_before_earlier_phase": gettext_noop("The phase “%(phase)s” begins before “%(earlier)s”."),
    "overlaps_voting": gettext_noop("The phase “%(phase)s” overlaps the voting."),
    # the shape of the document
    "missing": gettext_noop("%(place)s: this field is required."),
    "unknown_field": gettext_noop("%(place)s: there is no such field in the rules."),
    "wrong_type": gettext_noop("%(place)s: the value must be of the kind %(expected)s."),
    "not_one_of": gettext_noop("%(place)s: the value must be one of: %(allowed)s."),
    "repeated": gettext_noop("%(place)s: “%(value)s” is there twice."),
    "too_long": gettext_noop("%(place)s: the text is longer than %(limit)s letters."),
    "too_small": gettext_noop("%(place)s: the number must be at least %(limit)s."),
    "too_large": gettext_noop("%(place)s: the number must be at most %(limit)s."),
    "bad_format": gettext_noop("%(place)s: “%(value)s” is not written as it should be."),
    "no_canonical_form": gettext_noop("%(place)s: the value cannot be hashed: %(detail)s."),
    # size classes, categories, pots
    "empty_class": gettext_noop("The class “%(class)s” ends below its beginning: no project fits into it."),
    "classes_overlap": gettext_noop("The classes “%(class)s” and “%(other)s” overlap in cost."),
    "unknown_class": gettext_noop("%(place)s: there is no class “%(class)s”."),
    "unknown_category": gettext_noop("%(place)s: there is no category “%(category)s”."),
    "no_pot": gettext_noop("The rules name no pot of money."),
    "empty_pot": gettext_noop("The pot “%(pot)s” has no money."),
    "pot_below_smallest_project": gettext_noop(
        "The pot “%(pot)s” is smaller than the cheapest project of the class “%(class)s”."
    ),
    "class_larger_than_pot": gettext_noop(
        "A project of the class “%(class)s” may cost more than the whole pot “%(pot)s”."
    ),
    "pots_overlap": gettext_noop("A project could be paid both from the pot “%(pot)s” and from “%(other)s”."),
    "class_without_pot": gettext_noop("No pot pays for the projects of the class “%(class)s”."),
    "category_without_pot": gettext_noop("No pot pays for the projects of the category “%(category)s”."),
    # people and ballots
    "nobody_eligible": gettext_noop("%(place)s: no basis of membership is named, so nobody could take part."),
    "no_identity_method": gettext_noop("The rules name no method of identification."),
    "limit_zero": gettext_noop("%(place)s: a limit of zero lets nothing through."),
    "limit_above_overall": gettext_noop(
        "%(place)s: the limit %(limit)s is above the limit of the whole ballot, %(overall)s."
    ),
    "limit_out_of_reach": gettext_noop(
        "%(place)s: nobody can reach the limit %(limit)s; the other limits allow %(reachable)s."
    ),
    "minimum_out_of_reach": gettext_noop(
        "%(place)s: nobody can reach the minimum %(minimum)s; the other limits allow %(reachable)s."
    ),
    "points_on_other_ballot": gettext_noop("%(place)s: a ballot of the kind “%(kind)s” gives no points."),
    # counting
    "unknown_rule": gettext_noop("There is no counting rule “%(rule)s”; known: %(known)s."),
    "unknown_option": gettext_noop("The counting rule “%(rule)s” has no option “%(option)s”."),
    "not_a_count": gettext_noop("%(place)s: a whole number, zero or more, is needed."),
    "score_not_on_ballot": gettext_noop(
        "The score “%(score)s” cannot be read from a ballot of the kind “%(kind)s”."
    ),
    "refuse_not_last": gettext_noop("In the order for ties nothing may follow “refuse”."),
}


def problem_text(problem: Problem) -> str:
    """The problem as a sentence in the person's language, with the place in the document."""
    sentence = PROBLEMS.get(problem.code)
    if sentence is None:
        return f"{problem.path}: {problem.code}"
    params = {
        name: ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        for name, value in problem.params.items()
    }
    return _(sentence) % {"place": problem.path or "/", **params}
