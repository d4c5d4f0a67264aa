"""The part of a page that says of every project why it won or lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rulebook.counting.outcome import (
    BELOW_THRESHOLD,
    DOES_NOT_FIT,
    ENOUGH_WINNERS,
    FITS_PARTLY,
    FUND,
    RIVAL_WON,
    STOPPED,
    Reason,
    Step,
)
from rulebook.dossier import DossierProject
from rulebook.explaining.losers import NEVER, NOT_COMPUTED, Loss
from rulebook.explaining.markup import Markup, bar, joined, row, table, tag
from rulebook.explaining.shares import basis_points
from rulebook.explaining.view import View

MOST_NAMED = 4
"""More winners than this are counted, not named, where a project would have won only without all of them."""


def projects_part(view: View, losses: Mapping[str, Loss]) -> Markup:
    """Every pot's projects from the best down: a bar of votes, cost, result, and what decided."""
    words = view.words
    lead = words("projects.lead", score=words(f"score.{view.unit}"))
    if any(view.threshold(project) for project in view.dossier.projects):
        lead += " " + words("projects.threshold")
    several = len(view.dossier.pots) > 1
    parts: list[object] = [tag("h2", words("projects"), id="projects"), tag("p", lead, class_="small")]
    for pot in view.dossier.pots:
        if several:
            parts.append(tag("h3", view.pot_name(pot.id)))
        parts.append(_ranking(view, pot.id, losses))
    if any(NOT_COMPUTED in (loss.votes_are, loss.budget_is) for loss in losses.values()):
        parts.append(tag("p", words("loss.not_computed"), class_="small"))
    return joined(parts)


def _ranking(view: View, pot: str, losses: Mapping[str, Loss]) -> Markup:
    words = view.words
    projects = view.ranked(pot)
    best = max((view.outcome.totals[project.id] for project in projects), default=0)
    best = max([best, *(view.threshold(project) for project in projects)])
    steps: dict[str, list[Step]] = {}
    for step in view.outcome.steps:
        if step.project is not None:
            steps.setdefault(step.project, []).append(step)
    heads = [
        ("place", words("head.place")),
        ("name", words("head.project")),
        ("n votes", words(f"head.{view.unit}")),
        ("n cost", words("head.cost")),
        ("result", words("head.result")),
    ]
    rows = [
        _row(view, project, best, steps.get(project.id, []), losses.get(project.id)) for project in projects
    ]
    return table(words("projects.caption"), heads, rows, "cards ranking", is_seen=False)


def _row(view: View, project: DossierProject, best: int, steps: list[Step], loss: Loss | None) -> Markup:
    words, outcome = view.words, view.outcome
    score = outcome.totals[project.id]
    kind = "won" if project.id in outcome.amounts else "wait" if project.id in outcome.undecided else "lost"
    reason = outcome.rejected.get(project.id)
    if kind == "won":
        short, facts = won_text(view, project.id, steps)
    elif reason is not None:
        short = reason_text(view, reason)
        facts = [*_first_passed_over(view, steps[:-1]), *_loss_facts(view, reason, loss)]
        if project.id in view.effective_support:
            percent = words.percent(100 * view.effective_support[project.id])
            facts.append(words("fact.effective_support", percent=percent))
    else:
        short, facts = words("undecided.short"), []
    title = view.title(project.id)
    return row(
        [
            ("place", str(outcome.ranks[project.id])),
            (
                "name",
                [
                    tag("b", title),
                    None if title == project.id else [" ", tag("span", project.id, class_="id")],
                    bar(score, best, kind, view.threshold(project) or None),
                    tag("details", tag("summary", short), tag("ul", [tag("li", fact) for fact in facts]))
                    if facts
                    else tag("span", short, class_="small"),
                ],
            ),
            ("n votes", words.number(score)),
            ("n cost", words.money(project.cost)),
            ("result", tag("span", words(kind), class_=f"state is-{kind}")),
        ],
        heading=1,
        label=("", "", words(f"head.{view.unit}"), words("head.cost"), ""),
        id=view.anchor(project.id),
    )


def won_text(view: View, project: str, steps: list[Step]) -> tuple[str, list[str]]:
    """Why a project won: a sentence, and what more is known of it."""
    words = view.words
    step = next((step for step in steps if step.kind == FUND), None)
    if step is None:
        return words("won"), []
    params = step.params
    if "eliminated_in" in params:
        short = words("fund.after_all", round=params["eliminated_in"])
    elif step.code == FITS_PARTLY:
        cost = words.money(view.projects[project].cost)
        short = words("fund.fits_partly", amount=words.money(view.outcome.amounts[project]), cost=cost)
    else:
        money = {"before": words.money(step.left_before), "after": words.money(step.left_after)}
        code = step.code if words.has("fund", step.code) else "fits"
        short = words.of("fund", code, **money)
    return short, [*_first_passed_over(view, steps), *_payment(view, step)]


def _payment(view: View, step: Step) -> Iterator[str]:
    """Who paid, as far as the rule says; what a rule does not know is not shown."""
    words, params = view.words, step.params
    if "round" in params:
        yield words("fact.round", round=params["round"])
    if "payers" in params:
        payers = words.count(params["payers"], "voters")
        if "price" in params:
            yield words("fact.payers", payers=payers, price=words.money(params["price"]))
        else:
            yield words("fact.payers_only", payers=payers)
    if "in_full" in params and params.get("supporters"):
        yield words(
            "fact.supporters",
            payers=words.number(params["in_full"]),
            supporters=words.count(params["supporters"], "supporters.of"),
            percent=words.percent(basis_points(params["in_full"], params["supporters"])),
        )
    if "load" in params:
        yield words("fact.load", load=words.money(params["load"]))
    if "money" in params:
        yield words("fact.money", money=words.money(params["money"]))
    if "satisfaction" in params:
        yield words("fact.satisfaction", satisfaction=_large(view, params["satisfaction"]))


def _large(view: View, number: object) -> str:
    """A satisfaction, which may be a fraction or too large for JSON and then is a text."""
    return view.words.number(number) if isinstance(number, int) else str(number)


def _first_passed_over(view: View, steps: list[Step]) -> Iterator[str]:
    for step in steps:
        if step.code in (DOES_NOT_FIT, STOPPED):
            yield view.words("fact.moved_on", left=view.words.money(step.left_before))


def reason_text(view: View, reason: Reason) -> str:
    """Why a project did not win, in one sentence."""
    words, params = view.words, dict(reason.params)
    values: dict[str, object] = {
        name: words.money(params[name]) for name in ("left", "short", "money", "cost") if name in params
    }
    if reason.code == BELOW_THRESHOLD:
        values |= {
            "threshold": view.score(params["threshold"]),
            "missing": view.score(params["missing"], lacking=True),
        }
    elif reason.code == STOPPED:
        values["after"] = view.named(params["after"])
    elif reason.code == RIVAL_WON:
        values["rival"] = view.named(params["rival"])
    elif reason.code == ENOUGH_WINNERS:
        key = words.quoted(view.key_name(params["dimension"], params["key"]))
        values |= {"what": words.of("what", params["dimension"], key=key), "limit": params["limit"]}
    values.setdefault("round", params.get("round", "–"))
    return words.of("reason", reason.code, **values)


def _loss_facts(view: View, reason: Reason, loss: Loss | None) -> Iterator[str]:
    words, params = view.words, reason.params
    if loss is not None:
        if loss.votes_are == NEVER:
            yield words("loss.votes.never")
        elif loss.missing_votes is not None:
            votes = view.score(loss.missing_votes, lacking=True)
            yield words(f"loss.votes.{loss.votes_are}", votes=votes)
        if loss.needed_budget is not None:
            yield words(f"loss.budget.{loss.budget_is}", money=words.money(loss.needed_budget))
        yield from _displaced(view, reason, loss.displaced_by)
    if params.get("behind"):
        winner = view.named(params["last_winner"])
        yield words("fact.behind", winner=winner, behind=view.score(params["behind"]))


def _displaced(view: View, reason: Reason, winners: Sequence[str]) -> Iterator[str]:
    words = view.words
    names = ", ".join(view.named(project) for project in winners[:MOST_NAMED])
    if len(winners) > MOST_NAMED:
        yield words("loss.displaced.count", number=words.number(len(winners)))
    elif winners and reason.code in (RIVAL_WON, ENOUGH_WINNERS):
        yield words("loss.place", winner=names)
    elif winners:
        yield words("loss.displaced" if len(winners) == 1 else "loss.displaced.many", winner=names)
