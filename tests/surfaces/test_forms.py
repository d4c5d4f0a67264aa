"""Forms of authors and officials: every fault at its field, nothing typed is lost, every refusal in words."""

from typing import Any

import pytest
from django.test import Client

from tests import given
from tests.surfaces.ground import browser, holder, page, prefix, resident
from viche.contests.actions import create_contest
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.models import Membership
from viche.projects.models import Project, State

SUBMISSION, REVIEW = given.day(10), given.day(25)


@pytest.fixture
def contest(db: None) -> Contest:
    return given.contest()


def address(contest: Contest, name: str) -> str:
    return f"{prefix(contest.community)}{name}"


def test_an_author_withdraws_a_project_after_being_asked_once_more(contest: Contest) -> None:
    author = given.person("Олена")
    project = given.submitted_project(contest, author=author)
    there = address(contest, f"2026/projects/{project.number}/withdraw/")
    with clock.at(SUBMISSION):
        assert browser(resident()).post(there).status_code == 403
        client = browser(author, at=SUBMISSION)
        assert there in page(client.get(address(contest, "2026/projects/1/"))).own_links
        assert client.get(there).status_code == 200
        assert Project.objects.get().state == State.IN_REVIEW
        assert client.post(there).status_code == 302
        assert Project.objects.get().state == State.WITHDRAWN
        assert client.post(there).status_code == 409
        assert there not in page(client.get(address(contest, "2026/projects/1/"))).own_links


def test_a_refusal_needs_a_reason_and_an_admission_does_not(contest: Contest) -> None:
    first, second = (given.submitted_project(contest, f"Проєкт {number}") for number in (1, 2))
    client = browser(holder("Ірина", "commission", contest.community), at=REVIEW)
    there = address(contest, f"office/2026/review/{first.number}/")
    with clock.at(REVIEW):
        for reason in ("", "   "):
            answer = client.post(there, {"verdict": "reject", "reason": reason})
            assert answer.status_code == 422
            assert page(answer).wrong == ["reason"]
        assert client.post(there, {"verdict": "", "reason": "так"}).status_code == 422
        assert Project.objects.filter(state=State.IN_REVIEW).count() == 2
        assert client.post(there, {"verdict": "reject", "reason": "Земля приватна."}).status_code == 302
        admit = address(contest, f"office/2026/review/{second.number}/")
        assert client.post(admit, {"verdict": "admit", "reason": ""}).status_code == 302
        assert "Земля приватна." in page(browser().get(address(contest, "2026/projects/1/"))).text
        # decided twice is decided once
        assert client.post(there, {"verdict": "admit"}).status_code == 422
        assert 'name="verdict"' not in client.get(there).content.decode()
    assert {each.number: each.state for each in Project.objects.all()} == {
        1: State.REFUSED,
        2: State.ADMITTED,
    }


def test_a_review_outside_of_its_phase_is_refused_in_words(contest: Contest) -> None:
    project = given.submitted_project(contest)
    client = browser(holder("Ірина", "commission", contest.community), at=given.day(50))
    with clock.at(given.day(50)):
        answer = client.post(address(contest, f"office/2026/review/{project.number}/"), {"verdict": "admit"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def draft(**changes: Any) -> Contest:
    with clock.at(given.day(-10)):
        return create_contest(
            community=given.community(), slug="draft", year=2027, title={"uk": "Чернетка"},
            rules={**given.RULES, **changes}, schedule=given.schedule(), by=SYSTEM,
        )  # fmt: skip


DECISION = {"rules-number": "7", "rules-day": "2026-02-01", "rules-url": ""}


def test_rules_are_frozen_by_a_named_decision_of_two_officials(db: None) -> None:
    contest = draft()
    first = browser(holder("Віктор", "administrator", contest.community), at=given.day(-5))
    second = browser(holder("Ірина", "commission", contest.community), at=given.day(-5))
    there = address(contest, "office/draft/freeze/")
    with clock.at(given.day(-5)):
        answer = first.post(there, {"act": "propose"})
        assert set(page(answer).wrong) == {"rules-number", "rules-day"}
        assert set(
            page(first.post(there, {"act": "propose", **DECISION, "rules-day": "2026-12-01"})).wrong
        ) == {"rules-day"}
        assert first.post(there, {"act": "propose", **DECISION}).status_code == 302
        assert not Contest.objects.get().is_frozen
        proposal = {"proposal": page(second.get(there)).hidden["proposal"][0]}
        assert first.post(there, {"act": "confirm", **proposal}).status_code == 403
        assert (
            "errors"
            not in page(second.post(there, {"act": "decline", "decline-reason": "", **proposal})).wrong
        )
        assert not Contest.objects.get().is_frozen
        assert second.post(there, {"act": "confirm", **proposal}).status_code == 302
        assert Contest.objects.get().is_frozen
        assert Contest.objects.get().rules_version.decision == "№ 7 від 01.02.2026"
        assert second.post(there, {"act": "confirm", **proposal}).status_code == 409
        assert first.post(there, {"act": "propose", **DECISION}).status_code == 422


def test_rules_with_problems_are_not_frozen_and_the_problems_are_listed(db: None) -> None:
    contest = draft(
        pots=[{"id": "small", "name": {"uk": "Малі"}, "amount": 100_000_000, "size_class": "small"}]
    )
    client = browser(holder("Віктор", "administrator", contest.community), at=given.day(-5))
    there = address(contest, "office/draft/freeze/")
    with clock.at(given.day(-5)):
        answer = client.get(there)
        assert "tone-danger" in answer.content.decode()
        assert "«Великі»" in page(answer).text
        assert 'name="rules-number"' not in answer.content.decode()
        assert client.post(there, {"act": "propose", **DECISION}).status_code == 422
    assert not Contest.objects.get().is_frozen


def test_a_member_of_the_commission_proposes_nothing(db: None) -> None:
    contest = draft()
    client = browser(holder("Ірина", "commission", contest.community), at=given.day(-5))
    with clock.at(given.day(-5)):
        there = address(contest, "office/draft/freeze/")
        assert 'value="propose"' not in client.get(there).content.decode()
        assert client.post(there, {"act": "propose", **DECISION}).status_code == 403


def test_the_whole_count_at_the_desk_of_the_commission(db: None, voting_day: None) -> None:
    """Open, count, certify by two, publish: each step offered only when it is possible."""
    contest, _projects = given.voting_contest()
    body = contest.community
    first, second = (
        browser(holder(name, "commission", body), at=given.day(62)) for name in ("Ірина", "Сергій")
    )
    there = address(contest, "office/2026/")
    acts = ("count", "certify", "publish")

    def offered(client: Client) -> set[str]:
        text = client.get(there).content.decode()
        return {act for act in acts if f'value="{act}"' in text}

    assert offered(first) == set()
    for act in acts:
        assert first.post(there, {"act": act}).status_code in {409, 422}
    with clock.at(given.day(62)):
        assert offered(first) == {"count"}
        assert first.post(there, {"act": "count"}).status_code == 302
        assert offered(first) == {"certify"}
        assert first.post(there, {"act": "publish"}).status_code == 409
        assert first.post(there, {"act": "certify"}).status_code == 302
        assert first.post(there, {"act": "certify"}).status_code == 409
        assert first.post(there, {"act": "publish"}).status_code == 409
        assert second.post(there, {"act": "certify"}).status_code == 302
        assert "publish" in offered(second)
        assert second.post(there, {"act": "publish"}).status_code == 302
        assert offered(second) == set()
        assert browser().get(address(contest, "2026/results/dossier.json")).status_code == 200


def members_form(person_number: str, **changes: str) -> dict[str, str]:
    return {
        "tax_number": person_number,
        "basis": "displaced",
        "territory": given.POLTAVA,
        "evidence": "displaced-certificate",
        "document_reference": "№ 5301-77",
    } | changes


@pytest.mark.parametrize("number", ["", "123", "1234567890", "абвгдежзиі", "0000000000", "12345678901"])
def test_a_wrong_tax_number_is_said_at_its_field(contest: Contest, number: str) -> None:
    client = browser(holder("Галина", "operator", contest.community), at=SUBMISSION)
    with clock.at(SUBMISSION):
        answer = client.post(address(contest, "office/members/"), members_form(number))
    assert answer.status_code == 422
    assert page(answer).wrong == ["tax_number"]
    assert not Membership.objects.filter(source="operator").exists()


def test_an_operator_confirms_a_membership_once(contest: Contest) -> None:
    born = given.date(1990, 1, 1)
    andrii = given.person("Андрій", born=born, serial=7, method="dig_sign")
    number = str(given.claims("Андрій", born=born, serial=7).tax_number)
    unknown = str(given.claims("Андрій", born=born, serial=9).tax_number)
    client = browser(holder("Галина", "operator", contest.community), at=SUBMISSION)
    there = address(contest, "office/members/")
    with clock.at(SUBMISSION):
        assert page(client.post(there, members_form(unknown))).wrong == ["tax_number"]
        assert page(client.post(there, members_form(number, document_reference=""))).wrong == [
            "document_reference"
        ]
        assert page(client.post(there, members_form(number, territory=given.LVIV))).wrong == ["territory"]
        answer = client.post(there, members_form(number))
        assert answer.status_code == 302
        assert client.post(there, members_form(number)).status_code == 422
        assert number not in client.get(there).content.decode()
    assert Membership.objects.get(person=andrii).basis == "displaced"


def test_a_search_by_words_does_not_unfold_the_filters_and_a_filter_does(db: None, voting_day: None) -> None:
    made, _projects = given.voting_contest()
    address = f"{prefix(made.community)}{made.slug}/projects/"
    by_words = Client().get(address, {"q": "немає такого"}).content.decode()
    by_filter = Client().get(address, {"size": "small"}).content.decode()
    assert '<details class="disclosure">' in by_words
    assert '<details class="disclosure" open>' in by_filter
    assert "field-optional" not in by_words
