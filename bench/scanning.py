"""Reads many simulated scans of our own printed ballots and says how many marks were right, flagged and wrong.

    python bench/scanning.py --sheets 200 --seed 1000000 --write docs/benchmarks/scanning.md

The seeds below 100,000 are those that the thresholds were chosen with; take others here. Exit code 1 when any mark was
read wrong, or when more than 0.5 % of the marks were neither right nor flagged.
"""

import argparse
import os
import platform
import resource
import sys
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "viche.config.settings")
sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "src")]

from django.conf import settings  # noqa: E402

settings.configure(USE_I18N=False)

from tests.paper_sheets import proof as proofs  # noqa: E402

TUNED_BELOW = 100_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sheets", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1_000_000)
    parser.add_argument("--hard", type=float, default=1.0)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    if asked.seed < TUNED_BELOW:
        parser.error(f"seeds below {TUNED_BELOW} prove nothing: the thresholds were chosen with them")
    total, watch = proofs.Proof(), Watch()
    began = time.perf_counter()
    for seed in range(asked.seed, asked.seed + asked.sheets):
        total.add(proofs.proven(seed, hard=asked.hard, read=watch.read))
        if (seed - asked.seed + 1) % 20 == 0:
            print(
                f"{seed - asked.seed + 1} sheets, {total.pages} pages, {len(total.wrong)} wrong", flush=True
            )
            _report(asked, total, watch, time.perf_counter() - began)
    text, is_good = _report(asked, total, watch, time.perf_counter() - began)
    print(text)
    return 0 if is_good else 1


class Watch:
    """Reads, and sums up how long it took."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def read(self, data: bytes, **given: object) -> object:
        began = time.process_time()
        found = proofs.read_scan(data, **given)
        self.seconds += time.process_time() - began
        return found


def _report(asked: argparse.Namespace, total: proofs.Proof, watch: Watch, seconds: float) -> tuple[str, bool]:
    text, is_good = _text(asked, total, watch, seconds)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
    return text, is_good


def _text(asked: argparse.Namespace, total: proofs.Proof, watch: Watch, seconds: float) -> tuple[str, bool]:
    marks: Counter[str] = Counter()
    for pen in proofs.PENS:
        marks.update(total.boxes.get(pen, Counter()))
    boxes = sum(sum(count.values()) for count in total.boxes.values())
    drawn = max(sum(marks.values()), 1)
    rows = [
        f"| {title} | {sum(count.values())} | {count['right']} | {count['flagged']} | {count['page flagged']} "
        f"| {count['wrong']} |"
        for pen, title in TITLES.items()
        if (count := total.boxes.get(pen))
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    good = drawn - marks["wrong"]
    text = "\n".join(
        [
            "# Ballots read from scans", "",
            f"`python bench/scanning.py --sheets {asked.sheets} --seed {asked.seed} --hard {asked.hard}`, "
            f"{platform.machine()}, Python {platform.python_version()}, one process on a shared machine.", "", HOW, "",
            f"- pages: {total.pages}; boxes: {boxes}; marks: {drawn}; pages not read: {sum(total.unread.values())}"
            f"{f' {dict(total.unread)}' if total.unread else ''}",
            f"- marks right or flagged: {_percent(good, drawn)} %; flagged: {_percent(marks['flagged'], drawn)} %",
            f"- projects read wrong in silence: {len(total.wrong)}",
            f"- reading: {total.pages / max(watch.seconds, 0.001):.1f} pages a second of processor time",
            f"- the whole proof, drawing included, took {seconds:.0f} s; peak memory {peak} MB", "",
            "| Drawn | Boxes | Right | Flagged | On a page not read | Wrong |", "|---|---:|---:|---:|---:|---:|",
            *rows, "", FLAGGED, "", *(f"- wrong: {each}" for each in total.wrong),
        ]
    )  # fmt: skip
    return text, not total.wrong and good * 1000 >= 995 * drawn


def _percent(part: int, whole: int) -> str:
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}"


HOW = (
    "Our own sheets of seven layouts (approval in ordinary and in large print, in drawn order with a name, points 1 to "
    "10 and in digits, ranking, for and against) are printed to PDF, drawn as pictures, marked by a simulated pen and "
    "“scanned”: turned by any quarter and a few degrees, seen askew, bent, 150 to 300 dots an inch, with shadow, grey "
    "paper, blur, noise and JPEG of quality 45 to 95. Each sheet is in one hand with one pen; one box in fifty is "
    "something odd. All of it follows from the seed (`tests/paper_sheets/proof.py`)."
)
FLAGGED = (
    "*Flagged*: a person is shown the box. A box of a project that has any doubtful box is flagged with it. What a "
    "person must look at anyway (struck out, smudged, touched, strayed into) counts as right where it is flagged or "
    "read as a person would."
)
TITLES = {
    "tick": "tick", "cross": "cross", "slash": "one stroke", "filled": "filled", "dot": "dot", "thin": "thin pen",
    "felt": "felt pen", "pencil": "pencil", "outward": "tick that runs far out", "blue": "blue pen",
    "none": "nothing", "struck": "filled, then struck out", "strays": "a mark that runs into the next box",
    "strayed into": "the box it runs into", "touch": "pen set down and lifted", "smudge": "smudge",
    "beside": "beside the box",
}  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
