"""Which projects are like one that is being written: the same words, the same place, the same sort.

Words count by their rarity: that both say «вулиця» means little, that both say «веломайданчик» means much. The first
cut is the search's own index, so that it takes milliseconds among ten thousand projects.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import isqrt
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import IntegerField, QuerySet, Value

from viche.communities.models import Community
from viche.projects.models import Project
from viche.projects.search import base_form, words_of

MOST_WORDS, RARE, SHORTLIST, SHOWN = 16, 250, 40, 5
WHOLE, THRESHOLD = 1000, 400
NEAR, NEARBY = 150, 500
"""Metres: the same yard, the same neighbourhood."""

# what a project's title says without saying what it is about
_EMPTY = frozenset((
    "і", "й", "та", "в", "у", "на", "по", "з", "із", "зі", "до", "від", "для", "що", "це", "як", "або", "за",
    "під", "над", "при", "про", "не", "є", "бути", "а", "але", "ми", "наш", "свій", "цей", "той", "який", "весь",
    "все", "всі",
    "проєкт", "проект", "місто", "село", "вулиця", "a", "an", "and", "the", "of", "in", "on", "for", "to", "at",
    "by", "with",
))  # fmt: skip
# thousandths of a degree of longitude in one of latitude, by the latitude in whole degrees (cosine), over Ukraine
_NARROWING = {44: 713, 45: 701, 46: 688, 47: 676, 48: 663, 49: 649, 50: 636, 51: 623, 52: 609}
_MICRODEGREES = 1_000_000
_METRES = 111_195
"""In one degree of latitude."""


@dataclass(frozen=True)
class Like:
    """A project that is like the text. score: of WHOLE, what part of the words by their weight, more for the same place
    and sort; metres: how far, where both have a place; words: the base forms that both have.
    """

    project: Project
    score: int
    words: tuple[str, ...]
    metres: int | None = None
    is_same_category: bool = False


@dataclass(frozen=True)
class Idea:
    """What is being written, as far as it is written."""

    title: str = ""
    summary: str = ""
    category: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    but: UUID | None = None


def idea_of(project: Project) -> Idea:
    """What a draft says now; it is not like itself."""
    return Idea(
        project.title, project.summary, project.category, project.latitude, project.longitude, project.pk
    )


def telling_words(*texts: str, most: int = MOST_WORDS) -> list[str]:
    """Base forms of the words that say something, in their order, each once."""
    forms = dict.fromkeys(base_form(word) for text in texts for word in words_of(text))
    return [form for form in forms if len(form) > 2 and form not in _EMPTY and not form.isdigit()][:most]


def metres_between(
    one: tuple[Decimal | None, Decimal | None], other: tuple[Decimal | None, Decimal | None]
) -> int | None:
    """Whole metres between two places on a plane of the latitude, exact to some metres within a city."""
    if None in (*one, *other):
        return None
    (latitude, longitude), (there, along) = [
        [int(value * _MICRODEGREES) for value in point if value is not None] for point in (one, other)
    ]
    narrowing = _NARROWING[min(52, max(44, latitude // _MICRODEGREES))]
    north, east = there - latitude, (along - longitude) * narrowing // 1000
    return isqrt(north * north + east * east) * _METRES // _MICRODEGREES


def like_projects(community: Community, idea: Idea, *, most: int = SHOWN) -> list[Like]:
    """The projects of the body, of this contest and of earlier ones, that are most like the idea, the likest first."""
    wanted = telling_words(idea.title, idea.summary)
    earlier = Project.objects.filter(community=community, published_at__isnull=False).exclude(pk=idea.but)
    found, weights = _cut(earlier, wanted)
    near = _near(earlier, idea)
    shortlist = {key for key, _score in found.most_common(SHORTLIST)} | set(near)
    if len(shortlist) < most:
        shortlist |= set(_all_of(earlier, telling_words(idea.title)))
    if not shortlist:
        return []
    rows = Project.objects.filter(pk__in=shortlist).defer("text", "search", "area", "items", "answers")
    judged = [_judge(project, idea, weights) for project in rows.select_related("contest", "territory")]
    fitting = [each for each in judged if each.score >= THRESHOLD]
    return sorted(fitting, key=lambda each: (-each.score, -each.project.contest.year, each.project.number))[
        :most
    ]


def _cut(earlier: QuerySet[Project], wanted: list[str]) -> tuple[Counter[UUID], dict[str, int]]:
    """Projects by the weight of the rare words they share with the text, and each word's weight.

    A word that more than RARE projects have weighs least and finds nothing by itself.
    """
    if not wanted:
        return Counter(), {}
    asked = [
        earlier.filter(search=SearchQuery(_literal(word), config="simple", search_type="raw"))
        .annotate(word=Value(place, output_field=IntegerField()))
        .order_by()
        .values_list("word", "pk")[: RARE + 1]
        for place, word in enumerate(wanted)
    ]
    rows = list(asked[0].union(*asked[1:], all=True)) if len(asked) > 1 else list(asked[0])
    numbers = Counter(place for place, _key in rows)
    weights = {word: _weight(numbers[place]) for place, word in enumerate(wanted)}
    found: Counter[UUID] = Counter()
    for place, key in rows:
        if numbers[place] <= RARE:
            found[key] += weights[wanted[place]]
    return found, weights


def _weight(number: int) -> int:
    """The rarer by half, the heavier by one; a word that nobody has may be a mistake in typing and weighs little."""
    if number == 0:
        return 3
    return 1 if number > RARE else 2 + (RARE // number).bit_length()


def _all_of(earlier: QuerySet[Project], words: list[str]) -> Iterable[UUID]:
    """The newest projects that say all the words: where each is common, together they tell something."""
    if not words:
        return []
    query = SearchQuery(" & ".join(map(_literal, words)), config="simple", search_type="raw")
    return earlier.filter(search=query).order_by("-submitted_at").values_list("pk", flat=True)[:SHORTLIST]


def _literal(word: str) -> str:
    return "'" + word.replace("\\", "").replace("'", "''") + "'"


def _near(earlier: QuerySet[Project], idea: Idea) -> Iterable[UUID]:
    """Projects of the neighbourhood, 60 at most."""
    if idea.latitude is None or idea.longitude is None:
        return []
    # 500 m are 0.0045 degrees of latitude, and up to 0.0075 of longitude
    latitude, longitude = Decimal("0.0045"), Decimal("0.0075")
    return earlier.filter(
        latitude__range=(idea.latitude - latitude, idea.latitude + latitude),
        longitude__range=(idea.longitude - longitude, idea.longitude + longitude),
    ).values_list("pk", flat=True)[:60]


def _judge(project: Project, idea: Idea, weights: dict[str, int]) -> Like:
    own = set(telling_words(project.title, project.summary, most=200))
    shared = tuple(word for word in weights if word in own)
    total = sum(weights.values())
    score = sum(weights[word] for word in shared) * WHOLE // total if total else 0
    metres = metres_between((idea.latitude, idea.longitude), (project.latitude, project.longitude))
    is_same = bool(idea.category) and idea.category == project.category
    if metres is not None and metres <= NEARBY:
        score += 300 if metres <= NEAR else 150
    return Like(project, min(WHOLE, score + 100 * is_same), shared, metres, is_same)
