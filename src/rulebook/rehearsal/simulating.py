"""An invented election that obeys the rules: projects within their classes, voters with tastes, valid ballots.

Everything is drawn in whole numbers from one seed: the same rules, numbers and seed give the same election. A voter
and a project stand in a square of tastes; a voter likes what is near, what is of the own territory, some categories
more than others, and what everybody likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from rulebook.ballot import BallotPaper, Candidate
from rulebook.canonical import LARGEST_INTEGER
from rulebook.dossier import Dossier, DossierProject
from rulebook.rules import BallotShape, Pot, Rules, SizeClass

THOUSAND_HRYVNIAS = 100_000
"""In kopiykas; costs are whole thousands where the class has any."""

SIDE = 1_000
OWN_TERRITORY, LIKING, QUALITY = 600, 500, 1_500
USUAL_CHOICES = 6
"""The most a voter names where the rules set no limit."""

USUAL_POINTS = 10
MOST_POINTS = 1_000
"""The most points an invented voter gives to one project, whatever the rules allow."""
FRESH_TRIES = 8
"""Orders of projects that are tried for a voter whose own order gives no valid ballot."""

NAMES = (
    "Дитячий майданчик", "Спортивний майданчик", "Сквер", "Велодоріжка", "Освітлення вулиці", "Зупинка з навісом",
    "Бібліотека просто неба", "Шкільна лабораторія", "Укриття в школі", "Ремонт клубу", "Алея пам’яті",
    "Майданчик для вигулу собак", "Колодязь", "Сонячні панелі", "Пандус", "Футбольне поле", "Гурток робототехніки",
    "Озеленення подвір’я", "Веранда дитячого садка", "Пункт незламності",
)  # fmt: skip


@dataclass(frozen=True)
class _Place:
    """Dimensions of a project that one of the pots pays for."""

    pot: Pot
    size_class: SizeClass | None
    category: str | None
    territory: str | None


def simulate(rules: Rules, *, projects: int = 60, voters: int = 2_000, seed: int = 1) -> Dossier:
    """An invented election under the rules; every ballot is valid, every cost lies in its class.

    A class, category or territory that no pot pays for gets no project. Fewer ballots than asked for come out where
    the rules ask more of a ballot than its limits let through.
    """
    random = Random(seed)  # noqa: S311 -- nothing secret is drawn
    made = list(_projects(rules, projects, random))
    electorate = _Electorate(rules, made, random)
    papers = (electorate.ballot() for _ in range(voters if made else 0))
    return Dossier.build(
        contest=f"simulation-{seed}",
        rules=rules,
        projects=made,
        papers=[paper for paper in papers if paper is not None],
    )


# --- projects -----------------------------------------------------------------------------------------


def _places(rules: Rules) -> dict[str, list[_Place]]:
    """What each pot pays for, by its id; pots that pay for nothing are left out."""
    admitted = rules.submission.categories or tuple(entry.id for entry in rules.categories)
    classes: tuple[SizeClass | None, ...] = rules.size_classes or (None,)
    categories: tuple[str | None, ...] = admitted or (None,)
    territories = sorted({pot.territory for pot in rules.pots if pot.territory is not None})
    found: dict[str, list[_Place]] = {}
    for size_class, category, territory in product(classes, categories, [*territories, None]):
        pot = rules.pot_of(
            size_class=None if size_class is None else size_class.id, category=category, territory=territory
        )
        if pot is not None:
            found.setdefault(pot.id, []).append(_Place(pot, size_class, category, territory))
    return found


def _projects(rules: Rules, number: int, random: Random) -> Iterator[DossierProject]:
    by_pot = _places(rules)
    pots = list(by_pot)
    for order in range(number if pots else 0):
        places = by_pot[pots[order % len(pots)]]
        place = places[random.randrange(len(places))]
        size_class = None if place.size_class is None else place.size_class.id
        cost = _cost(place, random)
        least = cost - random.randrange(cost // 4 + 1) if rules.submission.least_amount and cost else None
        needed = 0 if rules.support is None else rules.support.needed(size_class)
        more = random.randrange(min(needed, 1_000) + 10)
        yield DossierProject(
            id=f"s{order + 1}",
            cost=cost,
            pot=place.pot.id,
            size_class=size_class,
            category=place.category,
            territory=place.territory,
            order=order,
            name=f"{NAMES[random.randrange(len(NAMES))]} № {order + 1}",
            support=0 if rules.support is None else min(needed + more, LARGEST_INTEGER),
            least=least or None,
        )


def _cost(place: _Place, random: Random) -> int:
    """A cost in the class, small ones as often as large ones by their order of magnitude."""
    least = 0 if place.size_class is None else place.size_class.min_cost
    most = place.pot.amount // 4 if place.size_class is None else place.size_class.max_cost
    if most is None or most > place.pot.amount:
        most = max(place.pot.amount, least)
    least = max(least, min(most, most // 40), min(most, 1))
    low, high = -(-least // THOUSAND_HRYVNIAS), most // THOUSAND_HRYVNIAS
    if max(low, 1) <= high:
        return _log_uniform(max(low, 1), high, random) * THOUSAND_HRYVNIAS
    # a class whose bounds contradict each other has no cost between them: its upper one stands for it
    return random.randint(min(least, most), most)


def _log_uniform(low: int, high: int, random: Random) -> int:
    """Each doubling from ``low`` to ``high`` is as likely as any other, and within it each number."""
    doublings = [low]
    while doublings[-1] * 2 <= high:
        doublings.append(doublings[-1] * 2)
    start = doublings[random.randrange(len(doublings))]
    return random.randint(start, min(2 * start - 1, high))


# --- voters -------------------------------------------------------------------------------------------


class _Electorate:
    """Voters one after another, with the projects as they see them."""

    def __init__(self, rules: Rules, projects: Sequence[DossierProject], random: Random) -> None:
        self.shape: BallotShape = rules.ballot
        self.random = random
        self.candidates = [project.candidate() for project in projects]
        self.categories = sorted({each.category for each in self.candidates if each.category is not None})
        self.territories = sorted({each.territory for each in self.candidates if each.territory is not None})
        draw = random.randrange
        self.spots = [(draw(SIDE), draw(SIDE), draw(QUALITY)) for _ in self.candidates]

    def ballot(self) -> BallotPaper | None:
        """The ballot of one more voter; None where no valid one was found."""
        order = self._taste()
        number = self._number()
        chosen = _Chosen(self.shape)
        self._fill(chosen, order, number)
        tries = FRESH_TRIES
        while len(chosen.plus) + len(chosen.minus) < self.shape.min_choices:
            if not tries:
                return None
            again = sorted(order, key=lambda place: self.candidates[place].cost)
            if tries < FRESH_TRIES:
                self.random.shuffle(again)
            chosen = _Chosen(self.shape)
            self._fill(chosen, again, self.shape.min_choices)
            tries -= 1
        return self._paper(chosen)

    def _taste(self) -> list[int]:
        """The projects by how much a new voter likes them, the best first."""
        draw = self.random.randrange
        x, y = draw(SIDE), draw(SIDE)
        home = self.territories[draw(len(self.territories))] if self.territories else None
        liking: Mapping[str | None, int] = {category: draw(LIKING) for category in self.categories}
        scores = [
            quality
            - abs(x - east)
            - abs(y - north)
            + liking.get(each.category, 0)
            + (OWN_TERRITORY if home is not None and each.territory == home else 0)
            for each, (east, north, quality) in zip(self.candidates, self.spots, strict=True)
        ]
        return sorted(range(len(scores)), key=lambda place: -scores[place])

    def _number(self) -> int:
        """How many projects the voter wants to name: the most there may be, or some fewer."""
        shape = self.shape
        most = shape.choice_limit
        if most is None:
            most = max(USUAL_CHOICES, shape.min_choices)
        return max(shape.min_choices, most - self.random.randrange(min(most, 20) // 2 + 1))

    def _fill(self, chosen: _Chosen, order: Sequence[int], number: int) -> None:
        for place in order:
            if len(chosen.plus) >= number:
                break
            chosen.take(self.candidates[place])
        if self.shape.kind == "plus-minus":
            missing = self.shape.min_choices - len(chosen.plus)
            against = max(missing, self.random.randrange(3))
            for place in reversed(order):
                if len(chosen.minus) >= against:
                    break
                chosen.take(self.candidates[place], against=True)

    def _paper(self, chosen: _Chosen) -> BallotPaper:
        kind, ids = self.shape.kind, chosen.plus
        if kind == "ranking":
            return BallotPaper.ranking(ids)
        if kind == "points":
            return BallotPaper.points(self._points(ids))
        if kind == "plus-minus":
            pairs = [(project, 1) for project in ids] + [(project, -1) for project in chosen.minus]
            return BallotPaper.of(kind, pairs)
        return BallotPaper.approval(ids)

    def _points(self, ids: Sequence[str]) -> dict[str, int]:
        """All points of the ballot, the more the better a project is liked, at least one each."""
        shape = self.shape
        cap = USUAL_POINTS if shape.max_points is None else min(shape.max_points, MOST_POINTS)
        if shape.max_points_per_project is not None:
            cap = min(cap, shape.max_points_per_project)
        if shape.max_points is None:
            return {project: self.random.randint(1, cap) for project in ids}
        left = shape.max_points - len(ids)
        points = {}
        for place, project in enumerate(ids, start=1):
            share = left if place == len(ids) else left - left // 2
            more = min(cap - 1, share)
            points[project] = 1 + more
            left -= more
        return points


class _Chosen:
    """What a voter has chosen so far, within the limits of the ballot."""

    def __init__(self, shape: BallotShape) -> None:
        self.shape = shape
        self.plus: list[str] = []
        self.minus: list[str] = []
        self.cost = 0
        self.used: dict[tuple[str, str], int] = {}

    def take(self, candidate: Candidate, *, against: bool = False) -> None:
        """Choose a project, for or against it, if the limits let it through."""
        if not self._fits(candidate, against=against):
            return
        (self.minus if against else self.plus).append(candidate.id)
        self.cost += candidate.cost
        for key in _keys(candidate):
            self.used[key] = self.used.get(key, 0) + 1

    def _fits(self, candidate: Candidate, *, against: bool) -> bool:
        shape = self.shape
        limit = shape.max_minus if against else shape.choice_limit
        chosen = self.minus if against else self.plus
        if limit is not None and len(chosen) >= limit:
            return False
        if candidate.id in self.plus or candidate.id in self.minus:
            return False
        if shape.kind == "points" and (
            shape.max_points_per_project == 0
            or (shape.max_points is not None and len(chosen) >= shape.max_points)
        ):
            return False
        if shape.max_cost is not None and self.cost + candidate.cost > shape.max_cost:
            return False
        return all(
            self.used.get(key, 0) < most for key in _keys(candidate) if (most := self._most(key)) is not None
        )

    def _most(self, key: tuple[str, str]) -> int | None:
        dimension, name = key
        if dimension == "class":
            return self.shape.max_per_class.get(name)
        return (
            self.shape.max_per_category.get(name) if dimension == "category" else self.shape.max_per_territory
        )


def _keys(candidate: Candidate) -> Iterator[tuple[str, str]]:
    for dimension, name in (
        ("class", candidate.size_class),
        ("category", candidate.category),
        ("territory", candidate.territory),
    ):
        if name is not None:
            yield dimension, name
