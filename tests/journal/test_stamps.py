"""Time stamps over the roots of the journal, over real HTTP from an authority made with OpenSSL."""

import hashlib
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests import given

from viche.foundation import clock
from viche.journal.actions import sequence_all, stamp_roots
from viche.journal.models import Log, Stamp
from viche.journal.stamping import StampError, ask_stamp, checked_token

CONFIG = """
[ tsa ]
default_tsa = one
[ one ]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""
EXTENSIONS = (
    "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\nbasicConstraints=CA:false\n"
)


def openssl(*arguments: str, folder: Path, content: bytes = b"") -> bytes:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, input=content, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def make_authority(folder: Path) -> None:
    """A root, and a certificate for stamping under it."""
    folder.mkdir(parents=True)
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650",
        "-subj", "/CN=Root of the test", folder=folder,
    )  # fmt: skip
    openssl(
        "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
        "-subj", "/CN=Stamps of the test", folder=folder,
    )  # fmt: skip
    (folder / "ext").write_text(EXTENSIONS)
    openssl(
        "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650",
        "-extfile", "ext", "-out", "tsa.pem", folder=folder,
    )  # fmt: skip
    (folder / "config").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")


class Authority:
    """A time-stamping authority over HTTP. spoils: what it does to its answer."""

    def __init__(self, folder: Path) -> None:
        make_authority(folder)
        self.folder, self.asked, self.status = folder, 0, 200
        self.spoils = lambda answer: answer
        authority = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                authority.asked += 1
                question = self.rfile.read(int(self.headers["Content-Length"]))
                (folder / "question").write_bytes(question)
                openssl(
                    "ts",
                    "-reply",
                    "-config",
                    "config",
                    "-queryfile",
                    "question",
                    "-out",
                    "answer",
                    folder=folder,
                )
                answer = authority.spoils((folder / "answer").read_bytes())
                self.send_response(authority.status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    found = Authority(tmp_path_factory.mktemp("tsa") / "one")
    yield found
    found.server.shutdown()


@pytest.fixture
def authority(running: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    running.spoils, running.status, running.asked = (lambda answer: answer), 200, 0
    monkeypatch.setattr(settings, "TSA_URL", running.url)
    monkeypatch.setattr(settings, "TSA_CERTIFICATE", str(running.folder / "ca.pem"))
    monkeypatch.setattr(settings, "TSA_TIMEOUT", 10)
    return running


def ask(authority: Authority, document: bytes = b"something") -> object:
    return ask_stamp(document, url=authority.url, certificate=str(authority.folder / "ca.pem"), timeout=10)


def test_a_stamp_holds_for_its_document_and_for_no_other(authority: Authority):
    token = ask(authority)
    certificate = str(authority.folder / "ca.pem")
    assert checked_token(token.content, b"something", certificate=certificate).at == token.at
    with pytest.raises(StampError, match="does not hold"):
        checked_token(token.content, b"something else", certificate=certificate)


def test_openssl_agrees(authority: Authority, tmp_path: Path):
    token = ask(authority)
    (tmp_path / "document").write_bytes(b"something")
    (tmp_path / "stamp.tsr").write_bytes(token.content)
    openssl(
        "ts", "-verify", "-data", "document", "-in", "stamp.tsr", "-CAfile", str(authority.folder / "ca.pem"),
        folder=tmp_path,
    )  # fmt: skip


def test_an_answer_to_another_question_is_not_believed(authority: Authority):
    old = ask(authority).content
    authority.spoils = lambda _answer: old
    with pytest.raises(StampError, match="Nonce"):
        ask(authority)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: answer[:-40] + bytes(40),
        lambda answer: b"",
        lambda answer: b"<html>",
        lambda answer: answer + b"x" * 200_000,
    ],
)
def test_a_spoilt_answer_is_not_kept(authority: Authority, spoil):
    authority.spoils = spoil
    with pytest.raises(StampError):
        ask(authority)


def test_an_authority_under_another_root_is_not_believed(authority: Authority, tmp_path: Path):
    make_authority(tmp_path / "other")
    with pytest.raises(StampError):
        ask_stamp(b"something", url=authority.url, certificate=str(tmp_path / "other" / "ca.pem"), timeout=10)


def test_without_its_certificate_nothing_is_believed(authority: Authority, tmp_path: Path):
    with pytest.raises(StampError, match="certificate cannot be read"):
        ask_stamp(b"something", url=authority.url, certificate=str(tmp_path / "none.pem"), timeout=10)


@pytest.mark.django_db
class TestDays:
    def test_the_root_of_the_day_is_stamped_once(self, authority: Authority):
        given.contest()
        sequence_all()
        log = Log.objects.get(community=given.POLTAVA)
        with clock.at(given.day(1)):
            assert stamp_roots() == 1
            assert stamp_roots() == 0
        stamp = Stamp.objects.get()
        assert (stamp.size, stamp.root) == (log.size, log.root)
        assert json.loads(stamp.document) == {"log": log.name, "size": log.size, "root": log.root}
        assert authority.asked == 1

    def test_a_log_that_has_not_grown_is_not_stamped_again(self, authority: Authority):
        given.contest()
        sequence_all()
        for number in (1, 2):
            with clock.at(given.day(number)):
                stamp_roots()
        assert Stamp.objects.count() == 1
        given.submitted_project(given.contest(slug="2027"))
        sequence_all()
        with clock.at(given.day(7)):
            assert stamp_roots() == 1

    def test_an_authority_that_fails_is_asked_again_by_the_next_run(self, authority: Authority):
        given.contest()
        sequence_all()
        authority.status = 503
        with clock.at(given.day(1)):
            assert stamp_roots() == 0
            authority.status = 200
            assert stamp_roots() == 1

    def test_one_that_is_down_breaks_nothing(self, authority: Authority, monkeypatch: pytest.MonkeyPatch):
        given.contest()
        sequence_all()
        monkeypatch.setattr(settings, "TSA_URL", "http://127.0.0.1:9/")
        assert stamp_roots() == 0

    def test_without_the_setting_nothing_is_asked(
        self, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ):
        given.contest()
        sequence_all()
        monkeypatch.setattr(settings, "TSA_URL", "")
        assert stamp_roots() == 0
        assert authority.asked == 0

    def test_the_page_offers_the_stamp_and_what_it_is_of(self, authority: Authority, tmp_path: Path):
        body = given.contest().community
        sequence_all()
        stamp_roots()
        stamp = Stamp.objects.get()
        page = Client().get(f"/{body.slug}/journal/").content.decode()
        assert f"/{body.slug}/journal/stamps/{stamp.id}.tsr" in page
        token = Client().get(f"/{body.slug}/journal/stamps/{stamp.id}.tsr")
        document = Client().get(f"/{body.slug}/journal/stamps/{stamp.id}.json")
        assert token["Content-Type"] == "application/timestamp-reply"
        assert hashlib.sha256(document.content).digest() in token.content
        lviv = given.community(given.LVIV)
        assert Client().get(f"/{lviv.slug}/journal/stamps/{stamp.id}.tsr").status_code == 404
