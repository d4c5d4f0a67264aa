"""Which files a contest's open data are: their names, formats, what is in them, and from when they are there."""

from dataclasses import dataclass

from viche.connectors.open_data.columns import PROJECTS, VOTINGS, WORKS, Table, Words, words
from viche.connectors.open_data.formats.csvw import metadata_name

LIVING, FINAL = PARTS = ("living", "final")
"""Files that follow what happens, from the first day; files that are there once the result is published."""

CSVW = "http://www.w3.org/ns/csvw"
CSV, JSON, TEXT = "text/csv; charset=utf-8", "application/json", "text/plain; charset=utf-8"
CSVM = "application/csvm+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEO = "application/geo+json"
_TYPES = "http://www.iana.org/assignments/media-types"
_FORMATS = "http://publications.europa.eu/resource/authority/file-type"


@dataclass(frozen=True)
class DataFile:
    """One file at a stable address. table: of a CSV. about: the file whose metadata it is; such a file is no
    distribution of its own. file_type: its term of the European list.
    """

    name: str
    part: str
    media_type: str
    format: str
    says: Words
    file_type: str = ""
    table: Table | None = None
    conforms_to: str = ""
    about: str = ""

    @property
    def bare_type(self) -> str:
        """The media type without its parameters."""
        return self.media_type.partition(";")[0]

    @property
    def type_address(self) -> str:
        return f"{_TYPES}/{self.bare_type}"

    @property
    def format_address(self) -> str:
        return f"{_FORMATS}/{self.file_type}" if self.file_type else ""


def _table(table: Table, part: str) -> tuple[DataFile, DataFile]:
    name = f"{table.name}.csv"
    about = words(
        f"Метадані CSVW до {name}: типи й пояснення стовпців.", f"CSVW metadata of {name}: types, meanings."
    )
    return (
        DataFile(name, part, CSV, "CSV", table.says, "CSV", table, CSVW),
        DataFile(metadata_name(name), part, CSVM, "CSVW", about, "JSON_LD", about=name),
    )


FILES: tuple[DataFile, ...] = (
    *_table(PROJECTS, LIVING),
    *_table(VOTINGS, FINAL),
    *_table(WORKS, LIVING),
    DataFile("projects.xlsx", LIVING, XLSX, "XLSX", words(
        "Проєкти і втілення на аркушах, зі справжніми датами й числами та словником даних.",
        "Projects and works on sheets, with real dates and numbers and the data dictionary."), "XLSX"),
    DataFile("projects.geojson", LIVING, GEO, "GeoJSON", words(
        "Проєкти, що мають місце на карті: точки й контури.", "Projects that have a place on the map: points and areas."
    ), "GEOJSON", conforms_to="https://www.rfc-editor.org/rfc/rfc7946"),
    DataFile("dictionary.json", LIVING, JSON, "JSON", words(
        "Словник даних: кожен стовпець кожної таблиці двома мовами.",
        "The data dictionary: every column of every table, in both languages."), "JSON"),
    DataFile("contest.json", FINAL, JSON, "JSON", words(
        "Досьє підрахунку: правила, проєкти, бюлетені – усе, що бачив підрахунок; його SHA-256 оприлюднено.",
        "The dossier: rules, projects, ballots, all that the count saw; its SHA-256 was published."), "JSON"),
    DataFile("contest.pb", FINAL, TEXT, "Pabulib", words(
        "Конкурс у дослідницькому форматі Pabulib.", "The contest in Pabulib’s format, for research."), "TXT",
        conforms_to="https://pabulib.org/format"),
)  # fmt: skip


RESEARCH = DataFile("research.zip", LIVING, "application/zip", "ZIP", words(
    "Усе про конкурс одним файлом: таблиці Parquet зі словником даних, готові запити, перерахунок показників.",
    "Everything about the contest in one file: Parquet tables with their data dictionary, queries that are ready, and"
    " the recomputation of figures."), "ZIP", conforms_to="https://specs.frictionlessdata.io/data-package/",
)  # fmt: skip
"""An archive that lies beside these files; the reports make it (reports.research)."""


def file_named(name: str) -> DataFile | None:
    """The file of this name."""
    return next((file for file in FILES if file.name == name), None)


def files_of(part: str) -> list[DataFile]:
    """The files of a part, in the order of the table."""
    return [file for file in FILES if file.part == part]
