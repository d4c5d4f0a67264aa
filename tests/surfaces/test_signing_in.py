"""Identification by a signature over a text: the page, the exact text, every refusal, and the one person behind it."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import given
from tests.surfaces.ground import browser, page
from viche.foundation import clock
from viche.identity.models import Attempt, Identification, Person
from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.simulation import load_cast, running
from viche.identity.registry import providers

TO = "/poltava/en/2026/vote/review/"
OLENA = next(person for person in load_cast() if person.key == "olena")


@pytest.fixture(scope="module")
def server() -> Iterator[KepSimulator]:
    with running(KepSimulator()) as simulator:
        yield simulator


@pytest.fixture
def client(db: None, settings: Any, server: KepSimulator, tmp_path: Any) -> Client:
    root = tmp_path / "root.pem"
    root.write_bytes(server.authority.root.public_bytes(serialization.Encoding.PEM))
    settings.IDENTITY_ENVIRONMENT = {**settings.IDENTITY_ENVIRONMENT, "KEP_TRUSTED": str(root)}
    providers.cache_clear()
    given.contest()
    return browser(SERVER_NAME="localhost")


def begin(client: Client, **extra: str) -> str:
    answer = client.post("/poltava/en/login/", {"method": "kep:dig_sign", "next": TO, **extra})
    assert answer.status_code == 302
    return str(answer["Location"])


def bring(client: Client, there: str, signature: bytes) -> Any:
    file = SimpleUploadedFile("text.p7s", signature, content_type="application/pkcs7-signature")
    return client.post(there, {"signature": file})


def text_of(client: Client, there: str) -> bytes:
    return bytes(client.get(f"{there}text.txt").content)


def test_the_text_is_shown_and_downloaded_to_the_letter(client, server):
    there = begin(client)
    text = text_of(client, there)
    seen = client.get(there).content.decode()
    assert text.decode().strip() in seen
    assert "localhost" in text.decode()
    assert Attempt.objects.get().text.encode() == text


def test_signed_and_back_where_one_wanted_to_go(client, server):
    there = begin(client)
    answer = bring(client, there, server.authority.sign(OLENA, text_of(client, there)))
    assert answer.status_code == 302
    assert answer["Location"] == TO
    person = Person.objects.get()
    assert person.display_name == "Олена Коваленко"
    assert Identification.objects.get().provider == "kep"
    assert client.session["method"] == "kep:dig_sign"


def test_the_same_person_by_bank_id_and_by_signature_is_one(client, server):
    by_bank = given.identify_person(
        claims=given.VerifiedClaims(
            "isei", "bank_id", OLENA.tax_number, "Коваленко", "Олена", "Іванівна", None, "bank"
        )
    )
    there = begin(client)
    bring(client, there, server.authority.sign(OLENA, text_of(client, there)))
    assert Person.objects.get() == by_bank


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("other_text", "over another text"),
        ("revoked", "revoked"),
        ("untrusted", "not by an authority"),
        ("expired", "has expired"),
        ("seal", "seal of an organisation"),
    ],
)
def test_a_refused_signature_is_said_at_its_field_and_the_attempt_goes_on(client, server, fault, said):
    there = begin(client)
    text = text_of(client, there)
    answer = bring(client, there, server.authority.sign(OLENA, text, fault=fault))
    assert answer.status_code == 422
    assert said in page(answer).text
    assert not Person.objects.exists()
    assert bring(client, there, server.authority.sign(OLENA, text)).status_code == 302


def test_a_signature_over_the_text_of_another_attempt_is_no_key(client, server):
    first, second = begin(client), begin(client)
    signature = server.authority.sign(OLENA, text_of(client, first))
    assert bring(client, second, signature).status_code == 422
    assert not Person.objects.exists()


def test_an_attempt_is_of_the_browser_that_began_it(client, server):
    there = begin(client)
    signature = server.authority.sign(OLENA, text_of(client, there))
    other = browser(SERVER_NAME="localhost")
    assert other.get(there).status_code == 400
    assert bring(other, there, signature).status_code == 400
    assert not Person.objects.exists()


def test_an_attempt_serves_once(client, server):
    there = begin(client)
    signature = server.authority.sign(OLENA, text_of(client, there))
    assert bring(client, there, signature).status_code == 302
    assert bring(client, there, signature).status_code == 400


def test_an_attempt_grows_old(client, server):
    there = begin(client)
    text = text_of(client, there)
    began = clock.now()
    with clock.at(began.replace(microsecond=0) + given.timedelta(seconds=901)):
        answer = bring(client, there, server.authority.sign(OLENA, text))
    assert answer.status_code == 400
    assert not Person.objects.exists()


def test_after_a_dozen_tries_one_begins_again(client, server):
    there = begin(client)
    for _number in range(12):
        assert bring(client, there, b"nonsense").status_code == 422
    assert bring(client, there, server.authority.sign(OLENA, text_of(client, there))).status_code == 429


def test_a_file_that_is_too_large(client, server):
    answer = bring(client, begin(client), b"x" * 300_000)
    assert answer.status_code == 422
    assert "too large" in page(answer).text


class TestAnotherWay:
    def test_a_signature_is_added_to_who_identified_by_an_account(self, client, server):
        account = given.VerifiedClaims(
            "oidc",
            "oidc",
            None,
            "Коваленко",
            "Олена",
            "",
            None,
            "login",
            identifiers=(("oidc", "https://a|1"),),
        )
        person = given.identify_person(claims=account)
        mine = browser(person, at=clock.now(), SERVER_NAME="localhost")
        answer = mine.post("/en/login/", {"method": "kep:dig_sign", "next": "/en/my/methods/", "add": "1"})
        there = str(answer["Location"])
        bring(mine, there, server.authority.sign(OLENA, text_of(mine, there)))
        seen = page(mine.get("/en/my/methods/")).text
        assert "Tax number" in seen
        assert "Account at a log-in service" in seen
        assert Person.objects.get() == given.identify_person(claims=account)

    def test_an_account_is_taken_off_but_never_the_last_thing(self, client):
        account = given.VerifiedClaims(
            "oidc",
            "oidc",
            None,
            "Коваленко",
            "Олена",
            "",
            None,
            "login",
            identifiers=(("oidc", "https://a|1"),),
        )
        person = given.person("Олена")
        given.identify_person(claims=account, joined_to=person)
        mine = browser(person, at=clock.now(), SERVER_NAME="localhost")
        reference = str(person.identifiers.get(kind="oidc").pk)
        assert mine.post("/en/my/methods/", {"account": reference}).status_code == 302
        assert [each.kind for each in person.identifiers.all()] == ["tax"]
        tax = str(person.identifiers.get().pk)
        assert mine.post("/en/my/methods/", {"account": tax}).status_code == 409
