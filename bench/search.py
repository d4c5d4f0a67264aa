"""Search among 10,000 projects: ours beside a plain ILIKE scan and beside full text that stores nothing, in one run.

    VICHE_ENVIRONMENT=test VICHE_VAR=var/bench .venv/bin/python bench/search.py

The projects are invented (viche.demo.material), spread over ten years' worth of seeds in one contest. Each case is
asked turn by turn of all ways; the time is that of the page's own work: count, first 24 in order, and for the filters
their counts. Writes docs/benchmarks/search.md: medians and ratios. The server is the embedded one.
"""

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("VICHE_ENVIRONMENT", "test")
os.environ.setdefault("VICHE_VAR", str(ROOT / "var" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "viche.config.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

from viche.config import embedded  # noqa: E402

PROJECTS, ROUNDS, PAGE = 10_000, 15, 24
WORDS = {
    "one word": "майданчик", "another form": "майданчиками", "a slip of the hand": "майданчк",
    "Latin letters": "maidanchyk", "the other layout": "vfqlfyxbr", "three words": "ремонт тротуару вулиця",
}  # fmt: skip


def main() -> None:
    embedded.use(settings.EMBEDDED_PLACE, durable=False)
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Q

    call_command("flush", verbosity=0, interactive=False)
    call_command("migrate", "communities", "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    from django.contrib.postgres.search import SearchQuery, SearchVector
    from tests import given

    from viche.communities.models import Territory
    from viche.demo.material import demo_projects
    from viche.foundation import clock
    from viche.projects.actions.indexing import index_projects
    from viche.projects.filters import Filters
    from viche.projects.finding import Scope, facets, search_result
    from viche.projects.models import Project, SearchWord

    contest = given.contest()
    scope = Scope(contest.community, contest)
    place = Territory.objects.get(pk=given.DISTRICT)
    made: list[Project] = []
    year = 2000
    while len(made) < PROJECTS:
        for each in demo_projects("poltava", year=year, count=min(250, PROJECTS - len(made)), seed=year):
            number = len(made) + 1
            made.append(
                Project(
                    community=contest.community, contest=contest, number=number, code=str(number), title=each.title,
                    summary=each.summary, text=each.text, category=each.category, territory=place,
                    place_name=each.place, latitude=round(Decimal(str(each.lat)), 6),
                    longitude=round(Decimal(str(each.lon)), 6), cost=each.cost, author_name=each.author_name,
                    size_class="small" if each.cost <= 50_000_000 else "large",
                    state=("in_review", "admitted", "funded", "refused")[number % 4], published_at=clock.now(),
                    submitted_at=clock.now(),
                )
            )  # fmt: skip
        year += 1
    Project.objects.bulk_create(made, batch_size=1000)
    started = time.perf_counter()
    index_projects(made)
    indexing = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def ours(filters: Filters, *, counts: bool = False) -> int:
        found = search_result(scope, filters)
        number = found.projects.count()
        list(found.projects[:PAGE])
        if counts:
            facets(scope, filters, found.question)
        return number

    def scan(text: str) -> int:
        wanted = Q()
        for word in text.split():
            wanted &= Q(title__icontains=word) | Q(summary__icontains=word) | Q(text__icontains=word)
        found = scope.projects().filter(wanted)
        number = found.count()
        list(found.order_by("number")[:PAGE])
        return number

    def unstored(text: str) -> int:
        vector = SearchVector("title", "summary", "text", "place_name", config="simple")
        found = scope.projects().annotate(vector=vector).filter(vector=SearchQuery(text, config="simple"))
        number = found.count()
        list(found.order_by("number")[:PAGE])
        return number

    def timed(act: Callable[[], int]) -> tuple[float, int]:
        started = time.perf_counter()
        number = act()
        return (time.perf_counter() - started) * 1000, number

    rows, worst = [], 0.0
    for case, text in WORDS.items():
        ways: dict[str, Callable[[], int]] = {
            "ours": lambda text=text: ours(Filters(text=text)), "scan": lambda text=text: scan(text),
            "unstored": lambda text=text: unstored(text),
        }  # fmt: skip
        times: dict[str, list[float]] = {way: [] for way in ways}
        hits = {}
        for turn in range(ROUNDS + 1):
            for way, act in ways.items():
                if way == "unstored" and turn > 3:
                    continue
                spent, hits[way] = timed(act)
                if turn:
                    times[way].append(spent)
        median = {way: statistics.median(spent) for way, spent in times.items()}
        worst = max(worst, median["ours"])
        rows.append(
            f"| {case}: {text} | {median['ours']:.1f} ms, {hits['ours']} | {median['scan']:.1f} ms, {hits['scan']} | "
            f"{median['unstored']:.0f} ms, {hits['unstored']} | {median['scan'] / median['ours']:.1f} | "
            f"{median['unstored'] / median['ours']:.0f} |"
        )
    here = Decimal("49.589400"), Decimal("34.551000")
    alone = {
        "filters only": lambda: ours(
            Filters(category="parks", state="voted", max_cost=40_000_000, sort="cheap")
        ),
        "everything, fair order": lambda: ours(Filters(seed="a")),
        "near me": lambda: ours(Filters(near=here, sort="near")),
        "one word with counts of all filters": lambda: ours(Filters(text="майданчик"), counts=True),
        "everything with counts of all filters": lambda: ours(Filters(), counts=True),
    }
    others = []
    for case, act in alone.items():
        spent = [timed(act) for _ in range(ROUNDS + 1)][1:]
        median_of = statistics.median(each for each, _ in spent)
        worst = max(worst, median_of)
        others.append(f"| {case} | {median_of:.1f} ms | {spent[0][1]} |")
    lines = [
        "# Search among 10,000 projects",
        "",
        f"`bench/search.py`: {PROJECTS:,} invented projects of one contest, {ROUNDS} rounds turn by turn (3 of the "
        f"slowest way), {os.cpu_count()} cores, Python {platform.python_version()}, embedded PostgreSQL. A time "
        "is that of the count and the first 24 in order. Each cell: median, projects found.",
        "",
        "| Case | ours | ILIKE scan | full text, nothing stored | scan ÷ ours | full text ÷ ours |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        "The scan and the unstored full text find nothing where the word is written in another form, in Latin letters "
        "or with a slip: their times there are those of an answer that does not help.",
        "",
        "| Case, ours only | median | projects |",
        "|---|---|---|",
        *others,
        "",
        f"Slowest median: {worst:.0f} ms. Indexing all took {indexing:.1f} s "
        f"({SearchWord.objects.count():,} different words of the body).",
        "",
    ]
    (ROOT / "docs/benchmarks/search.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
