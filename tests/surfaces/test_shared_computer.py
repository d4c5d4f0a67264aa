"""A computer in a library: nothing of one visitor is left for the next, and nothing typed is lost to a timeout."""

import hashlib
import json

import pytest
from django.test import Client

from tests import given
from tests.surfaces.ground import browser, page, publish, resident
from tests.surfaces.test_booth_pages import CONTEST, address, cast, choose, identify
from viche.foundation import clock
from viche.foundation.fields import MoneyField
from viche.portal.writing.forms import PlaceForm
from viche.projects.models import Project


@pytest.fixture
def contest(db: None, voting_day: None) -> CONTEST:
    return given.voting_contest()


def voted(contest: CONTEST, name: str = "Петро") -> Client:
    client = browser(resident(name))
    choose(client, contest[0], "1")
    cast(client, contest[0])
    return client


def test_signing_out_takes_choice_and_receipt_with_it(contest: CONTEST) -> None:
    client = voted(contest)
    assert client.get(address(contest[0], "vote/receipt/")).status_code == 200
    choose(client, given.voting_contest(slug="school")[0], "1")
    client.post("/logout/")
    left = {name for name, cookie in client.cookies.items() if cookie.value}
    assert not [name for name in left if name.startswith("ballot-") or name == "receipt"]
    assert client.get(address(contest[0], "vote/receipt/")).status_code == 302


def test_a_receipt_is_shown_to_its_own_voter_only(contest: CONTEST) -> None:
    client = voted(contest)
    identify(client, resident("Марія"))
    assert client.get(address(contest[0], "vote/receipt/")).status_code == 302


def test_every_visitor_has_an_order_of_projects_of_their_own(contest: CONTEST) -> None:
    first, second = Client(), Client()
    orders = []
    for client in (first, first, second):
        shown = page(client.get(address(contest[0]))).hidden["shown"]
        orders.append(shown)
    assert orders[0] == orders[1]
    seeds = [client.cookies["order"].value for client in (first, second)]
    assert seeds[0] != seeds[1]


def test_a_form_sent_after_the_session_ended_comes_back_with_all_that_was_typed(db: None) -> None:
    made = given.contest()
    olena = resident("Олена")
    client = browser(olena, at=given.day(5))
    typed = {
        "title": "Сквер на місці пустиря", "summary": "Зелено.", "text": "Рядок перший\n<b>другий</b>",
        "category": "parks", "revision": "1",
    }  # fmt: skip
    with clock.at(given.day(5)):
        step = client.post(address(made, "write/"))["Location"]
        client.cookies.clear()
        answer = client.post(step, typed)
        assert answer.status_code == 401
        assert answer["Cache-Control"] == "no-store"
        body = answer.content.decode()
        assert "<b>другий" not in body
        kept = dict(answer.context["fields"])
        assert {name: kept[name] for name in typed} == typed
        # back from the provider in another tab, the kept form goes through
        identify(client, olena)
        assert client.post(answer.context["action"], kept).status_code == 302
    assert Project.objects.get().title == typed["title"]


def test_choices_are_found_by_the_receipt_only_after_the_publication(contest: CONTEST) -> None:
    made, projects = contest
    client = voted(contest)
    code = page(client.get(address(made, "vote/receipt/"))).text
    mark = bytes(made.ballots.get().commitment).hex()
    assert mark in code.replace(" ", "")
    with clock.at(given.day(61)):
        from viche.ballots.actions import open_box

        open_box(contest=made)
        opened = client.get(address(made, "check/"), {"code": mark}).content.decode()
        assert projects[0].title not in opened


def test_every_opened_ballot_is_published_against_its_commitment(db: None) -> None:
    made, projects = given.voting_contest()
    publish(made, {"Петро": [projects[0]], "Марія": [projects[0], projects[3]]})
    with clock.at(given.day(75)):
        answer = Client().get(address(made, "results/openings.json"))
        rows = json.loads(b"".join(answer.streaming_content))
    assert [row["commitment"] for row in rows] == sorted(row["commitment"] for row in rows)
    assert sorted(len(row["ballot"]["choices"]) for row in rows) == [1, 2]
    for row in rows:
        text = json.dumps(row["ballot"], ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        parts = b"".join(len(part).to_bytes(8, "big") + part for part in (str(made.id).encode(), text))
        found = hashlib.sha256(b"viche/ballot/v1\x00" + parts + bytes.fromhex(row["nonce"])).hexdigest()
        assert found == row["commitment"]


@pytest.mark.parametrize(
    ("typed", "kopiykas"),
    [
        ("125000", 12_500_000), ("125 000", 12_500_000), ("125\u00a0000 ₴", 12_500_000), ("125,000", 12_500_000),
        ("1,250,000.50", 125_000_050), ("12500,50", 1_250_050), ("12500.5", 1_250_050), ("0", 0), ("", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_was_meant(typed: str, kopiykas: int | None) -> None:
    assert MoneyField(required=False).clean(typed) == kopiykas


@pytest.mark.parametrize("typed", ["багато", "-5", "1.250.000", "12,3456", "1e5", "٣", "1 000 000 000 000 0"])
def test_an_amount_that_cannot_be_read_is_not_guessed(typed: str) -> None:
    from django import forms

    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [("49.5894, 34.5510", False), ("34.5510, 49.5894", True), ("десь там", True), ("", False)],
)
def test_a_place_is_two_numbers_in_ukraine(db: None, typed: str, fault: bool) -> None:
    project = Project(contest=given.contest(), territory=given.community().territory)
    form = PlaceForm({"coordinates": typed}, project=project, areas=[])
    form.is_valid()
    assert ("coordinates" in form.errors) is fault


def test_a_request_larger_than_any_form_is_refused_before_it_is_read(db: None) -> None:
    answer = Client().post("/login/", b"", content_type="text/plain", CONTENT_LENGTH="32000001")
    assert answer.status_code == 413


def test_an_address_that_cannot_be_one_is_not_looked_up(db: None) -> None:
    for strange in ("/a%00b/", "/%00/", "/'/", "/полтава/"):
        assert Client().get(strange).status_code == 404
