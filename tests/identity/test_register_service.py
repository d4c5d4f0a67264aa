"""A body's register as a service over HTTP, with a real small server that has every fault."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests import given

from viche.communities.models import Community, Territory
from viche.identity import registers
from viche.identity.actions import identify_person
from viche.identity.models import Membership, Person
from viche.identity.queries import live_memberships
from viche.identity.registers import HttpRegister, RegisterError, Residence

HROMADA = given.MACHUKHY
VILLAGE = "с. Мачухи"
BORN = date(1985, 5, 5)
NUMBER = given.make_tax_number(BORN, "female", given.serial_of("Петро") * 2).number


class Service:
    """What the server answers next, and what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.delay, self.trickles = 200, b'{"residences": []}', 0, False
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    def says(self, *residences: dict[str, str]) -> None:
        self.status, self.body = 200, json.dumps({"residences": list(residences)}).encode()


@pytest.fixture
def service() -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            state.asked.append(json.loads(asked))
            state.headers.append(dict(self.headers))
            time.sleep(state.delay)
            self.send_response(state.status)
            self.send_header("Location", state.url)
            self.end_headers()
            for place in range(len(state.body)):
                self.wfile.write(state.body[place : place + 1] if state.trickles else state.body)
                if not state.trickles:
                    return
                time.sleep(0.2)

        def log_message(self, *_args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/register"
    yield state
    server.shutdown()
    server.server_close()


def client(service: Service, **facts: Any) -> HttpRegister:
    return HttpRegister(HROMADA, facts.pop("url", service.url), timeout=1, **facts)


def village() -> str:
    return Territory.objects.get(path__contains=HROMADA, name="Мачухи", category="C").code


class TestClient:
    def test_it_asks_by_number_and_birth_date_with_its_authorisation(self, service):
        service.says({"territory": "UA1", "basis": "registered"}, {"territory": "UA1", "basis": "work"})
        found = client(service, authorization="secret").memberships_of(NUMBER, BORN)
        assert found == [Residence(HROMADA, "UA1", "registered"), Residence(HROMADA, "UA1", "work")]
        assert service.asked == [{"tax_number": NUMBER, "birth_date": "1985-05-05"}]
        assert service.headers[0]["Authorization"] == "Bearer secret"

    def test_an_empty_list_is_somebody_unknown(self, service):
        assert client(service).memberships_of(NUMBER, None) == []

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (500, b""), (503, b'{"residences": []}'), (401, b"{}"), (404, b""), (302, b""), (200, b""),
            (200, b"<html>"), (200, b"[]"),
            (200, b"{}"), (200, b'{"residences": {}}'), (200, b'{"residences": ["UA1"]}'),
            (200, b'{"residences": [{"territory": 5, "basis": "work"}]}'),
            (200, b'{"residences": [{"territory": "UA1", "basis": "friendship"}]}'),
            (200, b'{"residences": [{"territory": "UA1", "basis": ["work"]}]}'),
            (200, b'{"residences": [' + b"1," * 60 + b"1]}"), (200, b" " * 100_000), (200, b"\xff\xfe"),
        ],
    )  # fmt: skip
    def test_every_other_answer_is_a_failure(self, service, status, body):
        service.status, service.body = status, body
        with pytest.raises(RegisterError):
            client(service).memberships_of(NUMBER, BORN)

    @pytest.mark.parametrize("trickles", [False, True])
    def test_a_slow_one_is_not_waited_for(self, service, trickles):
        service.delay, service.trickles = (0, True) if trickles else (4, False)
        started = time.monotonic()
        with pytest.raises(RegisterError, match="slow"):
            client(service).memberships_of(NUMBER, BORN)
        assert time.monotonic() - started < 3

    def test_one_that_is_not_there_is_down(self, service):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(RegisterError, match="down"):
            client(service, url=f"http://127.0.0.1:{port}/").memberships_of(NUMBER, BORN)

    def test_a_certificate_that_is_not_there_is_a_failure_too(self, service):
        with pytest.raises(RegisterError):
            client(service, certificate="/none.pem").memberships_of(NUMBER, BORN)

    @pytest.mark.parametrize(
        "url", ["", "ftp://register.example/", "http://register.example/", "register.example"]
    )
    def test_numbers_travel_over_tls_only(self, service, url):
        with pytest.raises(ValueError, match=HROMADA):
            client(service, url=url)

    def test_neither_the_number_nor_the_secret_is_in_any_log(self, service, caplog):
        caplog.set_level(logging.DEBUG)
        service.status = 500
        register = client(service, authorization="secret-word")
        with pytest.raises(RegisterError) as failure:
            register.memberships_of(NUMBER, BORN)
        said = caplog.text + repr(failure.value) + repr(register) + repr(failure.value.__context__)
        assert NUMBER not in said
        assert "secret-word" not in said


@pytest.mark.django_db
class TestIdentification:
    @pytest.fixture(autouse=True)
    def _set_up(self, service, settings):
        settings.REGISTER_SERVICES = {
            HROMADA: {
                "URL": service.url, "TOKEN": "secret", "CERTIFICATE": "", "KEY": "", "AUTHORITY": "", "TIMEOUT": "1",
            }
        }  # fmt: skip
        registers.register_services.cache_clear()
        yield
        registers.register_services.cache_clear()

    def comes(self, body: Community | None = None, **facts: Any) -> Person:
        facts = {"serial": given.serial_of("Петро"), "method": "dig_sign", **facts}
        return identify_person(claims=given.claims("Петро", **facts), asked_in=body)

    def places(self, someone: Person) -> list[tuple[str, str]]:
        return [(each.territory.full_name, each.source) for each in live_memberships(someone)]

    def test_who_identifies_in_the_body_is_asked_for(self, service):
        service.says({"territory": village(), "basis": "registered"})
        someone = self.comes(given.community(HROMADA))
        assert self.places(someone) == [(VILLAGE, "register-service")]
        membership = live_memberships(someone).get()
        assert (membership.evidence, membership.granted_in) == (
            "residence-register",
            given.community(HROMADA),
        )

    def test_no_service_learns_of_somebody_who_comes_elsewhere(self, service):
        self.comes()
        self.comes(given.community(given.LVIV))
        assert service.asked == []

    def test_a_service_of_the_body_above_is_asked_too(self, service, settings):
        above = Territory.objects.get(pk=HROMADA).parent.code
        settings.REGISTER_SERVICES = {above: settings.REGISTER_SERVICES[HROMADA]}
        registers.register_services.cache_clear()
        given.community(above)
        service.says({"territory": village(), "basis": "work"})
        assert self.places(self.comes(given.community(HROMADA))) == [(VILLAGE, "register-service")]

    def test_what_it_says_no_more_ends(self, service):
        body = given.community(HROMADA)
        service.says({"territory": village(), "basis": "registered"})
        self.comes(body)
        service.says()
        assert self.places(self.comes(body)) == []
        assert Membership.objects.get().until is not None

    @pytest.mark.parametrize("fault", ["slow", "500", "nonsense", "refuses"])
    def test_one_that_fails_keeps_nobody_out_changes_nothing_and_is_asked_again(self, service, fault, caplog):
        body = given.community(HROMADA)
        service.says({"territory": village(), "basis": "registered"})
        self.comes(body)
        before = list(Membership.objects.values())
        if fault == "slow":
            service.delay = 4
        service.status = {"500": 500, "refuses": 403}.get(fault, 200)
        service.body = b"?" if fault == "nonsense" else service.body
        assert self.comes(body) == Person.objects.get()
        assert list(Membership.objects.values()) == before
        assert HROMADA in caplog.text
        assert NUMBER not in caplog.text
        service.delay = 0
        service.says({"territory": village(), "basis": "work"})
        assert live_memberships(self.comes(body)).get().basis == "work"

    def test_a_place_outside_the_body_or_unknown_is_none_of_its_business(self, service):
        service.says(
            {"territory": given.LVIV, "basis": "registered"}, {"territory": "UA00", "basis": "registered"},
            {"territory": village(), "basis": "study"},
        )  # fmt: skip
        assert self.places(self.comes(given.community(HROMADA))) == [(VILLAGE, "register-service")]

    def test_wrong_settings_keep_nobody_out(self, service, settings, caplog):
        settings.REGISTER_SERVICES = {
            HROMADA: {**settings.REGISTER_SERVICES[HROMADA], "URL": "http://far.example"}
        }
        registers.register_services.cache_clear()
        assert self.places(self.comes(given.community(HROMADA))) == []
        assert "https" in caplog.text
