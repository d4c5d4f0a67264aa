"""What each project that lost would have needed: votes, money, or the place of a project that won.

For greedy-v1 under a plain regulation (score, threshold and money decide) the figures follow from the ranking
and are exact: with them the project wins, with one less it does not, and no smaller figure is enough. Under
other rules they are looked for by counting again, as often as a budget allows: then the project wins with
the figure and not with one less, but a smaller one that also wins is not ruled out, because most rules are
not monotone. What was not found is said to be not computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulebook.ballot import BallotPaper, Candidate, defects
from rulebook.counting import RULES, greedy
from rulebook.counting.outcome import (
    BELOW_THRESHOLD,
    ENOUGH_WINNERS,
    RIVAL_WON,
    STOP,
    TIE,
    UNDECIDED,
    Outcome,
)
from rulebook.counting.tally import threshold_of
from rulebook.dossier import BallotGroup, Dossier, DossierProject
from rulebook.explaining.ranking import Key, Ranking, key_of, plain_pots, ranking_of
from rulebook.options import CATEGORY, CLASS, EVERY, LOT, NET, PER_COST, POT, REFUSE, TERRITORY, VOTES
from rulebook.rules import BallotShape, Pot

EXACT, RECOUNTED, NEVER, NOT_COMPUTED = "exact", "recounted", "never", "not_computed"

RUN_LIMIT = 10_000_000
"""Steps down rankings, over all amounts tried for a pot, after which a needed budget stays not computed."""

WORK_LIMIT = 6_000_000
"""Choices on ballots that may be read again in recounts under rules other than greedy-v1, a few seconds."""

RECOUNT_LIMIT = 400
"""The most recounts of an outcome, unless the explanation is to be thorough."""

LEAST_USEFUL = 24
"""With fewer recounts than this hardly one figure would be found: none is begun."""


@dataclass(frozen=True)
class Loss:
    """What one project would have needed, everything else unchanged.

    ``missing_votes``: further ballots that name it alone (with one point, where ballots give points) with
    which it would surely have won; a win by lot is not sure. ``votes_are`` says how that is known: "exact"
    (the least number), "recounted" (enough, and one less is not), "never" (no number is enough), or
    "not_computed". ``needed_budget``: further money in its pot, minor units; ``budget_is`` likewise.
    ``displaced_by``: the funded projects that took its money or its place, the lowest of them first.
    """

    project: str
    missing_votes: int | None = None
    votes_are: str = NOT_COMPUTED
    needed_budget: int | None = None
    budget_is: str = NOT_COMPUTED
    displaced_by: tuple[str, ...] = ()


def losses(
    dossier: Dossier, outcome: Outcome, *, recounts: int = RECOUNT_LIMIT, is_thorough: bool = False
) -> dict[str, Loss]:
    """What every rejected project would have needed, the nearest to winning first.

    ``outcome`` must be the count of this dossier by the rule it names. At most ``recounts`` recounts are
    made where the figures do not follow from the ranking, and fewer where one is dear; with ``is_thorough``
    as many as it takes, which may be minutes.
    """
    found: dict[str, Loss] = {}
    again = _Recounts(dossier, outcome, None if is_thorough else recounts)
    plain = plain_pots(dossier) if outcome.rule == greedy.RULE else []
    for pot in dossier.pots:
        losers = [
            project
            for project in dossier.projects
            if project.pot == pot.id and project.id in outcome.rejected
        ]
        losers.sort(key=lambda project: (outcome.ranks[project.id], project.order))
        if pot.id in plain:
            found |= _plain_losses(dossier, outcome, pot, losers, again)
        else:
            found |= {project.id: _recounted_loss(dossier, outcome, project, again) for project in losers}
    return found


# --- greedy-v1, plain ---------------------------------------------------------------------------------------


def _plain_losses(
    dossier: Dossier, outcome: Outcome, pot: Pot, losers: Sequence[DossierProject], again: _Recounts
) -> dict[str, Loss]:
    ranking = ranking_of(dossier, outcome, pot.id)
    rungs = _rungs(dossier, outcome, pot.id)
    budgets = _needed_budgets(ranking, pot.amount, [project.id for project in losers])
    found = {}
    for project in losers:
        votes, votes_are = _missing_votes(dossier, outcome, project, ranking, rungs, again)
        budget, budget_is = budgets[project.id]
        found[project.id] = Loss(
            project=project.id,
            missing_votes=votes,
            votes_are=votes_are,
            needed_budget=budget,
            budget_is=budget_is,
            displaced_by=_displaced_by(ranking, pot.amount, project.id, outcome),
        )
    return found


@dataclass(frozen=True)
class _Rung:
    """The state of a pot's count before the projects of one score."""

    key: Key
    left: int
    is_closed: bool


def _rungs(dossier: Dossier, outcome: Outcome, pot: str) -> list[_Rung]:
    projects = {project.id: project for project in dossier.projects}
    per_cost = dossier.rules.counting.options.get("score") == PER_COST
    found: list[_Rung] = []
    is_closed = False
    for step in outcome.steps:
        if step.pot != pot:
            continue
        # the note of a tie stands before the steps of its projects
        named = step.params["projects"][0] if step.project is None else step.project
        # its own score: equal in votes per cost is not equal in votes
        key = key_of(projects[named], outcome.totals[named], per_cost)
        if not found or found[-1].key != key:
            found.append(_Rung(key, step.left_before, is_closed))
        if step.kind == STOP or (step.kind == TIE and step.code in (REFUSE, LOT, UNDECIDED)):
            # what comes after is stopped, or waits for a decision, or for a lot that other ballots change
            is_closed = True
    return found


def _missing_votes(
    dossier: Dossier, outcome: Outcome, project: DossierProject, ranking: Ranking, rungs: Sequence[_Rung],
    again: _Recounts,
) -> tuple[int | None, str]:  # fmt: skip
    options = dossier.rules.counting.options
    if not again.can_vote_for(project):
        return None, NOT_COMPUTED
    if any(dict(options.get("threshold_share") or {}).values()):
        # every further ballot raises the threshold of all: not a matter of one ranking any more
        return again.least_votes(project)
    per_cost = options.get("score") == PER_COST
    score = outcome.totals[project.id]
    own = key_of(project, score, per_cost)
    above = [rung for rung in rungs if rung.key >= own]
    open_to_it = [rung for rung in above if not rung.is_closed and rung.left >= project.cost]
    if not open_to_it:
        return None, NEVER
    amount = above[0].left
    # above the projects of this score, the lowest such, its cost is still there
    lowest = open_to_it[-1]
    if lowest.key[0] != own[0]:
        return None, NOT_COMPUTED
    needed = lowest.key[1] * (project.cost if per_cost and project.cost else 1)
    least = max(1, threshold_of(options, project.size_class, outcome.voters) - score)
    votes = max(needed.numerator // needed.denominator + 1 - score, least)
    if votes > least and key_of(project, score + votes - 1, per_cost) == lowest.key:
        # with one vote less it shares the score, and the tie rules decide
        shared = ranking.down_to(lowest.key, project, dossier)
        run = shared.run(amount)
        wins: bool | None = run.surely_funds(project.id, shared.places[project.id])
        if run.open_from is not None:
            # not all is lost in an open tie: some of it may be certain
            wins = again.wins(project, votes=votes - 1)
        if wins is None:
            return None, NOT_COMPUTED
        votes -= wins
    return votes, EXACT


def _needed_budgets(
    ranking: Ranking, amount: int, losers: Sequence[str]
) -> dict[str, tuple[int | None, str]]:
    """The least further money for each loser: amounts are tried in rising order, each the least with which
    anything changes, so none that could matter is left out."""
    found: dict[str, tuple[int | None, str]] = {
        # no money lifts a project over its threshold
        project: (None, NOT_COMPUTED if project in ranking.places else NEVER)
        for project in losers
    }
    waiting = {project: ranking.places[project] for project in losers if project in ranking.places}
    steps = 0
    money = amount
    while waiting and steps < RUN_LIMIT:
        last = max(waiting.values())
        run = ranking.run(money, upto=last)
        steps += last + 1
        for project, place in list(waiting.items()):
            if run.surely_funds(project, place):
                if money > amount:
                    found[project] = money - amount, EXACT
                del waiting[project]
            elif run.open_from is not None and place >= run.open_from:
                # an open tie may or may not fund it with this much
                del waiting[project]
        if run.next_amount is None:
            break
        money = run.next_amount
    return found


def _displaced_by(ranking: Ranking, amount: int, project: str, outcome: Outcome) -> tuple[str, ...]:
    """The lowest winner ranked above the project without which it would have won; where no single one is
    enough, the lowest so many as are."""
    place = ranking.places.get(project)
    if place is None:
        return ()
    above = [
        each.id
        for part in ranking.parts[: place + 1]
        for each in part
        if each.id in outcome.amounts and each.id != project
    ][::-1]
    for winner in above:
        if ranking.run(amount, without=(winner,), upto=place).surely_funds(project, place):
            return (winner,)
    for number in range(2, len(above) + 1):
        if ranking.run(amount, without=set(above[:number]), upto=place).surely_funds(project, place):
            return tuple(above[:number])
    return ()


# --- every other count --------------------------------------------------------------------------------------


def _recounted_loss(dossier: Dossier, outcome: Outcome, project: DossierProject, again: _Recounts) -> Loss:
    votes, votes_are = again.least_votes(project)
    budget, budget_is = again.least_budget(project)
    return Loss(
        project=project.id,
        missing_votes=votes,
        votes_are=votes_are,
        needed_budget=budget,
        budget_is=budget_is,
        displaced_by=_place_taken_by(dossier, outcome, project.id),
    )


def _place_taken_by(dossier: Dossier, outcome: Outcome, project: str) -> tuple[str, ...]:
    reason = outcome.rejected[project]
    if reason.code == RIVAL_WON:
        return (reason.params["rival"],)
    if reason.code == ENOUGH_WINNERS:
        names = {POT: "pot", CLASS: "size_class", CATEGORY: "category", TERRITORY: "territory"}
        name, key = names[reason.params["dimension"]], reason.params["key"]
        same = {each.id for each in dossier.projects if getattr(each, name) == key}
        return tuple([winner for winner in outcome.funded if winner in same][-1:])
    return ()


class _Recounts:
    """Counts of the same dossier with more ballots for a project or more money, a limited number of them."""

    def __init__(self, dossier: Dossier, outcome: Outcome, limit: int | None) -> None:
        self._dossier = dossier
        self._outcome = outcome
        self._is_greedy = outcome.rule == greedy.RULE
        self._left = limit
        if limit is not None and not self._is_greedy:
            choices = sum(len(group[0]) for group in dossier.ballots)
            # a completion in steps counts the ballots once for each step
            steps = max((facts.get("increments", 0) for facts in outcome.facts.values()), default=0)
            affordable = WORK_LIMIT // max(choices * (1 + steps), 1)
            self._left = min(limit, affordable) if affordable >= LEAST_USEFUL else 0
        self._candidates: dict[str, Candidate] = {
            project.id: project.candidate() for project in dossier.projects
        }

    def can_vote_for(self, project: DossierProject) -> bool:
        """Whether a ballot that names the project alone is valid."""
        return not defects(BallotPaper(((project.id, 1),)), self._dossier.rules, self._candidates)

    def wins(self, project: DossierProject, *, votes: int = 0, money: int = 0) -> bool | None:
        """Whether it surely wins with so many further ballots or so much further money; None: limit reached.

        A tie that the public lot decided counts as open where ballots are added: the lot falls by them.
        """
        has_lot = LOT in self._dossier.rules.counting.ties
        if self._left == 0 or (self._is_greedy and has_lot and money):
            # the small dossier of a greedy recount has other ballots, by which a lot falls another way
            return None
        if self._left is not None:
            self._left -= 1
        if self._is_greedy:
            changed = scores_only(self._dossier, self._outcome, {project.id: votes})
        else:
            changed = with_ballots(self._dossier, project.id, votes)
        if votes:
            changed = _without_lot(changed)
        changed = with_money(changed, project.pot, money)
        return project.id in RULES[self._outcome.rule].count(changed).amounts

    def least_votes(self, project: DossierProject) -> tuple[int | None, str]:
        """Enough further ballots, one less of which is not enough."""
        if not self.can_vote_for(project):
            return None, NOT_COMPUTED
        return self._least(project, "votes", 1, 2 * self._outcome.voters + 1)

    def least_budget(self, project: DossierProject) -> tuple[int | None, str]:
        """Enough further money, one minor unit less of which is not enough."""
        if self._outcome.rejected[project.id].code == BELOW_THRESHOLD:
            return None, NEVER
        first = self._outcome.rejected[project.id].params.get("short", project.cost)
        most = sum(each.cost for each in self._dossier.projects)
        return self._least(project, "money", max(first, 1), 2 * most + 1)

    def _least(self, project: DossierProject, what: str, first: int, most: int) -> tuple[int | None, str]:
        enough, too_few = first, 0
        while True:
            wins = self.wins(project, **{what: enough})
            if wins is None or (not wins and enough > most):
                return None, NOT_COMPUTED
            if wins:
                break
            too_few, enough = enough, 2 * enough
        while enough - too_few > 1:
            middle = (enough + too_few) // 2
            wins = self.wins(project, **{what: middle})
            if wins is None:
                return None, NOT_COMPUTED
            too_few, enough = (too_few, middle) if wins else (middle, enough)
        return enough, RECOUNTED


def with_ballots(dossier: Dossier, project: str, votes: int) -> Dossier:
    """The dossier with so many further ballots that name the project alone."""
    if not votes:
        return dossier
    groups = dict(dossier.ballots)
    groups[(project, 1),] = groups.get(((project, 1),), 0) + votes
    return replace(
        dossier, ballots=tuple(BallotGroup(choices, groups[choices]) for choices in sorted(groups))
    )


def with_money(dossier: Dossier, pot: str, money: int) -> Dossier:
    """The dossier with so much further money (minor units) in one of its pots."""
    pots = tuple(replace(each, amount=each.amount + money * (each.id == pot)) for each in dossier.pots)
    return replace(dossier, rules=replace(dossier.rules, pots=pots))


def scores_only(dossier: Dossier, outcome: Outcome, more: Mapping[str, int]) -> Dossier:
    """A small dossier that greedy-v1 counts as it would count this one with ``more`` ballots for a project.

    A greedy count knows of the ballots nothing but the scores and the number of voters; here every point
    of score, on protocols too, is a ballot of its own, and relative thresholds stand as absolute ones.
    """
    voters = outcome.voters + sum(more.values())
    options: dict[str, Any] = dict(dossier.rules.counting.options)
    classes = {project.size_class for project in dossier.projects if project.size_class is not None}
    options["threshold"] = {
        EVERY: threshold_of(options, None, voters),
        **{size_class: threshold_of(options, size_class, voters) for size_class in classes},
    }
    options.pop("threshold_share", None)
    scores = {project: score + more.get(project, 0) for project, score in outcome.totals.items()}
    has_minus = any(score < 0 for score in scores.values())
    if options.get("score") != PER_COST:
        options["score"] = NET if has_minus else VOTES
    rules = replace(
        dossier.rules,
        ballot=BallotShape(kind="plus-minus" if has_minus else "approval", min_choices=0),
        counting=replace(dossier.rules.counting, options=options),
    )
    groups = [
        BallotGroup(((project, 1 if score > 0 else -1),), abs(score))
        for project, score in sorted(scores.items())
        if score
    ]
    return replace(dossier, rules=rules, ballots=tuple(groups), protocols=())


def _without_lot(dossier: Dossier) -> Dossier:
    counting = dossier.rules.counting
    ties = tuple(rule for rule in counting.ties if rule != LOT) or (REFUSE,)
    return replace(dossier, rules=replace(dossier.rules, counting=replace(counting, ties=ties)))
