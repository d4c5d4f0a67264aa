"""An outcome in words: the steps of a count as lines a resident can follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rulebook.counting import equal_shares
from rulebook.counting.outcome import (
    BELOW_THRESHOLD,
    DOES_NOT_FIT,
    ELIMINATED,
    ENOUGH_WINNERS,
    FITS_PARTLY,
    FUND,
    MOVE,
    NO_VOTES,
    OUTWEIGHED,
    RIVAL_WON,
    STOPPED,
    SUPPORTERS_CANNOT_PAY,
    TIE,
    Outcome,
    Reason,
    Step,
)
from rulebook.dossier import Dossier, DossierProject
from rulebook.options import EVERY

Cash = Callable[[int], str]


def money(amount: int, scale: int, currency: str) -> str:
    """An amount of minor units for reading: "1 234 567.80 UAH"; the part after the point only if needed."""
    whole, rest = divmod(amount, scale)
    text = f"{whole:,}".replace(",", " ")
    if rest:
        text += f".{rest:0{len(str(scale)) - 1}d}"
    return f"{text} {currency}".rstrip()


def explain(dossier: Dossier, outcome: Outcome) -> Iterator[str]:
    """The count line by line: each pot, its projects from the best score down, why each won or not."""
    counting = dossier.rules.counting
    stated = [f"{name} {option_text(value)}" for name, value in sorted(counting.options.items())]
    stated.append("ties " + " then ".join(counting.ties))
    yield f"{dossier.contest}: {outcome.rule} ({', '.join(stated)})"
    set_aside = sum(outcome.invalid.values())
    yield f"{outcome.voters} ballots counted, {set_aside} set aside as invalid"
    for code, count in outcome.invalid.items():
        yield f"  {count} ballots: {code}"
    if outcome.on_protocols:
        yield f"  {outcome.on_protocols} of those counted came in on protocols, as sums of votes"
    projects = {project.id: project for project in dossier.projects}

    def cash(amount: int) -> str:
        return money(amount, dossier.scale, dossier.currency)

    support = equal_shares.effective_support(dossier, outcome) if outcome.rule == equal_shares.RULE else {}
    for pot, heading in _pots(dossier, outcome, cash):
        yield ""
        yield heading
        for step in outcome.steps:
            if step.pot == pot:
                line = "  " + _line(step, projects, outcome, cash)
                if step.project in support:
                    line += f"; effective support {support[step.project]} %"
                yield line
        yield f"  spent {cash(outcome.spent[pot])}, left {cash(outcome.left[pot])}"
        for fact in _facts(outcome.facts.get(pot, {}), cash):
            yield f"  {fact}"
    yield ""
    if outcome.is_decided:
        yield f"funded: {len(outcome.funded)} of {len(dossier.projects)} projects"
    else:
        yield (
            f"NOT DECIDED: {len(outcome.undecided)} projects wait for the decision of a tie; "
            f"{len(outcome.funded)} are certainly funded"
        )


def option_text(value: object) -> str:
    """The value of an option for reading: a word, a number, a table, a list of moves."""
    if isinstance(value, Mapping):
        return " / ".join(f"{amount} ({key})" for key, amount in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return " / ".join(f"{' + '.join(move['from'])} to {move['to']}" for move in value)
    return str(value)


def _pots(dossier: Dossier, outcome: Outcome, cash: Cash) -> Iterator[tuple[str, str]]:
    """Each pot with its heading; the pool of all pots last, where leftovers moved into one."""
    for pot in dossier.pots:
        yield pot.id, f"{pot.name.get('uk')}: {cash(pot.amount)}"
    if EVERY in outcome.spent:
        yield EVERY, f"All pots together: {cash(outcome.spent[EVERY] + outcome.left[EVERY])}"


def _line(step: Step, projects: Mapping[str, DossierProject], outcome: Outcome, cash: Cash) -> str:
    params = step.params
    if step.kind == MOVE:
        to = "the pool of all pots" if params["to"] == EVERY else f"the pot {params['to']}"
        return f"      {cash(params['amount'])} moved to {to}"
    if step.project is None:
        tied = ", ".join(params["projects"])
        decided = "nothing in the rules decides it" if step.code == "refuse" else f"decided by: {step.code}"
        if not step.rank:
            return f"      tie between {tied}; {decided}"
        return f"{step.rank:>4}. tie at score {step.score} between {tied}; {decided}"
    project = projects[step.project]
    head = f"{step.rank:>4}. {project.id} {project.name}".rstrip()
    facts = f"score {step.score}, cost {cash(project.cost)}"
    if step.kind == FUND:
        is_part = step.code == FITS_PARTLY and "amount" in params
        won = f"FUNDED IN PART with {cash(params['amount'])}" if is_part else "FUNDED"
        more = "".join(f"; {text}" for text in _payment(params, cash))
        return f"{head}: {won}; {facts}{more}; left {cash(step.left_after)}"
    if step.kind == TIE:
        return f"{head}: open until the tie is decided; {facts}"
    return f"{head}: not funded; {facts}; {_why(reason_at(step, outcome), cash)}"


def reason_at(step: Step, outcome: Outcome) -> Reason:
    """Why a project was turned down at a step; it may have won later, when money had moved."""
    final = outcome.rejected.get(step.project or "")
    if final is None or final.code != step.code:
        return Reason(step.code, step.params)
    return Reason(step.code, {**final.params, **step.params})


def _payment(params: Mapping[str, Any], cash: Cash) -> Iterator[str]:
    """Who paid for a funded project, as far as the rule says."""
    if "round" in params:
        yield f"round {params['round']}"
    if "payers" in params:
        paid = f"paid by {params['payers']}"
        if "supporters" in params:
            paid += f" of {params['supporters']} supporters"
        if "price" in params:
            paid += f", at most {cash(params['price'])} each"
        if "in_full" in params:
            paid += f", {params['in_full']} in full"
        yield paid
    elif "supporters" in params:
        yield f"{params['supporters']} supporters"
    if "load" in params:
        yield f"each of them then carries {cash(params['load'])}"
    if "eliminated_in" in params:
        yield f"eliminated in round {params['eliminated_in']}, funded after all"
    if "money" in params:
        yield f"support {cash(params['money'])}"
    if "satisfaction" in params:
        yield f"satisfaction {params['satisfaction']}"


def _facts(facts: Mapping[str, Any], cash: Cash) -> Iterator[str]:
    """What only this rule knows of a pot."""
    if "share" in facts:
        text = f"each of {facts['voters']} voters began with {cash(facts['share'])}"
        if facts.get("increments"):
            text += f", raised in {facts['increments']} steps to {cash(facts['final_share'])}"
        yield text
    if facts.get("topped_up"):
        yield f"added by score with the money left: {', '.join(facts['topped_up'])}"
    if "satisfaction" in facts:
        yield f"satisfaction of all voters: {facts['satisfaction']}"
    comparison = facts.get("comparison")
    if comparison:
        yield (
            f"compared with greedy: {comparison['prefer_equal_shares']} ballots prefer equal shares, "
            f"{comparison['prefer_greedy']} prefer greedy; chosen: {comparison['chosen']}"
        )


def _why(reason: Reason, cash: Cash) -> str:
    words = _REASONS.get(reason.code)
    why = reason.code if words is None else words(reason.params, cash)
    if "behind" in reason.params:
        why += f"; {reason.params['behind']} behind {reason.params['last_winner']}, which won"
    return why


def _supporters(params: Mapping[str, Any], cash: Cash) -> str:
    return f"its supporters together had {cash(params['money'])} left, {cash(params['short'])} short"


def _eliminated(params: Mapping[str, Any], cash: Cash) -> str:
    at = f" in round {params['round']}" if "round" in params else ""
    return f"eliminated{at} with the support of {cash(params['money'])}, {cash(params['short'])} short"


_REASONS: Mapping[str, Callable[[Mapping[str, Any], Cash], str]] = {
    BELOW_THRESHOLD: lambda params, _: f"{params['missing']} short of the threshold {params['threshold']}",
    DOES_NOT_FIT: lambda params, cash: (
        f"did not fit: {cash(params['left'])} was left, {cash(params['short'])} short"
    ),
    STOPPED: lambda params, _: f"the count had stopped at {params['after']}",
    RIVAL_WON: lambda params, _: f"its competitor {params['rival']} won",
    ENOUGH_WINNERS: lambda params, _: (
        f"the {params['dimension']} {params['key']} has all its {params['limit']} winners"
    ),
    NO_VOTES: lambda params, _: "nobody named it",
    SUPPORTERS_CANNOT_PAY: _supporters,
    OUTWEIGHED: lambda params, _: "the funded projects give the voters more without it",
    ELIMINATED: _eliminated,
}
