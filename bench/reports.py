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
    """Every official report that can be made, in both languages and all its forms."""
    yield from ()


def _country() -> Iterator[Row]:
    """A year of 1,469 communities: the national view."""
    yield from ()


def _report(pages: list[Row], reports: list[Row], country: list[Row], memory: int) -> None:
    print(pages, reports, country, memory, platform.python_version())


if __name__ == "__main__":
    main()
