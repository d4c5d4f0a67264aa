"""Finding projects: filters, words, the order of what was found, and what else there is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Length
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from viche.communities.models import Community
from viche.contests.models import Contest
from viche.projects.distances import Place, squared_distance
from viche.projects.filters import Filters
from viche.projects.models import Picture, Project, SearchWord
from viche.projects.search import Question, Term, question_of
from viche.projects.search.asking import term_query
from viche.projects.search.latin import is_latin
from viche.projects.search.words import plain

SUGGESTED, CORRECTED = 8, 3


@dataclass(frozen=True)
class Scope:
    """Where one searches: a contest, or all contests of a body with their former years."""

    community: Community
    contest: Contest | None = None

    def projects(self) -> QuerySet[Project]:
        """The public ones: those that have been published."""
        if self.contest is not None:
            found = Project.objects.filter(contest=self.contest, published_at__isnull=False)
        else:
            found = Project.objects.filter(community=self.community, published_at__isnull=False)
        # the index is for the database: many times longer than what a page shows
        return found.defer("search", "search_head")


@dataclass(frozen=True)
class Found:
    """What a search found. question: as it was understood; None where nothing was asked.

    instead: the words that stand in place of those typed, as nothing has the typed ones; empty mostly.
    """

    projects: QuerySet[Project]
    question: Question | None = None
    instead: dict[str, str] = field(default_factory=dict)


def filtered(
    projects: QuerySet[Project], filters: Filters, *, leaving: Sequence[str] = ()
) -> QuerySet[Project]:
    """The projects that fit everything but the words; leaving: names of filters that are not asked."""
    wanted = {
        name: value
        for name, value in (
            ("size_class", filters.size_class), ("category", filters.category), ("type", filters.kind),
            ("state__in", filters.states), ("cost__gte", filters.min_cost), ("cost__lte", filters.max_cost),
        )
        if name not in leaving and value not in ("", (), None)
    }  # fmt: skip
    found = projects.filter(**wanted)
    if filters.territory and "territory" not in leaving:
        found = found.filter(territory__path__contains=f"{filters.territory}/")
    if filters.with_pictures:
        found = found.filter(Exists(Picture.objects.filter(project=OuterRef("pk"))))
    if filters.box is not None:
        west, south, east, north = filters.box
        found = found.filter(longitude__range=(west, east), latitude__range=(south, north))
    return found


def search_result(scope: Scope, filters: Filters) -> Found:
    """The projects that fit, in the order asked for; where words occur nowhere, those that are nearest to them.

    Costs one count; where nothing was found, the words are compared with the body's.
    """
    question = question_of(filters.text, is_exact=filters.is_exact) if filters.text else None
    projects = filtered(scope.projects(), filters)
    if filters.text and question is None:
        return Found(projects.none())
    instead: dict[str, str] = {}
    if question is not None:
        if not filters.is_exact and not projects.filter(search=question.query).count():
            instead = nearest_words(scope, question)
            question = question.corrected(instead)
        projects = projects.filter(search=question.query)
    return Found(ordered(projects, filters, question), question, instead)


def ordered(projects: QuerySet[Project], filters: Filters, question: Question | None) -> QuerySet[Project]:
    """In the order asked for. The fair one is random for each visitor and stable for them: by MD5 of seed and id; with
    words it is the best fitting first."""
    orders = {
        "cheap": ["cost", "number"], "dear": ["-cost", "number"], "number": ["number"],
        "new": ["-submitted_at", "-number"],
    }  # fmt: skip
    if filters.sort == "near" and filters.near is not None:
        return projects.order_by(squared_distance(filters.near).asc(nulls_last=True), "number")
    if filters.sort in orders:
        return projects.order_by(*orders[filters.sort])
    if question is not None:
        return projects.order_by(_fitness(question).desc(), "number", "id")
    key = Concat(Value(filters.seed), Cast("id", CharField()), output_field=CharField())
    return projects.order_by(Func(key, function="MD5"))


def _in_head(query: Func) -> ExpressionWrapper:
    return ExpressionWrapper(
        Func(
            F("search_head"),
            query,
            template="(%(expressions)s)",
            arg_joiner=" @@ ",
            output_field=BooleanField(),
        ),
        output_field=BooleanField(),
    )


def _fitness(question: Question) -> Case:
    """The number asked for, the title itself, a part of it, its words, their forms, place and people, the text."""
    cases = [
        When(title__iexact=question.text, then=Value(6)),
        When(title__icontains=question.text, then=Value(5)),
    ]
    if question.text.isdecimal() and len(question.text) < 10:
        cases.insert(0, When(number=int(question.text), then=Value(7)))
    cases += [
        When(_in_head(question.as_written), then=Value(4)),
        When(_in_head(question.query_in("AB")), then=Value(3)),
        When(_in_head(question.query_in("ABC")), then=Value(2)),
        When(_in_head(question.query_in("ABCD")), then=Value(1)),
    ]
    return Case(*cases, default=Value(0), output_field=IntegerField())


def nearest_words(scope: Scope, question: Question) -> dict[str, str]:
    """For each word that no public project of the scope has: the nearest one that some has."""
    instead = {}
    missing = [term for term in question.terms if not term.is_number and not _occurs(scope, term)]
    for term in missing[:CORRECTED]:
        candidates = _similar(scope.community, term)
        best = next((each for each in candidates if _occurs(scope, Term(each, (each,), is_exact=True))), None)
        if best is not None:
            instead[term.said] = best
    return instead


def _occurs(scope: Scope, term: Term) -> bool:
    """Counted, not EXISTS: for a word that nothing has PostgreSQL would read all projects in hope of an early one."""
    return scope.projects().filter(search=term_query(term)).count() > 0


def _similar(community: Community, term: Term) -> list[str]:
    """Words of the body that differ by one slip, or two in a long word; the most alike first."""
    typed = [plain(word) for word in term.words if not (is_latin(word) and len(term.words) > 1)]
    scores: dict[str, tuple[int, int]] = {}
    for word in typed:
        if len(word) < 4 or word.isdigit():
            continue
        slips = 1 if len(word) < 6 else 2
        # one long text travels and comes apart faster than a hundred thousand rows
        held = (
            SearchWord.objects.filter(community=community)
            .annotate(length=Length("word"))
            .filter(length__range=(len(word) - slips, len(word) + slips))
            .aggregate(words=StringAgg("word", delimiter=" "))["words"]
            or ""
        )
        for found, distance, _place in process.extract(
            word, held.split(" "), scorer=OSA.distance, score_cutoff=slips, limit=40
        ):
            likeness = int(JaroWinkler.normalized_similarity(word, found) * 1000)
            scores[found] = min(scores.get(found, (9, 0)), (int(distance), -likeness))
    return sorted((each for each in scores if each), key=lambda each: (scores[each], each))[:SUGGESTED]


@dataclass(frozen=True)
class Facets:
    """How many projects each value of a filter would leave, with the other filters as they are."""

    states: Counter[str]
    sizes: Counter[str]
    categories: Counter[str]
    kinds: Counter[str]
    territories: Counter[str]


def facets(scope: Scope, filters: Filters, question: Question | None) -> Facets:
    """One query. A territory counts with all that lies in it."""
    found = filtered(
        scope.projects(), filters, leaving=("size_class", "category", "type", "state__in", "territory")
    )
    if question is not None:
        found = found.filter(search=question.query)
    rows = (
        found.values_list("state", "size_class", "category", "type", "territory__path")
        .annotate(number=Count("id"))
        .order_by()
    )
    counts: list[Counter[str]] = [Counter() for _ in range(5)]
    states = filters.states
    for *values, path, number in rows:
        fits = [
            not states or values[0] in states, not filters.size_class or values[1] == filters.size_class,
            not filters.category or values[2] == filters.category, not filters.kind or values[3] == filters.kind,
            not filters.territory or f"{filters.territory}/" in path,
        ]  # fmt: skip
        missed = fits.count(False)
        for place, counted in enumerate(counts):
            if missed == 0 or (missed == 1 and not fits[place]):
                for value in path.split("/") if place == 4 else [values[place]]:
                    counted[value] += number
    return Facets(*counts)


def place_called(scope: Scope, text: str) -> tuple[Place, str] | None:
    """Where an address or a settlement lies that some project names as its place: (place, its words); else None."""
    question = question_of(text)
    if question is None:
        return None
    found = (
        scope.projects()
        .filter(Q(latitude__isnull=False) & Q(longitude__isnull=False))
        .filter(search=question.query)
        .filter(_in_head(question.query_in("C")))
        .order_by("number")
        .values_list("latitude", "longitude", "place_name", "territory__name")
        .first()
    )
    return ((found[0], found[1]), found[2] or found[3]) if found else None
