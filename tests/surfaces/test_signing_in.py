"""Identification by a signature over a text: the page, the exact text, every refusal, and the one person behind it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import given
from tests.surfaces.ground import browser, page
from viche.foundation import clock
from viche.identity.models import Attempt, Identification, Person
from viche.identity.providers.diia.simulator import DiiaSimulator
from viche.identity.providers.diia.simulator.server import ACQUIRER, AUTHORIZATION, BRANCH, OFFER
from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.mobileid.simulator import MobileIdSimulator, phone_of
from viche.identity.providers.mobileid.simulator.server import AP_ID, AP_PASSWORD, PROFILE
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


def led_to(answer: Any) -> str:
    """Where one goes on, after the text of consent that a first visit meets."""
    return parse_qs(urlsplit(answer["Location"]).query).get("next", [answer["Location"]])[0]


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
    assert led_to(answer) == TO
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
        assert [each.kind for each in person.identifiers.filter(removed_at=None)] == ["tax"]
        tax = str(person.identifiers.get(kind="tax").pk)
        assert mine.post("/en/my/methods/", {"account": tax}).status_code == 409


@pytest.fixture
def elsewhere(client, settings, server):
    """The client's site, set up for a phone and for an application too."""
    with (
        running(MobileIdSimulator(authority=server.authority)) as phones,
        running(DiiaSimulator(authority=server.authority)) as diia,
    ):
        settings.IDENTITY_ENVIRONMENT = {
            **settings.IDENTITY_ENVIRONMENT, "MOBILEID_URL": phones.service, "MOBILEID_AP_ID": AP_ID,
            "MOBILEID_AP_PASSWORD": AP_PASSWORD, "MOBILEID_PROFILE": PROFILE, "DIIA_URL": diia.url,
            "DIIA_ACQUIRER_TOKEN": ACQUIRER, "DIIA_AUTHORIZATION": AUTHORIZATION, "DIIA_BRANCH_ID": BRANCH,
            "DIIA_OFFER_ID": OFFER,
        }  # fmt: skip
        providers.cache_clear()
        yield phones, diia


class TestByPhone:
    def begin(self, client) -> str:
        answer = client.post("/poltava/en/login/", {"method": "mobileid:mobile_id", "next": TO})
        return str(answer["Location"])

    def test_asked_confirmed_and_back(self, client, elsewhere):
        phones, _diia = elsewhere
        there = self.begin(client)
        code = client.get(there).context["code"]
        assert client.post(there, {"phone": f"+{phone_of(OLENA)}"}).status_code == 302
        waiting = page(client.get(there)).text
        assert code in waiting
        assert "No answer yet" in page(client.post(there)).text
        assert client.post(there, headers={"HX-Request": "true"}).status_code == 204
        phones.answer_question(next(iter(phones.questions)), "sign")
        answer = client.post(there)
        assert led_to(answer) == TO
        assert client.session["method"] == "mobileid:mobile_id"

    def test_a_page_that_asks_by_itself_is_led_on(self, client, elsewhere):
        phones, _diia = elsewhere
        there = self.begin(client)
        client.post(there, {"phone": phone_of(OLENA)})
        phones.answer_question(next(iter(phones.questions)), "sign")
        assert client.post(there, headers={"HX-Request": "true"})["HX-Redirect"].endswith(quote(TO, safe=""))

    def test_the_number_is_kept_nowhere(self, client, elsewhere):
        there = self.begin(client)
        client.post(there, {"phone": phone_of(OLENA)})
        attempt = Attempt.objects.get()
        kept = f"{attempt.__dict__} {dict(client.session.items())}"
        assert phone_of(OLENA)[2:] not in kept

    @pytest.mark.parametrize(
        ("number", "said"), [("12", "not a Ukrainian phone"), ("0991112233", "no MobileID")]
    )
    def test_a_number_that_cannot_be_asked(self, client, elsewhere, number, said):
        answer = client.post(self.begin(client), {"phone": number})
        assert answer.status_code == 422
        assert said in page(answer).text

    def test_nobodys_phone_is_asked_on_and_on(self, client, elsewhere):
        phones, _diia = elsewhere
        for _number in range(5):
            assert client.post(self.begin(client), {"phone": phone_of(OLENA)}).status_code == 302
        answer = browser(SERVER_NAME="localhost")
        answer = answer.post(self.begin(answer), {"phone": phone_of(OLENA)})
        assert answer.status_code == 422
        assert "several times within an hour" in page(answer).text
        assert len(phones.questions) == 5

    def test_refused_on_the_phone(self, client, elsewhere):
        phones, _diia = elsewhere
        there = self.begin(client)
        client.post(there, {"phone": phone_of(OLENA)})
        phones.answer_question(next(iter(phones.questions)), "refuse")
        answer = client.post(there)
        assert answer.status_code == 400
        assert "cancelled" in page(answer).text
        assert not Person.objects.exists()


class TestByApplication:
    def begin(self, client) -> str:
        answer = client.post("/poltava/en/login/", {"method": "diia:diia_id", "next": TO})
        return str(answer["Location"])

    def deliver(self, diia, fault: str = "") -> Any:
        """What the application's server sends to the site, from outside: no session, no token of a form."""
        request = next(reversed(diia.requests.values()))
        body, trace = diia.delivery(request, OLENA, fault)
        outside = browser(SERVER_NAME="localhost", enforce_csrf_checks=True)
        return outside.post(
            "/identity/delivery/diia/", body, content_type="application/json",
            headers={"X-Document-Request-Trace-Id": trace},
        )  # fmt: skip

    def test_signed_in_the_application_and_back(self, client, elsewhere):
        _phones, diia = elsewhere
        there = self.begin(client)
        assert diia.url in client.get(there).content.decode()
        assert "No answer yet" in page(client.post(there)).text
        assert self.deliver(diia).status_code == 200
        answer = client.get(there)
        assert led_to(answer) == TO
        assert client.session["method"] == "diia:diia_id"
        assert Person.objects.get().family_name == "Коваленко"

    def test_a_delivery_opens_no_other_browser(self, client, elsewhere):
        _phones, diia = elsewhere
        there = self.begin(client)
        self.deliver(diia)
        assert browser(SERVER_NAME="localhost").get(there).status_code == 400

    def test_twice_is_once(self, client, elsewhere):
        _phones, diia = elsewhere
        self.begin(client)
        assert [self.deliver(diia).status_code, self.deliver(diia).status_code] == [200, 200]
        assert Identification.objects.count() == 1

    @pytest.mark.parametrize(
        ("fault", "status"), [("unknown_request", 404), ("nonsense", 400), ("two_items", 400)]
    )
    def test_a_delivery_of_nobody(self, client, elsewhere, fault, status):
        _phones, diia = elsewhere
        self.begin(client)
        assert self.deliver(diia, fault).status_code == status
        assert not Person.objects.exists()

    def test_a_forged_signature_ends_in_a_clear_page(self, client, elsewhere):
        _phones, diia = elsewhere
        there = self.begin(client)
        assert self.deliver(diia, "forged").status_code == 200
        answer = client.get(there)
        assert answer.status_code == 400
        assert "does not fit" in page(answer).text
        assert not Person.objects.exists()

    def test_too_late(self, client, elsewhere):
        _phones, diia = elsewhere
        self.begin(client)
        with clock.at(clock.now() + given.timedelta(seconds=901)):
            assert self.deliver(diia).status_code == 409
        assert not Person.objects.exists()

    def test_the_service_is_down(self, client, elsewhere):
        _phones, diia = elsewhere
        diia.fault = "api_500"
        answer = client.post("/poltava/en/login/", {"method": "diia:diia_id", "next": TO})
        assert answer.status_code == 502
