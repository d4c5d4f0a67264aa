"""Words for the rules of counting: how the ballots become winners."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from rulebook.options import ADD1, ADD1_EXHAUSTIVE, ADD1_TOP_UP, EVERY, OPTIONS, REFUSE, SCORES_OF_KIND
from rulebook.rules import Rules
from viche.communities.models import localised
from viche.foundation.money import money_text
from viche.foundation.numbers import grouped, percent_text

RULES: dict[str, str] = {
    "greedy-v1": "",  # said by its score
    "equal-shares-v1": gettext_noop(
        "The money is divided equally among the voters. Those who chose a project pay for it in equal parts; the "
        "project that asks the least of each of them for what it gives comes first."
    ),
    "phragmen-v1": gettext_noop(
        "The voters earn money steadily and equally. As soon as those who chose a project together have its cost, "
        "they buy it and begin again from nothing. The count ends at the first project that does not fit the money "
        "left."
    ),
    "max-satisfaction-v1": gettext_noop(
        "Of all sets of projects that the money pays for, the one wins that gives the voters the most in sum."
    ),
    "cstv-v1": gettext_noop(
        "Every voter spreads an equal part of the money over the projects chosen. A project that collects its cost "
        "wins, and what it does not need passes on to its voters’ other projects; where nobody collects enough, the "
        "weakest project is eliminated and its support passes on."
    ),
}

# every word that an option of a counting rule takes; where there is nothing to say, the sentence is empty
CHOICES: dict[str, dict[str, str]] = {
    "score": {
        "votes": gettext_noop("Projects are ranked by the number of votes."),
        "points": gettext_noop("Projects are ranked by the sum of points."),
        "borda": gettext_noop("Projects are ranked by their places on the ballots (Borda count)."),
        "votes-per-cost": gettext_noop("Projects are ranked by the votes for each unit of their cost."),
        "net": gettext_noop("Projects are ranked by the marks for them, less the marks against."),
    },
    "fit": {
        "skip": gettext_noop(
            "A project that does not fit the money left is skipped and the next one is tried."
        ),
        "stop": gettext_noop("The list ends at the first project that does not fit the money left."),
        "partial": gettext_noop(
            "The first project that does not fit gets the money left, if its author has agreed to carry it out with "
            "so little."
        ),
    },
    "utility": {
        "cost": gettext_noop("A winner is worth its cost to each voter who chose it."),
        "cardinality": gettext_noop("Every winner is worth the same to each voter who chose it."),
        "points": gettext_noop("A winner is worth to a voter the points the voter gave it."),
        "borda": gettext_noop("A winner is worth more to a voter the higher it stands on the ballot."),
    },
    "completion": {
        "none": gettext_noop("What is left over stays unspent."),
        "add1": gettext_noop(
            "The equal parts are then raised step by step, up to the last step that stays within the money."
        ),
        "add1-exhaustive": gettext_noop(
            "The equal parts are then raised step by step until nothing more fits into the money."
        ),
        "greedy": gettext_noop(
            "What is left over goes to further projects that fit, the most useful for the money first."
        ),
        "add1-greedy": gettext_noop(
            "The equal parts are then raised step by step within the money, and what is left over goes to further "
            "projects that fit, the most useful for the money first."
        ),
    },
    "comparison": {
        "none": "",
        "greedy": gettext_noop(
            "The outcome is compared with that of most votes first: the one stands that more ballots prefer."
        ),
    },
    "select": {
        "ratio": gettext_noop("First comes the project with the most support for its cost."),
        "excess": gettext_noop("First comes the project with the most support beyond its cost."),
    },
}

TIES: dict[str, str] = {
    "refuse": gettext_noop("the commission’s decision, by a protocol"),
    "earlier": gettext_noop("the project submitted earlier"),
    "cheaper": gettext_noop("the project that costs less"),
    "support": gettext_noop("the project with more support signatures"),
    "lot": gettext_noop("the public lot"),
    "decision": gettext_noop("the commission’s decision, by a protocol"),
    "file-order": gettext_noop("the project that stands first in the published list"),
}


def score_text(score: int, unit: str) -> str:
    """«1 204 голоси»: the score with its unit, "votes" or "points"."""
    number = grouped(score)
    if unit == "votes":
        return ngettext("%(n)s vote", "%(n)s votes", score) % {"n": number}
    return ngettext("%(n)s point", "%(n)s points", score) % {"n": number}


def score_unit(rules: Rules) -> str:
    """What the scores of projects are counted in: "votes" or "points"."""
    counting, kind = rules.counting, rules.ballot.kind
    taken = {option.name for option in OPTIONS[counting.rule]} if counting.rule in OPTIONS else set()
    if "score" in taken:
        word = counting.options.get("score", "votes")
    elif counting.rule == "equal-shares-v1":
        word = counting.options.get("utility", "cost")
    elif counting.rule == "phragmen-v1":
        word = "votes"
    else:
        word = SCORES_OF_KIND[kind][0]
    return "points" if word in {"points", "borda"} else "votes"


def key_names(rules: Rules) -> dict[tuple[str, str], str]:
    """What the rules call their pots, classes and categories, by (dimension, id)."""
    return {
        **{("pot", each.id): localised(dict(each.name)) for each in rules.pots},
        **{("class", each.id): localised(dict(each.name)) for each in rules.size_classes},
        **{("category", each.id): localised(dict(each.name)) for each in rules.categories},
    }


def quoted(name: str) -> str:
    """The name of something inside a sentence: «Парки»."""
    return _("“%(name)s”") % {"name": name}


def counting_text(rules: Rules, currency: str = "UAH") -> str:
    """How the ballots become winners, in whole sentences."""
    return " ".join(_counting_sentences(rules, currency))


def tie_text(rules: Rules) -> str:
    """What decides between equal projects, in the order in which it is asked."""
    ways = [way for way in rules.counting.ties if way != REFUSE]
    # whatever the list says, the commission's recorded decision is asked last
    if "decision" not in ways:
        ways.append("decision")
    return _(", then ").join(_(TIES[way]) for way in ways)


def _counting_sentences(rules: Rules, currency: str) -> Iterator[str]:
    counting = rules.counting
    if RULES.get(counting.rule):
        yield _(RULES[counting.rule])
    for option in OPTIONS.get(counting.rule, ()):
        if option.values:
            word = str(counting.options.get(option.name, option.values[0]))
            sentence = CHOICES[option.name].get(word, "")
            if sentence:
                yield _(sentence)
        elif option.name in counting.options:
            yield from OPTION_SENTENCES[option.name](rules, counting.options[option.name], currency)


def _threshold(rules: Rules, table: Mapping[str, int], currency: str) -> Iterator[str]:
    unit = score_unit(rules)
    for key, least in table.items():
        name = key_names(rules).get(("class", key))
        words = {"name": name, "score": score_text(least, unit)}
        if name is None:
            yield _("A project needs at least %s.") % words["score"]
        else:
            yield _("Class “%(name)s” needs at least %(score)s.") % words


def _threshold_share(rules: Rules, table: Mapping[str, int], currency: str) -> Iterator[str]:
    for key, share in table.items():
        name = key_names(rules).get(("class", key))
        words = {"name": name, "share": percent_text(share)}
        if name is None:
            yield _("A project needs at least %(share)s of the valid ballots.") % words
        else:
            yield _("Class “%(name)s” needs at least %(share)s of the valid ballots.") % words


_PLACES = {
    "pot": (gettext_noop("in the pot “%(name)s”"), gettext_noop("in each pot")),
    "class": (gettext_noop("in the class “%(name)s”"), gettext_noop("in each class")),
    "category": (gettext_noop("in the category “%(name)s”"), gettext_noop("in each category")),
    "territory": (gettext_noop("in the territory %(name)s"), gettext_noop("in each territory")),
}


def quota_place(dimension: str, key: str, names: Mapping[tuple[str, str], str]) -> str:
    """Where a limit of winners holds: «у категорії “Спорт”»."""
    one, each = _PLACES[dimension]
    return _(each) if key == EVERY else _(one) % {"name": names.get((dimension, key), key)}


def _winners(dimension: str) -> Any:
    def sentences(rules: Rules, table: Mapping[str, int], currency: str) -> Iterator[str]:
        for key, limit in table.items():
            text = ngettext(
                "At most %(n)s project can win %(place)s.", "At most %(n)s projects can win %(place)s.", limit
            )
            yield text % {"n": grouped(limit), "place": quota_place(dimension, key, key_names(rules))}

    return sentences


def _leftovers(rules: Rules, moves: Sequence[Mapping[str, Any]], currency: str) -> Iterator[str]:
    names = key_names(rules)
    for move in moves:
        sources = move["from"]
        everywhere = EVERY in sources
        words = {
            "sources": ", ".join(quoted(names.get(("pot", each), each)) for each in sources),
            "to": names.get(("pot", move["to"]), move["to"]),
        }
        if move["to"] == EVERY:
            text = (
                _("What is left in all pots goes to further projects of all pots together.")
                if everywhere
                else _("What is left in the pots %(sources)s goes to further projects of all pots together.")
            )
        elif everywhere:
            text = _("What is left in all other pots moves to the pot “%(to)s”.")
        else:
            text = _("What is left in the pots %(sources)s moves to the pot “%(to)s”.")
        yield text % words


def _increment(rules: Rules, step: int, currency: str) -> Iterator[str]:
    if rules.counting.options.get("completion") in {ADD1, ADD1_EXHAUSTIVE, ADD1_TOP_UP}:
        yield _("Each step adds %(amount)s to every voter’s part.") % {"amount": money_text(step, currency)}


# the options that take numbers, tables or moves; those that take a word are in CHOICES
OPTION_SENTENCES: dict[str, Any] = {
    "threshold": _threshold,
    "threshold_share": _threshold_share,
    "winners": _winners("pot"),
    "winners_per_class": _winners("class"),
    "winners_per_category": _winners("category"),
    "winners_per_territory": _winners("territory"),
    "leftovers": _leftovers,
    "increment": _increment,
}
