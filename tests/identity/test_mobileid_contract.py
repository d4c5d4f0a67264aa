"""MobileID by ETSI TS 102 204 against a simulator of an operator's service: real SOAP over HTTP, real signatures by the
certificates on the cards, every code of the standard and every fault.
"""

import logging
import threading
import time
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization

from viche.identity.phones import ukrainian_phone
from viche.identity.providers import MESSAGES, ProviderError, VerifiedClaims
from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.mobileid import MobileIdClient, MobileIdSettings, comparing_code, configured
from viche.identity.providers.mobileid.client import REFUSALS
from viche.identity.providers.mobileid.simulator import FAULTS, MobileIdSimulator, phone_of
from viche.identity.providers.mobileid.simulator.server import AP_ID, AP_PASSWORD, PROFILE
from viche.identity.providers.settings import SettingsError
from viche.identity.providers.simulation import load_cast, running
from viche.identity.providers.wire import CHATTY

TEXT = "Віче: підтверджую, хто я\n".encode()
REQUEST = "0123456789abcdef" * 2
PETRO = next(person for person in load_cast() if person.key == "petro")
PHONE = phone_of(PETRO)

SAID = {
    **{f"status_{code}": REFUSALS[code] for code in (105, 208, 401, 402, 403, 404, 406, 422, 900)},
    **{f"fault_{code}": REFUSALS[code] for code in (101, 102, 104, 107, 900)},
    "soap_html": "bad_answer",
    "soap_500": "provider_down",
    "soap_slow": "provider_slow",
    "soap_cut": "provider_down",
    "soap_huge": "bad_answer",
    "not_base64": "bad_answer",
    "no_status": "bad_answer",
    "other_request": "bad_answer",
    "other_transaction": "bad_answer",
    "no_transaction": "bad_answer",
    "entities": "bad_answer",
    "other_text": "signature_of_other_text",
    "replayed": "signature_of_other_text",
}


@pytest.fixture(scope="module")
def kep():
    with running(KepSimulator()) as server:
        yield server


@pytest.fixture
def simulator(kep):
    with running(MobileIdSimulator(authority=kep.authority, is_prompt=True, slow_seconds=3)) as server:
        yield server


@pytest.fixture
def environment(kep, simulator, tmp_path):
    root = tmp_path / "root.pem"
    root.write_bytes(kep.authority.root.public_bytes(serialization.Encoding.PEM))
    return {
        "KEP_TRUSTED": str(root), "MOBILEID_URL": simulator.service, "MOBILEID_AP_ID": AP_ID,
        "MOBILEID_AP_PASSWORD": AP_PASSWORD, "MOBILEID_PROFILE": PROFILE,
    }  # fmt: skip


@pytest.fixture
def client(environment):
    return configured(environment)


def with_settings(client: MobileIdClient, **changes) -> MobileIdClient:
    return MobileIdClient(replace(client.settings, **changes), check=client._check)


def identify(client: MobileIdClient, text: bytes = TEXT, request: str = REQUEST) -> VerifiedClaims | None:
    started = client.start(text=text, request=request, phone=PHONE)
    return started if isinstance(started, VerifiedClaims) else client.result(started, text=text)


def refusal(call, *arguments, **options) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call(*arguments, **options)
    assert caught.value.code in MESSAGES
    return caught.value


def test_the_card_says_who_it_is(client):
    claims = identify(client)
    assert (claims.provider, claims.method) == ("mobileid", "mobile_id")
    assert claims.full_name == "Шевчук Петро Данилович"
    assert claims.tax_number == PETRO.tax_number
    assert claims.proves == {"person", "number"}


def test_the_question_waits_for_the_person(client, simulator):
    simulator.is_prompt = False
    started = client.start(text=TEXT, request=REQUEST, phone=PHONE)
    assert client.result(started, text=TEXT) is None
    [(name, question)] = simulator.questions.items()
    assert question.text == TEXT
    simulator.answer_question(name, "sign")
    assert client.result(started, text=TEXT).given_name == "Петро"


def test_phone_and_page_show_one_code_and_another_request_another(client, simulator):
    started = client.start(text=TEXT, request=REQUEST, phone=PHONE)
    [question] = simulator.questions.values()
    assert started.shown == comparing_code(REQUEST)
    assert question.shown == f"Viche: {started.shown}"
    assert len({comparing_code(f"{number:032x}") for number in range(200)}) > 190


def test_refused_on_the_phone(client, simulator):
    simulator.is_prompt = False
    started = client.start(text=TEXT, request=REQUEST, phone=PHONE)
    simulator.answer_question(next(iter(simulator.questions)), "refuse")
    assert refusal(client.result, started, text=TEXT).code == "denied"


def test_a_held_request_answers_once_the_person_has(client, simulator):
    simulator.is_prompt = False
    held = with_settings(client, mode="synch")

    def sign_soon() -> None:
        while not simulator.questions:
            time.sleep(0.02)
        simulator.answer_question(next(iter(simulator.questions)), "sign")

    threading.Thread(target=sign_soon, daemon=True).start()
    assert identify(held).given_name == "Петро"


def test_a_number_without_mobile_id(client):
    assert refusal(client.start, text=TEXT, request=REQUEST, phone="380990000001").code == "phone_unknown"


@pytest.mark.parametrize("fault", sorted(SAID))
def test_each_fault_has_its_own_words(client, simulator, fault):
    if fault == "replayed":
        identify(client, text=b"an earlier text")
    simulator.fault = fault
    patient = with_settings(client, timeout=0.4 if fault == "soap_slow" else 5)
    assert refusal(identify, patient).code == SAID[fault]


def test_every_fault_of_the_simulator_is_tried():
    assert set(FAULTS) == set(SAID) | {"never"}


def test_a_wrong_password_of_the_site(client):
    assert refusal(identify, with_settings(client, ap_password="wrong")).code == "misconfigured"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+380 67 123 45 67", "380671234567"),
        ("0671234567", "380671234567"),
        ("8 (067) 123-45-67", "380671234567"),
        ("380671234567", "380671234567"),
    ],
)
def test_a_number_as_people_write_it(written, read):
    assert ukrainian_phone(written) == read


@pytest.mark.parametrize("written", ["", "67", "+48 601 123 456", "06712345678", "телефон", "٠٦٧١٢٣٤٥٦٧"])
def test_what_is_no_ukrainian_number(written):
    with pytest.raises(ValueError, match="phone number"):
        ukrainian_phone(written)


def test_no_number_password_or_name_is_in_any_log(client, simulator, caplog):
    for name in ("", "viche", *CHATTY):
        caplog.set_level(logging.DEBUG, logger=name)
    hidden = [PHONE, PHONE[2:], AP_PASSWORD, PETRO.tax_number, "Шевчук"]
    identify(client)
    for fault in set(SAID) - {"replayed"}:
        simulator.fault = fault
        found = refusal(identify, with_settings(client, timeout=0.4 if fault == "soap_slow" else 5))
        assert [each for each in hidden if each in str(found) + repr(found) + repr(found.__context__)] == []
    assert [each for each in hidden if each in caplog.text] == []
    assert AP_PASSWORD not in repr(client.settings)


class TestSettings:
    def test_without_an_address_it_is_not_set_up(self):
        assert configured({}) is None

    def test_every_problem_at_once(self):
        with pytest.raises(SettingsError) as caught:
            MobileIdSettings.from_environment(
                {
                    "MOBILEID_URL": "ftp://x",
                    "MOBILEID_MODE": "soon",
                    "MOBILEID_KEY": "/nowhere",
                    "MOBILEID_TIMEOUT": "x",
                }
            )
        assert len(caught.value.problems) == 8

    def test_signatures_must_be_checked_by_somebody(self, environment):
        del environment["KEP_TRUSTED"]
        with pytest.raises(SettingsError, match="KEP_TRUSTED"):
            configured(environment)

    def test_the_simulator_cannot_serve_production(self, environment):
        with pytest.raises(SettingsError, match="this machine"):
            configured(environment, is_production=True)
