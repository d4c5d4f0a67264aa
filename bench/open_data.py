"""Open data of a capital's contest: how long each file takes and how much memory, for 20,000 and 200,000 voters.

    VICHE_ENVIRONMENT=test VICHE_VAR=var/bench .venv/bin/python bench/open_data.py

An invented election of 300 projects, up to five choices a ballot, is taken over like a Pabulib file; then each file
that waits for the result is written. Memory is the peak of what Python holds for it (tracemalloc), in a second run.
Writes docs/benchmarks/open-data.md. The server is the embedded one.
"""

import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
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

VOTERS, PROJECTS = (20_000, 200_000), 300
Row = tuple[int, str, int, int, int]


def main() -> None:
    embedded.use(settings.EMBEDDED_PLACE, durable=False)
    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from tests import given

    from viche.connectors.pabulib.actions import import_election

    call_command("migrate", verbosity=0)
    rows: list[Row] = []
    for voters in VOTERS:
        with transaction.atomic():
            contest = import_election(content=_election(voters), community=given.community()).contest
            rows += list(_measured(contest, voters))
            transaction.set_rollback(True)
    _report(rows)


def _election(voters: int) -> bytes:
    rng = random.Random(voters)
    head = {
        "description": f"{voters} voters", "country": "Ukraine", "unit": "Київ", "instance": "2025",
        "num_projects": PROJECTS, "num_votes": voters, "budget": 200_000_000, "vote_type": "approval", "rule": "greedy",
        "date_begin": "01.09.2025", "date_end": "14.09.2025", "max_length": 5, "currency": "UAH",
    }  # fmt: skip
    lines = [
        "META",
        "key;value",
        *(f"{key};{value}" for key, value in head.items()),
        "PROJECTS",
        "project_id;cost;name",
    ]
    lines += [
        f"{number};{rng.randrange(100, 3_000) * 1000};Проєкт {number}" for number in range(1, PROJECTS + 1)
    ]
    lines += ["VOTES", "voter_id;vote"]
    for voter in range(1, voters + 1):
        chosen = {int(rng.triangular(1, PROJECTS, 1)) for _ in range(rng.randint(1, 5))}
        lines.append(f"{voter};{','.join(map(str, chosen))}")
    return ("\n".join(lines) + "\n").encode()


def _measured(contest: Any, voters: int) -> Iterator[Row]:
    import tracemalloc

    from viche.connectors.open_data.files import FINAL
    from viche.connectors.open_data.making import making

    with tempfile.TemporaryDirectory() as folder:
        for name, make in making(contest, FINAL).items():
            if name.endswith("-metadata.json"):
                continue
            began = time.perf_counter()
            make(Path(folder, name))
            took = round((time.perf_counter() - began) * 1000)
            tracemalloc.start()
            # once more, from nothing read: what the first writing kept is not counted as free
            making(contest, FINAL)[name](Path(folder, name))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            yield voters, name, took, peak, Path(folder, name).stat().st_size
            print(voters, name, took, "ms", peak, "bytes", flush=True)


def _report(rows: list[Row]) -> None:
    text = [
        "# Open data of a capital’s contest", "",
        f"`bench/open_data.py`: an invented election of {PROJECTS} projects, up to five choices a ballot; "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, embedded PostgreSQL. Memory: the peak of what "
        "Python held for it (tracemalloc, in a run of its own). Each file is written once after the publication and "
        "then served from disk.",
        "", "| Voters | File | Size | Time | Memory |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for voters, name, took, memory, size in rows:
        text.append(
            f"| {voters:,} | `{name}` | {size / 1e6:.1f} MB | {took / 1000:.1f} s | {memory / 1e6:.0f} MB |"
        )
    text += [
        "",
        "`votings.csv` is read from the database and written in pieces: of equal ballots at most "
        "50,000 are remembered, so its memory has a limit however many vote. "
        "`contest.json` and `contest.pb` come from the dossier, one document that the count stored whole; they grow "
        "with its different ballots, which is why the worker writes them and no request.",
    ]
    (ROOT / "docs" / "benchmarks" / "open-data.md").write_text("\n".join(text) + "\n")


if __name__ == "__main__":
    main()
