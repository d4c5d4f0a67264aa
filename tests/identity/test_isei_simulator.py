"""The simulator of id.gov.ua keeps to this machine, to its protocol and to its invented people."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from tests.identity.isei_walk import (
    ALLOW,
    BROWSER,
    CALLBACK,
    CAST,
    SLOW_SECONDS,
    STATE,
    Form,
    code_for,
    identify,
    refusal,
    settings_for,
)

from viche.identity.providers import parse_tax_number
from viche.identity.providers.isei import IseiClient
from viche.identity.providers.isei.settings import METHODS
from viche.identity.providers.isei.simulator import (
    DEMO_CLIENT_ID,
    FAULTS,
    CastError,
    SimulatorRefused,
    load_cast,
    make_server,
    run,
    running,
)


@pytest.fixture(scope="module")
def simulator():
    with running(make_server(allow=ALLOW, slow_seconds=SLOW_SECONDS)) as server:
        yield server


@pytest.fixture
def post_client(simulator):
    return IseiClient(settings_for(simulator.url))


# --- the simulator keeps to itself ---


@pytest.mark.parametrize("environment", ["production", "Production ", "prod", "live"])
def test_the_simulator_refuses_production(environment):
    with pytest.raises(SimulatorRefused, match="production"):
        run(port=0, environment=environment)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "localhost.example.org"])
def test_the_simulator_listens_on_this_machine_only(host):
    with pytest.raises(SimulatorRefused, match="this machine"):
        run(host=host, port=0)


def test_the_simulator_sends_nobody_off_this_machine():
    with pytest.raises(SimulatorRefused, match="this machine"):
        run(port=0, allow=["https://poltava.example.org/"])


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "http://localhost:8001/",
        "https://localhost:8000/",
        "http://localhost:8000@evil.example/",
        "http://evil.example/http://localhost:8000/",
        "http://localhost.evil.example:8000/",
        "http://poltava.localhost:8000/other",
        "http://poltava.localhost:8000/login/../other",
        "http://poltava.localhost:8000/login/%2e%2e/other",
        "//localhost:8000/",
        "javascript:alert(1)",
        "http://localhost:8000\\@evil.example/",
        "http://localhost:8000/\r\nSet-Cookie: a=b",
        "http://localhost:port/",
        "",
    ],
)
def test_a_return_address_not_allowed_stays_on_the_simulators_page(simulator, target):
    parameters = {
        "response_type": "code",
        "client_id": DEMO_CLIENT_ID,
        "auth_type": "bank_id",
        "state": STATE,
        "redirect_uri": target,
    }
    page = BROWSER.get(simulator.url, params=parameters)
    choice = {**parameters, "person": "olena", "method": "bank_id"}
    chosen = BROWSER.post(f"{simulator.url}/choose", data=choice)
    cancelled = BROWSER.post(f"{simulator.url}/choose", data={**choice, "cancel": "1"})
    for answer in (page, chosen, cancelled):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "redirect_uri" in answer.text


def test_the_page_is_labelled_bilingual_and_without_scripts(simulator, post_client):
    url = post_client.authorization_url(state=STATE, redirect_uri=CALLBACK)
    ukrainian, english = (
        BROWSER.get(url),
        BROWSER.get(url, params=dict(parse_qsl(urlsplit(url).query)) | {"lang": "en"}),
    )
    assert "Імітатор — не справжній id.gov.ua" in ukrainian.text
    assert "not the real id.gov.ua" in english.text
    form = Form(ukrainian.text)
    assert form.scripts == 0
    assert form.people == list(CAST)
    assert form.methods == list(METHODS)
    assert set(form.faults) == set(FAULTS)
    policy = ukrainian.headers["content-security-policy"]
    assert policy.startswith(
        "default-src 'none'; style-src 'self'; form-action 'self' http://localhost:8000;"
    )
    assert "unsafe" not in policy
    style = BROWSER.get(f"{simulator.url}/simulator.css")
    assert style.headers["content-type"].startswith("text/css")


def test_what_is_sent_to_the_page_is_shown_as_text(simulator):
    parameters = {
        "response_type": "code",
        "client_id": DEMO_CLIENT_ID,
        "auth_type": "bank_id",
        "state": '"><script>alert(1)</script>',
        "redirect_uri": 'http://localhost:8000/?next="><script>',
    }
    page = BROWSER.get(simulator.url, params=parameters)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert Form(page.text).hidden["state"] == parameters["state"]


def test_a_method_the_person_does_not_have_is_explained(simulator, post_client):
    url = post_client.authorization_url(state=STATE, redirect_uri=CALLBACK)
    hidden = Form(BROWSER.get(url).text).hidden
    choice = {**hidden, "person": "andrii", "method": "bank_id"}
    answer = BROWSER.post(f"{simulator.url}/choose", data=choice)
    assert answer.status_code == 400
    assert "КЕП" in answer.text
    assert 'role="alert"' in answer.text
    unknown = BROWSER.post(f"{simulator.url}/choose", data={**choice, "person": "nobody"})
    assert unknown.status_code == 400
    huge = BROWSER.post(f"{simulator.url}/choose", data={"state": "x" * 600_000})
    assert huge.status_code == 413


def test_a_code_and_a_token_grow_old():
    now = [0.0]
    with running(make_server(allow=ALLOW, clock=lambda: now[0])) as server:
        client = IseiClient(settings_for(server.url))
        late = code_for(client, "petro", "bank_id")
        now[0] += 121
        assert refusal(client.exchange, late).code == "code_used"
        token = client.exchange(code_for(client, "petro", "bank_id"))
        now[0] += 3601
        assert refusal(client.user_info, token).code == "bad_answer"


# --- the cast ---


def test_every_number_of_the_cast_is_valid_and_its_holders_own():
    for person in CAST.values():
        if person.tax_number is None:
            continue
        number = parse_tax_number(person.tax_number)
        assert (number.birth_date, number.sex) == (person.birth_date, person.sex)
    assert [person.key for person in CAST.values() if person.tax_number is None] == ["vasyl"]


def test_minors_keep_their_age_and_number_all_year():
    for today in (date(2026, 1, 1), date(2026, 12, 31)):
        cast = {person.key: person for person in load_cast(today=lambda today=today: today)}
        assert cast["sofiia"].birth_date == date(2011, 1, 1)
        assert cast["maksym"].birth_date == date(2009, 1, 1)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "Expecting"),
        ("{}", "list"),
        ("[]", "list"),
        ("[1]", "person 1"),
        ('[{"key": "a"}]', "family_name"),
    ],
)
def test_a_broken_cast_says_where(tmp_path, content, word):
    path = tmp_path / "cast.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CastError, match=word):
        load_cast(path)


def test_two_people_with_one_number_are_noticed(tmp_path):
    entry = {
        "key": "a", "family_name": "А", "given_name": "Б", "patronymic": "", "region": "", "locality": "",
        "address": "", "role": "voter", "hint": {"uk": "", "en": ""}, "sex": "male", "serial": 9901,
        "birth_date": "1990-01-01",
    }  # fmt: skip
    path = tmp_path / "cast.json"
    path.write_text(json.dumps([entry, {**entry, "key": "b"}]), encoding="utf-8")
    with pytest.raises(CastError, match="tax_number"):
        load_cast(path)


# --- the command ---


def command(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "viche.identity.providers.isei.simulator", *arguments],
        env={**os.environ, "PYTHONPATH": "src", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_serves_as_a_process_of_its_own_and_ends_when_told():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = command("--port", str(port), "--allow", ALLOW[0], DJANGO_SETTINGS_MODULE="no.such.settings")
    try:
        client = IseiClient(settings_for(f"http://127.0.0.1:{port}", timeout=5))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                BROWSER.get(client.settings.url)
                break
            time.sleep(0.05)
        assert identify(client, "iryna").full_name == "Бондар Ірина Василівна"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        output = "".join(process.communicate())
    assert CAST["iryna"].tax_number not in output
    assert "code=" not in output


def test_the_command_refuses_production_and_says_so():
    process = command("--port", "0", VICHE_ENVIRONMENT="production")
    _output, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "production" in errors
    assert "Traceback" not in errors
