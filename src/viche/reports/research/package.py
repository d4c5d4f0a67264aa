"""The words around the tables: what the archive is, its dictionary for programs and people, how to cite and check it.

README and dictionary carry both languages, whatever language a visitor reads.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from viche.communities.models import Community
from viche.connectors.open_data.catalogue import KEYWORDS, contest_title
from viche.connectors.open_data.columns import Words, words
from viche.connectors.open_data.places import body_address, contest_address
from viche.connectors.open_data.queries import changed_at, licence_of
from viche.contests.models import Contest
from viche.foundation.clock import KYIV
from viche.reports.research.columns import FRICTIONLESS, Column, Table
from viche.reports.research.queries import contests_in
from viche.reports.research.tables import TABLES

SHIPPED = Path(__file__).parent.joinpath("shipped")
PARQUET = "application/vnd.apache.parquet"
SPDX = {"cc-by-4.0": "CC-BY-4.0", "cc0-1.0": "CC0-1.0"}
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class FileFacts:
    """Of a written table: bytes, SHA-256 (hex), rows."""

    size: int
    sha256: str
    rows: int


def package_name(of: Contest | Community) -> str:
    """What the folder inside the archive is called."""
    return f"{of.community.slug}-{of.slug}-research" if isinstance(of, Contest) else f"{of.slug}-research"


def package_title(of: Contest | Community) -> Words:
    """The title of the data set in both languages."""
    if isinstance(of, Contest):
        return {language: contest_title(of, language) for language in ("uk", "en")}
    name = {language: of.name.get(language) or of.name.get("uk", "") for language in ("uk", "en")}
    return words(
        f"Громадський бюджет, усі роки, {name['uk']}", f"Participatory budget, every year, {name['en']}"
    )


def package_page(of: Contest | Community) -> str:
    """The page of the archive."""
    if isinstance(of, Contest):
        return contest_address(of, "contest-research")
    return body_address(of, "research")


def package_files(of: Contest | Community, tables: Mapping[str, FileFacts]) -> Iterator[tuple[str, bytes]]:
    """(path, content) of every file of the archive but the tables; last the sums of all of them."""
    sums = {table.path: tables[table.name].sha256 for table in TABLES}
    for path, text in (
        ("README.md", _readme(of)),
        ("datapackage.json", json.dumps(datapackage(of, tables), ensure_ascii=False, indent=1) + "\n"),
        ("queries.sql", queries_sql()),
        ("recompute.py", SHIPPED.joinpath("recompute.py").read_text("utf-8")),
        ("CITATION.cff", _citation(of)),
        ("LICENSE.txt", _licence(of)),
    ):
        content = text.encode()
        sums[path] = sha256(content).hexdigest()
        yield path, content
    yield SUMS, "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()


def queries_sql() -> str:
    """Views of all tables, and the queries that are ready."""
    views = "\n".join(
        f"CREATE OR REPLACE VIEW {table.name} AS SELECT * FROM read_parquet('{table.path}');"
        for table in TABLES
    )
    return SHIPPED.joinpath("queries.sql").read_text("utf-8").replace("-- VIEWS", views)


def datapackage(of: Contest | Community, tables: Mapping[str, FileFacts]) -> dict[str, Any]:
    """The descriptor by Data Package 1 (https://specs.frictionlessdata.io/data-package/)."""
    title, licence = package_title(of), licence_of(_body(of))
    return {
        "profile": "data-package", "name": package_name(of), "title": title["en"], "title_uk": title["uk"],
        "description": _SAYS["en"], "description_uk": _SAYS["uk"], "homepage": package_page(of),
        "created": _moment(of).strftime("%Y-%m-%dT%H:%M:%SZ"), "keywords": list(KEYWORDS["en"]),
        "licenses": [{"name": SPDX[licence.code], "path": licence.url, "title": licence.title}],
        "contributors": [{"title": _publisher(of), "role": "publisher"}],
        "resources": [_resource(table, tables[table.name]) for table in TABLES],
    }  # fmt: skip


def _resource(table: Table, facts: FileFacts) -> dict[str, Any]:
    return {
        "profile": "data-resource", "name": table.name, "path": table.path, "title": table.titles["en"],
        "title_uk": table.titles["uk"], "description": table.says["en"], "description_uk": table.says["uk"],
        "format": "parquet", "mediatype": PARQUET, "bytes": facts.size, "hash": f"sha256:{facts.sha256}",
        "rows": facts.rows, "schema": _schema(table),
    }  # fmt: skip


def _schema(table: Table) -> dict[str, Any]:
    references = {"project": "projects", "ballot": "ballots"}
    return {
        "fields": [_field(column) for column in table.columns], "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": ["contest", name], "reference": {"resource": references[name], "fields": ["contest", name]}}
            for name in table.refers
        ],
    }  # fmt: skip


def _field(column: Column) -> dict[str, Any]:
    unit = column.unit
    return {
        "name": column.name, "type": FRICTIONLESS[column.kind], "description": column.says["en"],
        "description_uk": column.says["uk"], "arrowType": str(column.type),
        **({"unit": unit["en"], "unit_uk": unit["uk"]} if unit else {}),
        "constraints": {"required": column.is_required},
    }  # fmt: skip


def _body(of: Contest | Community) -> Community:
    return of.community if isinstance(of, Contest) else of


def _publisher(of: Contest | Community) -> str:
    return str(_body(of).name.get("uk", ""))


def _moment(of: Contest | Community) -> datetime:
    """When the data last changed."""
    return max((changed_at(each) for each in contests_in(of)), default=_body(of).connected_at)


def _citation(of: Contest | Community) -> str:
    """By the Citation File Format 1.2.0. A JSON text is a YAML text."""
    lines = {
        "cff-version": "1.2.0", "message": "Please cite this data set as below.", "type": "dataset",
        "title": package_title(of)["en"], "date-released": _moment(of).astimezone(KYIV).date().isoformat(),
        "license": SPDX[licence_of(_body(of)).code], "url": package_page(of),
    }  # fmt: skip
    told = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())
    return f"{told}authors:\n  - name: {json.dumps(_publisher(of), ensure_ascii=False)}\n"


def _licence(of: Contest | Community) -> str:
    licence = licence_of(_body(of))
    return f"{licence.title}\n{licence.url}\n\n{licence.says['uk']}\n{licence.says['en']}\n"


_SAYS = words(
    "Проєкти, події, підписи за днями, участь, відкриті бюлетені, підсумок, роботи й показники конкурсу. Персональних"
    " даних немає.",
    "Projects, events, signatures by day, turnout, opened ballots, outcome, works and figures of a contest. Nothing"
    " personal is in it.",
)

_README = {
    "uk": """\
# {title}

{says} Сторінка: {page}

Ліцензія: {licence}. Як посилатися: `CITATION.cff`.

## Що тут є

| Файл | Що в ньому |
|---|---|
{files}
| `datapackage.json` | словник даних для програм (Frictionless Data Package 1): кожен стовпець, тип, одиниця |
| `queries.sql` | готові запити DuckDB |
| `recompute.py` | перераховує показники з таблиць і звіряє їх із таблицею figures |
| `SHA256SUMS` | геш кожного файлу |

## Як почати

    pip install duckdb
    python recompute.py
    duckdb < queries.sql

Гроші – цілі копійки, частки – соті відсотка, моменти – UTC, дні – за Києвом. Бюлетені й підсумок є лише після
оприлюднення результату. Показник має той самий SHA-256, що на сторінці, у PDF, XLSX та API. Поки конкурс триває,
показники можуть бути на хвилину старіші за таблиці.

## Стовпці
{columns}
""",
    "en": """\

# {title}

{says} Page: {page}

Licence: {licence}. How to cite: `CITATION.cff`.

## What is here

| File | What is in it |
|---|---|
{files}
| `datapackage.json` | the data dictionary for programs (Frictionless Data Package 1): every column, type, unit |
| `queries.sql` | queries for DuckDB that are ready |
| `recompute.py` | computes figures from the tables anew and compares them with the table figures |
| `SHA256SUMS` | the hash of every file |

## How to begin

    pip install duckdb
    python recompute.py
    duckdb < queries.sql

Money is whole kopiykas, shares are hundredths of a percent, moments are UTC, days are of Kyiv. Ballots and outcome are
here once the result is published. A figure has the SHA-256 that it has on the page, in the PDF, the XLSX and the API.
While a contest goes on, figures may be a minute older than the tables.

## Columns
{columns}
""",
}


def _readme(of: Contest | Community) -> str:
    licence = licence_of(_body(of))
    return "".join(
        text.format(
            title=package_title(of)[language], says=_SAYS[language], page=package_page(of),
            licence=f"{licence.title}, {licence.url}",
            files="\n".join(f"| `{table.path}` | {table.says[language]} |" for table in TABLES),
            columns="".join(_columns(table, language) for table in TABLES),
        )
        for language, text in _README.items()
    )  # fmt: skip


def _columns(table: Table, language: str) -> str:
    lines = [f"\n### {table.name}\n\n{table.says[language]}\n"]
    for column in table.columns:
        unit = f", {column.unit[language]}" if column.unit else ""
        lines.append(f"- `{column.name}` ({column.type}{unit}): {column.says[language]}")
    return "\n".join(lines) + "\n"
