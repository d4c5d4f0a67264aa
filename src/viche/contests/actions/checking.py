"""What stands against freezing a contest's rules: contradictions, the schedule, the house the contest lives in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from rulebook import calendar
from rulebook.rules import Rules, is_warning, problems, schedule_contradictions
from viche.communities.models import Territory
from viche.contests.models import PHASE_NAMES, Contest
from viche.contests.places import problem_in_words
from viche.foundation import clock

SCHEDULE = "/schedule"


@dataclass(frozen=True)
class Finding:
    """One thing to look at. path: a JSON Pointer into the rules, or "/schedule". A warning forbids nothing."""

    path: str
    code: str
    text: str
    is_warning: bool


def findings(contest: Contest, rules: Rules | None = None) -> list[Finding]:
    """All that stands against the rules (those in force, else the draft given) in this contest, in words."""
    rules = contest.rules if rules is None else rules
    found = [
        Finding(each.path, each.code, problem_in_words(each, rules), is_warning(each))
        for each in [*problems(rules), *schedule_contradictions(rules, contest.schedule)]
    ]
    for each in calendar.schedule_problems(contest.schedule):
        found.append(Finding(SCHEDULE, each.code, problem_in_words(each, rules), False))
    return [*found, *_territories(contest, rules), *_dates(contest)]


def _territories(contest: Contest, rules: Rules) -> list[Finding]:
    """Pots for lower nodes of the tree: each is known and lies inside. Of pots one in another the narrowest pays."""
    codes = {pot.territory for pot in rules.pots if pot.territory is not None}
    if not codes:
        return []
    known = Territory.objects.in_bulk(codes)
    found = []
    for index, pot in enumerate(rules.pots):
        path = f"/pots/{index}/territory"
        if pot.territory is None:
            continue
        place = known.get(pot.territory)
        words = {"pot": pot.name.get("uk"), "territory": pot.territory}
        if place is None:
            text = _("The pot “%(pot)s” is for a territory the codifier does not know: %(territory)s.")
            found.append(Finding(path, "unknown_territory", text % words, False))
            continue
        words["territory"] = place.full_name
        if not place.is_inside(contest.community.territory):
            text = _("The pot “%(pot)s” is for %(territory)s, which lies outside the community.")
            found.append(Finding(path, "territory_outside", text % words, False))
    return found


def _dates(contest: Contest) -> list[Finding]:
    now, found = clock.now(), []

    def said(code: str, text: str, warns: bool = False) -> None:
        found.append(Finding(SCHEDULE, code, text, warns))

    if contest.window("voting") is None:
        said("no_voting", _("The schedule has no voting."))
    if contest.window("counting") is None and contest.window("results") is None:
        said(
            "no_results",
            _("The schedule has neither counting nor results: the result could never be published."),
        )
    if contest.is_frozen or contest.origin:  # an imported election is over by its nature
        return found
    for window in contest.schedule:
        name = {"phase": PHASE_NAMES[window.phase]}
        if window.ends_at is not None and window.ends_at <= now:
            said("phase_past", _("The phase “%(phase)s” would already be over: move it.") % name)
        elif window.starts_at <= now:
            said(
                "phase_begun",
                _("The phase “%(phase)s” would have begun before the rules were frozen.") % name,
                True,
            )
    return found


def issues_before_freeze(contest: Contest, rules: Rules | None = None) -> list[str]:
    """What keeps the rules from being frozen, in words; empty when nothing does."""
    return [each.text for each in findings(contest, rules) if not each.is_warning]


def warnings_before_freeze(contest: Contest, rules: Rules | None = None) -> list[str]:
    """What somebody should look at again before the rules are frozen, though it forbids nothing, in words."""
    return [each.text for each in findings(contest, rules) if each.is_warning]
