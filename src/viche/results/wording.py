"""Words for an outcome: each project's place and why it won or not."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.communities.models import localised
from viche.contests.models import Contest
from viche.foundation.money import money_text
from viche.foundation.numbers import grouped
from viche.results.models import Count


@dataclass(frozen=True)
class Place:
    """One project's place in its pot: rank, score, votes, whether funded, and why, in a sentence."""

    code: str
    rank: int
    score: int
    votes: int
    is_funded: bool
    reason: str
    left_after: int | None


def place_of(count: Count, code: str) -> Place | None:
    """The place of one project; None where the count did not see it."""
    outcome = count.outcome
    if code not in outcome["totals"]:
        return None
    currency = count.contest.currency
    is_funded = code in set(outcome["funded"])
    step = next(
        (each for each in outcome["steps"] if each["project"] == code and each["kind"] == "fund"), None
    )
    if is_funded:
        reason = _("Won: it fitted into the money left.")
        if step is not None:
            reason = _("Won: it cost %(cost)s and %(left)s was left.") % {
                "cost": money_text(step["cost"], currency), "left": money_text(step["left_before"], currency),
            }  # fmt: skip
    elif code in outcome["undecided"]:
        reason = _("A tie that decides about money is still open.")
    else:
        reason = reason_text(outcome["rejected"][code], currency, _score_word(count))
    return Place(
        code=code, rank=outcome["ranks"][code], score=outcome["totals"][code], votes=outcome["votes"].get(code, 0),
        is_funded=is_funded, reason=reason, left_after=step["left_after"] if step else None,
    )  # fmt: skip


def _score_word(count: Count) -> str:
    return str(count.contest.rules.counting.options.get("score", "votes"))


def score_text(score: int, unit: str) -> str:
    """«1 204 голоси»: the score with its unit."""
    number = grouped(score)
    if unit == "votes":
        return ngettext("%(n)s vote", "%(n)s votes", score) % {"n": number}
    return ngettext("%(n)s point", "%(n)s points", score) % {"n": number}


def score_label(unit: str) -> str:
    """What the column of scores is called."""
    return _("votes") if unit == "votes" else _("points")


def reason_text(reason: dict[str, Any], currency: str, unit: str = "votes") -> str:
    """Why a project did not win, as a sentence."""
    code, params = reason["code"], reason["params"]
    if code == "below_threshold":
        return _("Below the threshold: %(missing)s short of %(threshold)s.") % {
            "missing": score_text(params["missing"], unit), "threshold": score_text(params["threshold"], unit),
        }  # fmt: skip
    if code == "does_not_fit":
        return _("Did not fit: it cost %(cost)s, %(left)s was left, %(short)s short.") % {
            "cost": money_text(params["cost"], currency), "left": money_text(params["left"], currency),
            "short": money_text(params["short"], currency),
        }  # fmt: skip
    if code == "stopped":
        return _("The list ended above it: the money was not enough for an earlier project.")
    return code


def pot_rows(count: Count) -> list[dict[str, Any]]:
    """Each pot with its budget, what was spent, and its projects in the order of their places."""
    contest: Contest = count.contest
    outcome = count.outcome
    projects = {
        each.code: each for each in contest.projects.select_related("territory").prefetch_related("pictures")
    }
    places = {code: place_of(count, code) for code in outcome["totals"]}
    rows = []
    for pot in contest.rules.pots:
        mine = [place for code, place in places.items() if code in projects and projects[code].pot == pot.id]
        mine.sort(key=lambda place: (place.rank, not place.is_funded, projects[place.code].number))
        rows.append(
            {
                "id": pot.id, "name": localised(pot.name), "amount": pot.amount,
                "spent": outcome["spent"].get(pot.id, 0), "left": outcome["left"].get(pot.id, pot.amount),
                "places": [(place, projects[place.code]) for place in mine],
            }
        )  # fmt: skip
    return rows
