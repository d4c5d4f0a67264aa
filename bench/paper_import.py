"""A file of paper ballots goes into the box: once without a stop, once killed twice (kill -9) and gone on with.

    VICHE_VAR=var/paper-import .venv/bin/python bench/paper_import.py [--rows 1000000] [--named 100000] [--json FILE]

Real parts only: an embedded PostgreSQL that writes durably, and a process of its own that checks and imports as the
worker's job does. The database is set back between the two runs, so that both put the very same batch; then the report
of every row, and every ballot of the box in its order, must be the same to the byte.

Writes docs/benchmarks/paper-import.md (or with --json the figures only) and ends with 1 where anything differs.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.pop("DATABASE_URL", None)
os.environ["VICHE_ENVIRONMENT"] = "development"
os.environ.setdefault("VICHE_VAR", str(ROOT / "var" / "paper-import"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "viche.config.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

from viche.config import embedded  # noqa: E402

KEPT_TABLES = {"communities_territory", "communities_formername", "django_content_type", "django_migrations"}
MOST_MEMORY = 300 * 1024
PRINTED_AT_ONCE = 200_000
MARKS = """
INSERT INTO ballots_participation
    (id, community_id, contest_id, person_token, channel, request_hash, body_mac, cast_at, link)
SELECT gen_random_uuid(), %(community)s, %(contest)s, sha256(('token' || number)::bytea), 'paper',
       sha256(('request' || number)::bytea), sha256(('mac' || number)::bytea), now(), ''
FROM generate_series(1, %(last)s) AS number
"""
KILLS = (0.3, 0.6)
MARGIN = 20
MOST_OPENED = 100_000


def lay(name: str, *, is_named: bool) -> Any:
    """A contest that votes on paper now."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from tests import given
    from tests.paper_box import paper_rules

    from viche.foundation import clock

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT_TABLES)
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    today = (clock.now() - given.START).days
    phases = (("submission", 0, 20), ("review", 20, 40), ("voting", 40, today + 3),
              ("counting", today + 3, today + 10), ("results", today + 10, None))  # fmt: skip
    with transaction.atomic():
        contest = given.contest(slug=name, phases=phases, rules=paper_rules(is_named=is_named))
        for number in range(1, 5):
            given.admitted_project(contest, f"Проєкт {number}", cost=10_000_000)
    return contest


def numbered_rows(contest: Any, rows: int) -> Iterator[str]:
    """So many numbered sheets, printed and given out, and what stands on them: a hundredth of them invalid, twenty
    entered twice, twenty never given out. The desks' marks of who got them are written in one statement here.
    """
    from django.db import connection
    from tests.paper_box import printed

    from viche.ballots.models import PaperSerial
    from viche.foundation import clock

    for start in range(0, rows, PRINTED_AT_ONCE):
        printed(contest, min(PRINTED_AT_ONCE, rows - start))
    given = PaperSerial.objects.filter(contest=contest, number__lte=rows - MARGIN)
    given.update(state=PaperSerial.State.ISSUED, issued_on=clock.now().date())
    with connection.cursor() as cursor:
        cursor.execute(
            MARKS, {"contest": contest.pk, "community": contest.community_id, "last": rows - MARGIN}
        )
    chance = random.Random(1)
    yield "Номер бюлетеня;Проєкти;Чому недійсний\n"
    for number in range(1, rows + 1):
        if number % 100 == 0:
            yield f"{number};;{chance.choice(('unsigned', 'unreadable', 'late'))}\n"
            continue
        shown = number if number % (rows // MARGIN) else number - 1
        yield f"{shown};{chosen(chance, 4 if number % 97 == 0 else 2)};\n"


def named_rows(contest: Any, rows: int) -> Iterator[str]:
    """So many residents of the imported register, most of whom never identified here; a few strangers and repeats."""
    from datetime import date, timedelta

    from viche.foundation.actor import SYSTEM
    from viche.identity.actions import import_register, prepare_register
    from viche.identity.providers.tax_number import make_tax_number

    chance = random.Random(2)
    born = date(1950, 1, 1)
    numbers = [
        make_tax_number(born + timedelta(days=number % 18_000), "female", (number // 18_000) * 2).number
        for number in range(rows)
    ]
    known = "\n".join(f"{number};Полтава" for number in numbers[: rows - MARGIN])
    draft = prepare_register(community=contest.community, content=known.encode(), by=SYSTEM).draft
    import_register(community=contest.community, digest=draft.digest, by=SYSTEM)
    yield "РНОКПП;Проєкти\n"
    for place, number in enumerate(numbers):
        shown = number if (place + 1) % (rows // MARGIN) else numbers[place - 1]
        yield f"{shown};{chosen(chance, 2)}\n"


def chosen(chance: random.Random, most: int) -> str:
    """Numbers of up to so many projects; the rules let two be chosen."""
    return ",".join(map(str, sorted(chance.sample(range(1, 5), chance.randint(1, most)))))


class Cluster:
    """The embedded server of this run, and a copy of everything to go back to."""

    def __init__(self) -> None:
        assert settings.EMBEDDED_PLACE is not None
        self.place, self.var = settings.EMBEDDED_PLACE, Path(settings.VAR_DIR)
        embedded.use(self.place, durable=True)
        self.copies = {
            Path(self.place.data): self.var / "copy-data", Path(settings.PRIVATE_ROOT): self.var / "copy-private",
        }  # fmt: skip

    def keep(self) -> None:
        self._copied(lambda kept, copy: (kept, copy))

    def go_back(self) -> None:
        self._copied(lambda kept, copy: (copy, kept))

    def _copied(self, way: Callable[[Path, Path], tuple[Path, Path]]) -> None:
        from django.db import connection

        connection.close()
        embedded.leave(self.place)
        for kept, copy in self.copies.items():
            source, target = way(kept, copy)
            shutil.rmtree(target, ignore_errors=True)
            subprocess.run(["cp", "-a", source, target], check=True)
        embedded.use(self.place, durable=True)


def work(act: str, reference: str) -> "subprocess.Popen[bytes]":
    """A process of its own that does what the worker's job does."""
    return subprocess.Popen([sys.executable, __file__, "--act", act, "--import", reference])


def high_water(process: "subprocess.Popen[bytes]") -> int:
    """The most memory the process has had so far, in kibibytes; 0 once it is gone."""
    try:
        text = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM")), 0)


def processor_seconds(process: "subprocess.Popen[bytes]") -> int:
    """How long the process has had a processor; 0 once it is gone."""
    try:
        parts = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(parts[11]) + int(parts[12])) // os.sysconf("SC_CLK_TCK")


busy: dict[int, int] = {}
"""Processor seconds of the processes watched so far, by their ids."""


def watched(
    process: "subprocess.Popen[bytes]", until: Callable[[], bool] = lambda: False
) -> tuple[int, float]:
    """Wait for its end, or kill it once something is so: (most memory, seconds)."""
    most, begun = 0, time.perf_counter()
    while process.poll() is None:
        most = max(most, high_water(process))
        busy[process.pid] = max(busy.get(process.pid, 0), processor_seconds(process))
        if until():
            process.send_signal(signal.SIGKILL)
            process.wait()
            break
        time.sleep(0.05)
    return most, time.perf_counter() - begun


def position(reference: str) -> int:
    from viche.channels.paper.importing.models import PaperImport

    return int(PaperImport.objects.values_list("position", flat=True).get(pk=reference))


def outcome(reference: str) -> dict[str, Any]:
    """What the run came to: the report, the counts, every commitment in its order (which binds choices and nonce), and
    of a file that is not too long the openings as well.
    """
    from datetime import timedelta

    from django.utils.translation import override

    from rulebook.canonical import canonical
    from viche.ballots.actions import open_box
    from viche.ballots.models import Ballot, Opening
    from viche.channels.paper.importing.actions import close_import
    from viche.channels.paper.importing.models import PaperImport
    from viche.channels.paper.importing.queries import report_file
    from viche.contests.models import Contest
    from viche.foundation import clock
    from viche.foundation.actor import SYSTEM

    found = PaperImport.objects.select_related("contest__community__territory").get(pk=reference)
    report = hashlib.sha256()
    with override("uk"):
        for line in report_file(found):
            report.update(line.encode())
    begun = time.perf_counter()
    close_import(paper_import=found, by=SYSTEM)
    closing = time.perf_counter() - begun
    contest = Contest.objects.get(pk=found.contest_id)
    commitments, number = hashlib.sha256(), 0
    sealed = (
        Ballot.objects.filter(contest=contest).order_by("commitment").values_list("commitment", flat=True)
    )
    for commitment in sealed.iterator(chunk_size=5_000):
        commitments.update(bytes(commitment))
        number += 1
    told = {
        "state": found.state, "counts": found.counts, "report": report.hexdigest(), "ballots": number,
        "commitments": commitments.hexdigest(), "closing": closing, "openings": "",
    }  # fmt: skip
    if number > MOST_OPENED:
        return told
    with clock.at(contest.window("voting").ends_at + timedelta(hours=1)):
        open_box(contest=contest)
    openings = hashlib.sha256()
    rows = Opening.objects.filter(contest=contest).order_by("commitment")
    for commitment, nonce, choices in rows.values_list("commitment", "nonce", "choices").iterator():
        openings.update(bytes(commitment) + bytes(nonce) + canonical(choices))
    return {**told, "openings": openings.hexdigest()}


def measured(cluster: Cluster, name: str, rows: int, *, is_named: bool) -> dict[str, Any]:
    """Both runs of one file."""
    from viche.channels.paper.importing.actions import check_import, run_import, upload_import
    from viche.channels.paper.importing.models import PaperImport
    from viche.foundation.actor import SYSTEM

    contest = lay(name, is_named=is_named)
    lines = named_rows(contest, rows) if is_named else numbered_rows(contest, rows)
    content = "".join(lines).encode()
    found, _known = upload_import(contest=contest, content=content, name=f"{name}.csv", by=SYSTEM)
    check_import(paper_import=found, columns=found.columns, heading=found.heading, by=SYSTEM)
    reference = str(found.pk)
    check_memory, check_seconds = watched(work("check", reference))
    found = PaperImport.objects.get(pk=found.pk)
    assert found.state == PaperImport.State.CHECKED, found.stopped
    assert not found.found["errors"], list(found.findings.filter(is_error=True)[:5].values())
    foretold = found.found["invalid"]
    run_import(paper_import=found, by=SYSTEM)
    cluster.keep()
    first = work("run", reference)
    memory, seconds = watched(first)
    print(
        f"{name}: {rows} rows in {seconds:.0f} s, {memory} KiB; checked in {check_seconds:.0f} s", flush=True
    )
    whole = outcome(reference)
    print(f"{name}: confirmed and opened", flush=True)
    cluster.go_back()
    kills, killed_memory = [], 0
    for share in KILLS:
        limit = int(rows * share)
        most, _seconds = watched(work("run", reference), lambda: position(reference) > limit)  # noqa: B023
        kills.append(position(reference))
        killed_memory = max(killed_memory, most)
    most, _seconds = watched(work("run", reference))
    killed = outcome(reference)
    same = {
        key: whole[key] == killed[key]
        for key in ("state", "counts", "report", "commitments", "openings", "ballots")
    }
    return {
        "rows": rows, "octets": len(content), "seconds": seconds, "check_seconds": check_seconds,
        "processor": busy[first.pid], "load": os.getloadavg()[1], "kills": kills,
        "memory": max(memory, killed_memory, most), "check_memory": check_memory, "whole": whole, "killed": killed,
        "same": same, "foretold": foretold == whole["counts"]["invalid"],
    }  # fmt: skip


def act(name: str, reference: str) -> None:
    from uuid import UUID

    from viche.channels.paper.importing.checking import check_file
    from viche.channels.paper.importing.running import run_file

    (check_file if name == "check" else run_file)(reference=UUID(reference))


def failures(figures: dict[str, Any]) -> list[str]:
    """What is not as it must be."""
    wrong = [f"{key} differs" for key, is_same in figures["same"].items() if not is_same]
    if figures["whole"]["state"] != "entered":
        wrong.append("it did not come to its end")
    if not figures["foretold"]:
        wrong.append("the check foretold another outcome")
    if max(figures["memory"], figures["check_memory"]) >= MOST_MEMORY:
        wrong.append(f"{max(figures['memory'], figures['check_memory'])} KiB of memory")
    if not 0 < figures["kills"][0] < figures["kills"][1] < figures["rows"]:
        wrong.append(f"the kills came at {figures['kills']}")
    return wrong


def page(all_figures: dict[str, dict[str, Any]]) -> str:
    """docs/benchmarks/paper-import.md."""
    head = [
        "# A file of paper ballots goes into the box", "",
        "`bench/paper_import.py`: each file goes in twice, once without a stop and once killed twice (kill -9) and "
        "gone on with, by a process of its own on a PostgreSQL that writes durably, both on one machine "
        f"({os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}). The report of "
        "every row and every sealed ballot, in order, were compared to the byte: its commitment, which binds choices "
        f"and nonce, and of files of up to {MOST_OPENED:,} rows the openings of the box too.", "",
        "| File | Rows | Put into the box | Rows a second | Of it on the processor | Checked "
        "| Rows a second | Most memory | Killed after rows "
        "| Report and ballots |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|---|",
    ]  # fmt: skip
    for name, each in all_figures.items():
        rows, most = each["rows"], max(each["memory"], each["check_memory"])
        head.append(
            f"| {name} | {rows:,} | {each['seconds']:.0f} s | {rows / each['seconds']:,.0f} | {each['processor']} s | "
            f"{each['check_seconds']:.0f} s | {rows / each['check_seconds']:,.0f} | {most // 1024} MB | "
            f"{', '.join(f'{kill:,}' for kill in each['kills'])} | "
            f"{'identical' if all(each['same'].values()) else 'DIFFER'} |"
        )
    load = max(each["load"] for each in all_figures.values())
    head += [
        "",
        f"While it ran, {load:.0f} processes on average wanted a processor of this machine (load average).",
    ]
    return "\n".join(head) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--named", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--act", choices=["check", "run"])
    parser.add_argument("--import", dest="reference", default="")
    options = parser.parse_args()
    if options.act:
        django.setup()
        act(options.act, options.reference)
        return 0
    cluster = Cluster()
    django.setup()
    found = {}
    for name, rows, is_named in (
        ("Numbered ballots", options.rows, False), ("Ballots with names", options.named, True),
    ):  # fmt: skip
        if rows:
            found[name] = measured(cluster, "named" if is_named else "numbered", rows, is_named=is_named)
            print(name, json.dumps(found[name]), flush=True)
            if not options.json:
                (ROOT / "docs/benchmarks/paper-import.md").write_text(page(found))
    if options.json:
        options.json.write_text(json.dumps(found))
    wrong = [f"{name}: {each}" for name, figures in found.items() for each in failures(figures)]
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
