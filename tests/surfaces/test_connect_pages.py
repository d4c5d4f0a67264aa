"""A body is connected by its own official and the platform, all of it on pages."""

import pytest
from django.test import Client

from tests import given
from tests.surfaces.ground import Ground, browser, page
from viche.communities.models import Community
from viche.identity.models import ConnectionRequest
from viche.identity.queries import roles_in

SHCHERBANI = "UA53080470000053547"
SENT = {
    "code": SHCHERBANI, "body": "Щербанівська сільська рада", "position": "секретарка ради", "phone": "0 532 000 003",
    "email": "rada@shcherbani.gov.ua", "proof": "лист № 02-15/77", "consent": "on",
}  # fmt: skip


@pytest.fixture
def zoriana(ground: Ground) -> Client:
    return browser(given.person("Зоряна", serial=78))


@pytest.fixture
def nazar(ground: Ground) -> Client:
    return browser(ground.visitors["platform"])


def test_from_the_search_to_the_first_steps(zoriana: Client, nazar: Client) -> None:
    found = page(zoriana.get("/connect/", {"q": "Щербанівська громада"}))
    assert f"/connect/request/?code={SHCHERBANI}" in found.own_links
    assert zoriana.post("/connect/request/", SENT).status_code == 302
    asked = ConnectionRequest.objects.get()
    assert asked.method == "isei:bank_id"
    assert "Щербанівська сільська рада" in page(zoriana.get("/connect/")).text
    assert "Щербанівська сільська рада" in page(zoriana.get("/my/")).text
    desk = page(nazar.get("/platform/"))
    address = f"/platform/requests/{asked.pk}/"
    assert address in desk.own_links
    assert "shcherbani.gov.ua" in page(nazar.get(address)).text
    nazar.post(address, {"act": "ask", "question": "Хто підписав?"})
    assert "Хто підписав?" in page(zoriana.get("/connect/")).text
    answer = zoriana.post("/connect/", {"request": str(asked.pk), "act": "answer", "answer": ""})
    assert answer.status_code == 422
    assert (
        zoriana.post("/connect/", {"request": str(asked.pk), "act": "answer", "answer": "Голова"}).status_code
        == 302
    )
    assert "Голова" in page(nazar.get(address)).text
    assert nazar.post(address, {"act": "approve", "slug": "poltava"}).status_code == 422
    assert nazar.post(address, {"act": "approve", "slug": "shcherbani"}).status_code == 302
    again = nazar.post(address, {"act": "approve", "slug": "shcherbani"})
    assert again.status_code == 409
    assert "Назар" in page(again).text
    assert roles_in(given.person("Зоряна", serial=78), Community.objects.get(slug="shcherbani")) == {
        "administrator"
    }
    assert "/shcherbani/office/begin/" in page(zoriana.get("/connect/")).own_links
    assert zoriana.get("/shcherbani/office/begin/").status_code == 200
    journal = page(browser().get("/journal/"))
    assert journal.headings


def test_what_is_missing_is_said_and_nothing_is_lost(zoriana: Client) -> None:
    answer = zoriana.post("/connect/request/", {**SENT, "proof": "", "consent": ""})
    seen = page(answer)
    assert answer.status_code == 422
    assert "proof" in seen.wrong
    assert "секретарка ради" in answer.content.decode()
    answer = zoriana.post("/connect/request/", {**SENT, "consent": ""})
    assert answer.status_code == 422
    assert page(answer).wrong == ["consent"]


def test_a_connected_body_says_whom_to_ask(zoriana: Client, ground: Ground) -> None:
    answer = zoriana.get("/connect/request/", {"code": ground.poltava.code})
    assert "Віктор Коваленко" in page(answer).text
    assert zoriana.post("/connect/request/", {**SENT, "code": ground.poltava.code}).status_code == 409
    assert not ConnectionRequest.objects.exists()


def test_a_village_and_a_code_of_nothing_lead_back_to_the_search(zoriana: Client) -> None:
    for code in ("", "UA", "x" * 300, "UA53080470010087826"):
        assert zoriana.get("/connect/request/", {"code": code}).status_code == 302


def test_the_request_of_another_person_is_not_found(zoriana: Client, ground: Ground) -> None:
    zoriana.post("/connect/request/", SENT)
    reference = str(ConnectionRequest.objects.get().pk)
    other = browser(ground.visitors["resident"])
    assert other.post("/connect/", {"request": reference, "act": "withdraw"}).status_code == 404
    assert browser().post("/connect/", {"request": reference, "act": "withdraw"}).status_code == 401
    assert zoriana.post("/connect/", {"request": reference, "act": "withdraw"}).status_code == 302
    assert not ConnectionRequest.objects.get().is_open


def test_refused_with_a_reason_the_applicant_reads(zoriana: Client, nazar: Client) -> None:
    zoriana.post("/connect/request/", SENT)
    address = f"/platform/requests/{ConnectionRequest.objects.get().pk}/"
    assert nazar.post(address, {"act": "refuse", "reason": " "}).status_code == 422
    nazar.post(address, {"act": "refuse", "reason": "Лист не підписано."})
    assert "Лист не підписано." in page(zoriana.get("/connect/")).text


def test_the_platform_connects_directly_and_hands_the_link_over(nazar: Client, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"  # type: ignore[attr-defined]
    answer = nazar.post("/platform/connect/", {"code": SHCHERBANI, "slug": "", "email": "не адреса"})
    assert answer.status_code == 422
    assert not Community.objects.filter(territory_id=SHCHERBANI).exists()
    sent = {"code": SHCHERBANI.lower(), "slug": "", "email": "a@shcherbani.gov.ua"}
    answer = nazar.post("/platform/connect/", sent, follow=True)
    body = Community.objects.get(territory_id=SHCHERBANI)
    assert f"http://testserver/{body.slug}/invitation/" in answer.content.decode()
    again = nazar.post("/platform/connect/", sent)
    assert again.status_code == 422
