"""The archive for researchers: every table of exact types, nothing personal, every figure computed from it anew."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest
from django.core.management import call_command
from django.test import Client
from tests import given
from tests.connectors.test_pabulib_import import KATOWICE
from tests.reports import issuing
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened
from tests.surfaces.ground import prefix

from viche.ballots.models import Opening, Participation
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.models import Person
from viche.projects.models import Project
from viche.reports.models import Keeping
from viche.reports.queries import figures_of
from viche.reports.research.actions import prepare_archive, write_missing_archives
from viche.reports.research.columns import FRICTIONLESS
from viche.reports.research.queries import archives_of, written_archive
from viche.reports.research.tables import TABLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(db) -> Contest:
    """The contest, some days after its publication."""
    contest = issuing.finished()
    with clock.at(issuing.DAY):
        yield contest


def unpacked(of, folder: Path) -> Path:
    """The one folder inside an archive."""
    with zipfile.ZipFile(prepare_archive(of=of).path) as archive:
        archive.extractall(folder)
    (inside,) = folder.iterdir()
    return inside


def asked(folder: Path, query: str) -> list[tuple]:
    with duckdb.connect() as data:
        data.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            data.execute(f"CREATE VIEW {table.name} AS SELECT * FROM '{folder / table.path}'")
        return data.execute(query).fetchall()


def recomputed(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(folder / "recompute.py")], capture_output=True, text=True, timeout=120
    )


def test_every_table_is_read_with_exactly_the_columns_and_types_of_the_dictionary(finished, tmp_path):
    folder = unpacked(finished, tmp_path)
    package = json.loads(folder.joinpath("datapackage.json").read_bytes())
    told = {each["path"]: each for each in package["resources"]}
    assert {f"data/{path.name}" for path in folder.joinpath("data").iterdir()} == set(told)
    types = {
        "string": "VARCHAR", "int64": "BIGINT", "bool": "BOOLEAN", "date32[day]": "DATE",
        "timestamp[us, tz=UTC]": "TIMESTAMP WITH TIME ZONE", "decimal128(9, 6)": "DECIMAL(9,6)",
        "list<item: struct<project: string, value: int64>>": 'STRUCT(project VARCHAR, "value" BIGINT)[]',
        "list<item: struct<project: string, votes: int64>>": "STRUCT(project VARCHAR, votes BIGINT)[]",
    }  # fmt: skip
    for path, resource in told.items():
        columns = duckdb.sql(f"DESCRIBE SELECT * FROM '{folder / path}'").fetchall()
        fields = resource["schema"]["fields"]
        assert [(name, kind) for name, kind, *_more in columns] == [
            (each["name"], types[each["arrowType"]]) for each in fields
        ], path
        assert {each["type"] for each in fields} <= set(FRICTIONLESS.values())
        ((number,),) = duckdb.sql(f"SELECT count(*) FROM '{folder / path}'").fetchall()
        assert number == resource["rows"]
        content = folder.joinpath(path).read_bytes()
        assert (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}") == (
            resource["bytes"],
            resource["hash"],
        )


def test_what_the_dictionary_says_of_keys_and_references_holds(finished, tmp_path):
    folder = unpacked(finished, tmp_path)
    for table in TABLES:
        key = ", ".join(f'"{name}"' for name in table.key)
        assert not asked(folder, f"SELECT {key} FROM {table.name} GROUP BY ALL HAVING count(*) > 1"), (
            table.name
        )
        for column in table.columns:
            if column.is_required:
                assert not asked(folder, f'SELECT 1 FROM {table.name} WHERE "{column.name}" IS NULL'), column
        for name in table.refers:
            other = {"project": "projects", "ballot": "ballots"}[name]
            assert not asked(folder, f"SELECT 1 FROM {table.name} ANTI JOIN {other} USING (contest, {name})")


def test_the_ballots_are_the_published_ones(finished, tmp_path):
    folder = unpacked(finished, tmp_path)
    outcome = finished.publication.count.outcome
    assert asked(folder, "SELECT count(*) FROM ballots WHERE is_counted") == [(4,)]
    assert dict(asked(folder, "SELECT project, count(*) FROM votes GROUP BY project")) == outcome["votes"]
    funded = asked(folder, "SELECT project FROM outcome WHERE is_funded ORDER BY place")
    assert [code for (code,) in funded] == outcome["funded"]
    assert asked(folder, "SELECT count(*) FROM ballots, unnest(choices)") == [
        (sum(outcome["votes"].values()),)
    ]


def test_the_hashes_are_those_of_the_pages(finished, tmp_path):
    folder = unpacked(finished, tmp_path)
    shown = {figure.key: figure.digest for figure in figures_of(finished)}
    assert dict(asked(folder, "SELECT DISTINCT figure, sha256 FROM figures")) == shown


def test_figures_are_computed_from_the_tables_anew_and_agree(finished, tmp_path):
    done = recomputed(unpacked(finished, tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DIFFERS" not in done.stdout
    for figure in (
        "turnout-by-day",
        "money-by-category",
        "winners",
        "satisfaction",
        "votes of every project",
    ):
        assert f"OK      2026 {figure}\n" in done.stdout


def test_a_changed_vote_is_noticed(finished, tmp_path):
    folder = unpacked(finished, tmp_path)
    path = folder / "data" / "votes.parquet"
    duckdb.sql(f"COPY (SELECT * FROM '{path}' OFFSET 1) TO '{folder / 'other.parquet'}'")
    shutil.move(folder / "other.parquet", path)
    done = recomputed(folder)
    assert done.returncode == 1
    assert "DIFFERS  file data/votes.parquet" in done.stdout
    assert "DIFFERS 2026 votes of every project" in done.stdout


def test_every_ready_query_runs_and_the_greedy_count_comes_out_alike(finished, tmp_path, monkeypatch):
    folder = unpacked(finished, tmp_path)
    monkeypatch.chdir(folder)
    with duckdb.connect() as data:
        answers = [data.execute(each).fetchall() for each in duckdb.extract_statements(
            folder.joinpath("queries.sql").read_text("utf-8"))][len(TABLES):]  # fmt: skip
    assert len(answers) == 10
    winners = len(finished.publication.count.outcome["funded"])
    assert answers[6] == [("2026", winners, winners, 0)]


def test_the_same_data_are_the_same_bytes_and_others_have_another_name(finished):
    first = prepare_archive(of=finished)
    shutil.rmtree(archives_of(finished))
    second = prepare_archive(of=finished)
    assert (first.sha256, first.path) == (second.sha256, second.path)
    Project.objects.filter(contest=finished, number=1).update(title="Інша назва")
    assert written_archive(finished) is None
    third = prepare_archive(of=finished)
    assert third.sha256 != first.sha256
    assert not first.path.exists()


def test_nothing_of_ballots_before_the_publication(tmp_path):
    contest = opened()
    with clock.at(given.day(62)):
        refreshed()
        folder = unpacked(contest, tmp_path)
        done = recomputed(folder)
    for table in ("ballots", "votes", "protocols", "outcome"):
        assert asked(folder, f"SELECT count(*) FROM {table}") == [(0,)]
    assert done.returncode == 0, done.stdout


def test_all_contests_of_a_body_are_joined(finished, tmp_path):
    alone = unpacked(finished, tmp_path / "one")
    together = unpacked(finished.community, tmp_path / "all")
    for table in TABLES:
        query = f"SELECT * FROM {table.name} ORDER BY ALL"
        assert asked(together, query) == asked(alone, query), table.name
    done = recomputed(together)
    assert done.returncode == 0, done.stdout


def everything_in(folder: Path) -> str:
    """Every value of every table and every word around them, as one text."""
    words = [path.read_text("utf-8") for path in folder.iterdir() if path.is_file()]
    words += [repr(asked(folder, f"SELECT * FROM {table.name}")) for table in TABLES]
    return "\n".join(words)


def test_nothing_of_a_person_is_in_any_file(db, tmp_path):
    """Names, numbers and references of authors, voters and officials stand nowhere, for all the ways to look."""
    contest = opened()
    published(contest)
    Project.objects.filter(contest=contest).update(
        contact="+380501234567, olena@example.org", author_name="Олена Підмогильна", answers={"own": "Потаємне"},
    )  # fmt: skip
    with clock.at(given.day(72)):
        refreshed()
        text = everything_in(unpacked(contest, tmp_path))
    secrets = {"+380501234567", "olena@example.org", "Підмогильна", "Потаємне"}
    for person in Person.objects.all():
        secrets |= {str(person.pk), person.given_name, person.family_name, person.patronymic}
    for token in Participation.objects.filter(contest=contest).values_list("person_token", flat=True):
        secrets.add(bytes(token).hex())
    # the receipt's code finds a ballot in the record; here it would tie two data sets together
    for commitment in Opening.objects.filter(contest=contest).values_list("commitment", flat=True):
        secrets.add(bytes(commitment).hex())
    assert len(secrets) > 10
    assert [each for each in sorted(secrets - {""}) if each in text] == []


def test_the_archive_is_downloaded_under_its_hash_and_told_of_on_pages(finished):
    client, base = Client(), prefix(finished.community)
    page = client.get(f"{base}{finished.slug}/data/research/")
    answer = client.get(f"{base}{finished.slug}/data/research.zip")
    content = answer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    assert (answer["Content-Type"], answer["ETag"]) == ("application/zip", f'"{digest}"')
    assert digest in page.content.decode()
    again = client.get(f"{base}{finished.slug}/data/research.zip", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    for column in ("rules_sha256", "is_counted", "row_place"):
        assert column in page.content.decode()
    assert (
        f"{base}{finished.slug}/data/research/" in client.get(f"{base}{finished.slug}/data/").content.decode()
    )
    assert "research.zip" in client.get(f"{base}data/catalog.ttl").content.decode()
    whole = client.get(f"{base}data/research.zip")
    assert zipfile.is_zipfile(io.BytesIO(whole.getvalue()))
    assert client.get(f"{base}data/research/").status_code == 200


@pytest.mark.pabulib
@pytest.mark.skipif(not KATOWICE.exists(), reason="no Pabulib files")
def test_an_imported_election_is_computed_anew(db, tmp_path):
    community = given.community()
    call_command("contests", "import", str(KATOWICE), "--community", given.POLTAVA, stdout=io.StringIO())
    contest = Contest.objects.select_related("community__territory").get(community=community)
    folder = unpacked(contest, tmp_path)
    done = recomputed(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"OK      {contest.slug} satisfaction\n" in done.stdout
    ((ballots,),) = asked(folder, "SELECT count(*) FROM ballots WHERE is_counted")
    assert ballots == contest.publication.count.outcome["voters"]


def test_the_worker_writes_what_is_missing_and_looks_again_after_a_new_count(finished):
    assert write_missing_archives() == 1
    assert write_missing_archives() == 0
    assert written_archive(finished) is not None
    Project.objects.filter(contest=finished, number=1).update(title="Інша назва")
    Keeping.objects.filter(contest=finished).update(counted_at=given.day(73))
    assert write_missing_archives() == 1
    shutil.rmtree(archives_of(finished))
    assert write_missing_archives() == 1
