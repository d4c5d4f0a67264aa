"""Words for the codes that rulebook gives about rules and schedules."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rulebook.problem import Problem

# every code of rulebook.rules and rulebook.calendar; a test compares this table with the codes in use
PROBLEMS: dict[str, str] = {
    "not_json": gettext_noop("The file is not JSON that can be read: %(detail)s."),
    "unknown_phase": gettext_noop("The schedule names an unknown phase: %(phase)s."),
    "ends_before_start": gettext_noop("The phase “%(phase)s” ends before it begins."),
    "same_phase_overlaps": gettext_noop("Two windows of the phase “%(phase)s” overlap."),
    "starts_before_earlier_phase": gettext_noop("The phase “%(phase)s” begins before “%(earlier)s”."),
    "overlaps_voting": gettext_noop("The phase “%(phase)s” overlaps the voting."),
    # the shape of the document
    "newer_schema": gettext_noop(
        "The document is written for schema %(schema)s; this version of the platform knows up to %(known)s: "
        "update the platform or take an older document."
    ),
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
    "minus_on_other_ballot": gettext_noop(
        "%(place)s: a ballot of the kind “%(kind)s” has no marks against projects."
    ),
    # counting
    "unknown_rule": gettext_noop("There is no counting rule “%(rule)s”; known: %(known)s."),
    "unknown_option": gettext_noop("The counting rule “%(rule)s” has no option “%(option)s”."),
    "not_a_count": gettext_noop("%(place)s: a whole number, zero or more, is needed."),
    "unknown_pot": gettext_noop("%(place)s: there is no pot “%(pot)s”."),
    "move_to_itself": gettext_noop("%(place)s: money cannot move from the pot “%(pot)s” to itself."),
    "score_not_on_ballot": gettext_noop(
        "The score “%(score)s” cannot be read from a ballot of the kind “%(kind)s”."
    ),
    "refuse_not_last": gettext_noop("In the order for ties nothing may follow “refuse”."),
    "both_given": gettext_noop("%(place)s: “%(one)s” and “%(other)s” cannot both be given."),
    "share_without_total": gettext_noop("The pot “%(pot)s” is a share of the total, but no total is given."),
    "shares_not_whole": gettext_noop("The shares of the pots do not add up to 100%%."),
    "pots_above_total": gettext_noop("The pots together hold more than the total of the contest."),
    "pots_below_total": gettext_noop(
        "The pots together hold less than the total of the contest: some money is in no pot."
    ),
    "gap_between_classes": gettext_noop(
        "A project that costs more than “%(class)s” allows and less than “%(other)s” asks belongs to no class."
    ),
    "pot_of_category_not_admitted": gettext_noop(
        "The pot “%(pot)s” pays for the category “%(category)s”, which is not admitted this year."
    ),
    "no_citizenship": gettext_noop("%(place)s: no citizenship is named, so nobody could take part."),
    "no_age": gettext_noop("%(place)s: nobody is at least %(min_age)s and at most %(max_age)s years old."),
    "basis_not_admitted": gettext_noop(
        "%(place)s: something is set for the basis “%(basis)s”, which is not admitted."
    ),
    "basis_without_channel": gettext_noop(
        "%(place)s: people with the basis “%(basis)s” could not vote through any channel."
    ),
    "unknown_channel": gettext_noop(
        "%(place)s: the channel “%(channel)s” is not among the channels of the voting."
    ),
    "no_evidence": gettext_noop("%(place)s: nothing is accepted as proof of the basis “%(basis)s”."),
    "basis_not_provable": gettext_noop(
        "%(place)s: without an operator nobody could prove the basis “%(basis)s”."
    ),
    "number_not_proved": gettext_noop(
        "%(place)s: a personal number is asked for, but none of these methods proves one: %(methods)s."
    ),
    "age_not_proved": gettext_noop(
        "%(place)s: an age is asked for, but none of these methods proves it: %(methods)s."
    ),
    "supporters_not_asked": gettext_noop(
        "The rules say who may support a project, but no support is collected."
    ),
    "channel_never_open": gettext_noop(
        "The channel “%(channel)s” closes on day %(to_day)s, before it opens on day %(from_day)s."
    ),
    "channel_without_method": gettext_noop(
        "No accepted method of identification works in the channel “%(channel)s”."
    ),
    "method_not_in_channel": gettext_noop(
        "The method “%(method)s” cannot work in the channel “%(channel)s”."
    ),
    "method_not_listed": gettext_noop(
        "The channel “%(channel)s” accepts the method “%(method)s”, which is not among the methods of the rules."
    ),
    "act_method_not_listed": gettext_noop(
        "%(place)s: the method “%(method)s” is not among the methods of the rules."
    ),
    "method_unused": gettext_noop("No channel accepts the method “%(method)s”."),
    "channels_leave_days": gettext_noop("On day %(day)s of the voting no channel is open."),
    "revote_on_paper": gettext_noop(
        "A ballot may be cast again, but one on paper or entered by an operator cannot be taken back."
    ),
    "paper_unused": gettext_noop(
        "The rules say how paper ballots come in, but paper is not among the ways to vote."
    ),
    "cancel_without_terminal": gettext_noop(
        "A ballot cast at a terminal may be taken back, but terminals are not among the ways to vote."
    ),
    "totals_of_named_papers": gettext_noop(
        "Sheets with the names of voters are entered one by one: the totals of a protocol would leave nobody's name."
    ),
    "totals_of_such_ballots": gettext_noop(
        "Only totals of paper ballots come in, but such ballots cannot be counted from totals (%(kind)s)."
    ),
    "totals_under_such_rule": gettext_noop(
        "Only totals of paper ballots come in, but the rule “%(rule)s” counts single ballots; “%(counts)s” does not "
        "need them."
    ),
    "totals_are_points": gettext_noop(
        "Only totals of paper ballots come in, and these are points: projects must be ranked by points too."
    ),
    "reserve_takes_all": gettext_noop("The reserve takes the whole estimate."),
    "publication_without_days": gettext_noop(
        "A project not checked in time is published, but the check has no term."
    ),
    "edits_without_check": gettext_noop(
        "Projects may be changed until they are published, but they are published as soon as they are submitted."
    ),
    "edits_without_support": gettext_noop(
        "Projects may be changed while support is collected, but no support is collected."
    ),
    "choice_without_options": gettext_noop("The question “%(question)s” is a choice and offers nothing."),
    "choice_of_one": gettext_noop("The question “%(question)s” is a choice and offers one option only."),
    "options_of_no_choice": gettext_noop(
        "The question “%(question)s” is no choice, so it can have no options."
    ),
    "check_longer_than_phase": gettext_noop(
        "The check of a project submitted last may take %(days)s days, but only %(available)s are left before the "
        "next step has ended."
    ),
    "e_signature_on_paper": gettext_noop(
        "A qualified electronic signature is required, but support is given on paper only."
    ),
    "paper_without_e_signature": gettext_noop(
        "A qualified electronic signature is required, but support on paper has none."
    ),
    "signatories_not_published": gettext_noop(
        "Initials or names of supporters are to be shown, but support is not among what is published."
    ),
    "quorum_of_nobody": gettext_noop(
        "In the stage “%(stage)s” nobody would have to take part in a decision."
    ),
    "checks_left_out": gettext_noop("No stage of the review gives an opinion on: %(checks)s."),
    "nothing_to_appeal": gettext_noop("Appeals are foreseen, but no project is ever refused."),
    "appeal_beyond_review": gettext_noop(
        "An appeal may take %(days)s days after the last stage, but the review goes on for %(available)s: one that is "
        "granted would come too late."
    ),
    "support_of_nobody": gettext_noop("Support is collected, but no project needs any."),
    "class_without_support": gettext_noop(
        "Support is collected, but projects of the class “%(class)s” need none."
    ),
    "author_alone_is_enough": gettext_noop(
        "One supporter is enough and the author counts: support proves nothing."
    ),
    "no_days_for_support": gettext_noop(
        "Up to %(needed)s supporters are needed, but they are collected for zero days."
    ),
    "no_way_to_support": gettext_noop("Support is collected, but no way to give it is named."),
    "no_days": gettext_noop("%(place)s: nothing can be done in zero days."),
    "nobody_admitted": gettext_noop("The stage “%(stage)s” cannot admit any project."),
    "nothing_rejected": gettext_noop("No stage of the review may reject a project."),
    "correction_without_days": gettext_noop(
        "The stage “%(stage)s” asks authors for changes, but gives no term for them."
    ),
    "correction_longer_than_stage": gettext_noop(
        "In the stage “%(stage)s” authors have %(correction)s days for changes, the whole stage %(days)s."
    ),
    "silence_without_days": gettext_noop(
        "The stage “%(stage)s” rejects projects not corrected in time, but gives no term."
    ),
    "nothing_to_correct": gettext_noop(
        "%(place)s: the stage “%(stage)s” asks for no changes, so this never happens."
    ),
    "review_longer_than_year": gettext_noop("The review takes %(days)s days, more than a year."),
    "never_extended": gettext_noop("Phases are never extended, so there is nothing more to set."),
    "no_support_to_extend": gettext_noop("The support phase may be extended, but no support is collected."),
    "published_for_no_time": gettext_noop("What is published would be available for zero years."),
    "nothing_published": gettext_noop("The rules name nothing that is published."),
    "results_not_published": gettext_noop("The results are not among what is published."),
    "ranking_of_one": gettext_noop("A ranking of one project ranks nothing."),
    "ballot_below_smallest_project": gettext_noop(
        "The projects of a ballot may cost less together than the cheapest project costs."
    ),
    "threshold_above_all_ballots": gettext_noop("%(place)s: a project would need more than all ballots."),
    "nobody_can_win": gettext_noop("%(place)s: no project could win."),
    "quota_above_winners": gettext_noop(
        "%(place)s: %(quota)s winners are foreseen, but all pots together have places for %(limit)s."
    ),
    "quota_above_money": gettext_noop(
        "%(place)s: the money does not cover %(quota)s projects, even the cheapest."
    ),
    "partial_without_consent": gettext_noop(
        "A project may get a part of its cost, but authors are not asked for the least sum they agree to."
    ),
    "tie_without_support": gettext_noop("Support decides ties, but no support is collected."),
    "no_phase_for_support": gettext_noop("Support is collected in its phase, but the schedule has none."),
    "phase_without_support": gettext_noop(
        "The schedule has a support phase, but the rules collect no support."
    ),
    "support_longer_than_phase": gettext_noop(
        "Support is collected for %(days)s days, but its phase has %(available)s."
    ),
    "no_phase_for_review": gettext_noop("The rules have stages of review, but the schedule has no review."),
    "review_longer_than_phase": gettext_noop(
        "The stages of the review may take %(days)s days with weekends and holidays, but the phase has %(available)s."
    ),
    "channel_after_voting": gettext_noop(
        "The channel “%(channel)s” opens on day %(from_day)s, but the voting has only %(days)s days."
    ),
    "channel_beyond_voting": gettext_noop(
        "The channel “%(channel)s” is open until day %(to_day)s, but the voting has only %(days)s days."
    ),
}


def problem_text(problem: Problem, *, place: str = "") -> str:
    """The problem as a sentence in the person's language, with the place in the document (or in the words given)."""
    sentence = PROBLEMS.get(problem.code)
    if sentence is None:
        return f"{problem.path}: {problem.code}"
    params = {
        name: ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        for name, value in problem.params.items()
    }
    return _(sentence) % {"place": place or problem.path or "/", **params}
