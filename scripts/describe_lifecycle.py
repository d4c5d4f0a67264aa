"""Write what may happen to a project into docs/lifecycle.md, from rulebook.lifecycle.MOVES.

.venv/bin/python scripts/describe_lifecycle.py [--check]
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from rulebook.lifecycle import MOVES, STATES, Move  # noqa: E402 -- read from the source, installed or not

PAGE = ROOT / "docs/lifecycle.md"
BEGIN, END = "<!-- moves: scripts/describe_lifecycle.py -->", "<!-- end of the moves -->"


def diagram() -> list[str]:
    """One arrow for each pair of states; what leaves a state where it was is not drawn."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in MOVES:
        if move.source != move.target:
            names = arrows.setdefault((move.source, move.target), [])
            names += [] if move.name in names else [move.name]
    targets = {target for _source, target in arrows}
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {state}" for state in STATES if state not in targets]
    lines += [f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in arrows.items()]
    leaving = {source for source, _target in arrows}
    return [*lines, *(f"    {state} --> [*]" for state in STATES if state not in leaving), "```"]


def table() -> list[str]:
    rows = ["| From | Move | To | By | During | If the procedure has |", "|---|---|---|---|---|---|"]
    for move in MOVES:
        rows.append(
            f"| {move.source} | `{move.name}` | {_target(move)} | {', '.join(move.roles)} "
            f"| {', '.join(move.phases) or 'any phase'} | {', '.join(f'`{step}`' for step in move.steps)} |"
        )
    return rows


def _target(move: Move) -> str:
    return "the same" if move.source == move.target else move.target


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    moves = "\n".join([*diagram(), "", *table()])
    fresh = f"{before}{BEGIN}\n{moves}\n{END}{after}"
    if "--check" in sys.argv:
        if fresh != page:
            print("docs/lifecycle.md: the moves are out of date, run scripts/describe_lifecycle.py")
        return int(fresh != page)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
