"""Reports of a capital and of a country: pages from maintained aggregates, official reports, the national view.

    VICHE_ENVIRONMENT=test VICHE_VAR=var/bench .venv/bin/python bench/reports.py [voters projects]

An invented election of 200,000 voters and 1,600 projects is taken over like a Pabulib file and given marks of voters
(day, place, way) and signatures; then every public page of figures is asked for, beside the same numbers counted anew
in the same run, and every official report is made in both languages. Last, a year of 1,469 communities is laid and the
national view asked for. Memory: the largest resident size of the whole run. Writes docs/benchmarks/reports.md.
"""

import os
import platform
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("VICHE_ENVIRONMENT", "test")
os.environ.setdefault("VICHE_VAR", str(ROOT / "var" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "viche.config.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

from viche.config import embedded  # noqa: E402

VOTERS, PROJECTS = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (200_000, 1_600)
TIMES = 9
LANGUAGES = ("uk", "en")
CATEGORIES = ("education", "culture", "sport", "environmental protection", "public transit and roads")
Row = tuple[str, int, int | None]
"""What was asked for, milliseconds (median), milliseconds of the same counted anew where that means something."""


def main() -> None:
    embedded.use(settings.EMBEDDED_PLACE, durable=False)
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["*"]
    with transaction.atomic():
        contest = _laid()
        contest_rows = list(_pages(contest))
        report_rows = list(_reports(contest))
        transaction.set_rollback(True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with transaction.atomic():
        country_rows = list(_country())
        transaction.set_rollback(True)
    _report(contest_rows, report_rows, country_rows, memory)


def _election() -> bytes:
    rng = random.Random(VOTERS)
    head = {
        "description": f"{VOTERS} voters", "country": "Ukraine", "unit": "Київ", "instance": "2025",
        "num_projects": PROJECTS, "num_votes": VOTERS, "budget": 400_000_000, "vote_type": "approval",
        "rule": "greedy", "date_begin": "01.09.2025", "date_end": "14.09.2025", "max_length": 5, "currency": "UAH",
    }  # fmt: skip
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in head.items())]
    lines += ["PROJECTS", "project_id;cost;name;category"]
    for number in range(1, PROJECTS + 1):
        cost = rng.randrange(100, 3_000) * 1000
        lines.append(f"{number};{cost};Проєкт {number};{rng.choice(CATEGORIES)}")
    lines += ["VOTES", "voter_id;vote"]
    for voter in range(1, VOTERS + 1):
        chosen = {int(rng.triangular(1, PROJECTS, 1)) for _ in range(rng.randint(1, 5))}
        lines.append(f"{voter};{','.join(map(str, chosen))}")
    return ("\n".join(lines) + "\n").encode()


def _laid() -> Any:
    """The contest with its marks, fully counted for reports."""
    from tests import given

    from viche.ballots.models import Participation
    from viche.communities.queries import parts_of
    from viche.connectors.pabulib.actions import import_election

    began = time.perf_counter()
    contest = import_election(content=_election(), community=given.community()).contest
    print("taken over in", round(time.perf_counter() - began), "s", flush=True)
    rng, parts = random.Random(7), [*parts_of(contest.community.territory), None]
    window = contest.window("voting")
    length = int((window.ends_at - window.starts_at).total_seconds())
    for begin in range(0, VOTERS, 20_000):
        Participation.objects.bulk_create(
            Participation(
                community=contest.community, contest=contest, person_token=rng.randbytes(32),
                territory=rng.choice(parts), channel=rng.choice(("online", "online", "online", "paper", "terminal")),
                request_hash=rng.randbytes(32), body_mac=rng.randbytes(32),
                cast_at=window.starts_at + timedelta(seconds=rng.randrange(length)),
            )
            for _ in range(begin, min(begin + 20_000, VOTERS))
        )  # fmt: skip
    print("laid in", round(time.perf_counter() - began), "s", flush=True)
    return contest


def _timed(work: Callable[[], Any], times: int = TIMES) -> int:
    """Milliseconds, the median of some runs after one that is not counted."""
    found = []
    for run in range(times + 1):
        began = time.perf_counter()
        work()
        if run or times == 1:
            found.append(time.perf_counter() - began)
    return round(statistics.median(found) * 1000)


def _pages(contest: Any) -> Iterator[Row]:
    from django.core.cache import cache
    from django.test import Client

    from viche.reports.actions import count_tallies
    from viche.reports.measures import MEASURES
    from viche.reports.models import Tally

    anew = {}
    for key, measure in MEASURES.items():
        began = time.perf_counter()
        measure.count(contest)
        anew[key] = round((time.perf_counter() - began) * 1000)
        print("counted anew", key, anew[key], "ms", flush=True)
    yield (
        "every figure counted and kept (background)",
        _timed(lambda: count_tallies(contest=contest), 1),
        None,
    )
    client, start = Client(), f"/{contest.community.slug}/{contest.slug}/"

    def ask(path: str) -> None:
        cache.clear()
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        b"".join(answer.streaming_content) if answer.streaming else answer.content

    kept = set(Tally.objects.filter(contest=contest).values_list("measure", flat=True))
    asked = [("figures/", sum(anew[key] for key in kept)), ("figures.json", sum(anew[key] for key in kept))]
    asked += [(f"figures/{key}/", anew[key]) for key in MEASURES if key in kept]
    asked += [("turnout/", anew["turnout-by-day"])]
    for path, naive in asked:
        took = _timed(lambda path=path: ask(start + path))
        print(path, took, "ms; counted anew", naive, "ms", flush=True)
        yield f"`{path}`", took, naive


def _reports(contest: Any) -> Iterator[Row]:
    """Every official report that can be made, in both languages: what stands in it and all its files."""
    from tests import given

    from viche.reports.official.actions import ask_report, make_report
    from viche.reports.official.kinds import KINDS

    by, whole = given.official("Ірина", "commission", contest.community), 0
    for key, kind in KINDS.items():
        if why := kind.is_ready(contest):
            print("not made:", key, why, flush=True)
            continue
        asked = ask_report(contest=contest, kind=key, languages=LANGUAGES, by=by)
        began = time.perf_counter()
        made = [make_report(report=each) for each in asked]
        took = round((time.perf_counter() - began) * 1000)
        assert all(each.state == each.State.MADE for each in made), [each.fault for each in made]
        size = sum(file.size for each in made for file in each.files.all())
        print(key, took, "ms", size, "bytes", flush=True)
        whole += took
        yield f"`{key}`, both languages, {'/'.join(kind.forms)}", took, size
    yield "**all of them**", whole, None


def _country() -> Iterator[Row]:
    """A year of all hromadas: the national view, a region, a body's years, a body among similar ones."""
    from django.core.cache import cache
    from django.test import Client
    from tests.reports.country import seed_country

    from viche.communities.models import Community

    number = seed_country(years=(2025, 2026))
    body = Community.objects.order_by("slug").first()
    assert body is not None
    region = body.territory.path.strip("/").split("/")[0]
    client = Client()
    for path in ("/regions/", f"/regions/{region}/", f"/{body.slug}/years/", f"/{body.slug}/compared/"):

        def ask(path: str = path) -> None:
            cache.clear()
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)

        took = _timed(ask)
        shown = path.replace(body.slug, "…").replace(region, "…")
        print(path, took, "ms", flush=True)
        yield f"`{shown}` of {number:,} contests", took, None


def _report(pages: list[Row], reports: list[Row], country: list[Row], memory: int) -> None:
    text = [
        "# Reports of a capital and of a country", "",
        f"`bench/reports.py`, one run: an invented election of {VOTERS:,} voters and {PROJECTS:,} projects, up to five "
        f"choices a ballot; {os.cpu_count()} cores, Python {platform.python_version()}, embedded PostgreSQL, one "
        f"process. Times are medians of {TIMES} runs through the whole site (middleware, template, pictures) with "
        f"nothing cached but the kept numbers. Largest resident memory of the run, its own making of the election "
        f"included: {memory // 1000:,} MB.",
        "", "## Public pages, from what is kept", "",
        "| Page | From what is kept | Counted anew | Ratio |", "|---|---|---|---|",
    ]  # fmt: skip
    for what, took, anew in pages:
        beside = f"{anew:,} ms | {anew * 10 // max(took, 1) / 10:,}" if anew is not None else "– | –"
        text.append(f"| {what} | {took:,} ms | {beside} |")
    text += ["", "## Official reports", "", "| Report | Time | Size |", "|---|---|---|"]
    for what, took, size in reports:
        text.append(f"| {what} | {took / 1000:.1f} s | {f'{size / 1e6:.1f} MB' if size else ''} |")
    text += ["", "## Across communities", "", "| Page | Time |", "|---|---|"]
    text += [f"| {what} | {took:,} ms |" for what, took, _none in country]
    (ROOT / "docs" / "benchmarks" / "reports.md").write_text("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
