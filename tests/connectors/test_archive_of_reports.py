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
from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.actor import SYSTEM
from viche.journal.actions import publish_logs, sequence_all
from viche.reports.actions import count_tallies
from viche.reports.designing.actions import save_report
from viche.reports.designing.gallery import GALLERY
from viche.reports.models import DesignedReport, Letterhead, Report, ReportFile, Tally
from viche.reports.official.actions import ask_report, make_report, set_letterhead
from viche.reports.official.models import SHELF

KINDS = ("count-protocol", "participation")
ROWS = "contests/2026/life/reports.reportfile.jsonl"


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


def test_a_report_that_the_journal_does_not_name_is_refused(contest, tmp_path, settings):
    path, bad = archived(contest.community, tmp_path / "body.zip"), tmp_path / "bad.zip"
    empty_installation(tmp_path / "new", settings)

    def forged(files):
        """Another PDF in the place of one, its row says so too."""
        first, *others = [json.loads(line) for line in files[ROWS].decode().splitlines()]
        files[f"contests/2026/life/reports.reportfile/{first['id']}"] = b"%PDF-1.7 forged"
        first["digest"] = sha256(b"%PDF-1.7 forged").hexdigest()
        files[ROWS] = "".join(json.dumps(row) + "\n" for row in [first, *others]).encode()

    def swapped(files):
        """Another PDF, and the row of the true one."""
        first = json.loads(files[ROWS].decode().splitlines()[0])
        files[f"contests/2026/life/reports.reportfile/{first['id']}"] = b"%PDF-1.7 forged"

    def renumbered(files):
        name = "contests/2026/life/reports.report.jsonl"
        rows = [json.loads(line) for line in files[name].decode().splitlines()]
        for row in rows:
            row["number"] += 1
        files[name] = "".join(json.dumps(row) + "\n" for row in rows).encode()

    def another_kind(files):
        name = "contests/2026/life/reports.report.jsonl"
        files[name] = files[name].replace(b'"participation"', b'"results-statement"')

    def moved(files):
        """The files of the two reports, each under the other."""
        rows = [json.loads(line) for line in files[ROWS].decode().splitlines()]
        one, other = {row["report_id"] for row in rows}
        for row in rows:
            row["report_id"] = one if row["report_id"] == other else other
        files[ROWS] = "".join(json.dumps(row) + "\n" for row in rows).encode()

    def two_letterheads(files):
        files["letterhead.jsonl"] *= 2

    for change in (forged, swapped, renumbered, another_kind, moved):
        assert refusal(changed(path, bad, change)) == "bad_report", change.__name__
    assert refusal(changed(path, bad, two_letterheads)) == "two_ids"
    assert not Community.objects.exists()
