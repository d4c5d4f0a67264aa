"""An outcome in words: the steps of a count as lines a resident can follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rulebook.counting.outcome import (
    BELOW_THRESHOLD,
    DOES_NOT_FIT,
    FUND,
    STOPPED,
    TIE,
    Outcome,
    Reason,
    Step,
)
from rulebook.dossier import Dossier


def money(amount: int, scale: int, currency: str) -> str:
    """An amount of minor units for reading: "1 234 567.80 UAH"; the part after the point only if needed."""
    whole, rest = divmod(amount, scale)
    text = f"{whole:,}".replace(",", " ")
    if rest:
        text += f".{rest:0{len(str(scale)) - 1}d}"
    return f"{text} {currency}".rstrip()


def explain(dossier: Dossier, outcome: Outcome) -> Iterator[str]:
    """The count line by line: each pot, its projects from the best score down, why each won or not."""
    names = {project.id: project.name for project in dossier.projects}
    counting = dossier.rules.counting
    stated = [f"{name} {_value(value)}" for name, value in sorted(counting.options.items())]
    stated.append("ties " + " then ".join(counting.ties))
    yield f"{dossier.contest}: {outcome.rule} ({', '.join(stated)})"
    set_aside = sum(outcome.invalid.values())
    yield f"{outcome.voters} ballots counted, {set_aside} set aside as invalid"
    for code, count in outcome.invalid.items():
        yield f"  {count} ballots: {code}"
    for pot in dossier.pots:
        yield ""
        yield f"{pot.name.get('uk')}: {money(pot.amount, dossier.scale, dossier.currency)}"
        for step in outcome.steps:
            if step.pot == pot.id:
                yield "  " + _line(step, names, outcome, dossier)
        yield (
            f"  spent {money(outcome.spent[pot.id], dossier.scale, dossier.currency)}, "
            f"left {money(outcome.left[pot.id], dossier.scale, dossier.currency)}"
        )
    yield ""
    if outcome.is_decided:
        yield f"funded: {len(outcome.funded)} of {len(dossier.projects)} projects"
    else:
        yield (
            f"NOT DECIDED: {len(outcome.undecided)} projects wait for the decision of a tie; "
            f"{len(outcome.funded)} are certainly funded"
        )


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return " / ".join(f"{amount} ({key})" for key, amount in sorted(value.items()))
    return str(value)


def _line(step: Step, names: dict[str, str], outcome: Outcome, dossier: Dossier) -> str:
    def cash(amount: int) -> str:
        return money(amount, dossier.scale, dossier.currency)

    if step.project is None:
        tied = ", ".join(step.params["projects"])
        decided = "nothing in the rules decides it" if step.code == "refuse" else f"decided by: {step.code}"
        return f"{step.rank:>4}. tie at score {step.score} between {tied}; {decided}"
    head = f"{step.rank:>4}. {step.project} {names[step.project]}".rstrip()
    facts = f"score {step.score}, cost {cash(step.cost)}"
    if step.kind == FUND:
        return f"{head}: FUNDED; {facts}; left {cash(step.left_after)}"
    if step.kind == TIE:
        return f"{head}: open until the tie is decided; {facts}"
    return f"{head}: not funded; {facts}; {_why(outcome.rejected[step.project], cash)}"


def _why(reason: Reason, show: Callable[[int], str]) -> str:
    params = reason.params
    why = {
        BELOW_THRESHOLD: lambda: f"{params['missing']} short of the threshold {params['threshold']}",
        DOES_NOT_FIT: lambda: f"did not fit: {show(params['left'])} was left, {show(params['short'])} short",
        STOPPED: lambda: f"the count had stopped at {params['after']}",
    }[reason.code]()
    if "behind" in params:
        why += f"; {params['behind']} behind {params['last_winner']}, which won"
    return why
