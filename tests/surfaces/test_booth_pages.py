"""Voting in the browser: nothing chosen is lost, nothing is counted twice, every refusal says why."""

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests import given
from tests.surfaces.ground import browser, page, prefix, resident
from viche.ballots.queries import mark_of, turnout
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.models import Person
from viche.identity.sessions import AT, METHOD, PERSON
from viche.projects.models import Project

CONTEST = tuple[Contest, list[Project]]
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


def cookie(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


DAMAGED = {
    "empty": "",
    "signs": "%%%",
    "no json": cookie(b"not json"),
    "object": cookie(b'{"a": 1}'),
    "numbers": cookie(b"[1, 2]"),
    "deep": cookie(b"[" * 2900),
    "zero byte": cookie(json.dumps(["\x00", "1"]).encode()),
    "repeated": cookie(json.dumps(["1"] * 900).encode()),
    "letters": "é" * 20,
}


@pytest.fixture
def contest(db: None, voting_day: None) -> CONTEST:
    return given.voting_contest()


def address(contest: Contest, name: str = "vote/") -> str:
    return f"{prefix(contest.community)}{contest.slug}/{name}"


def choose(
    client: Client, contest: Contest, *codes: str, shown: tuple[str, ...] = ("1", "2", "3", "4")
) -> object:
    return client.post(address(contest), {"choice": codes, "shown": shown, "review": "1"})


def review(client: Client, contest: Contest) -> object:
    return client.get(address(contest, "vote/review/"))


def cast(client: Client, contest: Contest) -> tuple[dict[str, list[str]], object]:
    """Send the review form as it stands; the form sent and the answer."""
    form = page(review(client, contest)).hidden
    sent = {name: form[name] for name in ("request_key", "choice")}
    return sent, client.post(address(contest, "vote/review/"), sent)


def identify(client: Client, person: Person) -> None:
    session = client.session
    session[PERSON], session[AT], session[METHOD] = str(person.id), clock.now().isoformat(), "isei:bank_id"
    session.save()


def test_too_many_choices_are_said_in_words_and_nothing_is_lost(contest: CONTEST) -> None:
    made, projects = contest
    client = browser(resident())
    assert choose(client, made, "1", "2", "3", "4").status_code == 302
    answer = review(client, made)
    seen = page(answer)
    assert "4" in seen.text
    assert all(project.title in seen.text for project in projects)
    assert "request_key" not in seen.hidden, "a ballot with faults cannot be confirmed"
    assert sorted(page(client.get(address(made))).checked) == ["1", "2", "3", "4"]
    english = page(client.get(address(made, "vote/review/").replace("/2026/", "/en/2026/")))
    assert "You have chosen 4 projects; the rules allow 3." in english.text
    assert "the rules allow 2" in english.text


def test_an_empty_ballot_is_not_cast(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser(resident())
    choose(client, made)
    assert "request_key" not in page(review(client, made)).hidden
    sent = client.post(
        address(made, "vote/review/"), {"request_key": base64.urlsafe_b64encode(b"k" * 32).decode()}
    )
    assert sent.status_code == 422
    assert turnout(made) == 0


def test_a_search_keeps_what_was_chosen_outside_of_it(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser()
    choose(client, made, "1", "2")
    found = client.post(address(made), {"choice": ["3"], "shown": ["3"], "q": "Проєкт 4", "search": "1"})
    assert parse_qs(urlsplit(found["Location"]).query) == {"q": ["Проєкт 4"]}
    listed = page(client.get(found["Location"]))
    assert listed.hidden["shown"] == ["4"]
    choose(client, made, "4", shown=("4",))
    assert sorted(page(client.get(address(made))).checked) == ["1", "2", "3", "4"]


def test_the_search_button_searches_and_goes_nowhere_else(contest: CONTEST) -> None:
    """The form has two buttons: the one of the search field must not end the choosing."""
    made, _projects = contest
    client = browser()
    text = client.get(address(made)).content.decode()
    inside = text[text.index('id="ballot"') :]
    first = inside[inside.index("<button") : inside.index(">", inside.index("<button"))]
    assert 'name="search"' in first, first
    assert client.post(address(made), {"choice": ["1"], "q": "", "search": "1"})["Location"] == address(made)


def test_login_comes_last_and_the_choice_survives_it(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser()
    choose(client, made, "1", "2")
    seen = page(review(client, made))
    assert "request_key" not in seen.hidden
    login = next(href for href in seen.own_links if "/login/" in href and "review" in href)
    assert parse_qs(urlsplit(login).query)["next"] == [address(made, "vote/review/")]
    identify(client, resident())
    assert page(review(client, made)).hidden["choice"] == ["1", "2"]


def test_an_expired_login_keeps_the_choice(contest: CONTEST) -> None:
    made, _projects = contest
    client, person = browser(resident()), resident()
    choose(client, made, "1", "2")
    form = page(review(client, made)).hidden
    del client.cookies["viche"]
    answer = client.post(
        address(made, "vote/review/"), {name: form[name] for name in ("request_key", "choice")}
    )
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [address(made, "vote/review/")]
    identify(client, person)
    assert page(review(client, made)).hidden["choice"] == ["1", "2"]
    _sent, answer = cast(client, made)
    assert answer["Location"] == address(made, "vote/receipt/")


def test_an_identification_half_an_hour_old_is_asked_for_again_before_casting(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser(resident())
    choose(client, made, "1")
    form = page(review(client, made)).hidden
    with clock.at(given.day(45, hour=13)):
        assert "request_key" not in page(review(client, made)).hidden
        late = client.post(
            address(made, "vote/review/"), {name: form[name] for name in ("request_key", "choice")}
        )
        assert "/login/" in late["Location"]
    assert turnout(made) == 0


def test_casting_gives_a_receipt_that_is_found(contest: CONTEST) -> None:
    made, projects = contest
    client = browser(resident())
    choose(client, made, "1", "2")
    _sent, answer = cast(client, made)
    receipt = client.get(answer["Location"])
    seen = page(receipt)
    code = receipt.context["code"]
    assert code in seen.text.replace(" ", "")
    assert "<svg" in receipt.content.decode()
    assert projects[0].title in seen.text
    # in this browser the sealed ballot is checked against the choices; nobody else learns before the end of it
    own = client.get(address(made, "check/"), {"code": code})
    assert "tone-success" in own.content.decode()
    assert own.context["own"].is_right
    assert own.context["own"].entry is not None
    assert own.context["own"].code == code
    others = [browser().get(address(made, "check/"), {"code": each}) for each in (code, "0" * 64)]
    assert [each.context["found"].kind for each in others] == ["early", "early"]
    for each in others:
        assert "tone-info" in each.content.decode()
    assert turnout(made) == 1
    # the choice is forgotten by the browser, the receipt is shown to this browser only
    assert page(browser().get(address(made))).checked == []
    assert browser().get(answer["Location"])["Location"] == address(made, "check/")


def test_the_same_confirmation_sent_again_shows_the_same_receipt(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser(resident())
    choose(client, made, "1", "2")
    sent, answer = cast(client, made)
    first = client.get(answer["Location"]).content
    again = client.post(address(made, "vote/review/"), sent)
    assert again["Location"] == answer["Location"]
    assert client.get(again["Location"]).content.count(b"receipt-code") == 1
    code = page(client.get(again["Location"])).text
    assert next(word for word in code.split() if len(word) == 64) in first.decode()
    assert turnout(made) == 1


def test_the_same_form_with_other_choices_is_refused(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser(resident())
    choose(client, made, "1", "2")
    sent, _answer = cast(client, made)
    other = client.post(address(made, "vote/review/"), {**sent, "choice": ["3"]})
    assert other.status_code == 422
    assert "request_reused" in other.content.decode()
    assert turnout(made) == 1


def test_another_form_of_somebody_who_voted_says_already_voted(contest: CONTEST) -> None:
    made, _projects = contest
    first, second = browser(resident()), browser(resident())
    choose(first, made, "1")
    choose(second, made, "2")
    form = page(review(second, made)).hidden
    cast(first, made)
    late = second.post(
        address(made, "vote/review/"), {name: form[name] for name in ("request_key", "choice")}
    )
    assert late.status_code == 409
    assert "already_voted" in late.content.decode()
    for name in ("vote/", "vote/review/"):
        answer = second.get(address(made, name))
        assert answer.status_code == 409
        assert address(made, "check/") in page(answer).own_links
    assert turnout(made) == 1


def test_choices_made_in_another_tab_do_not_change_what_was_confirmed(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser(resident())
    choose(client, made, "1", "2")
    form = page(review(client, made)).hidden
    choose(client, made, "3")
    answer = client.post(
        address(made, "vote/review/"), {name: form[name] for name in ("request_key", "choice")}
    )
    titles = page(client.get(answer["Location"])).text
    assert "Проєкт 1" in titles
    assert "Проєкт 2" in titles
    assert "Проєкт 3" not in titles


@pytest.mark.parametrize(("when", "day"), [("before", 30), ("after", 60)])
def test_outside_of_the_voting_no_page_of_the_booth_opens(contest: CONTEST, when: str, day: int) -> None:
    made, _projects = contest
    client = browser(resident())
    choose(client, made, "1")
    form = page(review(client, made)).hidden
    with clock.at(given.day(day, hour=0)):
        identify(client, resident())
        for name in ("vote/", "vote/review/"):
            answer = client.get(address(made, name))
            assert answer.status_code == 409
            assert "voting_closed" in answer.content.decode()
            assert len(page(answer).own_links) > 3
        sent = client.post(
            address(made, "vote/review/"), {name: form[name] for name in ("request_key", "choice")}
        )
        assert sent.status_code == 409
        assert client.post(address(made, "projects/1/pick/")).status_code == 409
        assert address(made) not in page(client.get(address(made, "projects/1/"))).own_links
    assert turnout(made) == 0


def test_the_last_second_of_the_voting_counts_and_the_next_does_not(contest: CONTEST) -> None:
    made, _projects = contest
    end = made.window("voting").ends_at
    for moment, name, expected in ((end - timedelta(seconds=1), "Зоя", 302), (end, "Клим", 409)):
        client = browser(resident(name), at=end - timedelta(seconds=60))
        choose(client, made, "1")
        with clock.at(end - timedelta(seconds=60)):
            form = page(review(client, made)).hidden
        with clock.at(moment):
            sent = {name: form[name] for name in ("request_key", "choice")}
            assert client.post(address(made, "vote/review/"), sent).status_code == expected
    assert turnout(made) == 1


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ({"born": given.date(2011, 1, 1)}, "you are 15"),
        ({"region": "Львівська", "locality": "м. Львів"}, "does not lie in this community"),
        ({"method": "dig_sign"}, "It is not confirmed that you belong here"),
    ],
)  # fmt: skip
def test_who_may_not_vote_reads_why(contest: CONTEST, who: dict[str, object], why: str) -> None:
    made, _projects = contest
    person = given.person("Софія", serial=77, **who)
    client = browser(person)
    choose(client, made, "1")
    english = address(made, "vote/review/").replace("/2026/", "/en/2026/")
    seen = page(client.get(english))
    assert why in seen.text
    assert "request_key" not in seen.hidden
    forged = {"request_key": KEY, "choice": ["1"]}
    sent = client.post(address(made, "vote/review/"), forged)
    assert sent.status_code == 403
    assert turnout(made) == 0
    assert mark_of(made, person) is None


@pytest.mark.parametrize("value", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_cookie_of_choices_is_an_empty_ballot(contest: CONTEST, value: str) -> None:
    made, _projects = contest
    client = browser(resident())
    client.cookies[f"ballot-{made.id.hex}"] = value
    for name in ("vote/", "vote/review/", "projects/1/"):
        assert client.get(address(made, name)).status_code == 200, name
    assert len(page(client.get(address(made))).checked) <= 1


def test_a_project_that_is_not_on_the_ballot_is_said_and_not_cast(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser(resident())
    client.cookies[f"ballot-{made.id.hex}"] = cookie(b'["1", "99"]')
    form = page(review(client, made))
    assert "request_key" not in form.hidden
    forged = {"request_key": KEY, "choice": ["1", "99"]}
    assert client.post(address(made, "vote/review/"), forged).status_code == 422
    # and there is a way out: the ballot itself lets the unknown project go
    choose(client, made, "1")
    assert page(review(client, made)).hidden["choice"] == ["1"]


def test_a_damaged_form_is_refused_in_words(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser(resident())
    choose(client, made, "1")
    for key in ("", "!!!", "a", "x" * 9000):
        answer = client.post(address(made, "vote/review/"), {"request_key": key, "choice": ["1"]})
        assert answer.status_code == 400, key[:5]
        assert "bad_request_key" in answer.content.decode()
    assert turnout(made) == 0


def test_a_form_without_protection_is_refused_on_a_page_with_a_way_on(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser(resident(), enforce_csrf_checks=True)
    for name in ("vote/", "vote/review/", "projects/1/pick/", "login/", "logout/"):
        path = address(made, name) if name[0] in "vp" else f"/{name}"
        answer = client.post(path, {"choice": ["1"]})
        assert answer.status_code == 403, path
        assert "form_expired" in answer.content.decode()
        assert page(answer).own_links
        assert len(page(answer).headings) == 1


def test_a_project_is_put_on_the_ballot_and_taken_off_from_its_own_page(contest: CONTEST) -> None:
    made, _projects = contest
    client = browser()
    assert client.post(address(made, "projects/2/pick/"))["Location"] == address(made, "projects/2/")
    assert page(client.get(address(made))).checked == ["2"]
    client.post(address(made, "projects/2/pick/"))
    assert page(client.get(address(made))).checked == []
    assert client.get(address(made, "projects/2/pick/")).status_code == 302


def test_nobody_sees_in_a_page_or_a_header_what_was_chosen_before(contest: CONTEST) -> None:
    """Two people at one computer: after signing out and casting nothing of the first remains for the second."""
    made, _projects = contest
    client = browser(resident())
    choose(client, made, "1", "2")
    cast(client, made)
    client.post("/logout/")
    identify(client, given.person("Марта"))
    assert page(client.get(address(made))).checked == []
