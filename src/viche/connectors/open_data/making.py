"""How each file of a contest is made: by its name, what writes it to a path and says how many rows it has."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from viche.connectors.open_data.columns import PROJECTS, VOTINGS, WORKS, Table, words
from viche.connectors.open_data.files import LIVING
from viche.connectors.open_data.formats.csv_file import csv_pieces
from viche.connectors.open_data.formats.csvw import csvw_metadata
from viche.connectors.open_data.formats.dictionary import dictionary_file
from viche.connectors.open_data.formats.geojson import geojson
from viche.connectors.open_data.formats.pb_file import pabulib_lines
from viche.connectors.open_data.formats.xlsx_file import write_xlsx
from viche.connectors.open_data.places import body_address
from viche.connectors.open_data.queries import changed_at, licence_of
from viche.connectors.open_data.rows import Row, project_rows, published_projects, work_rows
from viche.connectors.open_data.votes import vote_rows
from viche.contests.models import Contest
from viche.results.models import Publication

Make = Callable[[Path], int | None]


def making(contest: Contest, part: str) -> dict[str, Make]:
    """What makes each file of the part, in an order in which metadata follow what they describe."""
    made = _Making(contest)
    if part == LIVING:
        return {
            "projects.csv": lambda path: made.table(path, PROJECTS, made.projects),
            "projects.csv-metadata.json": lambda path: made.metadata(path, PROJECTS),
            "works.csv": lambda path: made.table(path, WORKS, made.works),
            "works.csv-metadata.json": lambda path: made.metadata(path, WORKS),
            "projects.xlsx": made.xlsx,
            "projects.geojson": made.geojson,
            "dictionary.json": lambda path: _written(path, [dictionary_file()]),
        }
    return {
        "votings.csv": lambda path: made.table(path, VOTINGS, vote_rows(contest)),
        "votings.csv-metadata.json": lambda path: made.metadata(path, VOTINGS),
        "contest.json": made.dossier,
        "contest.pb": lambda path: _written(path, pabulib_lines(contest, made.published)),
    }


class _Making:
    """The files of one contest; what several of them need is read once. empty: by table, columns with empty cells."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.empty: dict[str, set[str]] = {}

    @cached_property
    def projects(self) -> list[Row]:
        return list(project_rows(self.contest))

    @cached_property
    def works(self) -> list[Row]:
        return list(work_rows(self.contest))

    @cached_property
    def published(self) -> Publication:
        return Publication.objects.select_related("count").get(contest=self.contest)

    def table(self, path: Path, table: Table, rows: Iterable[Row]) -> int:
        """A CSV; notes on the way which columns are not full, and counts."""
        self.empty[table.name] = set()
        counted = _Counted(table, rows, self.empty[table.name])
        _written(path, csv_pieces(table, counted))
        return counted.number

    def metadata(self, path: Path, table: Table) -> None:
        community = self.contest.community
        content = csvw_metadata(
            table, title=_titled(table, self.contest), empty=self.empty[table.name],
            publisher={"schema:name": community.name.get("uk", ""), "schema:url": body_address(community, "home")},
            licence=licence_of(community),
        )  # fmt: skip
        return _written(path, [content])

    def xlsx(self, path: Path) -> None:
        title = self.contest.title.get("uk", "")
        sheets = [(PROJECTS, self.projects), (WORKS, self.works)]
        write_xlsx(path, sheets, title=title, made_at=changed_at(self.contest))

    def geojson(self, path: Path) -> None:
        rows = {row["uid"]: row for row in self.projects}
        located = (
            (each, row)
            for each in published_projects(self.contest)
            # one that was published in between is in the next set
            if (row := rows.get(f"{self.contest.slug}-{each.number}")) is not None
        )
        licence = licence_of(self.contest.community)
        return _written(path, [geojson(located, title=_titled(PROJECTS, self.contest), licence=licence.url)])

    def dossier(self, path: Path) -> None:
        """The canonical document as it was stored: its SHA-256 is the one that was published."""
        return _written(path, [self.published.count.dossier.encode()])


class _Counted:
    """Rows on their way: how many there were, and which columns had an empty cell."""

    def __init__(self, table: Table, rows: Iterable[Row], empty: set[str]) -> None:
        self.table, self.rows, self.empty = table, rows, empty
        self.number = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.number += 1
            self.empty.update(name for name in self.table.names if row.get(name) in (None, ""))
            yield row


def _titled(table: Table, contest: Contest) -> dict[str, str]:
    titles = {
        language: contest.title.get(language) or contest.title.get("uk", "") for language in ("uk", "en")
    }
    return dict(
        words(
            f"{titles['uk']}: {table.titles['uk'].lower()}", f"{titles['en']}: {table.titles['en'].lower()}"
        )
    )


def _written(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
