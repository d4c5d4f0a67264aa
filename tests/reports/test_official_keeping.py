"""An issued report is never changed; a file of it is known by its bytes."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation
from tests import given
from tests.reports.issuing import CAST, DAY, content, finished, made, signed_inside, taken_from, written
from tests.reports.test_figures import refreshed
from tests.results.counted import refused
from tests.surfaces.ground import prefix

from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.reports.official import actions, queries
from viche.reports.official.filing import digest_of
from viche.reports.official.models import Report, ReportFile
from viche.reports.official.setting import Head

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tried_kinds")]


class TestKept:
    def test_an_issued_report_is_neither_changed_nor_deleted(self):
        report = made(finished())
        attempts = [
            lambda: Report.objects.filter(pk=report.pk).update(digest="0" * 64),
            lambda: Report.objects.filter(pk=report.pk).update(number=7),
            lambda: Report.objects.filter(pk=report.pk).update(state="waiting"),
            lambda: ReportFile.objects.filter(report=report).update(digest="0" * 64),
            lambda: ReportFile.objects.filter(report=report)._raw_delete("default"),
            lambda: Report.objects.filter(pk=report.pk)._raw_delete("default"),
        ]
        for attempt in attempts:
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()
        with clock.at(DAY):
            actions.hide_report(report=report, by=SYSTEM)
        assert not Report.objects.get().is_public

    def test_a_withdrawn_report_stays_withdrawn(self):
        report = made(finished())
        with clock.at(DAY):
            assert refused(actions.withdraw_report, report=report, reason=" ", by=SYSTEM) == "no_reason"
            actions.withdraw_report(report=report, reason="Помилка", by=SYSTEM)
            assert refused(actions.withdraw_report, report=report, reason="Ще раз", by=SYSTEM) == "not_issued"
            assert refused(actions.hide_report, report=report, by=SYSTEM) == "not_issued"
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(withdrawn_at=None)

    def test_an_internal_report_is_never_shown(self):
        report = made(finished(), "internal")
        assert not report.is_public
        assert refused(actions.publish_report, report=report, by=SYSTEM) == "internal"

    def test_the_facts_have_one_hash_whatever_the_moment_of_counting(self):
        contest = finished()
        with translation.override("uk"):
            before = digest_of(written(contest), Head(("Полтава",)))
            with clock.at(given.day(73)):
                refreshed()
            assert digest_of(written(contest), Head(("Полтава",))) == before
            assert digest_of(written(contest), Head(("Львів",))) != before


class TestChecked:
    def test_a_file_is_known_by_its_bytes(self, authority):
        report = made(finished())
        body, pdf = report.community, content(report)
        assert queries.issued_file(body, pdf) == (report.files.get(form="pdf"), True)
        assert queries.issued_file(body, pdf + b"x")[0] == report.files.get(form="pdf")
        assert queries.issued_file(body, pdf + b"x")[1] is False
        assert queries.issued_file(body, b"%PDF-1.7 something else") == (None, False)
        assert queries.issued_file(given.community(given.LVIV), pdf)[0] is None
        signed = signed_inside(authority, pdf)
        assert queries.issued_file(body, signed) == (report.files.get(form="pdf"), False)
        taken_from(report, signed)
        assert queries.issued_file(body, signed) == (report.files.get(form="signed"), True)

    def test_of_reports_with_the_same_file_the_valid_one_answers(self):
        contest = finished()
        first = made(contest)
        with clock.at(DAY):
            actions.withdraw_report(report=first, reason="Помилка", by=SYSTEM)
        second = made(contest)
        same = second.files.get(form="json").digest
        assert first.files.get(form="json").digest == same
        assert queries.file_with_digest(contest.community, same).report == second
        assert queries.issued_file(contest.community, content(first, "json"))[0].report == second

    def test_who_signed_an_internal_report_is_not_told(self, authority, client):
        report = made(finished())
        signed = taken_from(report, authority.sign(CAST["olena"], content(report)))
        address = f"{prefix(report.community)}reports/check/"
        name = CAST["olena"].family_name
        assert name in client.post(address, {"digest": signed.digest}).content.decode()
        with clock.at(DAY):
            actions.hide_report(report=report, by=SYSTEM)
        assert name not in client.post(address, {"digest": signed.digest}).content.decode()
