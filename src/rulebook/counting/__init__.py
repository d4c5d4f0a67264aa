"""The published counting rules. An id never changes meaning: a changed rule is a new id.

``count`` turns a dossier into an outcome that explains itself. The options each rule takes are in
``rulebook.options``; the prose of each is docs/counting/<id>.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rulebook.counting import cstv, equal_shares, greedy, max_satisfaction, phragmen
from rulebook.counting.outcome import Outcome, Reason, Step, Tie
from rulebook.dossier import Dossier, DossierError
from rulebook.options import OPTIONS, Option, counts_totals, option_problems, usual_options

__all__ = ["RULES", "Outcome", "Reason", "Rule", "Step", "Tie", "UnknownRule", "count"]


class UnknownRule(ValueError):
    """No counting rule has this id."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"there is no counting rule {rule!r}; known: {', '.join(RULES)}")
        self.rule = rule


@dataclass(frozen=True)
class Rule:
    """A counting rule: its id, a sentence on what it does, where it is written down, the count itself."""

    id: str
    summary: str
    source: str
    count: Callable[[Dossier], Outcome]

    @property
    def options(self) -> tuple[Option, ...]:
        """The options a regulation may set for the rule."""
        return OPTIONS[self.id]

    def document(self) -> dict[str, Any]:
        """JSON-able description of the rule."""
        return {
            "id": self.id,
            "summary": self.summary,
            "source": self.source,
            "options": {option.name: option.domain for option in self.options},
        }


RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule(
            id=greedy.RULE,
            summary="The best-scored project first, while the money of its pot lasts.",
            source="docs/counting/greedy-v1.md",
            count=greedy.count,
        ),
        Rule(
            id=equal_shares.RULE,
            summary="Every voter gets an equal part of the money, spent only on what the voter named.",
            source="docs/counting/equal-shares-v1.md",
            count=equal_shares.count,
        ),
        Rule(
            id=phragmen.RULE,
            summary="Voters earn money at one rate; who together have a project's cost buy it.",
            source="docs/counting/phragmen-v1.md",
            count=phragmen.count,
        ),
        Rule(
            id=max_satisfaction.RULE,
            summary="The projects that together give the voters the most, within the money of the pot.",
            source="docs/counting/max-satisfaction-v1.md",
            count=max_satisfaction.count,
        ),
        Rule(
            id=cstv.RULE,
            summary="Every voter spreads an equal part of the money; what a project does not need passes on.",
            source="docs/counting/cstv-v1.md",
            count=cstv.count,
        ),
    )
}


def count(dossier: Dossier, rule: str | None = None) -> Outcome:
    """Count the dossier by its own rule, or by another one named (with that rule's usual options).

    Raises UnknownRule, and DossierError where the options in the dossier are not those of the rule, or where it holds
    protocols and the rule needs single ballots.
    """
    named = dossier.rules.counting.rule
    if rule is not None and rule != named:
        usual = usual_options(rule, dossier.rules.ballot.kind)
        counting = replace(dossier.rules.counting, rule=rule, options=usual)
        dossier = replace(dossier, rules=replace(dossier.rules, counting=counting))
        named = rule
    if named not in RULES:
        raise UnknownRule(named)
    for problem in option_problems(named, dossier.rules.counting.options, dossier.rules.dimensions):
        raise DossierError(f"/rules/counting/options{problem}")
    kind, options = dossier.rules.ballot.kind, dossier.rules.counting.options
    if dossier.protocols and not counts_totals(named, kind, options):
        raise DossierError(
            f"{dossier.on_protocols} ballots came in on protocols, and {named} cannot count them: it would have to "
            "know how each of them was filled in"
        )
    return RULES[named].count(dossier)
