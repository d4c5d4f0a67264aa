"""A connection to the database is lost while somebody votes: the voter is told to send the same ballot once more, and
whatever had become of the first sending, the second gives the receipt and there is one ballot in the box.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.test import Client
from tests import given
from tests.crowd import at_once
from tests.surfaces.ground import VOTING_DAY, browser, page, prefix, resident
from tests.wire import AFTER, BEFORE, Wire

from viche.ballots.actions import cast_ballot
from viche.ballots.models import Ballot, Participation
from viche.channels.booth.selection import RECEIPT
from viche.contests.models import Contest
from viche.foundation import clock
from viche.journal.models import Entry

NOTHING, ONE = (0, 0, 0), (1, 1, 1)


class Fuse:
    """What the wire does at the next commits, one after another; then nothing more."""

    def __init__(self) -> None:
        self.plan: list[str] = []

    def __call__(self) -> str:
        return self.plan.pop(0) if self.plan else ""


@pytest.fixture
def fuse() -> Fuse:
    return Fuse()


@pytest.fixture
def wire(committed_db: None, fuse: Fuse) -> Iterator[Wire]:
    """The test's own connection to the database goes through the wire."""
    kept = connection.settings_dict["HOST"]
    with Wire(kept, fuse) as made:
        connection.close()
        connection.settings_dict["HOST"] = str(made.folder)
        try:
            yield made
        finally:
            connection.close()
            connection.settings_dict["HOST"] = kept


class Booth:
    """Petro before the button: everything chosen, the review page open."""

    def __init__(self, contest: Contest) -> None:
        self.address = f"{prefix(contest.community)}{contest.slug}/vote/review/"
        self.client = browser(resident(), raise_request_exception=False, enforce_csrf_checks=True)
        self.choose("1", "2")

    def choose(self, *codes: str) -> None:
        there = self.address.removesuffix("review/")
        token = page(self.client.get(there)).hidden["csrfmiddlewaretoken"][0]
        sent = {"choice": codes, "shown": ["1", "2", "3", "4"], "csrfmiddlewaretoken": token}
        assert self.client.post(there, sent).status_code == 302
        form = page(self.client.get(self.address)).hidden
        self.form = {name: form[name] for name in ("csrfmiddlewaretoken", "request_key", "choice")}

    def press(self, form: dict[str, list[str]] | None = None, client: Client | None = None) -> Any:
        answer = (client or self.client).post(self.address, form or self.form)
        # between two requests a server lets go of a connection that broke
        close_old_connections()
        return answer


@pytest.fixture
def booth(wire: Wire) -> Iterator[Booth]:
    with clock.at(VOTING_DAY):
        contest, _projects = given.voting_contest()
        yield Booth(contest)


def in_the_box() -> tuple[int, int, int]:
    return (
        Participation.objects.count(), Ballot.objects.count(), Entry.objects.filter(kind="BallotSealed").count(),
    )  # fmt: skip


def receipt_in(answer: Any) -> str:
    """The commitment of the receipt that a browser was given."""
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert answer["Location"].endswith("/receipt/"), answer["Location"]
    (kept,) = [each.value for name, each in answer.cookies.items() if RECEIPT in name]
    return signing.loads(kept, salt=RECEIPT)["commitment"]


def unknown(answer: Any) -> dict[str, list[str]]:
    """The page says that nobody knows, and holds the form to send again."""
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    seen = page(answer)
    assert "Надішліть бюлетень ще раз" in seen.text
    assert "зарахується один раз" in seen.text
    return {name: seen.hidden[name] for name in ("csrfmiddlewaretoken", "request_key", "choice")}


@pytest.mark.parametrize(("moment", "kept"), [(BEFORE, NOTHING), (AFTER, ONE)])
def test_whether_the_commit_arrived_or_not_the_voter_sees_the_same_and_sends_again(
    booth, wire, fuse, moment, kept
):
    fuse.plan = [moment]
    first = booth.press()
    form = unknown(first)
    assert form == booth.form, "the same request, choices and protection"
    assert wire.cuts[moment] == 1
    assert in_the_box() == kept
    receipt = receipt_in(booth.press(form))
    assert in_the_box() == ONE
    assert bytes(Ballot.objects.get().commitment).hex() == receipt
    assert receipt_in(booth.press(form)) == receipt, "and whenever it is asked again"
    assert in_the_box() == ONE


def test_nobody_can_tell_from_the_page_whether_the_commit_arrived(booth, wire, fuse):
    pages = []
    for moment in (BEFORE, AFTER):
        fuse.plan = [moment]
        pages.append(booth.press().content)
    assert pages[0] == pages[1]


def test_a_connection_that_breaks_time_and_again_still_makes_one_ballot(booth, wire, fuse):
    fuse.plan = [BEFORE, AFTER]
    form = unknown(booth.press())
    form = unknown(booth.press(form))
    assert in_the_box() == ONE
    receipt_in(booth.press(form))
    assert in_the_box() == ONE


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
def test_the_ballot_is_in_and_the_connection_breaks_while_the_session_is_kept(booth, fuse, moment):
    """Django writes the session after the page: to the voter it is the same loss of the answer."""
    fuse.plan = ["", moment]
    form = unknown(booth.press())
    assert fuse.plan == []
    assert in_the_box() == ONE
    receipt_in(booth.press(form))
    assert in_the_box() == ONE


def test_who_signed_out_in_another_window_is_told_so_and_nothing_is_cast_twice(booth, monkeypatch):
    """The session went while the ballot was on its way: no fault of the database."""

    def gone(**wanted: Any) -> Any:
        receipt = cast_ballot(**wanted)
        Session.objects.all().delete()
        return receipt

    monkeypatch.setattr("viche.portal.views.booth.cast_ballot", gone)
    answer = booth.press()
    assert answer.status_code == 400
    assert "ви вже вийшли" in page(answer).text
    assert in_the_box() == ONE


def test_where_the_database_is_gone_altogether_the_ballot_stays_on_the_page(booth, wire):
    wire.is_dead = True
    wire.cut_all()
    connection.close()
    form = unknown(booth.press())
    assert form == booth.form
    wire.is_dead = False
    receipt_in(booth.press(form))
    assert in_the_box() == ONE


def test_a_page_that_is_only_looked_at_says_it_in_either_language(booth, wire):
    wire.is_dead = True
    for address, words in ((booth.address, "Спробуйте за хвилину"), ("/en/", "Try again in a minute")):
        wire.cut_all()
        connection.close()
        answer = booth.client.get(address)
        assert answer.status_code == 503
        assert words in page(answer).text
        assert "request_key" not in page(answer).hidden


def test_the_page_lends_a_forged_form_no_protection(booth, wire):
    """A form from another site comes back with the token it came with, which is none of this browser's."""
    wire.is_dead = True
    wire.cut_all()
    connection.close()
    form = unknown(booth.press({**booth.form, "csrfmiddlewaretoken": ["x" * 64]}))
    assert form["csrfmiddlewaretoken"] == ["x" * 64]
    wire.is_dead = False
    assert booth.press(form).status_code == 403
    assert in_the_box() == NOTHING


def test_another_form_is_not_sent_again_blindly(booth, wire):
    token = booth.form["csrfmiddlewaretoken"][0]
    wire.is_dead = True
    wire.cut_all()
    connection.close()
    answer = booth.client.post("/pages/contact/", {"text": "Таємниця", "csrfmiddlewaretoken": token})
    assert answer.status_code == 503
    assert "Невідомо, чи це збережено" in page(answer).text
    assert "Таємниця" not in answer.content.decode()


def test_a_server_process_killed_in_the_middle_of_the_statement(booth, wire, monkeypatch):
    """The administrator of the database ends the very connection that is putting the ballot."""
    from viche.ballots import actions

    put = actions.put_ballots

    def ended(*wanted: Any) -> int:
        number = put(*wanted)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        import psycopg

        with psycopg.connect(host=wire.server.rpartition("/")[0], user="viche", dbname="postgres") as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return number

    with monkeypatch.context() as patch:
        patch.setattr(actions, "put_ballots", ended)
        form = unknown(booth.press())
    assert in_the_box() == NOTHING
    receipt_in(booth.press(form))
    assert in_the_box() == ONE


def test_the_same_request_with_other_choices_is_refused_after_a_lost_answer(booth, wire, fuse):
    fuse.plan = [AFTER]
    form = unknown(booth.press())
    answer = booth.press({**form, "choice": ["3"]})
    assert answer.status_code == 422
    assert in_the_box() == ONE
    first = receipt_in(booth.press(form))
    assert bytes(Ballot.objects.get().commitment).hex() == first


def test_a_hundred_windows_send_one_request_and_all_get_the_one_receipt(booth, wire):
    cookies = booth.client.cookies

    def press(_place: int) -> str:
        window = browser(raise_request_exception=False, enforce_csrf_checks=True)
        window.cookies = cookies.copy()
        return receipt_in(booth.press(client=window))

    found = at_once(100, press)
    assert [each for each in found if isinstance(each, Exception)] == []
    assert len(set(found)) == 1
    assert in_the_box() == ONE


@pytest.mark.parametrize(("raised", "status"), [
    (OperationalError("deadlock detected"), 503), (InterfaceError("connection already closed"), 503),
    (RuntimeError("a fault of ours"), 500),
])  # fmt: skip
def test_only_a_database_out_of_reach_is_called_so(db, monkeypatch, raised, status):
    def broken(**_: Any) -> None:
        raise raised

    with clock.at(VOTING_DAY):
        contest, _projects = given.voting_contest()
        booth = Booth(contest)
        monkeypatch.setattr("viche.portal.views.booth.cast_ballot", broken)
        answer = booth.press()
    assert answer.status_code == status
    assert ("Retry-After" in answer) == (status == 503)
