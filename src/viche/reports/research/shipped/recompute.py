"""Computes figures from the tables anew and compares them with the table figures, cell by cell.

Run it inside the unpacked folder: ``pip install duckdb``, ``python recompute.py [FOLDER]``. It reads nothing but the
files of the folder. Exit status: 0 where everything agrees, 1 where something differs. Money is in kopiykas, shares in
hundredths of a percent; no number is rounded on the way.

Перераховує показники з таблиць і звіряє їх із таблицею figures, клітинка за клітинкою.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

Cells = dict[tuple[str, str], Any]
"""By (row, column) the value."""

HIDDEN = "hidden"
WON = ("funded", "in_progress", "implemented", "cancelled")
STATES_WON = ", ".join(f"'{state}'" for state in WON)


def main(folder: Path) -> int:
    """Everything, a line for each thing that was looked at; how many differ."""
    differing = 0
    for line in checked(folder):
        differing += not line.startswith("OK")
        print(line)
    print(f"{differing} differ" if differing else "everything agrees")
    return 1 if differing else 0


def checked(folder: Path) -> Iterator[str]:
    yield from files_checked(folder)
    data = duckdb.connect()
    data.execute("SET TimeZone = 'UTC'")
    for path in sorted(folder.joinpath("data").glob("*.parquet")):
        place = str(path).replace("'", "''")
        data.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM read_parquet('{place}')")
    for (contest,) in rows(data, "SELECT contest FROM contests ORDER BY contest"):
        figures = kept(data, contest)
        for figure, (cells, digest, written) in figures.items():
            yield said(contest, f"{figure} sha256", digest == written)
            compute = COMPUTED.get(figure)
            if compute is not None:
                again = compute(data, contest)
                # a figure may have rows that stand in no table: the steps before a project is published
                known = {place: value for place, value in cells.items() if place[0] not in NOT_IN_TABLES}
                yield said(contest, figure, again == known, differences(known, again))
        if rows(data, "SELECT 1 FROM outcome WHERE contest = ? LIMIT 1", contest):
            yield said(contest, "votes of every project", votes_agree(data, contest))


def said(contest: str, what: str, agrees: bool, more: str = "") -> str:
    return f"{'OK     ' if agrees else 'DIFFERS'} {contest} {what}{'' if agrees else more}"


def differences(known: Cells, again: Cells) -> str:
    """The first cells that differ."""
    places = sorted(place for place in known.keys() | again.keys() if known.get(place) != again.get(place))
    return "".join(
        f"\n        {row} {column}: figures {known.get((row, column))}, tables {again.get((row, column))}"
        for row, column in places[:5]
    )


def files_checked(folder: Path) -> Iterator[str]:
    """Whether every file is the one that was written."""
    for line in folder.joinpath("SHA256SUMS").read_text("utf-8").splitlines():
        wanted, _space, name = line.partition("  ")
        with folder.joinpath(name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        yield said("", f"file {name}", found == wanted)


def rows(data: Any, query: str, *values: Any) -> list[tuple[Any, ...]]:
    return list(data.execute(query, list(values)).fetchall())


def kept(data: Any, contest: str) -> dict[str, tuple[Cells, str, str]]:
    """By figure: its cells, the hash computed from them, the hash that is written beside them."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    cells = """SELECT figure, row_place, "row", "column", kind, value, text, is_hidden, sha256 FROM figures
               WHERE contest = ? ORDER BY figure, row_place, column_place"""
    for figure, *cell in rows(data, cells, contest):
        found.setdefault(figure, []).append(tuple(cell))
    return {figure: (*_figure(figure, cells), cells[0][-1]) for figure, cells in found.items()}


def _figure(figure: str, cells: list[tuple[Any, ...]]) -> tuple[Cells, str]:
    columns: list[list[str]] = []
    lines: dict[int, list[Any]] = {}
    by_place: Cells = {}
    for place, row, column, kind, number, text, is_hidden, _written in cells:
        value = HIDDEN if is_hidden else number if text is None else text
        if place == 1:
            columns.append([column, kind])
        lines.setdefault(place, [row]).append(value)
        by_place[row, column] = value
    counted = {"columns": columns, "figure": figure, "rows": [lines[place] for place in sorted(lines)]}
    # canonical JSON (RFC 8785): keys in order, no spaces
    text = json.dumps(counted, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return by_place, hashlib.sha256(text.encode()).hexdigest()


# --- figures from tables ------------------------------------------------------------------------------------------


def table(data: Any, query: str, contest: str) -> Cells:
    """A query whose first column is the row and whose others are the figure's columns."""
    answer = data.execute(query, [contest])
    names = [each[0] for each in answer.description]
    return {
        (str(row[0]), name): value
        for row in answer.fetchall()
        for name, value in zip(names[1:], row[1:], strict=True)
    }


def by_query(query: str) -> Callable[[Any, str], Cells]:
    return lambda data, contest: table(data, query, contest)


def turnout_by(division: str) -> Callable[[Any, str], Cells]:
    query = f"""SELECT key, CASE WHEN is_hidden THEN '{HIDDEN}' ELSE voters::VARCHAR END AS voters
                FROM turnout WHERE contest = ? AND "by" = '{division}'"""

    def compute(data: Any, contest: str) -> Cells:
        found = table(data, query, contest)
        return {place: value if value == HIDDEN else int(value) for place, value in found.items()}

    return compute


def money_by(column: str) -> Callable[[Any, str], Cells]:
    return by_query(f"""
        WITH won AS (SELECT project, amount FROM outcome WHERE contest = $1 AND is_funded),
             counted AS (SELECT count(*) > 0 AS is_out FROM outcome WHERE contest = $1)
        SELECT coalesce(p.{column}, '') AS "row", count(*) AS projects, sum(p.cost)::BIGINT AS asked,
               count(*) FILTER (p.is_on_ballot) AS admitted,
               coalesce(sum(p.cost) FILTER (p.is_on_ballot), 0)::BIGINT AS admitted_cost,
               CASE WHEN any_value(is_out) THEN count(won.project) END AS won,
               CASE WHEN any_value(is_out) THEN coalesce(sum(won.amount), 0)::BIGINT END AS won_amount,
               CASE WHEN any_value(is_out)
                    THEN coalesce(sum(w.actual_cost) FILTER (won.project IS NOT NULL), 0)::BIGINT END AS spent
        FROM (SELECT * FROM projects WHERE contest = $1) p CROSS JOIN counted LEFT JOIN won USING (project)
             LEFT JOIN (SELECT project, actual_cost FROM works WHERE contest = $1) w USING (project)
        GROUP BY ALL""")


def satisfaction(data: Any, contest: str) -> Cells:
    """Whole numbers all the way; halves go up."""
    ((voters, served, winners, money),) = rows(
        data,
        """WITH got AS (
               SELECT b.ballot, count(o.project) AS winners, coalesce(sum(o.amount), 0) AS money
               FROM (SELECT ballot FROM ballots WHERE contest = $1 AND is_counted) b
                    LEFT JOIN (SELECT ballot, project FROM votes WHERE contest = $1 AND value > 0) v USING (ballot)
                    LEFT JOIN (SELECT project, amount FROM outcome WHERE contest = $1 AND is_funded) o USING (project)
               GROUP BY b.ballot
           )
           SELECT count(*), count(*) FILTER (winners > 0), sum(winners)::BIGINT, sum(money)::BIGINT FROM got""",
        contest,
    )

    def each(part: int) -> int:
        return (2 * part + voters) // (2 * voters)

    return {
        ("all", "voters"): voters, ("all", "served"): served, ("all", "served_share"): each(served * 10_000),
        ("all", "winners_each"): each(winners * 100), ("all", "money_each"): each(money),
    }  # fmt: skip


def votes_agree(data: Any, contest: str) -> bool:
    """Whether the ballots and the protocols give every project the votes of the outcome. Points on protocols are in no
    vote: on how many ballots they were given nobody knows.
    """
    ((kind,),) = rows(data, "SELECT ballot_kind FROM contests WHERE contest = ?", contest)
    found = dict.fromkeys(
        (code for (code,) in rows(data, "SELECT project FROM outcome WHERE contest = ?", contest)), 0
    )
    named = "SELECT project, count(*) FROM votes WHERE contest = ? AND (value > 0 OR NOT ?) GROUP BY project"
    for project, number in rows(data, named, contest, kind == "plus-minus"):
        found[project] += number
    summed = "SELECT unnest(votes) FROM protocols WHERE contest = ?" if kind != "points" else ""
    for (each,) in rows(data, summed, contest) if summed else ():
        found[each["project"]] += each["votes"]
    return found == dict(rows(data, "SELECT project, votes FROM outcome WHERE contest = ?", contest))


COURSE = f"""
    SELECT step, count(*) AS projects, sum(cost)::BIGINT AS cost
    FROM (SELECT cost, unnest(list_filter([
              'published', CASE WHEN state NOT IN ('signing', 'not_supported', 'withdrawn') THEN 'supported' END,
              CASE WHEN is_on_ballot THEN 'admitted' END, CASE WHEN state IN ({STATES_WON}) THEN 'won' END,
              CASE WHEN state = 'implemented' THEN 'built' END], lambda each: each IS NOT NULL)) AS step
          FROM projects WHERE contest = ?)
    GROUP BY step"""


def course(data: Any, contest: str) -> Cells:
    """Steps that no project has passed stand with nothing; "supported" only where the rules ask for support."""
    found = table(data, COURSE, contest)
    asks = "SELECT json_extract(document, '$.support') IS NOT NULL FROM rules WHERE contest = ?"
    ((is_asked,),) = rows(data, asks, contest)
    steps = ["published", *(["supported"] if is_asked else []), "admitted", "won", "built"]
    return {(step, name): found.get((step, name), 0) for step in steps for name in ("projects", "cost")}


NOT_IN_TABLES = {"submitted"}
"""Rows of figures that count projects which are not published."""

COMPUTED: dict[str, Callable[[Any, str], Cells]] = {
    "course": course,
    "money-by-part": money_by("part"),
    "money-by-category": money_by("category"),
    "money-by-size": money_by("size_class"),
    "turnout-by-day": by_query("""
        SELECT key, voters, sum(voters) OVER (ORDER BY key)::BIGINT AS together
        FROM turnout WHERE contest = ? AND "by" = 'day'"""),
    "turnout-by-hour": turnout_by("hours"),
    "turnout-by-channel": turnout_by("channel"),
    "signatures-by-day": by_query("""
        SELECT day, sum(signatures)::BIGINT AS signatures, sum(sum(signatures)) OVER (ORDER BY day)::BIGINT AS together
        FROM signatures WHERE contest = ? GROUP BY day"""),
    "winners": by_query("SELECT project, score, votes, cost, amount FROM outcome WHERE contest = ? AND is_funded"),
    "why-not": by_query("SELECT reason, count(*) AS projects FROM outcome WHERE contest = ? AND reason IS NOT NULL"
                        " GROUP BY reason"),
    "satisfaction": satisfaction,
    "works-by-state": lambda data, contest: {
        (state, "projects"): dict(
            rows(data, "SELECT state, count(*) FROM works WHERE contest = ? GROUP BY state", contest)
        ).get(state, 0)
        for state in WON
    },
    "works": by_query("""
        SELECT w.project, w.state, coalesce(w.plan_cost, p.cost) AS plan, w.actual_cost AS fact,
               w.due_on::VARCHAR AS due, w.accepted_on::VARCHAR AS accepted,
               CASE WHEN w.accepted_on IS NOT NULL THEN greatest(w.accepted_on - w.due_on, 0) END AS late
        FROM works w JOIN projects p USING (contest, project) WHERE w.contest = ?"""),
}  # fmt: skip
"""By figure what computes it from the tables."""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
