"""The same ballots under several counting rules, side by side: as data, as lines of text, as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rulebook.counting import RULES, UnknownRule, count
from rulebook.counting.outcome import Outcome
from rulebook.counting.tally import tally
from rulebook.dossier import Dossier, DossierProject
from rulebook.explaining.lines import money
from rulebook.explaining.markup import Markup, row, table, tag
from rulebook.explaining.page import document
from rulebook.explaining.proportionality import Certificate, certify
from rulebook.explaining.shares import Satisfaction, satisfaction
from rulebook.explaining.view import View
from rulebook.explaining.wording import LANGUAGES, Words
from rulebook.options import CLASS, OPTIONS, counts_totals, usual_options


@dataclass(frozen=True)
class Compared:
    """One rule's outcome: what voters got, whom it passed over, and the projects that fare otherwise than
    under the contest's own rule."""

    rule: str
    dossier: Dossier
    outcome: Outcome
    got: Satisfaction
    certificate: Certificate
    differing: frozenset[str]

    @property
    def spent(self) -> int:
        """Money awarded in all pots, minor units."""
        return sum(self.outcome.amounts.values())


def under_rule(dossier: Dossier, rule: str) -> Dossier:
    """The dossier under another rule with its usual options; the thresholds of the regulation stay.

    Under its own rule it stays as it is. Raises UnknownRule.
    """
    if rule not in RULES:
        raise UnknownRule(rule)
    counting = dossier.rules.counting
    if rule == counting.rule:
        return dossier
    kept = {
        option.name: counting.options[option.name]
        for option in OPTIONS[rule]
        if option.table == CLASS and option.name in counting.options
    }
    options = {**usual_options(rule, dossier.rules.ballot.kind), **kept}
    return replace(
        dossier, rules=replace(dossier.rules, counting=replace(counting, rule=rule, options=options))
    )


def compared(dossier: Dossier, rules: Sequence[str] = ()) -> list[Compared]:
    """The outcomes under the contest's own rule, which comes first, and under the others (all, if none is
    named), those left out that cannot count protocols where there are some. Raises UnknownRule."""
    own = dossier.rules.counting.rule
    under = {name: under_rule(dossier, name) for name in dict.fromkeys([own, *(rules or RULES)])}
    dossiers = [changed for name, changed in under.items() if name == own or _is_countable(changed)]
    names = [changed.rules.counting.rule for changed in dossiers]
    groups = tally(dossier).groups
    found: list[Compared] = []
    for name, changed in zip(names, dossiers, strict=True):
        outcome = count(changed)
        ours = found[0].outcome if found else outcome
        found.append(
            Compared(
                rule=name,
                dossier=changed,
                outcome=outcome,
                got=satisfaction(outcome, groups),
                certificate=certify(changed, outcome, groups),
                differing=frozenset(
                    project.id
                    for project in dossier.projects
                    if _fate(outcome, project.id) != _fate(ours, project.id)
                ),
            )
        )
    return found


def _is_countable(dossier: Dossier) -> bool:
    counting = dossier.rules.counting
    return not dossier.protocols or counts_totals(counting.rule, dossier.rules.ballot.kind, counting.options)


def _fate(outcome: Outcome, project: str) -> str:
    if project in outcome.amounts:
        return "yes"
    return "tie" if project in outcome.undecided else "no"


def comparison_lines(dossier: Dossier, rules: Sequence[str] = (), language: str = "en") -> Iterator[str]:
    """The comparison as a table of text: projects by votes, then the figures of each rule."""
    words = Words(language, dossier.scale, dossier.currency)
    found = compared(dossier, rules)
    width = max(len(each.rule) for each in found) + 2
    yield f"{dossier.contest}: {', '.join(each.rule for each in found)}"
    yield ""
    yield "".join(each.rule.ljust(width) for each in found) + words("head.project")
    for project in _by_votes(found[0]):
        cells = [words(f"compare.{_fate(each.outcome, project.id)}").ljust(width) for each in found]
        yield f"{''.join(cells)}{project.id} {project.name}".rstrip()
    yield ""
    for label, values in _figures(words, found):
        yield "".join(value.replace("\u00a0", " ").ljust(width) for value in values) + label
    yield ""
    if found[0].outcome.on_protocols:
        yield words("protocols.alone", number=words.number(found[0].outcome.on_protocols))
        yield words("protocols.left_out", number=words.number(found[0].outcome.on_protocols))
        yield ""
    own = found[0]
    yield f"{own.rule}: {money(own.spent, dossier.scale, dossier.currency)}, hash {own.outcome.digest}"


def _by_votes(own: Compared) -> list[DossierProject]:
    votes = _named_by(own.outcome)
    return sorted(own.dossier.projects, key=lambda project: (-votes[project.id], project.order, project.id))


def _named_by(outcome: Outcome) -> Mapping[str, int]:
    """How many voters named each project; the scores, where protocols of points do not tell."""
    return outcome.totals if outcome.on_protocols else outcome.votes


def _figures(words: Words, found: Sequence[Compared]) -> Iterator[tuple[str, list[str]]]:
    """Each measure with its value under every rule."""
    yield words("compare.funded"), [words.number(len(each.outcome.funded)) for each in found]
    yield words("compare.spent"), [words.money(each.spent) for each in found]
    yield words("compare.left"), [words.money(sum(each.outcome.left.values())) for each in found]
    yield words("compare.served"), [words.percent(each.got.served_share) for each in found]
    yield words("compare.average"), [words.hundredths(each.got.winners_hundredths) for each in found]
    yield words("compare.money"), [words.round_money(each.got.money_each) for each in found]
    yield words("compare.proportional"), [_passed_over(words, each) for each in found]
    yield words("compare.differs"), [words.number(len(each.differing)) for each in found]
    if any(each.outcome.undecided for each in found):
        yield words("compare.undecided"), [words.number(len(each.outcome.undecided)) for each in found]


def _passed_over(words: Words, each: Compared) -> str:
    if each.outcome.on_protocols:
        return words("protocols.unknown")
    if each.certificate.is_satisfied:
        return words("compare.nobody")
    number = len(each.certificate.violations)
    return words("compare.groups", projects=words.count(number, "projects"))


def compare(dossier: Dossier, rules: Sequence[str] = (), language: str = "uk") -> str:
    """The comparison as one self-contained HTML page, in Ukrainian or English.

    Raises UnknownRule, and ValueError for another language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"the pages speak {' and '.join(LANGUAGES)}, not {language!r}")
    found = compared(dossier, rules)
    words = Words(language, dossier.scale, dossier.currency)
    view = View(dossier, found[0].outcome, words)
    short = [words.of("short", each.rule) for each in found]
    heads = [("cell", name) for name in short]
    labels = ["", *short]
    figures = [
        row([("name", label), *(("cell", value) for value in values)], label=labels)
        for label, values in _figures(words, found)
    ]
    body = [
        tag(
            "header",
            tag("p", dossier.contest, class_="over"),
            tag("h1", words("compare.title")),
            tag("p", words("compare.lead", number=words.number(found[0].outcome.voters))),
            _on_protocols(words, found[0].outcome.on_protocols),
        ),
        tag("h2", words("compare.figures")),
        table(
            words("compare.figures"), [("name", words("compare.measure")), *heads], figures,
            "cards facts matrix numbers", is_seen=False,
        ),
        tag("h2", words("compare.matrix")),
        tag("p", words("compare.matrix.lead"), class_="small"),
        table(
            words("compare.matrix.caption"), [("name", words("head.project")), *heads],
            [_matrix_row(view, project, found, labels) for project in _by_votes(found[0])],
            "cards facts matrix", is_seen=False,
        ),
        tag("h2", words("compare.rules")),
        [_about(view, each) for each in found],
    ]  # fmt: skip
    return document(language, f"{dossier.contest} – {words('compare.title')}", body)


def _on_protocols(words: Words, number: int) -> list[Markup]:
    """What cannot be compared where some ballots are known only from protocols."""
    keys = ("protocols.alone", "protocols.left_out") if number else ()
    return [tag("p", words(key, number=words.number(number))) for key in keys]


def _about(view: View, each: Compared) -> list[Markup]:
    words = view.words
    own = f" – {words('compare.own')}" if each.outcome is view.outcome else ""
    return [
        tag("h3", words.rule(each.rule, view.unit), " ", tag("code", each.rule), own),
        tag("p", words.of("about", each.rule)),
    ]


def _matrix_row(
    view: View, project: DossierProject, found: Sequence[Compared], labels: Sequence[str]
) -> Markup:
    words = view.words
    cells: list[tuple[str, object]] = []
    for each in found:
        fate = _fate(each.outcome, project.id)
        is_part = fate == "yes" and each.outcome.amounts[project.id] < project.cost
        cells.append((f"cell {fate}", words("compare.part" if is_part else f"compare.{fate}")))
    differs = any(project.id in each.differing for each in found)
    unit = view.unit if view.outcome.on_protocols else "votes"
    facts = f"{words.money(project.cost)}, {words.count(_named_by(view.outcome)[project.id], unit)}"
    name = [view.title(project.id), " ", tag("span", facts, class_="id")]
    return row([("name", name), *cells], label=labels, class_="differs" if differs else "same")
