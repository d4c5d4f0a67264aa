"""What the pages say about one contest: where it stands, what a visitor can do now."""

from datetime import timedelta
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import COMMISSION
from viche.ballots.actions import names_in
from viche.ballots.channels import why_closed
from viche.ballots.key_ceremony import waits_for_key_since
from viche.ballots.queries import is_turnout_shown, turnout
from viche.ballots.wording import ballot_limits
from viche.communities.models import Community, localised
from viche.contests.models import PHASE_NAMES, Contest
from viche.contests.wording import counting_text, tie_text
from viche.foundation import clock
from viche.foundation.money import money_text
from viche.identity.models import Basis
from viche.projects.queries import figures


def phase_rows(contest: Contest) -> list[dict[str, Any]]:
    """The phases for the phase bar, in order."""
    now = clock.now()
    rows = []
    for window in contest.schedule:
        if now < window.starts_at:
            state = "future"
        elif window.ends_at is not None and window.ends_at <= now:
            state = "past"
        else:
            state = "current"
        # a window ends where the next moment no longer belongs to it: people read the last day that does
        last = window.ends_at - timedelta(microseconds=1) if window.ends_at else None
        rows.append(
            {
                "label": PHASE_NAMES[window.phase], "starts_at": window.starts_at, "ends_at": last,
                "state": state, "note": "",
            }
        )  # fmt: skip
    return rows


def budget_of(contest: Contest) -> int:
    """The contest's money, kopiykas."""
    return sum(pot.amount for pot in contest.rules.pots)


def main_phase(contest: Contest) -> str:
    """The phase a visitor cares about now: voting before results before the rest; empty between phases."""
    for phase in ("voting", "submission", "support", "review", "counting", "implementation", "results"):
        if phase in contest.phases:
            return phase
    return ""


def most_urgent(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where a resident can do something now stands first: voting, then proposing; the rest as they were."""
    order = {"voting": 0, "submission": 1, "support": 1}
    return sorted(facts, key=lambda each: order.get(each["phase"], 2))


def contest_url(contest: Contest, name: str = "contest", *args: object) -> str:
    return reverse(name, args=[contest.slug, *args], urlconf="viche.config.community_urls")


def standing(contest: Contest) -> dict[str, Any]:
    """Where the contest is in its schedule: all a line of a long list needs, read from no further table."""
    phase = main_phase(contest)
    window = contest.window(phase) if phase else None
    upcoming = contest.moment.next
    return {
        "contest": contest,
        "phase": phase,
        "phase_name": PHASE_NAMES.get(phase, ""),
        "until": window.ends_at if window else None,
        "next_name": PHASE_NAMES[upcoming.phase] if upcoming else "",
        "next_at": upcoming.starts_at if upcoming else None,
        "base": community_prefix(contest.community),
    }


def contest_facts(contest: Contest) -> dict[str, Any]:
    """Facts of a contest for cards and its own page."""
    numbers = figures(contest)
    published = getattr(contest, "publication", None)
    return {
        **standing(contest),
        "is_running": published is None,
        "is_published": published is not None,
        "budget": budget_of(contest),
        "projects": numbers["number"],
        "asked": numbers["cost"],
        "by_state": numbers["by_state"],
        "turnout": turnout(contest) if contest.window("voting") and is_turnout_shown(contest) else 0,
        "online_closed": _online_closed(contest),
        "waits_for_key_since": waits_for_key_since(contest),
        "phases": phase_rows(contest),
    }


def _online_closed(contest: Contest) -> str:
    """While the voting runs: why one cannot vote online now, and where one can; "" where one can online."""
    fault = why_closed(contest) if "voting" in contest.phases else None
    return str(fault.message) if fault else ""


def community_prefix(community: Community) -> str:
    """Path or address under which the community's pages live in the language of now, ending with a slash."""
    language = "" if (get_language() or "uk").startswith("uk") else f"{(get_language() or '')[:2]}/"
    if community.host:
        return f"//{community.host}/{language}"
    prefix = get_script_prefix()
    own = prefix if prefix.rstrip("/").endswith(f"/{community.slug}") else f"/{community.slug}/"
    return own + language


def class_names(contest: Contest) -> dict[str, str]:
    return {each.id: localised(each.name) for each in contest.rules.size_classes}


def category_names(contest: Contest) -> dict[str, str]:
    return {each.id: localised(each.name) for each in contest.rules.categories}


def rules_in_words(contest: Contest) -> list[tuple[str, str]]:
    """The main rules as (question, answer) lines."""
    rules = contest.rules
    lines: list[tuple[str, str]] = []
    for pot in rules.pots:
        lines.append((_("Pot “%s”") % localised(pot.name), money_text(pot.amount, contest.currency)))
    for each in rules.size_classes:
        low = money_text(each.min_cost, contest.currency)
        high = money_text(each.max_cost, contest.currency) if each.max_cost is not None else "…"
        lines.append((_("Class “%s”") % localised(each.name), f"{low} – {high}"))
    if rules.voter.min_age:
        bases = ", ".join(str(Basis(basis).label) for basis in rules.voter.bases)
        lines.append(
            (
                _("Who votes"),
                ngettext(
                    "members of the community from %(age)d year of age: %(bases)s",
                    "members of the community from %(age)d years of age: %(bases)s",
                    rules.voter.min_age,
                )
                % {"age": rules.voter.min_age, "bases": bases},
            )
        )
    limits = ballot_limits(rules, names_in(contest), currency=contest.currency)
    lines.append((_("On one ballot"), "; ".join(limits) or _("any number of projects")))
    lines.append((_("Counting"), counting_in_words(contest)))
    lines.append((_("In a tie"), tie_text(rules)))
    if rules.box_key == COMMISSION:
        lines.append((_("Key of the ballot box"), _("held by the commission, two of three open it")))
    return lines


def counting_in_words(contest: Contest) -> str:
    """How the ballots become winners, in whole sentences."""
    return counting_text(contest.rules, contest.currency)
