"""A past election under other rules: its projects and ballots, carried over as far as they can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulebook.ballot import BallotPaper, defects
from rulebook.counting import Outcome, count
from rulebook.counting.tally import plain_check, tally
from rulebook.dossier import BallotGroup, Choices, Dossier, DossierProject
from rulebook.options import OPTIONS, PARTIAL, PER_COST, counts_totals, usual_options, usual_score
from rulebook.protocols import Protocol
from rulebook.rehearsal import notes as codes
from rulebook.rehearsal.notes import Note
from rulebook.rules import BallotShape, Rules, Text

SCALE = 100
"""Rules state money in kopiykas."""

MUCH = 2
"""Pots of this many times the past contest's money, or this part of it, are worth a note."""

TOO_LITTLE = ("empty", "too_few")


@dataclass(frozen=True)
class LeftOut:
    """A project of the past election that the rules have no place for, and why (a code of LEFT_OUT)."""

    project: DossierProject
    why: Note


@dataclass(frozen=True)
class Rehearsed:
    """A recount: the dossier that was counted, its outcome, what was left out, what to know about it.

    ``rules`` are those rehearsed; the dossier holds them without the limits of a ballot, which are not applied to
    ballots cast under others, and with the pots scaled where that was asked for.
    """

    rules: Rules
    dossier: Dossier
    outcome: Outcome
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...]


def recount(dossier: Dossier, rules: Rules, *, scale_pots: bool = False) -> Rehearsed:
    """The past election counted under ``rules``.

    Size class and pot follow from cost, category and territory; ballots stay as they were cast, and are read by the
    score or utility usual for their kind where the rules ask for another kind of ballot. A lot and decisions of the
    commission are not carried over: ties that need them stay open. With ``scale_pots`` the pots share out the past
    contest's money in the proportions of the rules.

    Raises UnknownRule, and DossierError where the options of the count are not those of its rule.
    """
    found: list[Note] = []
    past = sum(pot.amount for pot in dossier.pots) * SCALE // dossier.scale
    counted = _scaled(rules, past, found) if scale_pots else rules
    if not scale_pots:
        found += _money_notes(past, rules)
    if dossier.currency not in ("", "UAH"):
        found.append(Note(codes.OTHER_CURRENCY, {"currency": dossier.currency}))
    projects, left_out = _projects(dossier, rules, found)
    groups = _groups(dossier, projects, rules, found)
    kind = dossier.rules.ballot.kind
    counted = replace(
        counted,
        ballot=BallotShape(kind=kind, min_choices=0),
        counting=replace(counted.counting, options=_options(rules, kind, found)),
    )
    carried = Dossier.build(
        contest=dossier.contest,
        rules=counted,
        projects=projects,
        groups=groups,
        protocols=_protocols(dossier, projects, counted, found),
        currency=dossier.currency,
        scale=SCALE,
    )
    outcome = count(carried)
    found += _support_notes(rules, projects)
    options = counted.counting.options
    if options.get("fit") == PARTIAL and not any(project.least for project in projects):
        found.append(Note(codes.LEAST_UNKNOWN))
    if outcome.open_ties:
        tied = {project for tie in outcome.open_ties for project in tie.projects}
        found.append(Note(codes.TIES_OPEN, {"ties": len(outcome.open_ties), "projects": len(tied)}))
    found.append(Note(codes.PEOPLE_UNKNOWN))
    return Rehearsed(rules, carried, outcome, tuple(left_out), tuple(found))


# --- money --------------------------------------------------------------------------------------------


def _money_notes(past: int, rules: Rules) -> Iterator[Note]:
    new = sum(pot.amount for pot in rules.pots)
    if new >= MUCH * past or past >= MUCH * new:
        yield Note(codes.MONEY_DIFFERS, {"past": past, "new": new})


def _scaled(rules: Rules, past: int, found: list[Note]) -> Rules:
    """The rules with the past contest's money in their pots; kopiykas that do not divide go to the last pot."""
    new = sum(pot.amount for pot in rules.pots)
    if not new or new == past:
        return rules
    amounts = [pot.amount * past // new for pot in rules.pots]
    amounts[-1] += past - sum(amounts)
    pots = [replace(pot, amount=amount, share=None) for pot, amount in zip(rules.pots, amounts, strict=True)]
    found.append(Note(codes.POTS_SCALED, {"past": past, "new": new}))
    return replace(rules, pots=tuple(pots), total=None)


def _in_kopiykas(amount: int, scale: int) -> int:
    """An amount of minor units, ``scale`` in a unit, in hundredths of it, rounded up."""
    return -(-amount * SCALE // scale)


# --- projects -----------------------------------------------------------------------------------------


def _projects(
    dossier: Dossier, rules: Rules, found: list[Note]
) -> tuple[list[DossierProject], list[LeftOut]]:
    names = _category_names(rules)
    unknown: Counter[str] = Counter()
    placed: list[DossierProject] = []
    left_out: list[LeftOut] = []
    rounded = 0
    for project in dossier.projects:
        cost = _in_kopiykas(project.cost, dossier.scale)
        rounded += cost * dossier.scale != project.cost * SCALE
        least = None if project.least is None else _in_kopiykas(project.least, dossier.scale)
        category = _category(project, dossier.rules, names)
        if project.category and category is None:
            unknown[_past_name(project.category, dossier.rules)] += 1
        size_class = rules.size_class_of(cost)
        carried = replace(
            project,
            cost=cost,
            least=least,
            category=category,
            size_class=None if size_class is None else size_class.id,
        )
        pot = rules.pot_of(size_class=carried.size_class, category=category, territory=project.territory)
        admitted = rules.submission.categories
        if rules.size_classes and size_class is None:
            left_out.append(LeftOut(carried, Note(codes.NO_CLASS, {"cost": cost})))
        elif admitted and category is not None and category not in admitted:
            params = {"category": name_of(rules, "category", category)}
            left_out.append(LeftOut(carried, Note(codes.NOT_ADMITTED, params)))
        elif pot is None:
            params = {
                "size_class": name_of(rules, "class", carried.size_class),
                "category": name_of(rules, "category", category),
                "territory": project.territory,
            }
            left_out.append(LeftOut(carried, Note(codes.NO_POT, params)))
        else:
            placed.append(replace(carried, pot=pot.id))
    if rounded:
        found.append(Note(codes.COSTS_ROUNDED, {"projects": rounded}))
    if unknown:
        names_of_them = tuple(sorted(unknown))
        found.append(Note(codes.CATEGORIES_UNKNOWN, {"names": names_of_them, "projects": unknown.total()}))
    if left_out:
        found.append(Note(codes.PROJECTS_LEFT_OUT, {"projects": len(left_out), "of": len(dossier.projects)}))
    return placed, left_out


def name_of(rules: Rules, dimension: str, key: str | None) -> Text | str | None:
    """What the rules call a class, category or pot; the key itself where they do not name it."""
    if key is None:
        return None
    find = {"class": rules.size_class, "category": rules.category, "pot": rules.pot}.get(dimension)
    entry = None if find is None else find(key)
    return key if entry is None else entry.name


def _category_names(rules: Rules) -> dict[str, str]:
    """The categories by their ids and by their names in every language, in small letters."""
    found: dict[str, str] = {}
    for entry in rules.categories:
        for name in entry.name.values():
            found.setdefault(name.casefold(), entry.id)
    return found | {entry.id: entry.id for entry in rules.categories}


def _category(project: DossierProject, past: Rules, names: Mapping[str, str]) -> str | None:
    """The category of the new rules that is meant: the same id, else the same name; of several the first known."""
    if not project.category:
        return None
    known = past.category(project.category)
    said = [project.category, *(known.name.values() if known else ())]
    said += [part.strip() for part in project.category.split(",")]
    return next((names[word] for each in said for word in (each, each.casefold()) if word in names), None)


def _past_name(category: str, past: Rules) -> str:
    known = past.category(category)
    return category if known is None else known.name.get("uk")


# --- ballots ------------------------------------------------------------------------------------------


def _groups(
    dossier: Dossier, projects: Sequence[DossierProject], rules: Rules, found: list[Note]
) -> list[tuple[Choices, int]]:
    valid = tally(dossier)
    if valid.invalid:
        found.append(Note(codes.INVALID_DROPPED, {"ballots": sum(valid.invalid.values())}))
    kept = {project.id for project in projects}
    is_ranking = dossier.rules.ballot.kind == "ranking"
    carried: list[tuple[Choices, int]] = []
    dropped = touched = 0
    for choices, ballots in valid.groups:
        rest = tuple(pair for pair in choices if pair[0] in kept)
        if len(rest) < len(choices):
            dropped += (len(choices) - len(rest)) * ballots
            touched += ballots
            if is_ranking:
                rest = tuple((project, place) for place, (project, _) in enumerate(rest, start=1))
        carried.append((rest, ballots))
    if dropped:
        found.append(Note(codes.CHOICES_DROPPED, {"choices": dropped, "ballots": touched}))
    found += _limit_notes(dossier, projects, rules, valid.groups, carried)
    return carried


def _protocols(
    dossier: Dossier, projects: Sequence[DossierProject], counted: Rules, found: list[Note]
) -> list[Protocol]:
    """The protocols with the projects that are kept; none where the rules need single ballots."""
    if not dossier.protocols:
        return []
    params = {"ballots": dossier.on_protocols}
    if not counts_totals(counted.counting.rule, counted.ballot.kind, counted.counting.options):
        found.append(Note(codes.PROTOCOLS_DROPPED, {**params, "of": dossier.voters}))
        return []
    kept = {project.id for project in projects}
    found.append(Note(codes.PROTOCOLS_AS_SUMS, params))
    return [
        each._replace(votes=tuple(pair for pair in each.votes if pair[0] in kept))
        for each in dossier.protocols
    ]


def _limit_notes(
    dossier: Dossier, projects: Sequence[DossierProject], rules: Rules,
    cast: Sequence[BallotGroup], carried: Sequence[tuple[Choices, int]],
) -> Iterator[Note]:  # fmt: skip
    """How many ballots would not have been valid under the limits of the new rules."""
    kind, shape = dossier.rules.ballot.kind, rules.ballot
    has_points = kind == shape.kind == "points"
    measured = replace(
        rules,
        ballot=replace(
            shape,
            kind=kind,
            max_choices=shape.choice_limit,
            max_points=shape.max_points if has_points else None,
            max_points_per_project=shape.max_points_per_project if has_points else None,
            max_minus=shape.max_minus if kind == shape.kind else None,
            min_choices=0,
        ),
    )
    candidates = {project.id: project.candidate() for project in projects}
    is_plainly_valid = plain_check(measured, candidates)
    beyond = sum(
        ballots
        for choices, ballots in carried
        if not is_plainly_valid(choices) and defects(BallotPaper(choices), measured, candidates)
    )
    voters = sum(ballots for _, ballots in carried)
    if beyond:
        yield Note(codes.BEYOND_LIMITS, {"ballots": beyond, "of": voters})
    below = sum(ballots for choices, ballots in cast if len(choices) < shape.min_choices)
    if below:
        yield Note(codes.BELOW_MINIMUM, {"ballots": below, "of": voters})


def _options(rules: Rules, kind: str, found: list[Note]) -> Mapping[str, Any]:
    """The options of the count, read from ballots of the past kind."""
    options = dict(rules.counting.options)
    if kind == rules.ballot.kind:
        return options
    takes = {option.name for option in OPTIONS.get(rules.counting.rule, ())}
    usual = usual_options(rules.counting.rule, kind)
    if options.get("score") == PER_COST:
        usual["score"] = PER_COST
    for name in ("score", "utility"):
        options.pop(name, None)
    options |= usual
    reads = next((usual[name] for name in ("score", "utility") if name in usual), usual_score(kind))
    found.append(Note(codes.KIND_DIFFERS, {"past_kind": kind, "new_kind": rules.ballot.kind, "reads": reads}))
    if options.get("threshold") and "score" in takes:
        found.append(Note(codes.THRESHOLD_UNIT, {"reads": reads}))
    return options


def _support_notes(rules: Rules, projects: Sequence[DossierProject]) -> Iterator[Note]:
    if rules.support is None or not projects:
        return
    if not any(project.support for project in projects):
        yield Note(codes.SUPPORT_UNKNOWN)
        return
    short = sum(project.support < rules.support.needed(project.size_class) for project in projects)
    if short:
        yield Note(codes.SUPPORT_NOT_APPLIED, {"projects": short})
