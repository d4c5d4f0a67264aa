"""Every kind of ballot through the pages of the booth: chosen, given values, cast, on the receipt, opened and found."""

import base64
import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import given
from tests.surfaces.ground import browser, page, prefix, resident
from tests.surfaces.test_booth_pages import KEY, address, cookie
from viche.ballots.actions import open_box
from viche.ballots.models import Opening
from viche.ballots.queries import turnout
from viche.channels.booth import selection
from viche.contests.actions import extend_phase
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.results.actions import certify_result, publish_result, run_count

KINDS: dict[str, dict[str, Any]] = {
    "approval": {"kind": "approval", "max_choices": 3},
    "choose-1": {"kind": "choose-1"},
    "points": {"kind": "points", "max_choices": 3, "max_points": 10, "max_points_per_project": 6},
    "ranking": {"kind": "ranking", "max_choices": 3},
    "plus-minus": {"kind": "plus-minus", "max_choices": 2, "max_minus": 1},
}


def voting(ballot: dict[str, Any], **rules: Any) -> Contest:
    counting = {"rule": "greedy-v1", "options": {}, "ties": ["earlier"]}
    made = given.contest(rules={**given.RULES, "ballot": ballot, "counting": counting, **rules})
    for number in range(1, 5):
        cost = 100_000_000 if number == 4 else 10_000_000 * number
        given.admitted_project(
            made, f"Проєкт {number}", cost=cost, category="sport" if number == 3 else "parks"
        )
    return made


def en(contest: Contest, name: str = "vote/") -> str:
    return f"{prefix(contest.community)}en/{contest.slug}/{name}"


def choose(
    client: Client, contest: Contest, *codes: str, shown: tuple[str, ...] = ("1", "2", "3", "4")
) -> str:
    return client.post(en(contest), {"choice": codes, "shown": shown, "review": "1"})["Location"]


def give(client: Client, contest: Contest, codes: list[str], press: str = "save", **values: object) -> Any:
    sent = {f"value-{code.removeprefix('p')}": value for code, value in values.items()}
    name, _equals, of = press.partition("=")
    return client.post(en(contest, "vote/values/"), {"choice": codes, **sent, name: of or "1"})


def cast(client: Client, contest: Contest) -> Any:
    form = page(client.get(en(contest, "vote/review/"))).hidden
    sent = {name: form[name] for name in ("request_key", "choice", "value") if name in form}
    return client.post(en(contest, "vote/review/"), sent)


@pytest.fixture(autouse=True)
def _voting(db: None, voting_day: None) -> None:
    """All of it happens on a day of the voting."""


@pytest.mark.parametrize(
    ("kind", "values", "choices", "said"),
    [
        ("approval", {}, [["1", 1], ["2", 1]], ["Проєкт 1", "Проєкт 2"]),
        ("points", {"p1": "2", "p2": "6"}, [["1", 2], ["2", 6]], ["Проєкт 2 (6 points)", "Проєкт 1 (2 points)"]),
        ("ranking", {}, [["1", 1], ["2", 2]], ["Проєкт 1 (place 1)", "Проєкт 2 (place 2)"]),
        ("plus-minus", {"p1": "-1", "p2": "1"}, [["1", -1], ["2", 1]], ["Проєкт 2 (for)", "Проєкт 1 (against)"]),
    ],
)  # fmt: skip
def test_a_ballot_of_each_kind_from_the_choice_to_the_published_opening(
    kind: str, values: dict[str, str], choices: list[list[Any]], said: list[str]
) -> None:
    made = voting(KINDS[kind])
    client = browser(resident())
    there = choose(client, made, "1", "2")
    if kind != "approval":
        assert there == en(made, "vote/values/")
        there = give(client, made, ["1", "2"], **values)["Location"]
    assert there == en(made, "vote/review/")
    answer = cast(client, made)
    assert answer["Location"] == en(made, "vote/receipt/")
    receipt = client.get(answer["Location"])
    seen = page(receipt).text
    for line in said:
        assert line in seen
    assert seen.index(said[0]) < seen.index(said[1])
    with clock.at(given.day(62)):
        members = [given.official(name, "commission", made.community) for name in ("Ірина", "Сергій")]
        open_box(contest=made, by=members[0])
        assert Opening.objects.get().choices == {"choices": choices}
        count = run_count(contest=Contest.objects.get(pk=made.pk), by=members[0])
        for member in members:
            certify_result(count=count, by=member)
        publish_result(count=count, by=members[0])
        found = page(browser().get(en(made, "check/"), {"code": receipt.context["code"]})).text
    for line in said:
        assert line in found


def test_on_a_ballot_of_one_the_newest_choice_replaces_the_other() -> None:
    made = voting(KINDS["choose-1"])
    client = browser(resident())
    text = client.get(en(made)).content.decode()
    assert text.count('type="radio"') == 4
    choose(client, made, "1")
    client.post(address(made, "projects/3/pick/"))
    assert page(client.get(en(made, "vote/review/"))).hidden["choice"] == ["3"]
    # the one chosen before stands outside of the search, and is let go all the same
    choose(client, made, "2", shown=("2",))
    assert page(client.get(en(made, "vote/review/"))).hidden["choice"] == ["2"]
    cast(client, made)
    assert turnout(made) == 1


def test_too_many_points_are_said_at_their_place_and_nothing_typed_is_lost() -> None:
    made = voting(KINDS["points"])
    client = browser(resident())
    choose(client, made, "1", "2", "3")
    answer = give(client, made, ["1", "2", "3"], p1="7", p2="five", p3="4")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "You have given one project 7 points; the rules allow 6." in text
    assert "Write the points in digits." in text
    assert 'value="five"' in text
    assert text.count('aria-invalid="true"') == 2
    assert 'aria-describedby="value-1-error"' in text
    again = page(client.get(en(made, "vote/review/")))
    assert "request_key" not in again.hidden
    assert give(client, made, ["1", "2", "3"], p1="6", p2="3", p3="4").status_code == 422, "thirteen of ten"
    assert give(client, made, ["1", "2", "3"], p1="3", p2="3", p3="4").status_code == 302


def test_the_buttons_work_without_scripts() -> None:
    made = voting(KINDS["points"])
    client = browser(resident())
    choose(client, made, "1", "2")
    for press in ("plus=1", "plus=1", "minus=2"):
        form = page(client.get(en(made, "vote/values/")))
        values = dict(zip(form.hidden["choice"], _typed(client, made), strict=True))
        answer = give(
            client, made, form.hidden["choice"], press, **{f"p{code}": text for code, text in values.items()}
        )
        assert answer["Location"] == en(made, "vote/values/#values")
    assert _typed(client, made) == ["3", "0"]
    assert give(client, made, ["1", "2"], "off=2", p1="3", p2="0").status_code == 302
    assert _typed(client, made) == ["3"]
    assert give(client, made, ["1"], "off=1", p1="3")["Location"] == en(made)


def _typed(client: Client, contest: Contest) -> list[str]:
    lines = client.get(en(contest, "vote/values/")).context["values"]["lines"]
    return [str(line["value"]) for line in lines]


def test_an_order_once_made_survives_another_look_at_the_list() -> None:
    made = voting(KINDS["ranking"])
    client = browser(resident())
    choose(client, made, "1", "2")
    give(client, made, ["1", "2"], "up=2")
    choose(client, made, "1", "3", "2")
    assert page(client.get(en(made, "vote/values/"))).hidden["choice"] == ["2", "1", "3"]
    form = page(client.get(en(made, "vote/review/"))).hidden
    assert (form["choice"], form["value"]) == (["2", "1", "3"], ["1", "2", "3"])


def test_the_casting_form_says_what_was_shown_whatever_another_tab_does() -> None:
    made = voting(KINDS["points"])
    client = browser(resident())
    choose(client, made, "1", "2")
    give(client, made, ["1", "2"], p1="4", p2="5")
    form = page(client.get(en(made, "vote/review/"))).hidden
    give(client, made, ["1", "2"], p1="1", p2="1")
    answer = client.post(
        en(made, "vote/review/"), {name: form[name] for name in ("request_key", "choice", "value")}
    )
    assert "Проєкт 2 (5 points)" in page(client.get(answer["Location"])).text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"choice": ["1"], "value": []}, 400), ({"choice": ["1"], "value": ["x"]}, 400),
        ({"choice": ["1"], "value": ["0"]}, 422), ({"choice": ["1"], "value": ["-3"]}, 422),
        ({"choice": ["1", "1"], "value": ["1", "1"]}, 422), ({"choice": ["1"], "value": ["7"]}, 422),
        ({"choice": ["99"], "value": ["1"]}, 422),
    ],
)  # fmt: skip
def test_a_forged_form_of_points_casts_nothing(sent: dict[str, list[str]], status: int) -> None:
    made = voting(KINDS["points"])
    answer = browser(resident()).post(en(made, "vote/review/"), {"request_key": KEY, **sent})
    assert answer.status_code == status
    assert turnout(made) == 0


@pytest.mark.parametrize(
    "value",
    [b'[["1"]]', b'[["1",1,1]]', b'[["1","2"]]', b'[["1",true]]', b'[["1",1e400]]', b'[["1",99999999]]', b'[[1,1]]'],
)  # fmt: skip
def test_a_damaged_cookie_of_values_is_an_empty_ballot(value: bytes) -> None:
    made = voting(KINDS["points"])
    client = browser(resident())
    client.cookies[f"ballot-{made.id.hex}"] = cookie(value)
    assert client.get(en(made, "vote/values/"))["Location"] == en(made)
    assert page(client.get(en(made))).checked == []


def test_two_hundred_choices_with_points_fit_into_a_cookie() -> None:
    made = voting(KINDS["points"])
    response = HttpResponse()
    selection.keep(response, made, {str(number): 9_999 for number in range(1000, 1300)})
    morsel = response.cookies[f"ballot-{made.id.hex}"]
    assert len(morsel.value) < 4_000
    assert len(json.loads(base64.urlsafe_b64decode(morsel.value))) == 200


@pytest.mark.parametrize(
    ("ballot", "chosen", "words"),
    [
        ({"kind": "approval", "min_choices": 2, "max_choices": 2}, ["1"], "at least 2"),
        ({"kind": "approval", "max_choices": 4, "max_per_category": {"parks": 1}}, ["1", "2"], "category “Parks”"),
        ({"kind": "ranking", "max_choices": 4, "max_per_category": {"parks": 1}}, ["1", "2"], "category “Parks”"),
        ({"kind": "approval", "max_choices": 4, "max_per_territory": 1}, ["1", "2"], "Шевченківський район"),
        ({"kind": "points", "max_points": 9, "max_cost": 25_000_000}, ["1", "2"], "₴300,000"),
    ],
)  # fmt: skip
def test_each_limit_is_said_with_names_before_the_ballot_can_be_cast(
    ballot: dict[str, Any], chosen: list[str], words: str
) -> None:
    made = voting(ballot)
    client = browser(resident())
    choose(client, made, *chosen)
    seen = page(client.get(en(made, "vote/review/")))
    assert words in seen.text, seen.text
    assert "request_key" not in seen.hidden
    listed = page(client.get(en(made))).text
    assert "On one ballot:" in listed


def test_ones_own_project_is_shown_but_cannot_be_given_points() -> None:
    made = voting({**KINDS["points"], "own_project": False})
    client = browser(given.person("Олена"))
    text = client.get(en(made)).content.decode()
    assert text.count("This is your own project.") == 4
    choose(client, made, "1")
    answer = give(client, made, ["1"], p1="3")
    assert answer.status_code == 422
    assert "own project" in page(answer).text


# --- channels -----------------------------------------------------------------------------------------------


def test_while_online_voting_is_not_open_every_page_says_where_one_can_vote() -> None:
    made = voting(
        KINDS["points"],
        channels=[{"kind": "desk"}, {"kind": "online", "from_day": 9}],
        identity_methods=["isei", "desk"],
    )
    client = browser(resident())
    words = "Online voting opens on 18.04.2026 00:00; until then you can vote: at a service centre."
    for name in ("vote/", "vote/values/", "vote/review/", ""):
        answer = client.get(en(made, name))
        assert answer.status_code == (200 if not name else 409)
        assert words in page(answer).text, name
    sent = client.post(en(made, "vote/review/"), {"request_key": KEY, "choice": ["1"], "value": ["1"]})
    assert sent.status_code == 409
    home = browser().get(prefix(made.community))
    assert address(made) not in page(home).own_links
    with clock.at(given.day(50)):
        client = browser(resident(), at=given.day(50))
        assert client.get(en(made)).status_code == 200
        assert en(made) in page(client.get(en(made, ""))).own_links


def test_a_channel_that_closes_before_the_voting_counts_down_to_its_own_end() -> None:
    made = voting(KINDS["approval"], channels=[{"kind": "online", "to_day": 10}, {"kind": "desk"}],
                  identity_methods=["isei", "desk"])  # fmt: skip
    text = browser().get(en(made)).content.decode()
    assert "2026-04-20T00:00:00+03:00" in text, "midnight in Kyiv after the tenth day"
    with clock.at(given.day(50)):
        assert "Online voting has closed" in page(browser().get(en(made))).text


def test_a_method_the_rules_do_not_accept_is_said_before_the_casting() -> None:
    made = voting(KINDS["approval"], identity_methods=["mobileid", "kep"])
    assert "This contest accepts: MobileID, electronic signature." in page(browser().get(en(made))).text
    client = browser(resident())
    choose(client, made, "1")
    for name in ("vote/", "vote/review/"):
        seen = page(client.get(en(made, name)))
        assert "other methods of identification: MobileID, electronic signature" in seen.text
        assert "request_key" not in seen.hidden
    sent = client.post(en(made, "vote/review/"), {"request_key": KEY, "choice": ["1"]})
    assert sent.status_code == 403
    assert turnout(made) == 0


# --- live results -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "is_shown"), [("none", False), ("turnout", True)])
def test_where_the_rules_want_no_live_results_no_page_tells_how_many_have_voted(
    policy: str, is_shown: bool
) -> None:
    made = voting(KINDS["approval"], live_results=policy)
    client = browser(resident())
    choose(client, made, "1")
    cast(client, made)
    body = prefix(made.community)
    for path in (f"{body}en/", en(made, ""), f"{body}en/{made.slug}/projects/", "/en/", "/en/?q=Полтава"):
        text = page(browser().get(path)).text
        assert ("Voted" in text) == (is_shown and path == en(made, "")), path
    assert ("Turnout by day" in page(browser().get(en(made, ""))).text) == is_shown
    assert en(made, "check/") in page(browser().get(en(made, ""))).own_links
    # once the voting is over the number is told
    with clock.at(given.day(60, hour=0)):
        assert "Voted" in page(browser().get(en(made, ""))).text
    with clock.at(given.day(50)):
        extend_phase(contest=made, phase="voting", ends_at=given.day(65), decision="№ 9", by=SYSTEM)
    with clock.at(given.day(61)):
        assert ("Voted" in page(browser().get(en(made, ""))).text) == is_shown
