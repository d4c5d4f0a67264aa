"""Official reports are asked for once, made once, and numbered without gaps."""

import csv
import hashlib
import io
import json
import zipfile
from io import BytesIO

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook
from tests import given
from tests.crowd import at_once
from tests.reports.issuing import DAY, SAID, TRIED, asked, content, finished, made, words_of, written
from tests.reports.official import fresh
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened, refused

from viche.contests.models import Contest
from viche.foundation import clock, private_files
from viche.foundation.actor import SYSTEM
from viche.journal.queries import history_of
from viche.reports.document import Document
from viche.reports.official import actions
from viche.reports.official.kind import FORMS, Kind
from viche.reports.official.kinds import KINDS
from viche.reports.official.models import SHELF, Report, ReportFile
from viche.reports.queries import figures_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tried_kinds")]


class TestMaking:
    def test_a_report_holds_the_same_numbers_in_every_form(self):
        contest = finished()
        report = made(contest)
        assert (report.state, report.our_number, report.done) == ("made", "1/2026", report.steps)
        with translation.override("uk"):
            figures = figures_of(contest)
        flat = "".join(words_of(content(report)).split())
        book = CalamineWorkbook.from_filelike(BytesIO(content(report, "xlsx")))
        data = json.loads(content(report, "json"))
        told = {each["key"]: each for each in data["parts"] if each["type"] == "figure"}
        with zipfile.ZipFile(BytesIO(content(report, "csv"))) as archive:
            tables = {
                name: list(csv.reader(io.StringIO(archive.read(name).decode())))
                for name in archive.namelist()
            }
        for number, figure in enumerate(figures, start=1):
            assert figure.digest in flat
            assert told[figure.key]["rows"] == figure.document()["rows"]
            assert len(book.get_sheet_by_index(number).to_python()) == len(figure.rows) + 1
            rows = tables[f"{number:02d}-{figure.key}.csv"]
            assert [row[0] for row in rows[1:]] == [row.key for row in figure.rows]
        assert "СергійСекретар" in flat
        assert "№1/2026" in flat or "No.1/2026" in flat
        for file in report.files.all():
            assert hashlib.sha256(content(report, file.form)).hexdigest() == file.digest

    def test_the_journal_says_the_hash_of_every_file(self):
        report = made(finished())
        (entry,) = history_of(f"report:{report.pk}")
        assert entry.data["digests"] == {each.form: each.digest for each in report.files.all()}
        assert entry.data["ours"] == "1/2026"

    def test_both_languages_are_two_reports_in_their_own_words(self):
        contest = finished()
        with clock.at(DAY):
            both = actions.ask_report(contest=contest, kind="tried", languages=["en", "uk"], by=SYSTEM)
            ukrainian, english = (actions.make_report(report=each) for each in both)
        assert [each.our_number for each in (ukrainian, english)] == ["1/2026", "2/2026"]
        assert (ukrainian.title, english.title) == ("Протокол", "Protocol")

    def test_the_same_facts_lead_to_the_report_that_is_there(self):
        contest = finished()
        first, again = made(contest), made(contest)
        assert (again.state, again.same_as) == ("same", first)
        assert not again.number
        SAID[0] = "Другий абзац"
        assert made(contest).our_number == "2/2026"

    @pytest.mark.parametrize("kind", [key for key in KINDS if key not in ("tried", "internal")])
    def test_what_happens_elsewhere_makes_no_new_report(self, kind: str):
        contest = finished()
        first = made(contest, kind)
        assert first.state == "made"
        given.admitted_project(given.contest(contest.community, slug="2027"), "Інший конкурс")
        refreshed()
        again = made(fresh(contest), kind)
        assert (again.state, again.same_as) == ("same", first)

    def test_what_was_published_a_moment_ago_is_in_the_report(self):
        contest = opened()
        with clock.at(DAY):
            refreshed()
        published(contest)
        report = made(fresh(contest))
        told = json.loads(content(report, "json"))["parts"]
        assert "winners" in {each.get("key") for each in told}

    def test_a_withdrawn_report_can_be_made_anew(self):
        contest = finished()
        first = made(contest)
        with clock.at(DAY):
            actions.withdraw_report(report=first, reason="Помилка в даті", by=SYSTEM)
        assert made(contest).our_number == "2/2026"

    def test_numbers_begin_anew_with_a_year(self):
        contest = finished()
        made(contest)
        SAID[0] = "Другий абзац"
        with clock.at(given.day(72 + 365)):
            assert actions.make_report(report=asked(contest)).our_number == "1/2027"

    def test_what_cannot_be_built_is_kept_as_a_failure_and_tried_again_without_a_gap(self, monkeypatch):
        contest = finished()

        def broken(contest: Contest) -> Document:
            raise ZeroDivisionError

        monkeypatch.setitem(KINDS, "tried", Kind("tried", "Пробний", "", lambda contest: "", broken))
        failed = made(contest)
        assert (failed.state, failed.fault, failed.number) == ("failed", "error", None)
        monkeypatch.setitem(KINDS, "tried", TRIED)
        with clock.at(DAY):
            again = actions.retry_report(report=failed, by=SYSTEM)
            assert actions.make_report(report=again).our_number == "1/2026"

    def test_a_worker_killed_half_way_leaves_nothing_behind(self, monkeypatch):
        contest = finished()
        report = asked(contest)

        class Killed(BaseException):
            pass

        def killed(*args, **kwargs) -> None:
            raise Killed

        monkeypatch.setattr(actions.journal, "append", killed)
        with clock.at(DAY), pytest.raises(Killed):
            actions.make_report(report=report)
        monkeypatch.undo()
        monkeypatch.setitem(KINDS, "tried", TRIED)
        assert not list(private_files.kept_files(shelf=SHELF))
        with clock.at(DAY):
            assert actions.make_report(report=report).our_number == "1/2026"
            # the job of the killed worker comes back
            assert actions.make_report(report=report).our_number == "1/2026"
        assert ReportFile.objects.count() == len(FORMS)

    def test_who_may_have_one_made(self):
        contest = finished()
        for role in ("auditor", "editor", "operator"):
            by = given.official("Аліна", role, contest.community)
            assert refused(
                actions.ask_report, contest=contest, kind="tried", languages=["uk"], by=by
            ) == "not_maker"  # fmt: skip
        by = given.official("Ірина", "commission", contest.community)
        with clock.at(DAY):
            (report,) = actions.ask_report(contest=contest, kind="tried", languages=["uk"], by=by)
        assert report.office == "commission"
        assert (
            refused(actions.ask_report, contest=contest, kind="none", languages=["uk"], by=by)
            == "unknown_kind"
        )
        assert (
            refused(actions.ask_report, contest=contest, kind="tried", languages=[], by=by) == "no_language"
        )

    def test_what_is_not_ready_is_refused_in_words(self, monkeypatch):
        contest = finished()
        waiting = Kind("tried", "", "", lambda contest: "Ще не пораховано.", written)
        monkeypatch.setitem(KINDS, "tried", waiting)
        assert (
            refused(actions.ask_report, contest=contest, kind="tried", languages=["uk"], by=SYSTEM)
            == "not_ready"
        )


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_two_presses_are_one_report(self):
        contest = finished()
        with clock.at(DAY):
            found = at_once(
                4,
                lambda place: actions.ask_report(contest=contest, kind="tried", languages=["uk"], by=SYSTEM),
            )
        assert len({report.pk for (report,) in found}) == 1
        assert Report.objects.count() == 1

    def test_two_workers_make_one_report(self):
        report = asked(finished())
        with clock.at(DAY):
            found = at_once(2, lambda place: actions.make_report(report=report))
        assert {each.our_number for each in found} == {"1/2026"}
        assert ReportFile.objects.count() == len(FORMS)
        assert len(list(private_files.kept_files(shelf=SHELF))) == len(FORMS)

    def test_numbers_have_no_gaps_under_many_workers(self):
        contest = finished()
        waiting = [
            asked(contest, kind, language) for kind in ("tried", "internal") for language in ("uk", "en")
        ]
        with clock.at(DAY):
            at_once(4, lambda place: actions.make_report(report=waiting[place]))
        assert sorted(Report.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
