"""Official reports travel with the body: their files, numbers and letterhead, and what its officials designed."""

import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from tests import given
from tests.connectors.finished import finished_contest
from tests.connectors.test_archive_travels import changed, empty_installation, refusal

from viche.communities.models import Community
from viche.connectors.arrivals.actions import import_archive
from viche.connectors.arrivals.comparing import differences
from viche.connectors.export.archive import write_archive
from viche.connectors.export.checking import MOST_OF_BODY
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.actor import SYSTEM
from viche.journal.actions import publish_logs, sequence_all
from viche.reports.actions import count_tallies
from viche.reports.designing.actions import MOST, save_report
from viche.reports.designing.gallery import GALLERY
from viche.reports.models import DesignedReport, Letterhead, Report, ReportFile, Tally
from viche.reports.official.actions import ask_report, make_report, set_letterhead, withdraw_report
from viche.reports.official.models import SHELF

KINDS = ("count-protocol", "participation")
REPORTS, FILES = (f"contests/2026/life/reports.{each}.jsonl" for each in ("report", "reportfile"))


@pytest.fixture
def contest(committed_db, settings) -> Contest:
    settings.REPORT_SEAL = ""
    contest = finished_contest(20)
    viktor = given.official("Віктор", "administrator", contest.community)
    with clock.at(given.day(72)):
        count_tallies(contest=contest)
        texts = {"uk": {"lines": ["Полтавська міська рада"], "signatories": [["Голова", "Ірина Савченко"]]}}
        set_letterhead(community=contest.community, has_emblem=False, texts=texts, revision=0, by=viktor)
        for kind in KINDS:
            (asked,) = ask_report(contest=contest, kind=kind, languages=["uk"], by=SYSTEM)
            make_report(report=asked)
        save_report(
            community=contest.community, title={"uk": "Куди пішли кошти", "en": "Money"},
            definition=GALLERY["money-won"].definition, by=viktor,
        )  # fmt: skip
    return contest


def archived(community: Community, path: Path) -> Path:
    with clock.at(given.day(73)):
        sequence_all()
        publish_logs()
        write_archive(community=community, path=path)
    return path


def test_an_issued_report_is_the_same_report_at_the_new_place(contest, tmp_path, settings):
    issued = list(Report.objects.order_by("number").values_list("pk", "year", "number", "kind", "digest"))
    files = {file.pk: private_files.content_of(file.pk, shelf=SHELF) for file in ReportFile.objects.all()}
    assert [kind for *_rest, kind, _digest in issued] == list(KINDS)
    path = archived(contest.community, tmp_path / "body.zip")
    empty_installation(tmp_path / "new", settings)
    with clock.at(given.day(80)):
        community = import_archive(path=path).community
        assert differences(path=path, community=community) == []
        assert (
            list(Report.objects.order_by("number").values_list("pk", "year", "number", "kind", "digest"))
            == issued
        )
        for key, content in files.items():
            assert private_files.content_of(key, shelf=SHELF) == content
            assert ReportFile.objects.get(pk=key).digest == sha256(content).hexdigest()
        letterhead = Letterhead.objects.get(community=community)
        assert (letterhead.last_number, letterhead.has_emblem) == (2, False)
        assert letterhead.texts["uk"]["signatories"] == [["Голова", "Ірина Савченко"]]
        assert DesignedReport.objects.get(community=community).title["uk"] == "Куди пішли кошти"
        # the next report takes the next number
        contest = Contest.objects.select_related("community__territory").get()
        count_tallies(contest=contest)
        (asked,) = ask_report(contest=contest, kind="results-statement", languages=["uk"], by=SYSTEM)
        assert make_report(report=asked).our_number == "3/2026"


def test_numbers_that_are_counted_again_and_reports_that_are_no_reports_stay(contest, tmp_path):
    with clock.at(given.day(72)):
        ask_report(contest=contest, kind="results-statement", languages=["uk"], by=SYSTEM)
    assert Tally.objects.exists()
    with zipfile.ZipFile(archived(contest.community, tmp_path / "body.zip")) as archive:
        names = set(archive.namelist())
        rows = archive.read("contests/2026/life/reports.report.jsonl").decode().splitlines()
    assert not any("tally" in name or "keeping" in name for name in names)
    assert {json.loads(row)["state"] for row in rows} == {"made"}


def test_what_no_journal_names_yet_waits_for_the_next_archive(contest, tmp_path):
    """An entry joins the log a moment after the report: an archive of that moment would not verify."""
    path = tmp_path / "early.zip"
    write_archive(community=contest.community, path=path)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "/reports.report" in name]


def rewritten(name: str, **values):
    """A change of an archive: the first row of a file says something else."""

    def change(files):
        first, *others = files[name].decode().splitlines()
        files[name] = "\n".join([json.dumps({**json.loads(first), **values}), *others, ""]).encode()

    return change


def test_a_report_is_one_of_which_the_journal_tells(contest, tmp_path, settings):
    with clock.at(given.day(72)):
        withdraw_report(report=Report.objects.get(number=1), reason="Помилка в даті", by=SYSTEM)
    path, bad = archived(contest.community, tmp_path / "body.zip"), tmp_path / "bad.zip"
    empty_installation(tmp_path / "new", settings)

    def forged(files):
        """Another PDF in the place of one, its row says so too."""
        first = json.loads(files[FILES].decode().splitlines()[0])
        files[f"contests/2026/life/reports.reportfile/{first['id']}"] = b"%PDF-1.7 forged"
        rewritten(FILES, digest=sha256(b"%PDF-1.7 forged").hexdigest())(files)

    def swapped(files):
        """Another PDF, and the row of the true one."""
        first = json.loads(files[FILES].decode().splitlines()[0])
        files[f"contests/2026/life/reports.reportfile/{first['id']}"] = b"%PDF-1.7 forged"

    def moved(files):
        """The files of the two reports, each under the other."""
        rows = [json.loads(line) for line in files[FILES].decode().splitlines()]
        one, other = {row["report_id"] for row in rows}
        for row in rows:
            row["report_id"] = one if row["report_id"] == other else other
        files[FILES] = "".join(json.dumps(row) + "\n" for row in rows).encode()

    for change in (
        forged, swapped, moved, rewritten(REPORTS, number=7), rewritten(REPORTS, kind="data-annex"),
        rewritten(REPORTS, state="waiting"), rewritten(REPORTS, state="failed", fault="error"),
        rewritten(REPORTS, digest="0" * 64), rewritten(REPORTS, withdrawn_at=None, reason=""),
        rewritten(FILES, form="signed", signer="Міський голова"),
    ):  # fmt: skip
        assert refusal(changed(path, bad, change)) == "bad_report"
    assert not Community.objects.exists()


def test_a_log_without_a_checkpoint_signs_nothing(contest, tmp_path, settings):
    path, bad = archived(contest.community, tmp_path / "body.zip"), tmp_path / "bad.zip"
    empty_installation(tmp_path / "new", settings)

    def unsigned(files):
        (name,) = [name for name in files if name.startswith("journal/") and name.endswith("/checkpoint")]
        for each in [each for each in files if each.startswith(name.removesuffix("checkpoint") + "tile/")]:
            del files[each]
        del files[name]

    assert refusal(changed(path, bad, unsigned)) == "bad_log"


def test_what_would_break_pages_later_is_refused_at_the_gate(contest, tmp_path, settings):
    path, bad = archived(contest.community, tmp_path / "body.zip"), tmp_path / "bad.zip"
    empty_installation(tmp_path / "new", settings)
    for texts in (
        [],
        None,
        {"uk": 5},
        {"uk": {"signatories": [["Голова"]]}},
        {"uk": {"lines": "x"}},
        {"de": {}},
    ):
        assert refusal(changed(path, bad, rewritten("letterhead.jsonl", texts=texts))) == "bad_row", texts
    for values in ({"slug": "a b"}, {"slug": ""}, {"title": []}, {"title": {"uk": "x"}}, {"definition": 5}):
        assert refusal(changed(path, bad, rewritten("designed.jsonl", **values))) == "bad_row", values
    for values in ({"language": "xx"}, {"state": "zzz"}, {"number": "1"}):
        assert refusal(changed(path, bad, rewritten(REPORTS, **values))) == "bad_row", values

    assert MOST_OF_BODY["designed.jsonl"] == MOST, "as many as officials may keep"

    def many(name):
        def change(files):
            files[name] *= 101

        return change

    for name in ("letterhead.jsonl", "designed.jsonl"):
        assert refusal(changed(path, bad, many(name))) == "too_many_rows"

    def deep(files):
        (name,) = [name for name in files if name.startswith("journal/") and name.endswith("entries.jsonl")]
        rows = [json.loads(line) for line in files[name].decode().splitlines()]
        rows[0]["leaf"] = '"Report' + "[" * 100_000
        files[name] = "".join(json.dumps(row) + "\n" for row in rows).encode()

    assert refusal(changed(path, bad, deep)) in {"bad_log", "bad_values"}


def test_a_body_that_is_here_keeps_what_it_has_set(contest, tmp_path, settings):
    path = archived(contest.community, tmp_path / "body.zip")
    empty_installation(tmp_path / "new", settings)
    with clock.at(given.day(80)):
        body = given.community()
        viktor = given.official("Віктор", "administrator", body)
        texts = {"uk": {"lines": ["Нова рада"]}}
        set_letterhead(community=body, has_emblem=True, texts=texts, revision=0, by=viktor)
        definition = GALLERY["money-won"].definition
        save_report(community=body, title={"uk": "Тут", "en": "Here"}, definition=definition, by=viktor)
        assert import_archive(path=path, code=body.code).community == body
        letterhead = Letterhead.objects.get()
        assert (letterhead.texts, letterhead.has_emblem) == (texts, True)
        assert (letterhead.year, letterhead.last_number) == (2026, 2)
        titles = {each.title["uk"] for each in DesignedReport.objects.filter(community=body)}
        assert "Тут" in titles


def test_numbers_of_reports_issued_here_are_not_given_twice(contest, tmp_path, settings):
    path = archived(contest.community, tmp_path / "body.zip")
    empty_installation(tmp_path / "new", settings)
    with clock.at(given.day(80)):
        other = given.contest(slug="2027")
        given.admitted_project(other, "Проєкт, поданий тут", cost=15_000_000)
        count_tallies(contest=other)
        (asked,) = ask_report(contest=other, kind="data-annex", languages=["uk"], by=SYSTEM)
        assert make_report(report=asked).number == 1
        assert refusal(path) == "report_numbers"
