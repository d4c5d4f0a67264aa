"""The client of BankID NBU against its simulator, over real HTTP: the minimum is asked for, everything that goes wrong
has its words, and nothing of the person is in any log.
"""

import contextlib
import logging
import socket
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from tests.identity.isei_walk import Form

from viche.identity.providers import MESSAGES, ProviderError
from viche.identity.providers.bankid import BankIdClient, BankIdSettings, configured
from viche.identity.providers.bankid.simulator import (
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    FAULTS,
    BankIdSimulator,
)
from viche.identity.providers.envelopes import decryptor_of
from viche.identity.providers.settings import SettingsError
from viche.identity.providers.simulation import load_cast, running
from viche.identity.providers.wire import CHATTY

STATE = "a-state-of-the-session-0123456789"
CALLBACK = "http://localhost:8000/identity/callback/bankid/"
BROWSER = httpx.Client(trust_env=False, timeout=10)
CAST = {person.key: person for person in load_cast()}
OLENA = CAST["olena"]

REFUSED = {
    "wrong_state": "state_wrong",
    "code_used": "code_used",
    "wrong_key": "misconfigured",
    "token_html": "bad_answer",
    "token_500": "provider_down",
    "token_slow": "provider_slow",
    "token_cut": "provider_down",
    "token_expired": "code_used",
    "info_html": "bad_answer",
    "info_500": "provider_down",
    "info_slow": "provider_slow",
    "info_huge": "bad_answer",
    "info_redirect": "bad_answer",
    "info_error": "bad_answer",
    "wrong_certificate": "misconfigured",
    "plain": "bad_answer",
    "other_recipient": "bad_answer",
    "broken_seal": "bad_answer",
    "unsigned": "bad_answer",
    "untrusted_signer": "bad_answer",
    "expired_signer": "bad_answer",
    "not_json": "bad_answer",
    "na_everywhere": "identity_incomplete",
    "wrong_inn": "number_wrong",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("bankid")


@pytest.fixture(scope="module")
def simulator(place):
    with running(BankIdSimulator(folder=place, allow=["http://localhost:8000/"], slow_seconds=4)) as server:
        yield server


@pytest.fixture(scope="module")
def client(simulator, place):
    settings = BankIdSettings(simulator.url, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, timeout=5)
    names = {"certificate": "site.pem", "key": "site.key", "trusted": "bank.pem"}
    opened = decryptor_of("BANKID", **{name: str(place / file) for name, file in names.items()})
    return BankIdClient(settings, decryptor=opened)


def patient(client: BankIdClient, fault: str) -> BankIdClient:
    timeout = 0.4 if fault.endswith("_slow") else 5
    return BankIdClient(replace(client.settings, timeout=timeout), decryptor=client._decryptor)


def callback(client: BankIdClient, key: str = "olena", fault: str = "", **extra: str) -> dict[str, str]:
    """Walk the browser through the simulator; the query with which it comes back."""
    page = BROWSER.get(client.authorization_url(state=STATE, redirect_uri=CALLBACK))
    assert page.status_code == 200
    choice = {**Form(page.text).hidden, "person": key, "fault": fault, **extra}
    answer = BROWSER.post(f"{client.settings.url}/choose", data=choice)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(CALLBACK + "?")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def identify(client: BankIdClient, key: str = "olena", fault: str = ""):
    code = client.code_from_callback(callback(client, key, fault), expected_state=STATE)
    return client.identify(code, state=STATE, redirect_uri=CALLBACK)


def refusal(call, *arguments, **options) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call(*arguments, **options)
    assert caught.value.code in MESSAGES
    return caught.value


def test_the_bank_tells_who_it_is_and_where_they_live(client):
    claims = identify(client)
    assert (claims.provider, claims.method) == ("bankid", "bank_id")
    assert claims.full_name == "Коваленко Олена Іванівна"
    assert claims.tax_number == OLENA.tax_number
    assert claims.birth_date == OLENA.birth_date
    assert (claims.address.region, claims.address.locality) == (OLENA.region, OLENA.locality)
    assert claims.proves == {"person", "number", "address"}
    assert claims.issuer == "demo-bank"


def test_the_minimum_is_asked_for(client, simulator, monkeypatch):
    asked = []
    whole = BankIdSimulator.data_answer

    def listening(self, grant, said):
        asked.append(said)
        return whole(self, grant, said)

    monkeypatch.setattr(BankIdSimulator, "data_answer", listening)
    identify(client)
    assert asked[0]["fields"] == ["firstName", "middleName", "lastName", "inn", "birthDay"]
    assert [each["type"] for each in asked[0]["addresses"]] == ["juridical"]
    assert "documents" not in asked[0]


def test_a_passport_is_asked_for_only_where_people_without_a_number_are_served(client):
    serving = BankIdClient(replace(client.settings, asks_passport=True), decryptor=client._decryptor)
    claims = identify(serving, fault="no_inn")
    assert claims.tax_number is None
    [(kind, number)] = claims.identifiers
    assert (kind, len(number)) == ("passport", 9)
    assert claims.citizenship == "citizen"
    assert claims.birth_date == OLENA.birth_date
    assert identify(client, fault="no_inn").identifiers == ()


def test_the_state_and_the_place_travel_along(client):
    query = parse_qs(urlsplit(client.authorization_url(state=STATE, redirect_uri=CALLBACK)).query)
    assert query == {
        "response_type": ["code"], "client_id": [DEMO_CLIENT_ID], "redirect_uri": [CALLBACK], "state": [STATE],
    }  # fmt: skip


@pytest.mark.parametrize("fault", sorted(REFUSED))
def test_each_fault_has_its_own_words(client, fault):
    assert refusal(identify, patient(client, fault), "olena", fault).code == REFUSED[fault]


@pytest.mark.parametrize(
    "fault", ["latin_name", "capitals", "na_address", "other_region", "nonsense_birthday", "no_inn"]
)
def test_what_is_only_odd_is_read(client, fault):
    claims = identify(client, fault=fault)
    assert claims.has_foreign_letters == (fault == "latin_name")
    assert (claims.address is None) == (fault == "na_address")
    assert claims.family_name[1:].islower()
    if fault == "other_region":
        assert claims.address.region == "Одеська"
    if fault == "no_inn":
        assert claims.tax_number is None


def test_every_fault_of_the_simulator_is_tried():
    odd = {"latin_name", "capitals", "na_address", "other_region", "nonsense_birthday", "no_inn"}
    assert set(FAULTS) == set(REFUSED) | odd


def test_a_code_serves_once(client):
    code = client.code_from_callback(callback(client), expected_state=STATE)
    client.identify(code, redirect_uri=CALLBACK)
    assert refusal(client.identify, code, redirect_uri=CALLBACK).code == "code_used"


def test_a_code_serves_only_where_it_was_asked_for(client):
    code = client.code_from_callback(callback(client), expected_state=STATE)
    assert refusal(client.identify, code, redirect_uri="http://localhost:8000/elsewhere/").code == "code_used"


@pytest.mark.parametrize("state", ["", "forged-state-0123456789", STATE + "x", "é"])
def test_a_forged_state_is_refused(client, state):
    query = {**callback(client), "state": state}
    assert refusal(client.code_from_callback, query, expected_state=STATE).code == "state_wrong"
    assert refusal(client.code_from_callback, query, expected_state="").code == "state_wrong"


def test_cancelled(client):
    query = callback(client, cancel="1")
    assert refusal(client.code_from_callback, query, expected_state=STATE).code == "denied"


def test_nobody_answers(client):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{probe.getsockname()[1]}"
    nobody = BankIdClient(replace(client.settings, url=dead), decryptor=client._decryptor)
    assert refusal(nobody.identify, "code", redirect_uri=CALLBACK).code == "provider_down"


@pytest.mark.parametrize(
    "wrong", [None, 7, [], {"addresses": "x"}, {"lastName": {}}, {"inn": [1]}, {"documents": [7]}]
)
def test_data_of_another_shape(client, wrong):
    data = {"type": "physical", "lastName": "Коваленко", "firstName": "Олена", "inn": OLENA.tax_number}
    if isinstance(wrong, dict):
        data |= wrong
    with contextlib.suppress(ProviderError):
        assert client.claims(data).family_name == "Коваленко"


def test_nothing_of_the_person_and_no_secret_is_in_any_log(client, caplog):
    walked = {fault: callback(client, "olena", fault) for fault in ("", *REFUSED) if fault != "wrong_state"}
    secrets = [DEMO_CLIENT_SECRET, OLENA.tax_number, "Коваленко", *(each["code"] for each in walked.values())]
    for name in ("", "viche", "asyncio", "pyhanko", "pyhanko_certvalidator", *CHATTY):
        caplog.set_level(logging.DEBUG, logger=name)
    client.identify(walked.pop("")["code"], redirect_uri=CALLBACK)
    for fault, query in walked.items():
        found = refusal(patient(client, fault).identify, query["code"], redirect_uri=CALLBACK)
        for secret in secrets:
            assert secret not in str(found) + repr(found) + repr(found.__context__)
    for secret in secrets:
        assert secret not in caplog.text


class TestSettings:
    def test_without_an_address_it_is_not_set_up(self):
        assert configured({}) is None

    def test_every_problem_at_once(self):
        with pytest.raises(SettingsError) as caught:
            configured(
                {"BANKID_URL": "http://id.bank.gov.ua", "BANKID_ADDRESS": "temporary", "BANKID_TIMEOUT": "x"}
            )
        assert len(caught.value.problems) == 5

    def test_the_simulator_cannot_serve_production(self, client, place):
        environment = {
            "BANKID_URL": client.settings.url, "BANKID_CLIENT_ID": "a", "BANKID_CLIENT_SECRET": "b",
            "BANKID_CERTIFICATE": str(place / "site.pem"), "BANKID_KEY": str(place / "site.key"),
            "BANKID_TRUSTED": str(place / "bank.pem"),
        }  # fmt: skip
        assert configured(environment) is not None
        with pytest.raises(SettingsError, match="this machine"):
            configured(environment, is_production=True)

    def test_without_a_key_for_the_answers_it_does_not_start(self, client):
        with pytest.raises(SettingsError, match="encrypts every answer"):
            configured(
                {"BANKID_URL": client.settings.url, "BANKID_CLIENT_ID": "a", "BANKID_CLIENT_SECRET": "b"}
            )
