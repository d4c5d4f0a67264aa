"""The client of id.gov.ua against its simulator, over real HTTP: every method, every way it can go wrong.

A test that passes here says the client keeps to the protocol as written down in the simulator; going live is
the address and the keys of the real system.
"""

import base64
import contextlib
import logging
import socket
import threading
import time
import traceback
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.identity.isei_walk import (
    ALLOW,
    BROWSER,
    CALLBACK,
    CAST,
    SLOW_SECONDS,
    STATE,
    Form,
    callback,
    code_for,
    identify,
    patience,
    refusal,
    settings_for,
)

from viche.identity.providers import MESSAGES, ProviderError
from viche.identity.providers.isei import IseiClient, Token, configured
from viche.identity.providers.isei.settings import METHODS
from viche.identity.providers.isei.simulator import (
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    FAULTS,
    make_server,
    running,
)
from viche.identity.providers.simulation.sealing import PEM, Sealer, own_certificate
from viche.identity.providers.wire import CHATTY


@pytest.fixture(scope="module")
def simulator():
    with running(make_server(allow=ALLOW, slow_seconds=SLOW_SECONDS)) as server:
        yield server


@pytest.fixture(params=["POST", "GET"])
def client(request, simulator):
    return IseiClient(settings_for(simulator.url, http_method=request.param))


@pytest.fixture
def post_client(simulator):
    return IseiClient(settings_for(simulator.url))


# --- who the person is ---


@pytest.mark.parametrize("method", list(METHODS))
def test_each_method_tells_the_person_and_only_bank_id_the_address(client, method):
    claims = identify(client, "olena", method)
    olena = CAST["olena"]
    assert (claims.provider, claims.method) == ("isei", method)
    assert claims.full_name == "Коваленко Олена Іванівна"
    assert claims.tax_number == olena.tax_number
    assert (claims.birth_date, claims.sex) == (date(1987, 3, 12), "female")
    assert claims.issuer
    assert not claims.has_foreign_letters
    if method == "bank_id":
        assert (claims.address.region, claims.address.locality) == ("Полтавська", "м. Полтава")
        assert claims.address.text == "вул. Соборності, буд. 112, кв. 9"
        assert dict(claims.address.raw)["locality"] == "м. Полтава"
        assert claims.proves == {"person", "number", "address"}
    else:
        assert claims.address is None
        assert claims.proves == {"person", "number"}


def test_a_village_and_another_region(post_client):
    assert identify(post_client, "oksana").address.locality == "с. Мачухи"
    assert identify(post_client, "taras").address.region == "Львівська"
    moved = identify(post_client, "olena", fault="other_region")
    assert (moved.address.region, moved.address.locality) == ("Одеська", "м. Одеса")
    assert moved.tax_number == CAST["olena"].tax_number


def test_a_person_without_a_number_has_a_name_and_no_number(client):
    claims = identify(client, "vasyl")
    assert claims.full_name == "Пилипенко Василь Іванович"
    assert (claims.tax_number, claims.birth_date, claims.sex) == (None, None, None)
    assert claims.proves == {"person", "address"}


def test_the_number_may_stand_in_the_organisations_field(client):
    assert identify(client, fault="empty_drfocode").tax_number == CAST["olena"].tax_number


def test_a_companys_code_is_nobodys_number(client):
    assert identify(client, "olena", "dig_sign", "company_code").tax_number == CAST["olena"].tax_number
    assert identify(client, "vasyl", "bank_id", "company_code").tax_number is None


@pytest.mark.parametrize("fault", ["two_numbers", "wrong_check_digit"])
def test_a_number_that_cannot_be_is_refused(client, fault):
    assert refusal(identify, client, fault=fault).code == "number_wrong"


def test_a_number_of_somebody_not_yet_born_is_refused(simulator):
    client = IseiClient(settings_for(simulator.url), today=lambda: date(1980, 1, 1))
    assert refusal(identify, client, "olena").code == "number_wrong"
    assert identify(client, "petro").birth_date == date(1979, 11, 4)


def test_names_in_other_shapes(post_client):
    latin = identify(post_client, fault="latin_name")
    assert (latin.full_name, latin.has_foreign_letters) == ("Kovalenko Olena Ivanivna", True)
    assert identify(post_client, fault="capitals").full_name == "Коваленко Олена Іванівна"
    assert identify(post_client, "liubov", fault="capitals").patronymic == "Дем’янівна"
    joined = identify(post_client, "petro", fault="joined_name")
    assert (joined.given_name, joined.patronymic) == ("Петро", "Данилович")


def test_not_available_is_not_a_name_and_not_an_address(client):
    assert refusal(identify, client, fault="na_everywhere").code == "identity_incomplete"
    assert identify(client, fault="na_address").address is None


# --- the way there and back ---


def test_the_browser_is_sent_with_all_the_protocol_asks_for(post_client):
    url = post_client.authorization_url(state=STATE, redirect_uri=CALLBACK, methods=("dig_sign", "bank_id"))
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert query == {
        "response_type": "code",
        "client_id": DEMO_CLIENT_ID,
        "auth_type": "bank_id,dig_sign",
        "state": STATE,
        "redirect_uri": CALLBACK,
    }
    assert DEMO_CLIENT_SECRET not in url
    assert len(Form(BROWSER.get(url).text).methods) == 2


@pytest.mark.parametrize("length", [0, 9, 513])
def test_a_state_the_system_would_not_carry_is_a_mistake_of_ours(post_client, length):
    with pytest.raises(ValueError, match="state"):
        post_client.authorization_url(state="s" * length, redirect_uri=CALLBACK)


@pytest.mark.parametrize("length", [10, 512])
def test_shortest_and_longest_state_come_back_whole(post_client, length):
    state = "s" * length
    url = post_client.authorization_url(state=state, redirect_uri=CALLBACK)
    page = BROWSER.get(url)
    choice = {**Form(page.text).hidden, "person": "olena", "method": "bank_id"}
    answer = BROWSER.post(f"{post_client.settings.url}/choose", data=choice)
    assert dict(parse_qsl(urlsplit(answer.headers["location"]).query))["state"] == state


def test_cancelling_comes_back_as_denied(post_client):
    query = callback(post_client, "olena", "bank_id", cancel="1")
    assert query == {"error": "access_denied", "state": STATE}
    assert refusal(post_client.code_from_callback, query, expected_state=STATE).code == "denied"


def test_a_foreign_or_missing_state_is_refused_before_the_code_is_touched(post_client):
    query = callback(post_client, "olena", "bank_id", "wrong_state")
    assert query["code"]
    assert refusal(post_client.code_from_callback, query, expected_state=STATE).code == "state_wrong"
    for state in ({}, {"state": ""}, {"state": "\udcff\udcfe"}, {"state": STATE + "x"}):
        assert (
            refusal(post_client.code_from_callback, {"code": "c", **state}, expected_state=STATE).code
            == "state_wrong"
        )
    # a session that keeps no state accepts none
    no_state = {"code": "c", "state": ""}
    assert refusal(post_client.code_from_callback, no_state, expected_state="").code == "state_wrong"


@pytest.mark.parametrize("code", ["", "c" * 2049, "код", "a\r\nb"])
def test_a_code_that_cannot_be_one(post_client, code):
    query = {"state": STATE, "code": code}
    assert refusal(post_client.code_from_callback, query, expected_state=STATE).code == "bad_answer"


def test_an_unknown_error_in_the_callback(post_client):
    query = {"state": STATE, "error": "server_error"}
    assert refusal(post_client.code_from_callback, query, expected_state=STATE).code == "bad_answer"


def test_only_what_the_site_accepts_is_offered_and_taken(simulator):
    narrow = IseiClient(settings_for(simulator.url, methods=("dig_sign",)))
    assert (
        refusal(narrow.authorization_url, state=STATE, redirect_uri=CALLBACK, methods=("bank_id",)).code
        == "method_not_allowed"
    )
    # somebody edits auth_type in the address on the way
    broad = IseiClient(settings_for(simulator.url))
    assert refusal(narrow.identify, code_for(broad, "olena", "bank_id")).code == "method_not_allowed"


# --- the token ---


def test_a_code_serves_once(client):
    code = code_for(client, "petro", "bank_id")
    assert client.identify(code).full_name == "Шевчук Петро Данилович"
    assert refusal(client.identify, code).code == "code_used"
    assert refusal(client.identify, "never-issued-code").code == "code_used"


def test_a_code_serves_once_among_many_at_the_same_moment(post_client):
    code = code_for(post_client, "petro", "bank_id")
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            post_client.exchange(code)
            outcomes.append("token")
        except ProviderError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["code_used"] * 11 + ["token"]


def test_expires_in_comes_as_text_and_leaves_as_seconds(client):
    token = client.exchange(code_for(client, "petro", "bank_id"))
    assert token.expires_in == 3600
    assert token.access_token not in repr(token)
    assert token.user_id not in repr(token)


def test_the_user_id_must_be_the_one_that_came_with_the_token(client):
    token = client.exchange(code_for(client, "petro", "bank_id"))
    assert refusal(client.user_info, Token(token.access_token, "1", 3600)).code == "bad_answer"
    assert refusal(client.user_info, Token("not-a-token", token.user_id, 3600)).code == "bad_answer"
    assert client.user_info(token)["lastname"] == "Шевчук"


def test_only_the_fields_asked_for_travel(client):
    token = client.exchange(code_for(client, "petro", "bank_id"))
    info = client.user_info(token, ("lastname", "givenname"))
    assert info == {"lastname": "Шевчук", "givenname": "Петро", "auth_type": "bank_id"}
    assert not {"phone", "email"} & set(client.user_info(token))


def test_a_wrong_key_of_the_site_is_our_fault_and_spends_the_code(simulator, post_client):
    stranger = IseiClient(settings_for(simulator.url, client_secret="wrong-secret"))
    code = code_for(post_client, "petro", "bank_id")
    assert refusal(stranger.identify, code).code == "misconfigured"
    assert refusal(post_client.identify, code).code == "code_used"


# --- misbehaviour ---

FAULT_OUTCOMES = {
    "code_used": "code_used",
    "wrong_key": "misconfigured",
    "token_html": "bad_answer",
    "token_500": "provider_down",
    "token_slow": "provider_slow",
    "token_cut": "provider_down",
    "token_redirect": "bad_answer",
    "token_type": None,
    "no_user_id": "bad_answer",
    "info_html": "bad_answer",
    "info_500": "provider_down",
    "info_slow": "provider_slow",
    "info_trickle": "provider_slow",
    "info_huge": "bad_answer",
    "info_error": "bad_answer",
    "info_type": None,
    "info_array": "bad_answer",
    "info_encrypted": "encrypted_answer",
    "no_auth_type": "bad_answer",
}


@pytest.mark.parametrize(("fault", "outcome"), FAULT_OUTCOMES.items())
def test_each_misbehaviour_ends_in_one_clear_refusal_in_good_time(client, fault, outcome):
    client = IseiClient(replace(client.settings, timeout=patience(fault)))
    code = code_for(client, "petro", "bank_id", fault)
    begun = time.monotonic()
    if outcome is None:
        assert client.identify(code).tax_number == CAST["petro"].tax_number
    else:
        error = refusal(client.identify, code)
        assert error.code == outcome
        assert error.provider == "isei"
        assert str(error.message) == str(MESSAGES[outcome])
        assert error.is_temporary == (outcome in {"provider_down", "provider_slow"})
    assert time.monotonic() - begun < SLOW_SECONDS - 1


def test_every_fault_of_the_simulator_is_tried_somewhere_here():
    tried_by_hand = {
        "wrong_state", "empty_drfocode", "company_code", "two_numbers", "wrong_check_digit", "na_everywhere",
        "na_address", "other_region", "latin_name", "capitals", "joined_name",
    }  # fmt: skip
    assert set(FAULT_OUTCOMES) | tried_by_hand == set(FAULTS)


def test_nobody_listens(simulator):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        client = IseiClient(settings_for(f"http://127.0.0.1:{free.getsockname()[1]}"))
        assert refusal(client.identify, "a-code-nobody-takes").code == "provider_down"


@contextlib.contextmanager
def answering(status: int, body: bytes):
    """A provider that always answers the same."""

    class Always(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Always)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield IseiClient(settings_for(f"http://127.0.0.1:{server.server_port}"))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b"", "bad_answer"),
        (200, b"null", "bad_answer"),
        (200, b"{" * 100_000, "bad_answer"),
        (200, b"\xff\xfe{}", "bad_answer"),
        (204, b"", "bad_answer"),
        (401, b'{"message":"no"}', "bad_answer"),
        (503, b"", "provider_down"),
        (503, b'{"message":"works"}', "provider_down"),
        (400, b'{"error":"invalid_client"}', "misconfigured"),
        (500, b'{"error":"invalid_grant"}', "code_used"),
        (200, '{"error":3,"message":"Код недійсний"}'.encode(), "code_used"),
        (200, b'{"error":null}', "bad_answer"),
        (200, b'{"access_token":"t","user_id":7,"expires_in":"soon"}', "bad_answer"),
        (200, b'{"access_token":["t"],"user_id":"7","expires_in":"60"}', "bad_answer"),
        (200, b'{"access_token":"t","user_id":"7"}', "bad_answer"),
    ],
)
def test_other_answers_to_a_code(status, body, code):
    with answering(status, body) as client:
        assert refusal(client.exchange, "some-code").code == code


def test_a_byte_order_mark_and_a_number_for_a_user_id_are_forgiven():
    body = b"\xef\xbb\xbf" + b'{"access_token":"t","user_id":7,"expires_in":60}'
    with answering(200, body) as client:
        assert client.exchange("some-code") == Token("t", "7", 60)


# --- encrypted user info ---


class Box:
    """A decryptor of the test's own: turns bytes round behind a mark. Not encryption, only its shape."""

    certificate = b"\x30\x82+/=& certificate \xff"

    @staticmethod
    def seal(certificate: bytes, plain: bytes) -> bytes:
        assert certificate == Box.certificate
        return b"sealed:" + plain[::-1]

    def open(self, envelope: bytes) -> bytes:
        if not envelope.startswith(b"sealed:"):
            raise ValueError("not sealed for us")
        return envelope.removeprefix(b"sealed:")[::-1]


@pytest.mark.parametrize("http_method", ["POST", "GET"])
def test_encrypted_user_info_goes_through_the_decryptor(http_method):
    with running(make_server(allow=ALLOW, seal=Box.seal)) as server:
        client = IseiClient(settings_for(server.url, http_method=http_method), decryptor=Box())
        assert identify(client, "olena").tax_number == CAST["olena"].tax_number
        assert refusal(identify, client, "olena", "bank_id", "info_encrypted").code == "bad_answer"


def test_plain_data_in_answer_to_a_certificate_is_refused():
    with answering(200, b'{"lastname":"A","auth_type":"bank_id"}') as plain:
        client = IseiClient(plain.settings, decryptor=Box())
        assert refusal(client.user_info, Token("t", "7", 60)).code == "bad_answer"


def test_a_certificate_the_system_refuses_is_our_fault(simulator):
    client = IseiClient(settings_for(simulator.url), decryptor=Box())
    assert refusal(identify, client, "olena").code == "misconfigured"


def test_a_certificate_is_coded_twice_in_the_address():
    """Once here, once by the query: the system decodes twice."""
    seen: list[str] = []

    class Records(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Records)
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    client = IseiClient(
        settings_for(f"http://127.0.0.1:{server.server_port}", http_method="GET"), decryptor=Box()
    )
    assert refusal(client.user_info, Token("t", "7", 60)).code == "bad_answer"
    thread.join()
    server.server_close()
    text = base64.b64encode(Box.certificate).decode()
    twice = text.replace("+", "%252B").replace("/", "%252F").replace("=", "%253D")
    assert f"cert={twice}" in seen[0]
    assert "%25" in twice


# --- nothing leaks ---


def log_everything(caplog) -> None:
    for name in ("", "viche", "httpx", "httpcore", *CHATTY):
        caplog.set_level(logging.DEBUG, logger=name)


@pytest.mark.parametrize("fault", ["", *FAULTS])
def test_no_log_record_and_no_traceback_holds_a_secret_or_a_person(client, caplog, fault):
    olena = CAST["olena"]
    own = IseiClient(replace(client.settings, timeout=patience(fault)))
    query = callback(own, "olena", "bank_id", fault)
    tokens: list[Token] = []
    exchange = own.exchange
    own.exchange = lambda code: tokens.append(exchange(code)) or tokens[-1]
    # the walk above is the test's own browser; what follows is the site
    caplog.clear()
    log_everything(caplog)
    failure: ProviderError | None = None
    try:
        claims = own.identify(query["code"])
        logging.getLogger("viche").info("identified %s %r", claims, claims)
    except ProviderError as error:
        logging.getLogger("viche").exception("identification failed: %s", error)
        failure = error
    # error reporters walk the chain of causes and print what hangs on it
    assert failure is None or (failure.__cause__, failure.__context__) == (None, None)
    shown = "".join(traceback.format_exception(failure)) if failure else ""
    secret = [DEMO_CLIENT_SECRET, query["code"], query["state"], olena.tax_number, olena.tax_number[:9]]
    secret += ["Коваленко", "Kovalenko", "Соборності", "client_secret"]
    secret += [token.access_token for token in tokens]
    log = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records) + shown
    log += caplog.text
    assert "viche" in log
    assert [word for word in secret if word in log] == []


def test_the_http_libraries_are_silent_only_while_a_provider_is_asked(post_client, simulator, caplog):
    log_everything(caplog)
    code = code_for(post_client, "petro", "bank_id")
    before = [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]
    assert before
    caplog.clear()
    post_client.identify(code)
    assert [record.name for record in caplog.records if record.name.startswith(("httpx", "httpcore"))] == []
    BROWSER.get(f"{simulator.url}/simulator.css")
    assert any(record.name == "httpx" for record in caplog.records)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_encrypted_user_info_is_opened_by_the_sites_own_key(kind, tmp_path):
    """id.gov.ua seals to the certificate that the site sends, and signs what is inside."""
    sealer = Sealer("id.gov.ua")
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "site.pem").write_bytes(own_certificate("site", key).public_bytes(PEM))
    (tmp_path / "site.key").write_bytes(
        key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / "isei.pem").write_bytes(sealer.certificate.public_bytes(PEM))
    with running(make_server(allow=ALLOW, seal=sealer.seal)) as server:
        client = configured(
            {
                "ISEI_URL": server.url, "ISEI_CLIENT_ID": DEMO_CLIENT_ID, "ISEI_CLIENT_SECRET": DEMO_CLIENT_SECRET,
                "ISEI_CERTIFICATE": str(tmp_path / "site.pem"), "ISEI_KEY": str(tmp_path / "site.key"),
                "ISEI_TRUSTED": str(tmp_path / "isei.pem"),
            }
        )  # fmt: skip
        claims = identify(client)
    assert claims.tax_number == CAST["olena"].tax_number
    assert claims.address.locality == CAST["olena"].locality
