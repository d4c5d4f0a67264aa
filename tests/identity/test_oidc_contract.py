"""OpenID Connect against an issuer on this machine: tokens signed by real keys, every way to forge or spoil one."""

import logging
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from tests.identity.isei_walk import Form

from viche.identity.providers import MESSAGES, ProviderError
from viche.identity.providers.oidc import OidcClient, OidcSettings, configured
from viche.identity.providers.oidc.simulator import CLIENT_ID, CLIENT_SECRET, FAULTS, OidcSimulator
from viche.identity.providers.settings import SettingsError
from viche.identity.providers.simulation import load_cast, running
from viche.identity.providers.wire import CHATTY

STATE = "a-state-of-the-session-0123456789"
CALLBACK = "http://localhost:8000/identity/callback/oidc/"
BROWSER = httpx.Client(trust_env=False, timeout=10)
OLENA = next(person for person in load_cast() if person.key == "olena")

SAID = {
    "discovery_html": "bad_answer",
    "discovery_500": "provider_down",
    "discovery_slow": "provider_slow",
    "other_issuer_name": "misconfigured",
    "token_html": "bad_answer",
    "token_500": "provider_down",
    "token_slow": "provider_slow",
    "token_cut": "provider_down",
    "code_used": "code_used",
    "wrong_key": "misconfigured",
    "no_id_token": "bad_answer",
    "alg_none": "bad_answer",
    "hs256": "bad_answer",
    "unknown_key": "bad_answer",
    "wrong_iss": "bad_answer",
    "wrong_aud": "bad_answer",
    "wrong_azp": "bad_answer",
    "wrong_nonce": "state_wrong",
    "expired": "code_used",
    "of_the_future": "code_used",
    "no_exp": "bad_answer",
    "no_sub": "bad_answer",
    "other_subject": "bad_answer",
    "info_500": "provider_down",
    "no_name": "identity_incomplete",
    "keys_html": "bad_answer",
}


@pytest.fixture
def simulator():
    with running(OidcSimulator(allow=["http://localhost:8000/"], slow_seconds=3)) as server:
        yield server


@pytest.fixture
def environment(simulator):
    return {
        "OIDC_ISSUER": simulator.url, "OIDC_AUTHORIZATION_URL": f"{simulator.url}/authorize",
        "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET, "OIDC_LABEL": "Вхід громади",
    }  # fmt: skip


@pytest.fixture
def client(environment):
    return configured(environment)


def callback(client: OidcClient, key: str = "olena", **extra: str) -> dict[str, str]:
    page = BROWSER.get(client.authorization_url(state=STATE, redirect_uri=CALLBACK))
    answer = BROWSER.post(
        f"{client.settings.issuer}/choose", data={**Form(page.text).hidden, "person": key, **extra}
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(CALLBACK)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def identify(client: OidcClient, query: dict[str, str] | None = None):
    code = client.code_from_callback(query or callback(client), expected_state=STATE)
    return client.identify(code, state=STATE, redirect_uri=CALLBACK)


def refusal(call, *arguments, **options) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call(*arguments, **options)
    assert caught.value.code in MESSAGES
    return caught.value


def test_a_person_by_issuer_and_subject(client, simulator):
    claims = identify(client)
    assert (claims.provider, claims.method) == ("oidc", "oidc")
    assert claims.identifiers == (("oidc", f"{simulator.url}|subject-olena"),)
    assert claims.full_name == "Коваленко Олена Іванівна"
    assert claims.birth_date == OLENA.birth_date
    assert claims.tax_number is None
    assert claims.proves == {"person"}
    assert client.label == "Вхід громади"


def test_a_tax_number_only_of_an_issuer_that_is_trusted_with_it(environment):
    trusting = configured({**environment, "OIDC_CLAIM_NUMBER": "tax_number"})
    assert identify(trusting).tax_number == OLENA.tax_number


def test_the_challenge_is_of_this_state_and_is_not_the_verifier(client):
    one, other = (
        parse_qs(urlsplit(client.authorization_url(state=state, redirect_uri=CALLBACK)).query)
        for state in (STATE, STATE[::-1])
    )
    assert one["code_challenge"] != other["code_challenge"]
    assert one["nonce"] != other["nonce"]
    assert one["code_challenge_method"] == ["S256"]


def test_a_code_begun_under_another_state_is_of_no_use(client):
    code = client.code_from_callback(callback(client), expected_state=STATE)
    assert (
        refusal(client.identify, code, state="another-state-0123", redirect_uri=CALLBACK).code == "code_used"
    )


def test_a_code_serves_once(client):
    query = callback(client)
    identify(client, query)
    assert refusal(identify, client, query).code == "code_used"


def test_keys_that_were_changed_are_fetched_anew(client, simulator):
    identify(client)
    simulator.rotate()
    assert identify(client).given_name == "Олена"


@pytest.mark.parametrize("fault", sorted(SAID))
def test_each_fault_has_its_own_words(client, simulator, fault):
    query = callback(client)
    simulator.fault = fault
    timeout = 0.4 if fault.endswith("_slow") else 5
    patient = OidcClient(replace(client.settings, timeout=timeout))
    assert refusal(identify, patient, query).code == SAID[fault]


def test_every_fault_of_the_simulator_is_tried():
    assert set(FAULTS) == set(SAID) | {"rotated"}


@pytest.mark.parametrize(
    "spoilt", [{"state": "forged-0123456789"}, {"state": ""}, {"iss": "https://somebody.else"}]
)
def test_an_answer_that_is_not_ours(client, spoilt):
    query = {**callback(client), **spoilt}
    assert refusal(client.code_from_callback, query, expected_state=STATE).code in {
        "state_wrong",
        "bad_answer",
    }


def test_cancelled(client):
    assert refusal(client.code_from_callback, callback(client, key=""), expected_state=STATE).code == "denied"


def test_no_secret_and_nothing_of_the_person_is_in_any_log(client, simulator, caplog):
    query = callback(client)
    walked = {fault: callback(client) for fault in SAID}
    for name in ("", "viche", *CHATTY):
        caplog.set_level(logging.DEBUG, logger=name)
    hidden = [CLIENT_SECRET, "Коваленко", query["code"], client._derived("pkce", STATE)]
    identify(client, query)
    for fault, each in walked.items():
        simulator.fault = fault
        timeout = 0.4 if fault.endswith("_slow") else 5
        found = refusal(identify, OidcClient(replace(client.settings, timeout=timeout)), each)
        assert [one for one in hidden if one in str(found) + repr(found) + repr(found.__context__)] == []
    assert [one for one in hidden if one in caplog.text] == []
    assert CLIENT_SECRET not in repr(client.settings)


class TestSettings:
    def test_without_an_issuer_it_is_not_set_up(self):
        assert configured({}) is None

    def test_every_problem_at_once(self):
        with pytest.raises(SettingsError) as caught:
            OidcSettings.from_environment(
                {"OIDC_ISSUER": "http://login.example.org", "OIDC_SCOPES": "profile"}
            )
        assert len(caught.value.problems) == 5

    def test_the_simulator_cannot_serve_production(self, environment):
        with pytest.raises(SettingsError, match="this machine"):
            configured(environment, is_production=True)
