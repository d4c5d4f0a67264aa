"""Reading and counting real elections: this library beside pabutools, on the same files in one run.

    .venv/bin/python bench/counting.py [FILE …]

Every figure comes from a process of its own, so that its memory is its own, and the sides take turns.
Ours is the median of several repetitions; pabutools, which takes seconds to minutes, runs once, as parsed and
with equal ballots grouped (its multiprofile), in exact fractions, and is given up after PATIENCE seconds.
Writes docs/benchmarks/counting.md.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

FOLDER = Path(os.environ.get("PABULIB_DIR") or ROOT.parent / "shared" / "pabulib")
PAGE = ROOT / "docs" / "benchmarks" / "counting.md"
FILES = (
    "Poland_Warszawa_2026.pb",
    "Poland_Lodz_2022.pb",
    "Poland_Krakow_2024.pb",
    "Poland_Wroclaw_2015_from_500.pb",
    "Poland_Katowice_2020.pb",
    "France_Toulouse_2024.pb",
    "Poland_Wieliczka_2023_Green_Budget.pb",
)
TASKS = ("parse", "greedy", "equal shares", "equal shares, add1", "Phragmén")
SIDES = ("ours", "ours, numpy", "pabutools, grouped", "pabutools")
PATIENCE = int(os.environ.get("PATIENCE", "150"))
REPETITIONS = 7
ENOUGH = 4


def main() -> None:
    """Measure all cells and write the page."""
    if sys.argv[1:2] == ["cell"]:
        print(json.dumps(cell(*sys.argv[2:5])))
        return
    files = sys.argv[1:] or FILES
    rows = []
    for file in files:
        for task in TASKS:
            found = {side: measured(side, task, file) for side in SIDES}
            rows.append((file, task, found))
            print(file, task, {side: entry and entry["seconds"] for side, entry in found.items()}, flush=True)
            PAGE.write_text(page(rows), encoding="utf-8")


def measured(side: str, task: str, file: str) -> dict[str, Any] | None:
    """One cell in a process of its own; None where the side has no such rule, "seconds" None if given up."""
    command = [sys.executable, __file__, "cell", side, task, file]
    environment = {**os.environ, "RULEBOOK_PLAIN": "1" if side == "ours" else ""}
    try:
        told = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE + 30, check=True
        )
    except subprocess.TimeoutExpired:
        return {"seconds": None, "megabytes": None}
    found: dict[str, Any] | None = json.loads(told.stdout.splitlines()[-1])
    return found


def cell(side: str, task: str, file: str) -> dict[str, Any] | None:
    """Run one task on one side."""
    path = FOLDER / file
    prepare, run = (ours if side.startswith("ours") else theirs)(side, task, path)
    if run is None:
        return None
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = []
    for _ in range(REPETITIONS if side.startswith("ours") else 1):
        given = prepare()
        started = time.perf_counter()
        run(given)
        times.append(time.perf_counter() - started)
        if sum(times) > ENOUGH:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": statistics.median(times), "megabytes": (peak - before) // 1024}


Steps = tuple[Callable[[], Any], Callable[[Any], Any] | None]


def ours(side: str, task: str, path: Path) -> Steps:
    """Our side: what is prepared, unmeasured, for each repetition, and what is measured."""
    from rulebook import pabulib
    from rulebook.counting import count

    if task == "parse":
        return (lambda: path), pabulib.read
    rule, options = {
        "greedy": ("greedy-v1", {}),
        "equal shares": ("equal-shares-v1", {"completion": "none"}),
        "equal shares, add1": ("equal-shares-v1", {"completion": "add1-exhaustive"}),
        "Phragmén": ("phragmen-v1", {}),
    }[task]
    election = pabulib.read(path)
    if task == "Phragmén" and election.vote_type not in ("approval", "choose-1"):
        return (lambda: None), None

    def prepare() -> Any:
        dossier = election.dossier(rule)
        stated = {k: v for k, v in dossier.rules.counting.options.items() if k not in ("threshold", "fit")}
        counting = replace(dossier.rules.counting, options={**stated, **options})
        dossier = replace(dossier, rules=replace(dossier.rules, counting=counting))
        assert dossier.digest
        return dossier

    prepare()
    return prepare, count


def theirs(side: str, task: str, path: Path) -> Steps:
    """The side of pabutools."""
    from pabutools.election import (
        Additive_Cardinal_Sat,
        CardinalBallot,
        CardinalProfile,
        Cost_Sat,
        parse_pabulib,
    )
    from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen

    if task == "parse":
        return (lambda: str(path)), None if side == "pabutools, grouped" else parse_pabulib
    instance, profile = parse_pabulib(str(path))
    kind = instance.meta["vote_type"]
    if kind == "ordinal":
        ballots = [CardinalBallot({p: len(b) - n for n, p in enumerate(b)}) for b in profile]
        profile = CardinalProfile(ballots, instance=instance)
    if side == "pabutools, grouped":
        profile = profile.as_multiprofile()
    measure = Cost_Sat if kind in ("approval", "choose-1") else Additive_Cardinal_Sat
    rule: Callable[[Any], Any] | None = {
        "greedy": lambda _: greedy_utilitarian_welfare(instance, profile, sat_class=measure),
        "equal shares": lambda _: method_of_equal_shares(instance, profile, sat_class=measure),
        "equal shares, add1": lambda _: method_of_equal_shares(
            instance, profile, sat_class=measure, voter_budget_increment=1
        ),
        "Phragmén": lambda _: sequential_phragmen(instance, profile),
    }[task]
    if task == "Phragmén" and kind not in ("approval", "choose-1"):
        rule = None
    # the whole process is measured against this in memory, the profile included
    return (lambda: None), rule


def page(rows: list[tuple[str, str, dict[str, dict[str, Any] | None]]]) -> str:
    """The page of the benchmark."""
    import importlib.metadata as packages

    lines = [
        "# Benchmark: reading and counting",
        "",
        "Written by `.venv/bin/python bench/counting.py`; do not edit the table by hand.",
        "",
        f"One run on {os.cpu_count()} cores, Python {platform.python_version()}, pabutools "
        f"{packages.version('pabutools')} with gmpy2 {packages.version('gmpy2')} fractions, numpy "
        f"{packages.version('numpy')}. Every cell is a process of its own; ours is the median of up to "
        f"{REPETITIONS} repetitions. "
        f"pabutools runs once, given up after {PATIENCE + 30} s (its reading included); *grouped* is its multiprofile.",
        "Memory is what the task itself adds to the peak of the process. The ratio is taken to ours without "
        "numpy; the second ratio to the better of our two against the better of theirs.",
        "",
        "| File | Task | ours, s | with numpy, s | pabutools grouped, s | pabutools, s | ratio | best to best |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for file, task, found in rows:
        if all(entry is None for entry in found.values()):
            continue
        lines.append(
            f"| {file.removesuffix('.pb')} | {task} | "
            + " | ".join(shown(found[side]) for side in SIDES)
            + f" | {ratio(found, ('ours',), ('pabutools',))} | {ratio(found, SIDES[:2], SIDES[2:])} |"
        )
    lines += ["", "Memory added by reading:", "", "| File | ours, MB | pabutools, MB |", "|---|---|---|"]
    for file, task, found in rows:
        mine, other = found["ours"], found["pabutools"]
        if task == "parse" and mine and other:
            lines.append(f"| {file.removesuffix('.pb')} | {mine['megabytes']} | {other['megabytes']} |")
    after = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    marker = "<!-- below: written by hand -->"
    kept = after[after.index(marker) :] if marker in after else marker + "\n"
    return "\n".join(lines) + "\n\n" + kept


def shown(entry: dict[str, Any] | None) -> str:
    """A time; "—" where there is none."""
    if entry is None:
        return "—"
    seconds = entry["seconds"]
    return f"> {PATIENCE + 30}" if seconds is None else f"{seconds:.3f}" if seconds < 10 else f"{seconds:.0f}"


def ratio(found: dict[str, dict[str, Any] | None], mine: tuple[str, ...], others: tuple[str, ...]) -> str:
    """How many times as long the others took."""
    ours_best = [entry["seconds"] for side in mine if (entry := found[side]) and entry["seconds"]]
    theirs_best = [entry for side in others if (entry := found[side])]
    if not ours_best or not theirs_best:
        return "—"
    known = [entry["seconds"] for entry in theirs_best if entry["seconds"] is not None]
    times = (min(known) if known else PATIENCE + 30) / min(ours_best)
    return f"{'' if known else '> '}{times:,.0f}"


if __name__ == "__main__":
    main()
