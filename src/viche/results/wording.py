"""Words for an outcome: each project's place and why it won or not, each tie and what decided it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from rulebook.options import EVERY
from viche.communities.models import Territory
from viche.contests.wording import TIES, key_names, quota_place, quoted, score_text, score_unit
from viche.foundation.money import money_text
from viche.foundation.numbers import grouped
from viche.projects.models import Project
from viche.results.models import Count, TieDecision

LONGEST_NAME = 80
"""Where a project is named within a sentence."""


@dataclass(frozen=True)
class Place:
    """One project's place in its pot: rank, score, votes, whether funded, and why, in a sentence.

    cost: what it cost when it was counted; amount: what it gets, None where it gets nothing; pot: whose money it
    got ("*": money of all pots).
    """

    code: str
    rank: int
    score: int
    votes: int
    is_funded: bool
    reason: str
    left_after: int | None
    cost: int
    amount: int | None
    pot: str


@dataclass(frozen=True)
class Speech:
    """What a reason needs to become a sentence: the currency, the unit of scores, and names.

    projects: titles by code. keys: names by (dimension, id).
    """

    currency: str = "UAH"
    unit: str = "votes"
    projects: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def money(self, amount: int) -> str:
        return money_text(amount, self.currency)

    def score(self, score: int) -> str:
        return score_text(score, self.unit)

    def project(self, code: str) -> str:
        title = self.projects.get(code) or code
        return quoted(title if len(title) <= LONGEST_NAME else title[: LONGEST_NAME - 1] + "…")


Params = Mapping[str, Any]


def _below_threshold(say: Speech, params: Params) -> str:
    words = {"missing": say.score(params["missing"]), "threshold": say.score(params["threshold"])}
    return _("Below the threshold: %(missing)s short of %(threshold)s.") % words


def _does_not_fit(say: Speech, params: Params) -> str:
    words = {name: say.money(params[name]) for name in ("cost", "left", "short")}
    return _("Did not fit: it cost %(cost)s, %(left)s was left, %(short)s short.") % words


def _stopped(say: Speech, params: Params) -> str:
    words = {"project": say.project(params["after"])}
    return _("The count had ended: there was not enough money for %(project)s.") % words


def _rival_won(say: Speech, params: Params) -> str:
    return _("The competing project %(project)s won.") % {"project": say.project(params["rival"])}


def _enough_winners(say: Speech, params: Params) -> str:
    limit = params["limit"]
    words = {"n": grouped(limit), "place": quota_place(params["dimension"], params["key"], say.keys)}
    return (
        ngettext(
            "All places of winners were taken: at most %(n)s project can win %(place)s.",
            "All places of winners were taken: at most %(n)s projects can win %(place)s.",
            limit,
        )
        % words
    )


def _no_votes(say: Speech, params: Params) -> str:
    return _("Nobody chose it.")


def _supporters_cannot_pay(say: Speech, params: Params) -> str:
    words = {name: say.money(params[name]) for name in ("cost", "money", "short")}
    text = _("Its supporters together had %(money)s left; it cost %(cost)s, %(short)s short.")
    return text % words


def _outweighed(say: Speech, params: Params) -> str:
    return _("The winners give the voters more in sum without it.")


def _eliminated(say: Speech, params: Params) -> str:
    words = {name: say.money(params[name]) for name in ("cost", "money", "short")}
    text = _("Eliminated in round %(round)s: it had support of %(money)s and cost %(cost)s, %(short)s short.")
    return text % {**words, "round": params["round"]}


# every code of rulebook.counting.outcome.REJECTIONS; a test compares
REASONS: Mapping[str, Callable[[Speech, Params], str]] = {
    "below_threshold": _below_threshold,
    "does_not_fit": _does_not_fit,
    "stopped": _stopped,
    "rival_won": _rival_won,
    "enough_winners": _enough_winners,
    "no_votes": _no_votes,
    "supporters_cannot_pay": _supporters_cannot_pay,
    "outweighed": _outweighed,
    "eliminated": _eliminated,
}


def reason_text(reason: Mapping[str, Any], say: Speech) -> str:
    """Why a project did not win, as a sentence; a second one says how far behind the last winner it was."""
    code, params = reason["code"], reason["params"]
    if code not in REASONS:
        return str(code)
    text = REASONS[code](say, params)
    if params.get("behind"):
        words = {"score": say.score(params["behind"]), "winner": say.project(params["last_winner"])}
        text += " " + _("The last winner above it, %(winner)s, was %(score)s ahead.") % words
    return text


def funding_text(step: Mapping[str, Any], amount: int, cost: int, say: Speech) -> str:
    """Why a project won, as a sentence: where the rule has payers, who paid and how much each.

    amount: what it gets; cost: what it asked for.
    """
    code, params = step["code"], step["params"]
    if "payers" in params:
        return _paid(params, say)
    if code == "fits_partly" or amount < cost:
        words = {"amount": say.money(amount), "cost": say.money(cost)}
        return _("Won with part of its cost: it gets %(amount)s of %(cost)s, all that was left.") % words
    if "eliminated_in" in params:
        text = _("Won after all with the money that was left: it had been eliminated in round %(round)s.")
        return text % {"round": params["eliminated_in"]}
    if "money" in params and "round" in params:
        words = {"round": params["round"], "money": say.money(params["money"])}
        return _("Won in round %(round)s: the support it had collected was %(money)s.") % words
    if "load" in params:
        words = {"round": params["round"], "load": say.money(params["load"])}
        return (
            _("Won in round %(round)s: its supporters together bought it, at most %(load)s each so far.")
            % words
        )
    if "satisfaction" in params:
        return _("Won: it belongs to the projects that give the voters the most in sum.")
    words = {"cost": say.money(cost), "left": say.money(step["left_before"])}
    if code == "topped_up":
        return _("Won with money that was left over: it cost %(cost)s and %(left)s was left.") % words
    if code == "greedy_preferred":
        return _("Won by the number of votes: the comparison of the two outcomes chose so.")
    if code == "paid_by_supporters":
        return _("Won: its supporters paid for it.")
    return _("Won: it cost %(cost)s and %(left)s was left.") % words


def _paid(params: Params, say: Speech) -> str:
    supporters = params["supporters"]
    words = {
        "payers": grouped(params["payers"]), "supporters": grouped(supporters), "price": say.money(params["price"]),
    }  # fmt: skip
    return (
        ngettext(
            "Won: %(payers)s of %(supporters)s supporter paid for it, at most %(price)s each.",
            "Won: %(payers)s of %(supporters)s supporters paid for it, at most %(price)s each.",
            supporters,
        )
        % words
    )


FACTS = {
    "share": gettext_noop("Each of %(voters)s voters began with %(share)s."),
    "raised": gettext_noop("Step by step this was raised to %(share)s."),
    "compared": gettext_noop(
        "Compared with most votes first, %(ours)s ballots prefer equal shares and %(theirs)s the other outcome."
    ),
}


def fact_texts(facts: Mapping[str, Any], say: Speech) -> list[str]:
    """What only the contest's counting rule knows of a pot, in sentences."""
    found = []
    if "share" in facts and "voters" in facts:
        words = {"voters": grouped(facts["voters"]), "share": say.money(facts["share"])}
        found.append(_(FACTS["share"]) % words)
    if facts.get("increments") and "final_share" in facts:
        found.append(_(FACTS["raised"]) % {"share": say.money(facts["final_share"])})
    if comparison := facts.get("comparison"):
        words = {
            "ours": grouped(comparison["prefer_equal_shares"]), "theirs": grouped(comparison["prefer_greedy"]),
        }  # fmt: skip
        found.append(_(FACTS["compared"]) % words)
    return found


class Telling:
    """A count in words."""

    def __init__(self, count: Count) -> None:
        self.count = count
        self.outcome: dict[str, Any] = count.outcome

    @cached_property
    def projects(self) -> dict[str, Project]:
        """The contest's projects by code."""
        found = self.count.contest.projects.select_related("territory").prefetch_related("pictures")
        return {each.code: each for each in found}

    @cached_property
    def unit(self) -> str:
        """What the scores are: "votes" or "points"."""
        return score_unit(self.count.contest.rules)

    @cached_property
    def speech(self) -> Speech:
        keys = key_names(self.count.contest.rules)
        areas = {
            reason["params"]["key"]
            for reason in self.outcome["rejected"].values()
            if reason["params"].get("dimension") == "territory"
        }
        if areas:
            found = Territory.objects.filter(pk__in=areas)
            keys |= {("territory", area.code): area.full_name for area in found}
        titles = {code: project.title for code, project in self.projects.items()}
        return Speech(self.count.contest.currency, self.unit, titles, keys)

    @cached_property
    def _funding(self) -> dict[str, dict[str, Any]]:
        return {step["project"]: step for step in self.outcome["steps"] if step["kind"] == "fund"}

    def place(self, code: str) -> Place:
        """The place of a project that the count saw."""
        outcome, step = self.outcome, self._funding.get(code)
        amount = outcome["amounts"].get(code)
        cost = step["cost"] if step else self.projects[code].cost
        if amount is not None and step is not None:
            reason = funding_text(step, amount, cost, self.speech)
        elif code in outcome["undecided"]:
            reason = _("A tie that decides about money is still open.")
        else:
            reason = reason_text(outcome["rejected"][code], self.speech)
        return Place(
            code=code, rank=outcome["ranks"][code], score=outcome["totals"][code],
            votes=outcome["votes"].get(code, 0), is_funded=amount is not None, reason=reason,
            left_after=step["left_after"] if step else None, cost=cost, amount=amount,
            pot=step["pot"] if step else self.projects[code].pot,
        )  # fmt: skip

    def pot_name(self, pot: str) -> str:
        """What the rules call a pot; "*" is the money left in all of them."""
        return _("Money left in all pots") if pot == EVERY else self.speech.keys.get(("pot", pot), pot)

    def moves_from(self, pot: str) -> list[str]:
        """What of a pot's money went elsewhere, in sentences."""
        return [
            (
                _("%(amount)s that was left went to further projects of all pots.")
                if step["params"]["to"] == EVERY
                else _("%(amount)s that was left went to the pot %(to)s.")
            )
            % {
                "amount": self.speech.money(step["params"]["amount"]),
                "to": quoted(self.speech.keys.get(("pot", step["params"]["to"]), step["params"]["to"])),
            }
            for step in self.outcome["steps"]
            if step["kind"] == "move" and step["pot"] == pot
        ]

    def pot_rows(self) -> list[dict[str, Any]]:
        """Each pot with its money, what was spent, and its projects in the order of their places.

        amount: the pot's money after what moved between pots. Money that moved into one of all pots stands in a last
        row of its own, "*", with the winners that were paid out of it, if any.
        """
        outcome = self.outcome
        places = [self.place(code) for code in outcome["totals"]]
        rows = []
        for pot in [*(pot.id for pot in self.count.contest.rules.pots), EVERY]:
            if (
                pot == EVERY
                and not outcome["left"].get(EVERY)
                and not any(place.pot == EVERY for place in places)
            ):
                continue
            mine = [place for place in places if place.pot == pot]
            mine.sort(key=lambda place: (place.rank, not place.is_funded, self.projects[place.code].number))
            spent, left = outcome["spent"].get(pot, 0), outcome["left"].get(pot, 0)
            rows.append(
                {
                    "id": pot, "name": self.pot_name(pot), "amount": spent + left,
                    "spent": spent, "left": left, "places": [(place, self.projects[place.code]) for place in mine],
                    "facts": [*fact_texts(outcome["facts"].get(pot, {}), self.speech), *self.moves_from(pot)],
                }
            )  # fmt: skip
        return rows

    def tie_rows(self, decisions: Sequence[TieDecision]) -> list[dict[str, Any]]:
        """Each tie of the count: its projects with score and cost, the money left, and what decided it.

        decisions: the commission's, in the order of recording.
        """
        rows = []
        for tie in self.outcome["ties"]:
            way = tie["decided_by"]
            decision = next((each for each in decisions if set(tie["projects"]) <= set(each.order)), None)
            rows.append(
                {
                    "projects": [
                        {"project": self.projects[code], "score": self.speech.score(self.outcome["totals"][code])}
                        for code in tie["projects"]
                    ],
                    "pot": self.pot_name(tie["pot"]), "left": tie["left"],
                    "score": self.speech.score(tie["score"]) if tie["score"] else "", "way": way,
                    "way_text": _(TIES[way]), "is_open": way == "refuse",
                    "decision": decision if way == "decision" else None,
                    "order": [self.projects[code].title for code in decision.order]
                    if way == "decision" and decision else [],
                }
            )  # fmt: skip
        return rows

    def undecided_projects(self) -> list[Project]:
        """The projects whose fate hangs on an open tie."""
        return sorted(
            (self.projects[code] for code in self.outcome["undecided"]), key=lambda each: each.number
        )


def place_of(count: Count, code: str) -> Place | None:
    """The place of one project; None where the count did not see it."""
    telling = Telling(count)
    return telling.place(code) if code in count.outcome["totals"] else None


def score_label(unit: str) -> str:
    """What the column of scores is called."""
    return _("votes") if unit == "votes" else _("points")
