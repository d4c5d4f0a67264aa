"""A count as one self-contained HTML page, in Ukrainian or English: who won, for how much, and why not others.

The page needs nothing but itself: its style sheet and charts are inside, there is no script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rulebook.counting.outcome import MOVE, Outcome
from rulebook.dossier import Dossier
from rulebook.explaining.losers import losses
from rulebook.explaining.markup import Child, Markup, bar, joined, row, stacked, table, tag
from rulebook.explaining.page_projects import projects_part
from rulebook.explaining.page_voters import proportionality_part, shares_part, voters_part
from rulebook.explaining.proportionality import certify
from rulebook.explaining.shares import Ballots, Satisfaction, basis_points, satisfaction
from rulebook.explaining.style import STYLE
from rulebook.explaining.view import View
from rulebook.explaining.wording import LANGUAGES, Words
from rulebook.options import EVERY, OPTIONS

WITH_NAMED_KEYS = {
    "threshold": "class",
    "threshold_share": "class",
    "winners": "pot",
    "winners_per_class": "class",
    "winners_per_category": "category",
    "winners_per_territory": "territory",
}


def page(
    dossier: Dossier, outcome: Outcome, language: str = "uk", election: Ballots | None = None, *, command: str = "",
    is_thorough: bool = False,
) -> str:  # fmt: skip
    """The page of one count, as a whole HTML document.

    ``outcome`` must be the count of this dossier. With ``election``, the .pb file the dossier was made of,
    voters are compared by the groups that the file tells apart; ``command`` is what repeats the count, where
    the plain command does not. ``is_thorough``: compute what every project lacked, however long it takes.
    Raises ValueError for a language other than "uk" and "en".
    """
    if language not in LANGUAGES:
        raise ValueError(f"the pages speak {' and '.join(LANGUAGES)}, not {language!r}")
    words = Words(language, dossier.scale, dossier.currency)
    view = View(dossier, outcome, words, election)
    overall = satisfaction(outcome, view.groups)
    body = [
        _head(view, overall),
        winners_part(view),
        projects_part(view, losses(dossier, outcome, is_thorough=is_thorough)),
        _ties(view),
        _how(view),
        shares_part(view),
        voters_part(view, overall),
        proportionality_part(view, certify(dossier, outcome, view.groups)),
        _repeat(view, command or f"python -m rulebook count {words('file')} --json"),
    ]
    return document(language, f"{dossier.contest} – {words('title')}", body)


def document(language: str, title: str, body: Sequence[Child]) -> str:
    """A whole HTML document around the parts of a page."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        Markup(f"<style>{STYLE}</style>"),
    )
    content = tag("body", tag("main", body, class_="frame"))
    return f"<!doctype html>\n{tag('html', head, content, lang=language)}\n"


def _head(view: View, overall: Satisfaction) -> Markup:
    words, outcome = view.words, view.outcome
    funded = sum(outcome.amounts.values())
    figures = [
        ("winners", words.number(len(outcome.funded)),
         words("figure.of_projects", projects=words.count(len(view.projects), "projects.of"))),
        ("spent", words.money(funded), words("figure.of_money", amount=words.money(view.budget))),
        ("ballots", words.number(outcome.voters), _of_ballots(view)),
        ("served", words.percent(overall.served_share), words("figure.served_note")),
    ]  # fmt: skip
    sections = ("winners", "projects", "ties", "count", "shares", "voters", "proportionality", "repeat")
    title = view.dossier.rules.title.get(words.language)
    return tag(
        "header",
        tag("p", view.dossier.contest, class_="over") if title != view.dossier.contest else None,
        tag("h1", title),
        tag("p", words("counted_by", rule=words.quoted(words.rule(outcome.rule, view.unit))), class_="rule-name"),
        None
        if outcome.is_decided
        else tag("div", tag("p", words("undecided", number=len(outcome.undecided))), class_="banner"),
        tag(
            "dl",
            [
                tag("div", tag("dt", words(f"figure.{name}")), tag("dd", figure, tag("small", note) if note else None))
                for name, figure, note in figures
            ],
            class_="figures",
        ),
        tag("nav", tag("ul", [tag("li", tag("a", words(f"nav.{each}"), href=f"#{each}")) for each in sections]),
            aria_label=words("nav")),
    )  # fmt: skip


def _of_ballots(view: View) -> str | None:
    """What is to be known about the number of ballots: those set aside, those on protocols."""
    words, set_aside = view.words, sum(view.outcome.invalid.values())
    notes = [
        words(f"figure.{name}", number=words.number(number))
        for name, number in (("set_aside", set_aside), ("on_protocols", view.outcome.on_protocols))
        if number
    ]
    return "; ".join(notes) or None


def winners_part(view: View) -> Markup:
    """The winners of each pot under a line of its money."""
    words, outcome = view.words, view.outcome
    parts: list[object] = [tag("h2", words("winners"), id="winners")]
    moves = [step for step in outcome.steps if step.kind == MOVE]
    of_pot: dict[str, list[str]] = {}
    for step in outcome.steps:
        if step.project in outcome.amounts and step.kind == "fund" and step.project is not None:
            of_pot.setdefault(step.pot, []).append(step.project)
    for pot in [*(pot.id for pot in view.dossier.pots), *([EVERY] if EVERY in outcome.spent else [])]:
        if len(outcome.spent) > 1:
            parts.append(tag("h3", words("pool") if pot == EVERY else view.pot_name(pot)))
        parts += _pot_winners(view, pot, of_pot.get(pot, []))
    for step in moves:
        parts.append(
            tag(
                "p",
                words(
                    "moved",
                    amount=words.money(step.params["amount"]),
                    source=words.quoted(view.pot_name(step.pot)),
                    to=words.quoted(view.pot_name(step.params["to"])),
                ),
                class_="small",
            )
        )
    return joined(parts)


def _pot_winners(view: View, pot: str, winners: list[str]) -> Iterator[Markup]:
    words, outcome = view.words, view.outcome
    spent, left = outcome.spent[pot], outcome.left[pot]
    whole = spent + left
    if whole:
        line = words(
            "winners.line", spent=words.money(spent), left=words.money(left), amount=words.money(whole)
        )
        pieces = [
            (f"{view.title(project)}: {words.money(outcome.amounts[project])}", outcome.amounts[project],
             "won" if number % 2 == 0 else "won-2")
            for number, project in enumerate(winners)
        ]  # fmt: skip
        yield stacked(pieces, whole, line)
        yield tag("p", line, class_="small")
    if not winners:
        yield tag("p", words("winners.none"))
        return
    heads = [
        ("place", "№"),
        ("name", words("head.project")),
        ("n votes", words(f"head.{view.unit}")),
        ("n cost", words("head.money")),
        ("pair", words("head.part")),
    ]
    dearest = max(outcome.amounts[project] for project in winners)
    rows = [
        row(
            [
                ("place", str(number)),
                ("name", tag("a", view.title(project), href=f"#{view.anchor(project)}")),
                ("n votes", words.number(outcome.totals[project])),
                ("n cost", words.money(outcome.amounts[project])),
                ("pair", _part(view, outcome.amounts[project], dearest, whole)),
            ],
            heading=1,
            label=("", "", words(f"head.{view.unit}"), "", ""),
        )
        for number, project in enumerate(winners, start=1)
    ]
    yield table(words("winners.caption"), heads, rows, "cards winners", is_seen=False)


def _part(view: View, amount: int, dearest: int, whole: int) -> Markup:
    """A bar against the dearest winner, and the part of the whole pot."""
    share = view.words.percent(basis_points(amount, whole))
    return tag("div", bar(amount, dearest, "won"), tag("span", share, class_="id"))


def _ties(view: View) -> Markup:
    words, ties = view.words, view.outcome.ties
    title = tag("h2", words("ties"), id="ties")
    if not ties:
        return joined([title, tag("p", words("ties.none"))])
    labels = ["", words("head.shared"), words("head.left"), words("head.decided")]
    rows = [
        row(
            [
                (
                    "name",
                    [
                        [
                            ", " if place else None,
                            tag("a", view.title(project), href=f"#{view.anchor(project)}"),
                        ]
                        for place, project in enumerate(tie.projects)
                    ],
                ),
                ("n", view.score(tie.score) if tie.score else "–"),
                ("n", words.money(tie.left)),
                ("result", words.of("tie", tie.decided_by)),
            ],
            label=labels,
        )
        for tie in ties
    ]
    heads = [("name", words("head.tied")), ("n", labels[1]), ("n", labels[2]), ("result", labels[3])]
    caption = words("ties.caption")
    return joined(
        [title, tag("p", words("ties.lead")), table(caption, heads, rows, "cards facts", is_seen=False)]
    )


def _how(view: View) -> Markup:
    words, outcome = view.words, view.outcome
    ties = view.dossier.rules.counting.ties
    invalid = [
        tag("div", f"{words.number(number)} – {words.of('defect', code)}") for code, number in outcome.invalid.items()
    ]  # fmt: skip
    terms: list[tuple[str, object]] = [
        ("rule", [words.rule(outcome.rule, view.unit), " ", tag("code", outcome.rule)]),
        ("options", [tag("div", text) for text in option_texts(view)]),
        ("ties", words("then").join(words.of("tie", tie) for tie in ties)),
        ("valid", words.number(outcome.voters)),
        *([("on_protocols", words.number(outcome.on_protocols))] if outcome.on_protocols else []),
        ("invalid", invalid or words("term.none")),
    ]
    facts = [text for facts in outcome.facts.values() for text in _fact_texts(view, facts)]
    return joined(
        [
            tag("h2", words("count"), id="count"),
            tag("p", words.of("about", outcome.rule)),
            tag("dl", [[tag("dt", words(f"term.{name}")), tag("dd", value)] for name, value in terms], class_="terms"),
            [tag("p", fact) for fact in facts],
        ]
    )  # fmt: skip


def option_texts(view: View) -> list[str]:
    """The settings of the rule in words, those that stand at their default too."""
    words, stated = view.words, view.options
    found = []
    for option in OPTIONS.get(view.outcome.rule, ()):
        value = stated.get(option.name, option.values[0] if option.values else None)
        if value is None or value == {} or value == ():
            continue
        if option.values:
            text = words.of(f"value.{option.name}", str(value))
        elif option.moves:
            text = "; ".join(
                f"{', '.join(view.key_name('pot', each) for each in move['from'])} → "
                f"{view.key_name('pot', move['to'])}"
                for move in value
            )
        elif isinstance(value, Mapping):
            dimension = WITH_NAMED_KEYS[option.name]
            amounts = {
                key: words.percent(amount) if option.name == "threshold_share" else words.number(amount)
                for key, amount in value.items()
            }
            text = ", ".join(
                amount if key == EVERY and len(amounts) == 1 else f"{view.key_name(dimension, key)}: {amount}"
                for key, amount in amounts.items()
            )
        else:
            text = words.money(value)
        found.append(f"{words.of('option', option.name)}: {text}")
    return found


def _fact_texts(view: View, facts: Mapping[str, Any]) -> Iterator[str]:
    words = view.words
    if "share" in facts and "voters" in facts:
        yield words("facts.share", voters=_voters(view, facts["voters"]), share=words.money(facts["share"]))
    if facts.get("increments") and "final_share" in facts:
        steps = words.count(facts["increments"], "steps")
        yield words("facts.raised", steps=steps, share=words.money(facts["final_share"]))
    if facts.get("topped_up"):
        yield words("facts.topped_up", projects=", ".join(view.named(each) for each in facts["topped_up"]))
    comparison = facts.get("comparison")
    if comparison:
        ours, theirs = comparison["prefer_equal_shares"], comparison["prefer_greedy"]
        yield words("facts.compared", ours=_voters(view, ours), theirs=_voters(view, theirs))
    if "satisfaction" in facts:
        number = facts["satisfaction"]
        yield words(
            "facts.satisfaction", satisfaction=words.number(number) if isinstance(number, int) else number
        )


def _voters(view: View, number: int) -> str:
    return view.words.count(number, "voters") if view.words.language == "en" else view.words.number(number)


def _repeat(view: View, command: str) -> Markup:
    words, outcome = view.words, view.outcome
    return tag(
        "footer",
        tag("h2", words("repeat"), id="repeat"),
        tag("p", words("repeat.lead")),
        tag("pre", command),
        tag(
            "dl",
            [tag("dt", words("repeat.dossier")), tag("dd", tag("code", outcome.dossier))],
            [tag("dt", words("repeat.outcome")), tag("dd", tag("code", outcome.digest))],
            class_="terms",
        ),
    )
