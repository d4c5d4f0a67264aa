"""What the pages of the booth show: one function draws the ballot of a contest and the preview of draft rules.

A card is a mapping with code, title, cost, currency and, where known, number, place, picture, href, size_class,
category, territory, is_disabled, reason.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from rulebook.ballot import BallotPaper, Candidate, allowance, defects
from rulebook.rules import Rules
from viche.ballots.wording import ballot_limits, defects_text
from viche.channels.booth.selection import MAX_VALUE, VALUED, paper_of
from viche.communities.models import localised
from viche.foundation.money import money_text

CONTROLS = {"points": "points", "ranking": "place", "plus-minus": "stand"}
STEPS = {
    "points": gettext_lazy("Points"),
    "ranking": gettext_lazy("Order"),
    "plus-minus": gettext_lazy("For or against"),
}
TITLES = {
    "points": gettext_lazy("Give points"),
    "ranking": gettext_lazy("Put your projects in order"),
    "plus-minus": gettext_lazy("For or against"),
}
HELP = {
    "points": gettext_lazy(
        "The more points, the more you want the project. Each chosen project needs at least one."
    ),
    "ranking": gettext_lazy(
        "The first is the one you want most. Move projects up and down until the order is yours."
    ),
    "plus-minus": gettext_lazy("Say of each chosen project whether you are for it or against it."),
}

Cards = Sequence[Mapping[str, Any]]


def steps(kind: str, current: str) -> list[tuple[str, str]]:
    """The steps of voting for the part "steps". current: choose, values, review or receipt; done: after all."""
    words = {
        "choose": _("Choose"),
        "values": str(STEPS.get(kind, "")),
        "review": _("Review"),
        "receipt": _("Receipt"),
    }
    keys = [key for key, word in words.items() if word]
    at = keys.index(current) if current in keys else len(keys)
    return [
        (words[key], "done" if place < at else "current" if place == at else "todo")
        for place, key in enumerate(keys)
    ]


def names_of(rules: Rules) -> dict[str, str]:
    """Titles of classes and categories by id."""
    return {each.id: localised(dict(each.name)) for each in (*rules.size_classes, *rules.categories)}


def candidate_of_card(card: Mapping[str, Any]) -> Candidate:
    return Candidate(
        id=card["code"], cost=card["cost"], size_class=card.get("size_class") or None,
        category=card.get("category") or None, territory=card.get("territory") or None,
    )  # fmt: skip


def keys_of(candidate: Candidate) -> str:
    """The rows of the allowance that a chosen project counts in, parted by spaces."""
    pairs = (
        ("class", candidate.size_class), ("category", candidate.category), ("territory", candidate.territory),
    )  # fmt: skip
    return " ".join(f"{name}:{key}" for name, key in pairs if key)


def allowance_rows(
    rules: Rules,
    paper: BallotPaper,
    candidates: Mapping[str, Candidate],
    names: Mapping[str, str],
    *,
    currency: str = "UAH",
    step: str = "review",
) -> list[dict[str, Any]]:
    """What is used of each limit, for the part "allowance".

    step: on "choose" only what choosing uses, and categories and places only where too much is chosen in them;
    on "values" only what values use; on "review" all.
    """  # fmt: skip
    use, shape = allowance(paper, rules, candidates), rules.ballot
    rows: list[dict[str, Any]] = []

    def row(key: str, label: str, used: int, limit: int | None, **more: Any) -> None:
        if limit is not None:
            rows.append({"key": key, "label": label, "used": used, "limit": limit, **more})

    is_split = shape.kind == "plus-minus"
    if step != "values":
        if not is_split:
            row("all", _("Projects"), use.choices.used, use.choices.limit)
        elif step == "choose" and use.choices.limit is not None and use.minus.limit is not None:
            row("all", _("Projects"), len(paper.choices), use.choices.limit + use.minus.limit)
        for key, part in use.by_class.items():
            row(f"class:{key}", names.get(key, key), part.used, part.limit)
        is_quiet = step == "choose"
        for key, part in use.by_category.items():
            row(f"category:{key}", names.get(key, key), part.used, part.limit, is_quiet=is_quiet)
        places = {each.territory: 0 for each in candidates.values() if each.territory} if is_quiet else {}
        if shape.max_per_territory is not None:
            for key in {**places, **use.by_territory}:
                used = use.by_territory[key].used if key in use.by_territory else 0
                row(f"territory:{key}", names.get(key, key), used, shape.max_per_territory, is_quiet=is_quiet)
        if use.cost.limit is not None:
            left = money_text(max(use.cost.limit - use.cost.used, 0), currency)
            whole = money_text(use.cost.limit, currency)
            row(
                "cost",
                _("Cost together"),
                use.cost.used,
                use.cost.limit,
                left=left,
                whole=whole,
                currency=currency,
            )
    if step != "choose":
        row("points", _("Points"), use.points.used, use.points.limit)
        if is_split:
            row("for", pgettext("on a ballot", "For"), use.choices.used, use.choices.limit)
            row("against", pgettext("on a ballot", "Against"), use.minus.used, use.minus.limit)
    return rows


def ballot_context(
    rules: Rules,
    cards: Cards,
    *,
    picks: Mapping[str, int] | None = None,
    candidates: Mapping[str, Candidate] | None = None,
    names: Mapping[str, str] | None = None,
    currency: str = "UAH",
) -> dict[str, Any]:
    """The step of choosing, for booth/ballot.html: cards by size class, the limits in words, the allowance.

    cards: those shown now, in their order. picks: what is chosen, with values. candidates: all that may be
    chosen (the cards' own by default), so that what is chosen but not shown is counted. names: titles of
    classes, categories and territories by id (those of the rules by default).
    """  # fmt: skip
    picks, names = picks or {}, names if names is not None else names_of(rules)
    known = (
        candidates if candidates is not None else {card["code"]: candidate_of_card(card) for card in cards}
    )
    rows: dict[str, list[Mapping[str, Any]]] = {each.id: [] for each in rules.size_classes}
    for card in cards:
        facts = {**card, "is_checked": card["code"] in picks, "group": keys_of(known[card["code"]])}
        rows.setdefault(card.get("size_class") or "", []).append(facts)
    shown = {card["code"] for card in cards}
    kind = rules.ballot.kind
    return {
        "kind": kind,
        "control": "radio" if kind == "choose-1" else "checkbox",
        "groups": [
            {"name": names.get(key, ""), "cards": each, "limit": rules.ballot.max_per_class.get(key)}
            for key, each in rows.items()
            if each
        ],
        "limits": ballot_limits(rules, names, currency=currency),
        "elsewhere": [
            {"keys": keys_of(known[code]), "cost": known[code].cost}
            for code in picks
            if code not in shown and code in known
        ],
        "allowance": allowance_rows(
            rules, paper_of(kind, picks), known, names, currency=currency, step="choose"
        ),
        "next": TITLES.get(kind) or _("Review my ballot"),
    }  # fmt: skip


def values_context(
    rules: Rules,
    cards: Cards,
    *,
    picks: Mapping[str, int],
    texts: Mapping[str, str] | None = None,
    candidates: Mapping[str, Candidate] | None = None,
    names: Mapping[str, str] | None = None,
    currency: str = "UAH",
    is_judged: bool = False,
) -> dict[str, Any]:
    """The step of values (points, order, for or against), for booth/values.html.

    cards: those chosen, in their order. texts: by code what was typed where it is no number. is_judged: say
    what is wrong (after a form was sent), each fault at its project, the others above.
    """  # fmt: skip
    kind, texts = rules.ballot.kind, texts or {}
    names = names if names is not None else names_of(rules)
    known = (
        candidates if candidates is not None else {card["code"]: candidate_of_card(card) for card in cards}
    )
    paper = paper_of(kind, picks)
    found = [each for each in defects(paper, rules, known) if each.project not in texts] if is_judged else []
    errors: dict[str, list[str]] = {code: [_("Write the points in digits.")] for code in texts}
    for code in picks:
        at_it = [each for each in found if each.project == code]
        errors.setdefault(code, []).extend(defects_text(at_it, names, currency=currency, kind=kind))
    above = [each for each in found if each.project is None or each.project not in picks]
    last = len(cards)
    return {
        "kind": kind,
        "title": TITLES[kind],
        "help": HELP[kind],
        "control": CONTROLS[kind],
        "most": rules.ballot.max_points_per_project,
        "limits": ballot_limits(rules, names, currency=currency),
        "errors": defects_text(above, names, currency=currency, kind=kind),
        "is_wrong": bool(above or any(errors.values())),
        "lines": [
            {
                **card,
                "value": place if kind == "ranking" else texts.get(card["code"], picks[card["code"]]),
                "of": last,
                "errors": errors.get(card["code"], []),
            }
            for place, card in enumerate(cards, start=1)
        ],
        "allowance": allowance_rows(rules, paper, known, names, currency=currency, step="values"),
    }


def with_values(
    kind: str, picks: Mapping[str, int], sent: Mapping[str, Any], codes: Iterable[str]
) -> tuple[dict[str, int], dict[str, str]]:
    """What is chosen after a form of values was sent, and by code what was typed that is no number.

    sent: the form (value-<code> of each; a pressed button plus, minus, up, down or off with the code). codes:
    what the form showed, in its order; what was chosen in another window meanwhile stays chosen, after it.
    """
    values: dict[str, int] = {}
    texts: dict[str, str] = {}
    for code in codes:
        text = str(sent.get(f"value-{code}", picks.get(code, 1))).strip()
        if re.fullmatch("-?[0-9]{1,4}", text):
            values[code] = int(text)
        else:
            values[code], texts[code] = 0, text[:20]
    for code, value in picks.items():
        values.setdefault(code, value)
    for name, step in (("plus", 1), ("minus", -1)):
        code = sent.get(name)
        if code in values and kind == "points":
            values[code] = max(0, min(values[code] + step, MAX_VALUE))
            texts.pop(code, None)
    order = list(values)
    for name, step in (("up", -1), ("down", 1)):
        code = sent.get(name)
        if code in values and kind == "ranking":
            at = order.index(code)
            there = max(0, min(at + step, len(order) - 1))
            order[at], order[there] = order[there], order[at]
    if (code := sent.get("off")) in values:
        order.remove(code)
        texts.pop(code, None)
    return {code: values[code] for code in order}, texts


def sample_cards(rules: Rules, *, of_each: int = 2, currency: str = "UAH") -> list[dict[str, Any]]:
    """Invented projects for a preview: some of each size class, the categories in turn."""
    categories = [each.id for each in rules.categories] or [""]
    bounds = [(each.id, each.min_cost, each.max_cost) for each in rules.size_classes] or [
        ("", 10_000_000, 20_000_000)
    ]
    cards: list[dict[str, Any]] = []
    for size, low, high in bounds:
        top = high if high is not None else low * 2
        for place in range(of_each):
            number = len(cards) + 1
            cards.append(
                {
                    "code": str(number), "number": number, "title": _("Example project %d") % number,
                    "cost": max(low, top - place * (top - low) // of_each), "currency": currency, "size_class": size,
                    "category": categories[(number - 1) % len(categories)], "territory": "",
                    "place": "", "picture": "", "href": "",
                }
            )  # fmt: skip
    return cards


def preview_context(rules: Rules, *, currency: str = "UAH") -> dict[str, Any]:
    """The ballot of draft rules with invented projects, for booth/preview.html (as `preview`)."""
    cards = sample_cards(rules, currency=currency)
    most = rules.ballot.choice_limit or 3
    chosen = cards[: min(most, 3)]
    values = rules.ballot.kind in VALUED
    return {
        "choose": ballot_context(rules, cards, currency=currency),
        "values": values_context(
            rules, chosen, picks={card["code"]: 1 for card in chosen}, currency=currency
        ) if values else None,
    }  # fmt: skip
