"""Diia.Signature against a simulator of the partners' service: real HTTP, real signatures over the hash of the text,
every fault of the service and of what it delivers.
"""

import base64
import hashlib
import json
import logging
import socket
import threading
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization

from viche.identity.providers import MESSAGES, ProviderError, VerifiedClaims
from viche.identity.providers.diia import DiiaClient, DiiaSettings, configured
from viche.identity.providers.diia.client import TRACE, request_id
from viche.identity.providers.diia.simulator import FAULTS, DiiaSimulator
from viche.identity.providers.diia.simulator.server import (
    ACQUIRER,
    AUTHORIZATION,
    BRANCH,
    DELIVERY_FAULTS,
    OFFER,
    SERVICE_FAULTS,
)
from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.settings import SettingsError
from viche.identity.providers.simulation import SimulatorRefused, load_cast, running
from viche.identity.providers.wire import CHATTY

TEXT = "Віче: підтверджую, хто я\n".encode()
REQUEST = "0123456789abcdef" * 2
BACK = "http://localhost:8000/login/1/"
OLENA = next(person for person in load_cast() if person.key == "olena")

OF_THE_SERVICE = {
    "api_html": "bad_answer",
    "api_500": "provider_down",
    "api_slow": "provider_slow",
    "api_cut": "provider_down",
    "api_huge": "bad_answer",
    "api_redirect": "bad_answer",
    "refused_token": "misconfigured",
    "no_token": "bad_answer",
    "session_refused": "misconfigured",
    "forbidden": "misconfigured",
    "error_object": "bad_answer",
    "no_link": "bad_answer",
    "script_link": "bad_answer",
    "broken_link": "bad_answer",
    "long_link": "bad_answer",
}
OF_THE_DELIVERY = {
    "other_text": "signature_of_other_text",
    "forged": "signature_wrong",
    "revoked": "certificate_revoked",
    "two_items": "bad_answer",
    "nothing_signed": "bad_answer",
    "nonsense": "bad_answer",
}


@pytest.fixture(scope="module")
def kep():
    with running(KepSimulator()) as server:
        yield server


@pytest.fixture
def simulator(kep):
    with running(DiiaSimulator(authority=kep.authority, slow_seconds=3)) as server:
        yield server


@pytest.fixture
def environment(kep, simulator, tmp_path):
    root = tmp_path / "root.pem"
    root.write_bytes(kep.authority.root.public_bytes(serialization.Encoding.PEM))
    return {
        "KEP_TRUSTED": str(root), "DIIA_URL": simulator.url, "DIIA_ACQUIRER_TOKEN": ACQUIRER,
        "DIIA_AUTHORIZATION": AUTHORIZATION, "DIIA_BRANCH_ID": BRANCH, "DIIA_OFFER_ID": OFFER,
    }  # fmt: skip


@pytest.fixture
def client(environment):
    return configured(environment)


def with_settings(client: DiiaClient, **changes) -> DiiaClient:
    return DiiaClient(replace(client.settings, **changes), check=client._check)


def begin(client: DiiaClient):
    return client.start(text=TEXT, request=REQUEST, return_url=BACK)


def bring(client: DiiaClient, simulator: DiiaSimulator, fault: str = "") -> VerifiedClaims:
    """The person signs in the application; its server brings the signature; it is read and checked."""
    started = begin(client)
    [name] = parse_qs(urlsplit(started.address).query)["request"]
    body, trace = simulator.delivery(simulator.requests[name], OLENA, fault)
    reference, signature = client.delivered({TRACE: trace, "Content-Type": "application/json"}, body)
    assert reference == started.reference
    return client.claims(signature, text=TEXT)


def refusal(call, *arguments, **options) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call(*arguments, **options)
    assert caught.value.code in MESSAGES
    return caught.value


def test_the_signature_says_who_it_is(client, simulator):
    claims = bring(client, simulator)
    assert (claims.provider, claims.method) == ("diia", "diia_id")
    assert claims.tax_number == OLENA.tax_number
    assert claims.full_name == "Коваленко Олена Іванівна"


def test_only_the_hash_of_the_text_travels(client, simulator):
    started = begin(client)
    [request] = simulator.requests.values()
    assert request.digest == hashlib.sha256(TEXT).digest()
    assert request.reference == started.reference == request_id(REQUEST)
    assert len(base64.b64decode(started.reference)) == 32
    assert request.back == BACK


def test_a_token_serves_for_many_and_is_renewed_once_it_is_refused(client, simulator):
    begin(client)
    begin(client)
    assert len(simulator.tokens) == 1
    simulator.forget_tokens()
    assert begin(client).address
    simulator.fault = "expired_token"
    assert begin(client).address
    assert len(simulator.tokens) == 1


def test_many_at_once_begin_one_session(client, simulator):
    begin(client)
    simulator.forget_tokens()
    threads = [threading.Thread(target=begin, args=(client,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(simulator.requests) == 9
    assert len(simulator.tokens) == 1


def test_nobody_waits_longer_than_for_one_answer(client, simulator):
    simulator.fault = "api_slow"
    patient = with_settings(client, timeout=0.6)
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(refusal(begin, patient).code)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        # one after another would take 3.6 seconds
        thread.join(2.5)
    assert codes == ["provider_slow"] * 6


def test_nobody_listens(client):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = with_settings(client, url=f"http://127.0.0.1:{free.getsockname()[1]}")
        assert refusal(begin, gone).code == "provider_down"


@pytest.mark.parametrize("changes", [{"branch": "another"}, {"offer": "another"}, {"acquirer": "a/b"}])
def test_what_the_service_does_not_know_is_a_mistake_of_the_settings(client, changes):
    assert refusal(begin, with_settings(client, **changes)).code == "misconfigured"


def test_a_link_without_tls_is_for_simulators_only(client):
    assert client._can_be_shown("http://127.0.0.1/app")
    real = with_settings(client, url="https://api2s.diia.gov.ua")
    assert not real._can_be_shown("http://127.0.0.1/app")
    assert not client._can_be_shown("http://example.org/app")
    assert real._can_be_shown("https://diia.app/acquirers/branch/" + "a" * 900)


def test_as_a_form_of_several_parts(client, simulator):
    started = begin(client)
    request = next(iter(simulator.requests.values()))
    inner = json.loads(simulator.delivery(request, OLENA)[0])["encodeData"]
    body = (
        b'--cut\r\nContent-Disposition: form-data; name="encodeData"\r\n\r\n'
        + inner.encode()
        + b"\r\n--cut--\r\n"
    )
    headers = {TRACE: started.reference, "Content-Type": "multipart/form-data; boundary=cut"}
    _reference, signature = client.delivered(headers, body)
    assert client.claims(signature, text=TEXT).given_name == "Олена"


@pytest.mark.parametrize("fault", sorted(OF_THE_SERVICE))
def test_each_fault_of_the_service_has_its_own_words(client, simulator, fault):
    simulator.fault = fault
    patient = with_settings(client, timeout=0.4 if fault == "api_slow" else 5)
    assert refusal(begin, patient).code == OF_THE_SERVICE[fault]


@pytest.mark.parametrize("fault", sorted(OF_THE_DELIVERY))
def test_each_fault_of_a_delivery_has_its_own_words(client, simulator, fault):
    assert refusal(bring, client, simulator, fault).code == OF_THE_DELIVERY[fault]


def test_every_fault_of_the_simulator_is_tried():
    assert set(SERVICE_FAULTS) == {*OF_THE_SERVICE, "expired_token"}
    # brought by the simulator's own page: test_diia_delivery
    assert set(DELIVERY_FAULTS) == {*OF_THE_DELIVERY, "unknown_request", "twice", "as_json"}
    assert set(FAULTS) == {*SERVICE_FAULTS, *DELIVERY_FAULTS}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"encodeData": 7}', b'{"encodeData": "*"}', b'{"signedItems": [7]}']
)
def test_a_delivery_of_nothing(client, body):
    assert (
        refusal(client.delivered, {TRACE: "x", "Content-Type": "application/json"}, body).code == "bad_answer"
    )
    assert refusal(client.delivered, {"Content-Type": "application/json"}, body).code == "bad_answer"


def test_no_secret_and_nothing_of_the_person_is_in_any_log(client, simulator, caplog):
    for name in ("", "viche", *CHATTY):
        caplog.set_level(logging.DEBUG, logger=name)
    hidden = [AUTHORIZATION, ACQUIRER, OLENA.tax_number, "Коваленко"]
    bring(client, simulator)
    hidden += list(simulator.tokens)
    for fault in OF_THE_SERVICE:
        simulator.fault = fault
        found = refusal(begin, with_settings(client, timeout=0.4 if fault == "api_slow" else 5))
        hidden += [each for each in simulator.tokens if each not in hidden]
        assert [each for each in hidden if each in str(found) + repr(found) + repr(found.__context__)] == []
    assert [each for each in hidden if each in caplog.text] == []
    assert AUTHORIZATION not in repr(client.settings)


def test_the_simulator_brings_signatures_to_this_machine_only(kep):
    with pytest.raises(SimulatorRefused):
        DiiaSimulator(authority=kep.authority, deliver="https://example.org/")


class TestSettings:
    def test_without_an_address_it_is_not_set_up(self):
        assert configured({}) is None

    def test_every_problem_at_once(self):
        with pytest.raises(SettingsError) as caught:
            DiiaSettings.from_environment(
                {"DIIA_URL": "nowhere", "DIIA_SIGN_ALGORITHM": "MD5", "DIIA_TIMEOUT": "x"}
            )
        assert len(caught.value.problems) == 7

    def test_by_the_national_algorithm_nothing_could_be_checked(self, environment):
        with pytest.raises(SettingsError, match="GOST"):
            configured({**environment, "DIIA_SIGN_ALGORITHM": "dstu"})

    @pytest.mark.parametrize("written", ["Basic ZGVtbw==", "ключ", "a\nb"])
    def test_credentials_that_cannot_stand_in_a_header(self, environment, written):
        with pytest.raises(SettingsError, match="DIIA_AUTHORIZATION") as caught:
            configured({**environment, "DIIA_AUTHORIZATION": written})
        assert written not in str(caught.value)

    def test_the_simulator_cannot_serve_production(self, environment):
        with pytest.raises(SettingsError, match="this machine"):
            configured(environment, is_production=True)

    def test_signatures_must_be_checked_by_somebody(self, environment):
        del environment["KEP_TRUSTED"]
        with pytest.raises(SettingsError, match="KEP_TRUSTED"):
            configured(environment)
