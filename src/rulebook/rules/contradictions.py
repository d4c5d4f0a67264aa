"""What a well-formed regulation says against itself, found before anybody votes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from rulebook.options import OPTIONS, REFUSE, SCORES_OF_KIND, UTILITIES_OF_KIND, option_problems
from rulebook.problem import Problem
from rulebook.rules.model import Pot, Rules, SizeClass


def problems(rules: Rules) -> list[Problem]:
    """All contradictions of the rules; an empty list means a contest can be run under them."""
    return [
        *_repeated_ids(rules),
        *_size_classes(rules),
        *_pots(rules),
        *_people(rules),
        *_ballot(rules),
        *_counting(rules),
    ]


def _repeated_ids(rules: Rules) -> Iterator[Problem]:
    groups: tuple[tuple[str, Iterable[str]], ...] = (
        ("size_classes", (entry.id for entry in rules.size_classes)),
        ("categories", (entry.id for entry in rules.categories)),
        ("pots", (entry.id for entry in rules.pots)),
    )
    for name, ids in groups:
        seen: set[str] = set()
        for index, entry in enumerate(ids):
            if entry in seen:
                yield Problem(f"/{name}/{index}/id", "repeated", {"value": entry})
            seen.add(entry)


def _size_classes(rules: Rules) -> Iterator[Problem]:
    for index, entry in enumerate(rules.size_classes):
        if entry.max_cost is not None and entry.max_cost < entry.min_cost:
            yield Problem(f"/size_classes/{index}/max_cost", "empty_class", {"class": entry.id})
        for other in rules.size_classes[:index]:
            if _classes_overlap(entry, other):
                params = {"class": entry.id, "other": other.id}
                yield Problem(f"/size_classes/{index}", "classes_overlap", params)


def _classes_overlap(one: SizeClass, other: SizeClass) -> bool:
    return (one.max_cost is None or other.min_cost <= one.max_cost) and (
        other.max_cost is None or one.min_cost <= other.max_cost
    )


def _pots(rules: Rules) -> Iterator[Problem]:
    classes = {entry.id: entry for entry in rules.size_classes}
    categories = {entry.id for entry in rules.categories}
    if not rules.pots:
        yield Problem("/pots", "no_pot")
    for index, pot in enumerate(rules.pots):
        path = f"/pots/{index}"
        if pot.amount == 0:
            yield Problem(f"{path}/amount", "empty_pot", {"pot": pot.id})
        if pot.size_class is not None and pot.size_class not in classes:
            yield Problem(f"{path}/size_class", "unknown_class", {"class": pot.size_class})
        if pot.category is not None and pot.category not in categories:
            yield Problem(f"{path}/category", "unknown_category", {"category": pot.category})
        for entry in rules.size_classes:
            if pot.size_class not in (None, entry.id):
                continue
            if entry.min_cost > pot.amount:
                params = {"pot": pot.id, "class": entry.id, "amount": pot.amount, "min_cost": entry.min_cost}
                yield Problem(f"{path}/amount", "pot_below_smallest_project", params)
            elif entry.max_cost is not None and entry.max_cost > pot.amount:
                params = {"pot": pot.id, "class": entry.id, "amount": pot.amount, "max_cost": entry.max_cost}
                yield Problem(f"{path}/amount", "class_larger_than_pot", params)
        for other in rules.pots[:index]:
            if _pots_overlap(pot, other):
                yield Problem(path, "pots_overlap", {"pot": pot.id, "other": other.id})
    for index, entry in enumerate(rules.size_classes):
        if rules.pots and not any(pot.size_class in (None, entry.id) for pot in rules.pots):
            yield Problem(f"/size_classes/{index}", "class_without_pot", {"class": entry.id})
    for number, category in enumerate(rules.categories):
        if rules.pots and not any(pot.category in (None, category.id) for pot in rules.pots):
            yield Problem(f"/categories/{number}", "category_without_pot", {"category": category.id})


def _pots_overlap(one: Pot, other: Pot) -> bool:
    # two pots overlap when some project would match both: every dimension equal or left open
    pairs = (
        (one.size_class, other.size_class),
        (one.category, other.category),
        (one.territory, other.territory),
    )
    return all(left is None or right is None or left == right for left, right in pairs)


def _people(rules: Rules) -> Iterator[Problem]:
    for who in ("author", "voter"):
        eligibility = getattr(rules, who)
        if not eligibility.bases:
            yield Problem(f"/{who}/bases", "nobody_eligible")
        if eligibility.age_on != "act" and not _is_date(eligibility.age_on):
            yield Problem(f"/{who}/age_on", "bad_format", {"value": eligibility.age_on})
    if rules.author_max_projects == 0:
        yield Problem("/author_max_projects", "limit_zero")
    if not rules.identity_methods:
        yield Problem("/identity_methods", "no_identity_method")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _ballot(rules: Rules) -> Iterator[Problem]:
    shape = rules.ballot
    for name in ("max_choices", "max_per_territory", "max_points", "max_points_per_project", "max_cost"):
        if getattr(shape, name) == 0:
            yield Problem(f"/ballot/{name}", "limit_zero")
    known = {
        "max_per_class": ({entry.id for entry in rules.size_classes}, "unknown_class", "class"),
        "max_per_category": ({entry.id for entry in rules.categories}, "unknown_category", "category"),
    }
    for name, (ids, code, param) in known.items():
        limits: Mapping[str, int] = getattr(shape, name)
        for entry, limit in limits.items():
            if entry not in ids:
                yield Problem(f"/ballot/{name}/{entry}", code, {param: entry})
            if shape.choice_limit is not None and limit > shape.choice_limit:
                params = {"limit": limit, "overall": shape.choice_limit}
                yield Problem(f"/ballot/{name}/{entry}", "limit_above_overall", params)
        # where every class has its limit, a larger overall limit or minimum can never be used
        if ids and ids <= set(limits):
            total = sum(limits[entry] for entry in ids)
            if total == 0:
                yield Problem(f"/ballot/{name}", "limit_zero")
            elif shape.min_choices > total:
                params = {"minimum": shape.min_choices, "reachable": total}
                yield Problem("/ballot/min_choices", "minimum_out_of_reach", params)
            elif shape.max_choices is not None and shape.max_choices > total:
                params = {"limit": shape.max_choices, "reachable": total}
                yield Problem("/ballot/max_choices", "limit_out_of_reach", params)
    if shape.choice_limit is not None and shape.min_choices > shape.choice_limit:
        params = {"minimum": shape.min_choices, "reachable": shape.choice_limit}
        yield Problem("/ballot/min_choices", "minimum_out_of_reach", params)
    if shape.kind == "choose-1" and shape.max_choices not in (None, 1):
        yield Problem(
            "/ballot/max_choices", "limit_out_of_reach", {"limit": shape.max_choices, "reachable": 1}
        )
    if shape.kind != "points":
        for name in ("max_points", "max_points_per_project"):
            if getattr(shape, name) is not None:
                yield Problem(f"/ballot/{name}", "points_on_other_ballot", {"kind": shape.kind})
    if shape.kind != "plus-minus" and shape.max_minus is not None:
        yield Problem("/ballot/max_minus", "minus_on_other_ballot", {"kind": shape.kind})


def _counting(rules: Rules) -> Iterator[Problem]:
    counting = rules.counting
    if counting.rule not in OPTIONS:
        yield Problem("/counting/rule", "unknown_rule", {"rule": counting.rule, "known": tuple(OPTIONS)})
        return
    for fault in option_problems(counting.rule, counting.options, rules.dimensions):
        yield Problem(f"/counting/options{fault.path}", fault.code, fault.params)
    for option in OPTIONS[counting.rule]:
        readable = {"score": SCORES_OF_KIND, "utility": UTILITIES_OF_KIND}.get(option.name)
        if readable is None:
            continue
        word = counting.options.get(option.name, option.values[0])
        if isinstance(word, str) and word not in readable.get(rules.ballot.kind, ()):
            params = {
                "score": word,
                "kind": rules.ballot.kind,
                "readable": readable.get(rules.ballot.kind, ()),
            }
            yield Problem(f"/counting/options/{option.name}", "score_not_on_ballot", params)
    if REFUSE in counting.ties[:-1]:
        # nothing after a refusal is ever asked
        yield Problem("/counting/ties", "refuse_not_last", {"ties": counting.ties})
