"""The open data of a contest: what resolution 835 wants, in files that validate, with nothing personal in them."""

import csv
import io
import json
import shutil
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from csvw.metadata import CSVW
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook
from tests import given
from tests.connectors.finished import finished_contest, published_contest, stirred_contest, voted_contest
from tests.projects.test_delivery import begin, winner

from rulebook.canonical import digest
from viche.ballots.models import Participation
from viche.ballots.queries import published_openings
from viche.connectors.open_data import actions
from viche.connectors.open_data.actions import prepare_part, set_terms, write_data, write_missing_data
from viche.connectors.open_data.checking import faults_in
from viche.connectors.open_data.columns import PROJECTS, VOTINGS
from viche.connectors.open_data.files import FINAL, LIVING
from viche.connectors.open_data.rows import kinds_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.projects.actions.erasing import erase_author
from viche.projects.models import Project, Rating
from viche.results.models import Count

AREA = {"type": "Polygon", "coordinates": [[[34.55, 49.58], [34.55, 49.59], [34.56, 49.59], [34.55, 49.58]]]}


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def written(contest: Contest, folder: Path) -> Path:
    write_data(contest=contest, folder=folder)
    return folder


@pytest.fixture
def contest(db: None) -> Contest:
    return finished_contest(70)


@pytest.fixture
def folder(contest: Contest, tmp_path: Path) -> Path:
    return written(contest, tmp_path / "data")


class TestResolution835:
    def test_the_columns_are_those_of_the_annex_slips_of_the_pen_included(self, folder: Path):
        assert (folder / "projects.csv").read_text().splitlines()[0] == (
            "uid,kind,type,title,description,url,text,authorityName,authorityId,authorityCattutc,count,creator,status,"
            "decisionDate,decisionUrl,decisionText,budgetPlan,budgetFact,projectResposible"
        )
        assert (folder / "votings.csv").read_text().splitlines()[
            0
        ] == "projectUid,voterID,projectTitle,voteDate"

    def test_what_is_required_is_that_of_the_annex(self):
        free = {column.name for column in PROJECTS.columns if not column.is_required}
        assert free == {"kind", "type", "decisionText"}
        assert all(column.is_required for column in VOTINGS.columns)

    @pytest.mark.parametrize("name", ["projects.csv", "votings.csv", "works.csv"])
    def test_the_files_are_valid_by_their_metadata(self, folder: Path, name: str):
        found = CSVW(str(folder / name), str(folder / f"{name}-metadata.json"), validate=True)
        assert found.is_valid, [str(each.message) for each in found.warnings]

    @pytest.mark.parametrize(
        ("column", "wrong"),
        [("count", "many"), ("budgetPlan", "12.5.0"), ("decisionDate", "02.05.2026"), ("uid", "")],
    )
    def test_the_validator_does_look(self, folder: Path, column: str, wrong: str):
        rows = rows_of(folder / "projects.csv")
        rows[1][column] = wrong
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / "projects.csv").write_bytes(out.getvalue().encode())
        metadata = str(folder / "projects.csv-metadata.json")
        assert not CSVW(str(folder / "projects.csv"), metadata, validate=True).is_valid
        assert any(column in line for line in faults_in(folder))

    def test_what_a_project_got_and_what_was_decided(self, contest: Contest, folder: Path):
        first = rows_of(folder / "projects.csv")[0]
        assert (first["uid"], first["kind"], first["count"]) == ("2026-1", "малий", "46")
        assert (first["budgetPlan"], first["budgetFact"]) == ("100000.00", "")
        assert (first["decisionDate"], first["status"]) == ("2026-05-02", "переможець")
        assert first["url"].endswith("/poltava/2026/projects/1/")
        assert first["decisionUrl"].endswith("/poltava/2026/results/")
        assert first["authorityCattutc"] == given.POLTAVA

    def test_a_running_contest_says_why_required_cells_are_empty(self, db: None, tmp_path: Path):
        folder = written(voted_contest(5), tmp_path / "d")
        assert not (folder / "votings.csv").exists()
        row = rows_of(folder / "projects.csv")[0]
        assert (row["count"], row["budgetFact"], row["projectResposible"]) == ("", "", "")
        metadata = json.loads((folder / "projects.csv-metadata.json").read_text())
        noted = {note["column"] for note in metadata["notes"] if note["requiredByResolution835"]}
        assert {"count", "budgetFact", "projectResposible", "authorityId"} <= noted
        required = {each["name"] for each in metadata["tableSchema"]["columns"] if each["required"]}
        assert required == {each.name for each in PROJECTS.columns if each.is_required} - noted
        assert CSVW(
            str(folder / "projects.csv"), str(folder / "projects.csv-metadata.json"), validate=True
        ).is_valid

    @pytest.mark.parametrize(
        ("number", "found"),
        [(1, []), (2, ["малий", "великий"]), (3, ["малий", "середній", "великий"])],
    )
    def test_classes_of_cost_are_called_as_the_annex_calls_them(
        self, db: None, number: int, found: list[str]
    ):
        bounds = [(100_000, 1_000_000), (1_000_001, 2_000_000), (2_000_001, None)][:number]
        classes = [
            {
                "id": f"c{place}",
                "name": {"uk": "К", "en": "C"},
                "min_cost": low,
                **({"max_cost": high} if high else {}),
            }
            for place, (low, high) in enumerate(bounds)
        ]
        pots = [{"id": "all", "name": {"uk": "Усі", "en": "All"}, "amount": 5_000_000}]
        ballot = {"kind": "approval", "min_choices": 1, "max_choices": 3}
        rules = given.contest(
            rules={**given.RULES, "size_classes": classes, "pots": pots, "ballot": ballot}
        ).rules
        assert [*kinds_of(rules).values()] == found


class TestVotes:
    def test_every_choice_of_every_valid_ballot_is_a_row(self, contest: Contest, folder: Path):
        rows = rows_of(folder / "votings.csv")
        outcome = Count.objects.get(contest=contest).outcome
        assert Counter(row["projectUid"] for row in rows) == {
            f"2026-{code}": number for code, number in outcome["votes"].items() if number
        }
        assert len({row["voterID"] for row in rows}) == outcome["voters"] == 70

    def test_all_have_one_date_the_last_day_of_the_voting(self, folder: Path):
        assert {row["voteDate"] for row in rows_of(folder / "votings.csv")} == {"2026-04-30"}

    def test_the_pseudonyms_follow_neither_the_order_of_voting_nor_the_voters(
        self, contest: Contest, folder: Path
    ):
        """Ballots were cast in the order of number % 3; the file is in the order of the commitments."""
        known = json.loads(b"".join(published_openings(contest)))
        in_order = [each["commitment"] for each in known]
        assert in_order == sorted(in_order)
        first = next(row for row in rows_of(folder / "votings.csv"))
        assert first["voterID"] == "2026-v1"
        assert first["projectUid"] == f"2026-{known[0]['ballot']['choices'][0][0]}"

    def test_the_same_data_are_the_same_bytes_and_a_second_writing_changes_nothing(
        self, contest, folder, tmp_path
    ):
        shutil.rmtree(prepare_part(contest=contest, part=FINAL).folder.parent)
        again = written(Contest.objects.get(pk=contest.pk), tmp_path / "again")
        names = sorted(path.name for path in folder.iterdir())
        assert names == sorted(path.name for path in again.iterdir())
        assert [name for name in names if (folder / name).read_bytes() != (again / name).read_bytes()] == []

    def test_annulled_and_replaced_ballots_are_in_no_file(self, db: None, tmp_path: Path):
        contest = stirred_contest()
        rows = rows_of(written(contest, tmp_path / "d") / "votings.csv")
        assert (
            len({row["voterID"] for row in rows})
            == Count.objects.get(contest=contest).outcome["voters"]
            == 61
        )

    def test_before_the_result_nothing_of_the_votes_is_there(self, db: None):
        contest = voted_contest(5)
        with pytest.raises(Refused) as refusal:
            prepare_part(contest=contest, part=FINAL)
        assert (refusal.value.code, refusal.value.status) == ("not_published", 404)

    def test_the_dossier_is_the_one_whose_hash_was_published(self, contest: Contest, folder: Path):
        document = json.loads((folder / "contest.json").read_bytes())
        assert digest(document) == Count.objects.get(contest=contest).dossier_digest


class TestNothingPersonal:
    def planted(self, contest: Contest) -> list[str]:
        """What must stand in no file: of voters, of officials, of authors beyond the name they sign with."""
        marks = Participation.objects.filter(contest=contest)
        tokens = [bytes(mark.person_token).hex() for mark in marks if mark.person_token]
        return ["Ірина", "Сергій", "olena@example.org", "+380501112233", "вул. Таємна", *tokens]

    def test_in_no_file(self, db: None, tmp_path: Path):
        contest = voted_contest(30)
        Project.objects.filter(contest=contest).update(
            contact="olena@example.org, +380501112233, вул. Таємна 5"
        )
        folder = written(published_contest(contest), tmp_path / "d")
        planted = self.planted(contest)
        assert len(planted) > 20
        for path in folder.iterdir():
            content = path.read_bytes()
            if path.suffix == ".xlsx":
                content = repr(sheets(path)).encode()
            assert [word for word in planted if word.encode() in content] == [], path.name

    def test_an_erased_author_is_gone_from_every_file_at_once(self, contest: Contest):
        before = prepare_part(contest=contest, part=LIVING)
        assert "Олена" in before.files["projects.csv"].path.read_text()
        author = Project.objects.filter(contest=contest).first().author
        erase_author(person=author)
        after = prepare_part(contest=contest, part=LIVING)
        assert not before.folder.exists()
        for each in after.files.values():
            assert "Олена".encode() not in each.path.read_bytes()
        assert {row["creator"] for row in rows_of(after.files["projects.csv"].path)} == {""}

    def test_words_of_people_do_not_become_formulas(self, contest: Contest, tmp_path: Path):
        Project.objects.filter(contest=contest, number=1).update(
            title="=HYPERLINK(1)", summary="+1", text="@x"
        )
        folder = written(contest, tmp_path / "formulas")
        row = rows_of(folder / "projects.csv")[0]
        assert (row["title"], row["description"], row["text"]) == ("'=HYPERLINK(1)", "'+1", "'@x")
        assert sheets(folder / "projects.xlsx")["projects"][1][3] == "=HYPERLINK(1)"
        assert rows_of(folder / "votings.csv")[0]["projectTitle"] in {
            "'=HYPERLINK(1)",
            "Проєкт 2",
            "Проєкт 3",
        }


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


class TestOtherFormats:
    def test_the_workbook_has_real_dates_and_numbers_and_the_dictionary(self, folder: Path):
        found = sheets(folder / "projects.xlsx")
        assert list(found) == ["projects", "works", "dictionary"]
        head, first = found["projects"][0], dict(zip(found["projects"][0], found["projects"][1], strict=True))
        assert head == PROJECTS.names
        assert first["decisionDate"] == date(2026, 5, 2)
        assert (first["budgetPlan"], first["count"]) == (100_000.0, 46.0)
        assert [type(first[name]) for name in ("budgetPlan", "count", "title")] == [float, float, str]
        assert [row[:2] for row in found["dictionary"][1:3]] == [["projects", "uid"], ["projects", "kind"]]

    def test_places_are_geojson(self, contest: Contest, tmp_path: Path):
        of = Project.objects.filter(contest=contest)
        of.filter(number=1).update(latitude="49.589400", longitude="34.551000")
        of.filter(number=2).update(latitude="49.585000", longitude="34.555000", area=AREA)
        text = (written(contest, tmp_path / "geo") / "projects.geojson").read_text()
        found = json.loads(text)
        assert found["type"] == "FeatureCollection"
        assert found["bbox"] == [34.55, 49.58, 34.56, 49.59]
        point, area = found["features"]
        assert point["geometry"] == {"type": "Point", "coordinates": [34.551, 49.5894]}
        assert (point["id"], point["properties"]["cost"]) == ("2026-1", "100000.00")
        [ring] = area["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert len(ring) == 4
        # RFC 7946, 3.1.6: exterior rings are counterclockwise
        assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0

    def test_works_say_what_was_planned_paid_and_thought_of_it(self, db: None, tmp_path: Path):
        project, by = winner()
        begin(project, by)
        with clock.at(given.day(76)):
            row = rows_of(written(project.contest, tmp_path / "w") / "works.csv")[0]
        assert (row["responsibleUnit"], row["planCost"], row["actualCost"]) == (
            "Відділ благоустрою",
            "290000.00",
            "",
        )
        assert (row["stepsDone"], row["contracts"], row["contractsAmount"]) == ("0", "0", "0.00")
        row = rows_of(tmp_path / "w" / "projects.csv")[0]
        assert (row["budgetPlan"], row["projectResposible"]) == ("290000.00", "Відділ благоустрою")

    @pytest.mark.parametrize(("number", "said"), [(9, ("", "")), (10, ("10", "4.5"))])
    def test_opinions_of_fewer_than_ten_are_not_told(self, db: None, tmp_path: Path, number, said):
        project, by = winner()
        begin(project, by)
        for place in range(number):
            person = given.person(f"Житель{place}", serial=3000 + place)
            Rating.objects.create(
                project=project, person=person, stars=4 + place % 2, promise="kept", at=given.day(80)
            )
        row = rows_of(written(project.contest, tmp_path / "r") / "works.csv")[0]
        assert (row["ratings"], row["meanRating"]) == said


class TestWriting:
    def test_files_are_written_once_and_anew_when_something_changes(self, contest: Contest):
        assert write_missing_data(contests=[contest]) == 2
        assert write_missing_data(contests=[contest]) == 0
        Project.objects.filter(contest=contest, number=1).update(summary="Інший опис")
        assert write_missing_data(contests=[contest]) == 1
        assert (
            "Інший опис" in prepare_part(contest=contest, part=LIVING).files["projects.csv"].path.read_text()
        )

    def test_files_of_a_contest_that_is_gone_go_too(self, contest: Contest, settings):
        prepare_part(contest=contest, part=LIVING)
        stray = Path(settings.OPEN_DATA_DIR) / "01890000-0000-7000-8000-000000000000"
        stray.mkdir()
        assert actions.remove_strays() == 1
        assert not stray.exists()

    def test_the_command_writes_and_checks(self, contest: Contest, tmp_path: Path, capsys):
        call_command("data", "export", str(tmp_path), "--contest", "poltava/2026")
        folder = tmp_path / "poltava" / "2026"
        assert list(faults_in(folder)) == []
        call_command("data", "check", str(folder))
        with pytest.raises(CommandError, match="there already"):
            call_command("data", "export", str(tmp_path))
        with pytest.raises(CommandError, match="no contest"):
            call_command("data", "export", str(tmp_path), "--contest", "poltava/none")
        (folder / "votings.csv").write_bytes(
            (folder / "votings.csv").read_bytes().replace(b"2026-1,", b"2026-9,", 1)
        )
        with pytest.raises(CommandError, match="2 faults"):
            call_command("data", "check", str(folder))

    @pytest.mark.parametrize("content", [b"", b"[]", b'{"files": 3}', b"\xff"])
    def test_rubbish_is_a_fault_and_no_crash(self, folder: Path, content: bytes):
        (folder / "files.json").write_bytes(content)
        assert list(faults_in(folder))

    def test_a_file_of_rubbish_is_a_fault_and_no_crash(self, folder: Path):
        for path in sorted(folder.iterdir()):
            kept = path.read_bytes()
            if path.name not in ("files.json", "projects.xlsx"):
                path.write_bytes(b'"\x00;,\n{')
                assert any(path.name in line for line in faults_in(folder)), path.name
                path.write_bytes(kept)


class TestTerms:
    def test_an_administrator_sets_licence_and_code(self, contest: Contest):
        by = given.official("Віктор", "administrator", contest.community)
        set_terms(community=contest.community, licence="cc0-1.0", edrpou="24388285", mailbox="", by=by)
        found = prepare_part(contest=contest, part=LIVING)
        assert {row["authorityId"] for row in rows_of(found.files["projects.csv"].path)} == {"24388285"}
        metadata = json.loads(found.files["projects.csv-metadata.json"].path.read_text())
        assert metadata["dc:license"]["@id"] == "https://creativecommons.org/publicdomain/zero/1.0/"

    @pytest.mark.parametrize(
        ("said", "field"),
        [({"licence": "mine"}, "licence"), ({"edrpou": "123"}, "edrpou"), ({"mailbox": "nobody"}, "mailbox")],
    )
    def test_faults_stand_at_their_fields(self, db: None, said, field):
        body = given.community()
        by = given.official("Віктор", "administrator", body)
        with pytest.raises(Refused) as refusal:
            set_terms(community=body, by=by, **{"licence": "cc0-1.0", "edrpou": "", "mailbox": "", **said})
        assert list(refusal.value.fields) == [field]

    def test_nobody_else_does(self, db: None):
        body = given.community()
        by = given.official("Ірина", "commission", body)
        with pytest.raises(Refused) as refusal:
            set_terms(community=body, licence="cc0-1.0", edrpou="", mailbox="", by=by)
        assert refusal.value.status == 403
