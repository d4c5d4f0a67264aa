"""Reports by letter: at the hour of Kyiv, once a period whatever dies, to officials who want them."""

import io
import smtplib
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
from django.core import mail
from django.test import Client
from hypothesis import given as drawn
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook
from tests import given
from tests.crowd import at_once, refusals
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened
from tests.surfaces.ground import prefix

from viche.connectors.messages.models import Address
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.identity.models import Office, Person
from viche.reports.designing.actions import (
    ATTEMPTS,
    cancel_schedule,
    plan_report,
    queue_reports,
    save_report,
    send_reports,
)
from viche.reports.designing.calendar import MONTH, WEEK, is_day, next_moment
from viche.reports.designing.definition import Definition
from viche.reports.designing.queries import figure_of_report, possible_readers, reader_by_token, reader_token
from viche.reports.models import ReportReader, ReportSchedule

moments = some.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC))


def kyiv(year: int, month: int, day: int, hour: int = 8) -> datetime:
    return datetime(year, month, day, hour, tzinfo=KYIV)


@drawn(moments, some.sampled_from([WEEK, MONTH]), some.integers(1, 31), some.integers(0, 23))
def test_the_next_moment_is_the_first_one_the_schedule_names(
    after: datetime, every: str, day: int, hour: int
):
    day = day % 7 + 1 if every == WEEK else day
    found = next_moment(after, every=every, day=day, hour=hour)
    assert found > after
    told = found.astimezone(KYIV)
    assert is_day(told.date(), every=every, day=day)
    # the hour is that of Kyiv but where the summer time leaves it out
    assert told.hour == hour or (told.month, told.hour, hour) == (3, 4, 3)
    on = after.astimezone(KYIV).date() + timedelta(days=1)
    while on < told.date():
        assert not is_day(on, every=every, day=day)
        on += timedelta(days=1)


def test_the_hour_stays_that_of_kyiv_over_the_change_of_time():
    before = next_moment(kyiv(2026, 3, 22), every=WEEK, day=7, hour=9)
    after = next_moment(before, every=WEEK, day=7, hour=9)
    # the clock went forward on 29 March: the week is an hour shorter
    assert (before, after) == (kyiv(2026, 3, 22, 9).astimezone(UTC), kyiv(2026, 3, 29, 9).astimezone(UTC))
    assert after - before == timedelta(days=7, hours=-1)


def test_an_hour_that_comes_twice_is_taken_once_and_one_left_out_is_not_lost():
    first = next_moment(kyiv(2026, 10, 24, 12), every=WEEK, day=7, hour=3)
    assert first == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert next_moment(first, every=WEEK, day=7, hour=3) == kyiv(2026, 11, 1, 3).astimezone(UTC)
    lost = next_moment(kyiv(2026, 3, 28, 12), every=WEEK, day=7, hour=3)
    assert lost.astimezone(KYIV).date() == date(2026, 3, 29)


def test_the_31st_is_the_last_day_of_a_shorter_month():
    found, moment = [], kyiv(2027, 12, 31, 23)
    for _month in range(6):
        moment = next_moment(moment, every=MONTH, day=31, hour=8)
        found.append(moment.astimezone(KYIV).date())
    assert found == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30), date(2028, 5, 31),
                     date(2028, 6, 30)]  # fmt: skip


def reachable(person: Person, language: str = "uk") -> Person:
    Address.objects.create(
        person=person, channel="email", target=f"{person.pk}@example.com", language=language, base="https://viche.test",
        nonce=b"n" * 16, asked_at=given.day(0), confirmed_at=given.day(0),
    )  # fmt: skip
    return person


# a Monday, the day the result is out
PLANNED = given.day(72, hour=4)
DUE = next_moment(PLANNED, every=WEEK, day=1, hour=8)


def planned(form: str = "pdf", **facts) -> ReportSchedule:
    """A report with two readers, every Monday at eight."""
    contest = opened()
    published(contest)
    body = contest.community
    by = given.official("Віктор", "administrator", body)
    given.official("Ірина", "commission", body)
    people = [reachable(given.person("Віктор")), reachable(given.person("Ірина"), "en")]
    with clock.at(PLANNED):
        refreshed()
        report = save_report(community=body, definition=Definition("won_amount", "category"), title={}, by=by)
        asked = {"every": WEEK, "day": 1, "hour": 8, "form": form, **facts}
        return plan_report(
            report=report,
            readers=[person.pk for person in people],
            base="https://viche.test/",
            by=by,
            **asked,
        )


def run_at(moment: datetime) -> list:
    """What a worker sends at this moment."""
    before = len(mail.outbox)
    with clock.at(moment):
        queue_reports()
        send_reports()
    return mail.outbox[before:]


@pytest.mark.django_db
def test_a_letter_brings_the_numbers_of_the_page_in_the_language_of_its_reader():
    schedule = planned("both")
    assert run_at(DUE - timedelta(seconds=1)) == []
    letters = run_at(DUE)
    assert len(letters) == 2
    with clock.at(DUE):
        figure = figure_of_report(schedule.report)
    english = next(each for each in letters if "Money won" in each.subject)
    assert figure.digest in english.body
    assert "unsubscribe" in " ".join(english.extra_headers).lower()
    (pdf_name, pdf, kind), (book_name, book, _sheet) = english.attachments
    assert (pdf_name[-4:], book_name[-5:], kind) == (".pdf", ".xlsx", "application/pdf")
    with pypdfium2.PdfDocument(pdf) as opened_pdf:
        said = "".join(page.get_textpage().get_text_bounded() for page in opened_pdf)
    assert figure.digest in "".join(said.split())
    lines = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(1).to_python()
    assert [int(line[1] * 100) for line in lines[1:]] == [row.values[0] for row in figure.rows]


@pytest.mark.django_db
def test_a_period_is_sent_once_and_what_was_missed_is_sent_once():
    planned()
    assert len(run_at(DUE)) == 2
    assert run_at(DUE + timedelta(minutes=1)) == []
    assert run_at(DUE + timedelta(days=6)) == []
    # three weeks nobody ran: one letter each, and the next one on its day again
    assert len(run_at(DUE + timedelta(days=28, hours=1))) == 2
    assert run_at(DUE + timedelta(days=28, hours=2)) == []
    assert len(run_at(DUE + timedelta(days=35))) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("is_gone_already", [True, False])
def test_a_worker_that_dies_while_sending_never_makes_a_second_letter(monkeypatch, is_gone_already: bool):
    schedule = planned()
    gone: list[str] = []

    class Killed(BaseException):
        pass

    def dying(message, *_args, **_facts):
        if is_gone_already:
            gone.extend(message.to)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("viche.foundation.mail.EmailMessage.send", dying)
        with pytest.raises(Killed):
            run_at(DUE)
    letters = run_at(DUE + timedelta(minutes=1))
    # the other reader has theirs; whoever was being written to gets no second one, and the page says so
    assert len(letters) == 1
    assert letters[0].to != gone
    cut = [each for each in schedule.readers.all() if each.is_cut_off]
    assert len(cut) == 1
    assert len(run_at(DUE + timedelta(days=7))) == 2
    assert not any(each.is_cut_off for each in schedule.readers.all())


def test_two_workers_at_once_send_each_letter_once(committed_db):
    planned()

    def work(_place: int) -> None:
        with clock.at(DUE):
            queue_reports()
            send_reports()

    before = len(mail.outbox)
    assert refusals(at_once(4, work)) == []
    letters = mail.outbox[before:]
    assert len(letters) == 2
    assert len({each.to[0] for each in letters}) == 2


@pytest.mark.django_db
def test_a_server_that_is_down_is_tried_again_and_given_up_with_its_fault(monkeypatch):
    schedule = planned()
    with monkeypatch.context() as broken:

        def down(*_args, **_facts):
            raise smtplib.SMTPServerDisconnected

        broken.setattr("viche.foundation.mail.EmailMessage.send", down)
        run_at(DUE)
        assert all(each.fault for each in schedule.readers.all())
        run_at(DUE + timedelta(minutes=1))
        assert {each.attempts for each in schedule.readers.all()} == {1}
    assert len(run_at(DUE + timedelta(minutes=5))) == 2
    assert not any(each.fault for each in schedule.readers.all())
    with monkeypatch.context() as broken:
        broken.setattr("viche.foundation.mail.EmailMessage.send", down)
        for hours in range(20):
            run_at(DUE + timedelta(days=7, hours=hours))
    assert {each.attempts for each in schedule.readers.all()} == {ATTEMPTS}
    assert run_at(DUE + timedelta(days=8)) == []
    assert all(each.fault for each in schedule.readers.all())


@pytest.mark.django_db
def test_who_is_an_official_no_more_is_sent_nothing():
    schedule = planned()
    Office.objects.filter(person__given_name="Ірина").update(until=DUE - timedelta(days=1))
    assert len(run_at(DUE)) == 1
    assert schedule.readers.get(person__given_name="Ірина").fault


@pytest.mark.django_db
def test_the_link_of_a_letter_ends_it_without_an_account(client: Client):
    schedule = planned()
    reader = schedule.readers.first()
    address = f"{prefix(schedule.report.community)}figures/letters/{reader_token(reader)}/"
    assert f"/figures/letters/{reader_token(reader)}/" in "".join(each.body for each in run_at(DUE))
    assert client.get(address).status_code == 200
    assert ReportReader.objects.get(pk=reader.pk).left_at is None
    # a mail program sends the form by itself, without any token of ours
    outside = Client(enforce_csrf_checks=True)
    for _time in range(2):
        assert outside.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert ReportReader.objects.get(pk=reader.pk).left_at is not None
    assert len(run_at(DUE + timedelta(days=7))) == 1
    wrong = address.replace(reader_token(reader)[-8:], "0" * 8)
    assert client.post(wrong).status_code == 404
    assert reader_by_token("x" * 64) is None


@pytest.mark.django_db
def test_a_schedule_is_told_what_is_wrong_with_it():
    schedule = planned()
    report, by = schedule.report, given.official("Віктор", "administrator", schedule.report.community)
    stranger = reachable(given.person("Тарас", serial=909))
    good = {
        "every": WEEK,
        "day": 1,
        "hour": 8,
        "form": "pdf",
        "readers": [possible_readers(report.community)[0][0].pk],
    }
    for change, field in (
        ({"every": "year"}, "every"), ({"day": 8}, "day"), ({"day": 0}, "day"), ({"hour": 24}, "hour"),
        ({"form": "doc"}, "form"), ({"readers": []}, "readers"), ({"readers": [stranger.pk]}, "readers"),
        ({"every": MONTH, "day": 32}, "day"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            plan_report(report=report, base="https://viche.test/", by=by, **(good | change))
        assert field in refused.value.fields
    assert schedule.readers.count() == 2
    cancel_schedule(report=report, by=by)
    assert run_at(DUE) == []
