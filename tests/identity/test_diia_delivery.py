"""What Diia brings to the site: the simulator's page is walked, the delivery is caught whole and read; and everything
that anybody else might send to that address.
"""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import serialization

from viche.identity.providers import ProviderError
from viche.identity.providers.diia import configured
from viche.identity.providers.diia.client import TRACE
from viche.identity.providers.diia.simulator import DiiaSimulator
from viche.identity.providers.diia.simulator.server import ACQUIRER, AUTHORIZATION, BRANCH, OFFER
from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.simulation import running

TEXT = "Віче: підтверджую, хто я\n".encode()
BACK = "http://localhost:8000/login/1/"
CUT = {TRACE: "a-request", "Content-Type": "multipart/form-data; boundary=cut"}


class Site:
    """A site that only remembers what was brought to it, headers in the case they came in."""

    def __init__(self) -> None:
        self.brought: list[tuple[dict[str, str], bytes]] = []
        site = self

        class Catch(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                site.brought.append((dict(self.headers.items()), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Catch)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/identity/delivery/diia/"


@pytest.fixture(scope="module")
def kep():
    with running(KepSimulator()) as server:
        yield server


@pytest.fixture
def site():
    found = Site()
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


@pytest.fixture
def simulator(kep, site):
    with running(DiiaSimulator(authority=kep.authority, deliver=site.url)) as server:
        yield server


@pytest.fixture
def client(kep, simulator, tmp_path):
    root = tmp_path / "root.pem"
    root.write_bytes(kep.authority.root.public_bytes(serialization.Encoding.PEM))
    return configured(
        {
            "KEP_TRUSTED": str(root), "DIIA_URL": simulator.url, "DIIA_ACQUIRER_TOKEN": ACQUIRER,
            "DIIA_AUTHORIZATION": AUTHORIZATION, "DIIA_BRANCH_ID": BRANCH, "DIIA_OFFER_ID": OFFER,
        }
    )  # fmt: skip


@pytest.fixture
def started(client):
    return client.start(text=TEXT, request="0123456789abcdef" * 2, return_url=BACK)


def sign(started, person: str = "olena", fault: str = "") -> httpx.Response:
    """What a browser does on the page behind the deep link."""
    link = urlsplit(started.address)
    form = {"request": parse_qs(link.query)["request"][0], "person": person, "fault": fault}
    return httpx.post(f"{link.scheme}://{link.netloc}/sign", data=form, trust_env=False)


def refusal(call, *arguments) -> str:
    with pytest.raises(ProviderError) as caught:
        call(*arguments)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    return caught.value.code


class TestByThePage:
    @pytest.mark.parametrize("fault", ["", "as_json"])
    def test_signed_there_brought_here_and_back(self, client, site, started, fault):
        answer = sign(started, fault=fault)
        assert (answer.status_code, answer.headers["location"]) == (303, BACK)
        [(headers, body)] = site.brought
        reference, signature = client.delivered(headers, body)
        assert reference == started.reference
        assert client.claims(signature, text=TEXT).full_name == "Коваленко Олена Іванівна"

    def test_the_name_of_a_header_has_no_case(self, client, site, started):
        sign(started)
        [(headers, body)] = site.brought
        for written in (str.lower, str.upper):
            sent = {written(name): value for name, value in headers.items()}
            assert client.delivered(sent, body)[0] == started.reference

    def test_the_page_lets_the_browser_go_back_to_the_site(self, started):
        page = httpx.get(started.address, trust_env=False)
        assert "form-action 'self' http://localhost:8000;" in page.headers["content-security-policy"]
        assert "Відмовитися" in page.text

    def test_refusing_brings_nothing(self, site, started):
        assert sign(started, person="").headers["location"] == BACK
        assert site.brought == []
        assert "already answered" in httpx.get(started.address, trust_env=False).text

    def test_one_link_is_signed_once(self, site, started):
        sign(started)
        sign(started, person="petro")
        assert len(site.brought) == 1

    def test_brought_twice_it_is_the_same(self, client, site, simulator, started):
        sign(started, fault="twice")
        first, second = (client.delivered(headers, body) for headers, body in site.brought)
        assert first[0] == second[0] == started.reference
        assert next(iter(simulator.requests.values())).answers == [200, 200]

    def test_for_a_request_nobody_made(self, client, site, started):
        sign(started, fault="unknown_request")
        [(headers, body)] = site.brought
        assert client.delivered(headers, body)[0] != started.reference

    @pytest.mark.parametrize("fault", ["nonsense", "nothing_signed", "two_items"])
    def test_what_is_no_one_signature(self, client, site, started, fault):
        sign(started, fault=fault)
        [(headers, body)] = site.brought
        assert refusal(client.delivered, headers, body) == "bad_answer"

    def test_a_site_that_is_down_does_not_stop_the_page(self, kep):
        with running(DiiaSimulator(authority=kep.authority, deliver="http://127.0.0.1:1/")) as server:
            hashed = base64.b64encode(b"h" * 32).decode()
            server.tokens.add("t")
            asked = {
                "offerId": OFFER, "requestId": hashed, "signAlgo": "ECDSA", "returnLink": BACK,
                "data": {"hashedFilesSigning": {"hashedFiles": [{"fileName": "a", "fileHash": hashed}]}},
            }  # fmt: skip
            place = f"{server.url}/api/v2/acquirers/branch/{BRANCH}/offer-request/dynamic"
            ask = httpx.Client(trust_env=False, headers={"Authorization": "Bearer t"})
            link = ask.post(place, json=asked).json()["deeplink"]
            name = parse_qs(urlsplit(link).query)["request"][0]
            assert server.act(name, "olena") == BACK
            assert server.requests[name].answers == [0]
            # and it wants what the real one wants, and sends people to this machine only
            for spoilt in (
                {"requestId": "0123456789abcdef"}, {"signAlgo": "DSTU"}, {"data": {}}, {"data": []},
                {"returnLink": "https://example.org/"},
            ):  # fmt: skip
                assert ask.post(place, json={**asked, **spoilt}).status_code == 400
            assert httpx.get(f"{server.url}/app?request=none", trust_env=False).status_code == 404


def encoded(document: object) -> bytes:
    return base64.b64encode(json.dumps(document).encode())


ONE = encoded({"signedItems": [{"name": "viche.txt", "signature": "c2lnbmF0dXJl"}]})


def part(content: bytes, *lines: bytes) -> bytes:
    return b"--cut\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--cut--\r\n"


NAMED = b'Content-Disposition: form-data; name="encodeData"'


class TestByAnybody:
    @pytest.mark.parametrize(
        "body",
        [
            form(part(ONE, NAMED)),
            form(part(ONE, b'Content-Disposition: form-data; name="encodeData"; filename="encodeData.txt"')),
            form(part(ONE, b"Content-Type: application/octet-stream", NAMED)),
            form(part(b"x", b'Content-Disposition: form-data; name="other"'), part(ONE, NAMED)),
            form(part(base64.encodebytes(ONE), NAMED, b"Content-Transfer-Encoding: base64")),
            form(part(base64.b64decode(ONE), NAMED)),
            form(part(ONE)),
        ],
        ids=["form", "file", "typed", "among others", "transferred", "plain", "unnamed"],
    )
    @pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/mixed", "Multipart/Form-Data"])
    def test_a_form_in_any_shape(self, client, body, kind):
        headers = {TRACE: "a-request", "Content-Type": f"{kind}; boundary=cut"}
        assert client.delivered(headers, body) == ("a-request", b"signature")

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"--cut",
            form(),
            form(part(b"", NAMED)),
            form(part(b"\xff\x00", NAMED)),
            form(part(ONE, NAMED), part(ONE, NAMED)),
            form(part(ONE), part(ONE)),
            form(part(ONE, b'Content-Disposition: form-data; name="a"'), part(ONE, b"\xff: \xff")),
            # each of these makes a parser of the standard library raise
            form(part(b"x", b"Content-Disposition: form-data; name*=\x00''%41")),
            form(part(b"x", b"Content-Disposition: form-data; name*=utf-8''%ff; name*0*=a; name*1=b")),
            form(part(b"x", NAMED, b"Content-Type: multipart/mixed; boundary=cut")),
            form(part(b"x", NAMED, b"Content-Type: message/rfc822")),
            form(part(base64.b64encode(b"[" * 100_000), NAMED)),
        ],
    )
    def test_no_form_at_all(self, client, body):
        assert refusal(client.delivered, CUT, body) == "bad_answer"

    @pytest.mark.parametrize(
        "kind",
        ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary*=%ff'"],
    )
    def test_a_form_without_its_boundary(self, client, kind):
        headers = {**CUT, "Content-Type": kind}
        assert refusal(client.delivered, headers, form(part(ONE, NAMED))) == "bad_answer"

    @pytest.mark.parametrize(
        "document",
        [
            {"signedItems": {}},
            {"signedItems": [{"signature": None}]},
            {"signedItems": [{"signature": ["c2ln"]}]},
            {"signedItems": [{"signature": "підпис"}]},
            {"signedItems": [{"signature": "\ud800"}]},
            {"signedItems": [{"signature": ""}]},
            {"signedItems": [{"signature": "c2ln"}, 7]},
            {"encodeData": {"signedItems": [{"signature": "c2ln"}]}},
            {"encodeData": "\ud800"},
            {"encodeData": ""},
        ],
    )
    def test_json_without_one_signature(self, client, document):
        headers = {TRACE: "a-request", "Content-Type": "application/json"}
        assert refusal(client.delivered, headers, json.dumps(document).encode()) == "bad_answer"

    @pytest.mark.parametrize("trace", ["", " ", "a" * 129, "запит", "a\x00b"])
    def test_a_trace_that_cannot_be_one(self, client, trace):
        headers = {TRACE: trace, "Content-Type": "application/json"}
        assert refusal(client.delivered, headers, b'{"encodeData": "' + ONE + b'"}') == "bad_answer"
