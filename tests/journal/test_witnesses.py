"""Witnesses over real HTTP: ours asks them, and ``viche witness`` is one. Forks, replays, the dead and the slow."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import transaction
from tests import given

from rulebook.merkle import (
    Checkpoint,
    consistency_proof,
    format_note,
    leaf_hash,
    parse_note,
    root_of,
    verify_consistency,
)
from rulebook.signing import (
    LOG,
    VerifierKey,
    holds,
    key_of,
    public_of,
    sign_note,
    signature_lines,
    signed_by,
)
from rulebook.witnessing import Request
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.journal import publishing
from viche.journal.actions import append, log_of, publish_log, restart_log, sequence_log, witness_logs
from viche.journal.models import Log, Witnessing
from viche.journal.witness_server import LONGEST_REQUEST, Witness, witness_server
from viche.projects.events import ProjectAdmitted

SECRET = bytes(range(32))
ORIGIN = "viche.example/log/UA1/2026"
KEY = VerifierKey(ORIGIN, LOG, public_of(SECRET))
LEAVES = [leaf_hash(number.to_bytes(2, "big")) for number in range(300)]
FORK = LEAVES[:4] + [leaf_hash(b"fork" + leaf) for leaf in LEAVES[4:]]


class Running:
    """A witness at its own address. posts: how many requests it got."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.witness = Witness(folder, name)
        self.server = witness_server(self.witness, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def watch(self, *keys: VerifierKey) -> None:
        with (self.folder / "logs.txt").open("a") as logs:
            logs.writelines(f"{key.text}\n" for key in keys)

    def ask(self, text: str | bytes) -> httpx.Response:
        return httpx.post(f"{self.url}/add-checkpoint", content=text, timeout=20)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "witness", "ngo.example/witness")
    yield running
    running.stop()


def offered(
    old: int, size: int, leaves: list[bytes] = LEAVES, *, secret: bytes = SECRET, origin: str = ORIGIN
):
    body = Checkpoint(origin, size, root_of(leaves[:size])).body()
    note = format_note(body, [sign_note(body, name=origin, secret=secret)])
    proof = consistency_proof(leaves[:size], old) if 0 < old <= size else []
    return Request(old, tuple(proof), note)


class TestOurWitness:
    def test_it_signs_a_log_that_grows_with_a_line_that_holds(self, witness: Running):
        witness.watch(KEY)
        for old, size in ((0, 5), (5, 5), (5, 256), (256, 300)):
            answer = witness.ask(offered(old, size).text())
            assert answer.status_code == 200, answer.text
            body, _ = parse_note(offered(old, size).note)
            [line] = signature_lines(answer.text)
            assert holds(body, line, witness.witness.key)

    def test_it_shows_its_key(self, witness: Running):
        assert key_of(httpx.get(f"{witness.url}/").text) == witness.witness.key

    def test_it_answers_as_the_specification_says(self, witness: Running):
        assert witness.ask(offered(0, 5).text()).status_code == 404
        witness.watch(KEY)
        assert witness.ask(offered(0, 5, secret=bytes(32)).text()).status_code == 403
        assert witness.ask(offered(0, 5).text()).status_code == 200
        conflict = witness.ask(offered(0, 9).text())
        assert (conflict.status_code, conflict.text) == (409, "5\n")
        assert conflict.headers["content-type"] == "text/x.tlog.size"
        assert witness.ask(offered(5, 9, FORK).text()).status_code == 422
        assert witness.ask(offered(5, 5, FORK).text()).status_code == 409
        assert witness.ask(offered(9, 5).text()).status_code == 400
        assert witness.ask("rubbish").status_code == 400
        assert witness.ask(b"\xff\xfe").status_code == 400
        assert witness.ask("x" * (LONGEST_REQUEST + 1)).status_code == 413
        assert httpx.post(f"{witness.url}/other", content="x").status_code == 404
        assert httpx.get(f"{witness.url}/add-checkpoint").status_code == 404

    def test_an_old_request_played_again_gets_no_signature(self, witness: Running):
        witness.watch(KEY)
        old = offered(0, 5).text()
        assert witness.ask(old).status_code == 200
        assert witness.ask(offered(5, 9).text()).status_code == 200
        assert witness.ask(old).status_code == 409

    def test_a_log_is_added_without_a_restart_and_a_bad_line_signs_nothing(self, witness: Running):
        other = VerifierKey("viche.example/log/UA2/2026", LOG, public_of(SECRET))
        witness.watch(KEY)
        assert witness.ask(offered(0, 5, origin=other.name).text()).status_code == 404
        witness.watch(other)
        assert witness.ask(offered(0, 5, origin=other.name).text()).status_code == 200
        (witness.folder / "logs.txt").write_text("not a key\n")
        assert witness.ask(offered(5, 9).text()).status_code == 500

    def test_it_remembers_after_a_restart(self, witness: Running):
        witness.watch(KEY)
        assert witness.ask(offered(0, 9).text()).status_code == 200
        again = Running(witness.folder, "ngo.example/witness")
        try:
            assert again.witness.key == witness.witness.key
            assert again.ask(offered(9, 9, FORK).text()).status_code == 409
            assert again.ask(offered(0, 9).text()).text == "9\n"
        finally:
            again.stop()

    def test_of_forks_sent_at_once_only_one_is_ever_signed(self, witness: Running):
        """Thirty-two requests from the same seen size, half of them of another tree, over two processes' memory."""
        witness.watch(KEY)
        assert witness.ask(offered(0, 4).text()).status_code == 200
        second = Running(witness.folder, "ngo.example/witness")
        try:
            asked = [(offered(4, 5 + number // 4, (LEAVES, FORK)[number % 2])) for number in range(32)]
            with ThreadPoolExecutor(16) as threads:
                answers = list(
                    threads.map(
                        lambda each: (witness, second)[asked.index(each) % 3 == 0].ask(each.text()), asked
                    )
                )
        finally:
            second.stop()
        signed = [each for each, answer in zip(asked, answers, strict=True) if answer.status_code == 200]
        assert len(signed) == 1
        assert {answer.status_code for answer in answers} == {200, 409}

    def test_where_it_cannot_remember_it_does_not_sign(
        self, witness: Running, monkeypatch: pytest.MonkeyPatch
    ):
        witness.watch(KEY)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(witness.witness, "_remember", full)
        assert witness.ask(offered(0, 5).text()).status_code == 500
        assert not (witness.folder / "seen.json").exists()

    def test_a_client_that_says_nothing_holds_nobody_up(self, witness: Running):
        witness.watch(KEY)
        with socket.create_connection(witness.server.server_address) as silent:
            silent.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\nold")
            assert witness.ask(offered(0, 5).text()).status_code == 200

    def test_its_secret_is_readable_by_itself_only(self, witness: Running):
        assert (witness.folder / "witness.key").stat().st_mode & 0o777 == 0o600


def grow(number: int, start: int = 0) -> Log:
    with transaction.atomic():
        append(
            *(ProjectAdmitted(project=f"p-{start + each}", number=1) for each in range(number)),
            community=given.POLTAVA, year=2026, by=SYSTEM,
        )  # fmt: skip
    log = log_of(given.POLTAVA, 2026)
    sequence_log(log=log)
    log.refresh_from_db()
    assert publish_log(log=log) == ""
    log.refresh_from_db()
    return log


def configure(monkeypatch: pytest.MonkeyPatch, *running: Running, url: str = "") -> None:
    monkeypatch.setattr(
        settings,
        "WITNESSES",
        {
            f"W{number}": {"url": url or each.url, "key": each.witness.key.text}
            for number, each in enumerate(running)
        },
    )
    monkeypatch.setattr(settings, "WITNESS_TIMEOUT", 3)


def cosigned(log: Log, *running: Running) -> list[bool]:
    body, signatures = parse_note(publishing.published(log).note)
    return [signed_by(body, signatures, each.witness.key) is not None for each in running]


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "second", "press.example/witness")
    yield running
    running.stop()


@pytest.mark.django_db
class TestAskingWitnesses:
    def test_their_signatures_are_published_under_the_checkpoint(self, witness, second, monkeypatch):
        configure(monkeypatch, witness, second)
        log = grow(10)
        for each in (witness, second):
            each.watch(publishing.key_of_log(log))
        assert witness_logs() == 2
        assert cosigned(log, witness, second) == [True, True]
        body, signatures = parse_note(publishing.published(log).note)
        assert signed_by(body, signatures, publishing.key_of_log(log))
        # nobody is asked again about what they have signed
        assert witness_logs() == 0
        log = grow(300, 10)
        assert cosigned(log, witness, second) == [False, False]
        assert witness_logs() == 2
        assert cosigned(log, witness, second) == [True, True]

    def test_a_checkpoint_written_again_keeps_what_was_signed(self, witness, monkeypatch):
        configure(monkeypatch, witness)
        log = grow(10)
        witness.watch(publishing.key_of_log(log))
        witness_logs()
        note = publishing.published(log).note
        (publishing.folder_of(log) / "checkpoint").unlink()
        publish_log(log=log)
        assert publishing.published(log).note == note

    def test_a_witness_that_has_seen_more_of_the_log_than_is_known_here_is_asked_from_there(
        self, witness, monkeypatch
    ):
        configure(monkeypatch, witness)
        log = grow(10)
        witness.watch(publishing.key_of_log(log))
        witness_logs()
        Witnessing.objects.all().delete()
        log = grow(5, 10)
        assert witness_logs() == 1
        assert cosigned(log, witness) == [True]

    def test_one_that_has_seen_a_longer_log_is_named(self, witness, monkeypatch):
        configure(monkeypatch, witness)
        log = grow(10)
        witness.watch(publishing.key_of_log(log))
        (witness.folder / "seen.json").write_text(json.dumps({log.origin: [500, "00" * 32]}))
        assert witness_logs() == 0
        row = Witnessing.objects.get()
        assert (row.fault, row.claimed_size) == ("ahead", 500)

    def test_one_that_is_down_holds_nobody_up_and_is_asked_more_rarely(self, witness, second, monkeypatch):
        configure(monkeypatch, witness, second)
        settings.WITNESSES["W0"]["url"] = "http://127.0.0.1:9"
        log = grow(10)
        second.watch(publishing.key_of_log(log))
        now = clock.now()
        assert witness_logs() == 1
        assert cosigned(log, witness, second) == [False, True]
        asked = []
        for seconds in range(0, 600, 20):
            with clock.at(now + timedelta(seconds=seconds)):
                witness_logs()
            asked.append(Witnessing.objects.get(key=witness.witness.key.text).failures)
        assert asked[-1] == 4  # at once, and after 60, 120 and 240 seconds
        settings.WITNESSES["W0"]["url"] = witness.url
        witness.watch(publishing.key_of_log(log))
        with clock.at(now + timedelta(hours=2)):
            assert witness_logs() == 1
        assert Witnessing.objects.get(key=witness.witness.key.text).failures == 0

    def test_one_that_never_ends_its_answer_is_left_after_the_time_of_the_settings(
        self, witness, second, monkeypatch
    ):
        class Dripping(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.send_response(200)
                self.end_headers()
                for _ in range(200):
                    try:
                        self.wfile.write(b"x")
                        self.wfile.flush()
                    except OSError:
                        return
                    time.sleep(0.2)

            def log_message(self, *_: object) -> None: ...

        slow = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
        slow.daemon_threads = True
        threading.Thread(target=slow.serve_forever, daemon=True).start()
        configure(monkeypatch, witness, second)
        settings.WITNESSES["W0"]["url"] = f"http://127.0.0.1:{slow.server_address[1]}"
        monkeypatch.setattr(settings, "WITNESS_TIMEOUT", 1)
        log = grow(10)
        second.watch(publishing.key_of_log(log))
        began = time.monotonic()
        assert witness_logs() == 1
        assert time.monotonic() - began < 4
        assert cosigned(log, witness, second) == [False, True]
        slow.shutdown()

    @pytest.mark.parametrize(
        "answer",
        [b"", b"nonsense", b"\xff" * 10, "— ngo.example/witness AAAAAAAA\n".encode(), b"x" * 100_000],
    )
    def test_an_answer_that_does_not_hold_is_not_published(self, witness, monkeypatch, answer: bytes):
        class Lying(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None: ...

        lying = ThreadingHTTPServer(("127.0.0.1", 0), Lying)
        threading.Thread(target=lying.serve_forever, daemon=True).start()
        configure(monkeypatch, witness, url=f"http://127.0.0.1:{lying.server_address[1]}")
        log = grow(10)
        before = publishing.published(log).note
        assert witness_logs() == 0
        assert publishing.published(log).note == before
        assert Witnessing.objects.get().fault == "bad_answer"
        lying.shutdown()

    def test_a_signature_over_another_checkpoint_is_not_published(self, witness, monkeypatch):
        """A witness that plays an older signature of its own again."""
        configure(monkeypatch, witness)
        log = grow(10)
        witness.watch(publishing.key_of_log(log))
        witness_logs()
        old = Witnessing.objects.get().line
        monkeypatch.setattr(witness.witness, "answer", lambda _text: old)
        log = grow(1, 10)
        assert witness_logs() == 0
        assert cosigned(log, witness) == [False]

    def test_a_log_begun_anew_is_another_log_to_its_witnesses(self, witness, monkeypatch):
        configure(monkeypatch, witness)
        log = grow(10)
        witness.watch(publishing.key_of_log(log))
        witness_logs()
        Log.objects.filter(pk=log.pk).update(fault="shorter")
        log = restart_log(log=log, reason="втрачено", by=SYSTEM)
        sequence_log(log=log)
        publish_log(log=log)
        log.refresh_from_db()
        assert witness_logs() == 0  # it does not know the new name
        witness.watch(publishing.key_of_log(log))
        Witnessing.objects.update(failures=0)
        assert witness_logs() == 1

    def test_without_witnesses_nothing_is_asked(self, monkeypatch):
        monkeypatch.setattr(settings, "WITNESSES", {})
        grow(3)
        assert witness_logs() == 0
        assert not Witnessing.objects.exists()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_the_command_needs_no_database_and_survives_being_killed(tmp_path: Path):
    """``viche witness`` as another party runs it: killed with no warning, started again, still not signing a fork."""
    port, folder = free_port(), tmp_path / "w"
    folder.mkdir()
    (folder / "logs.txt").write_text(f"# a neighbour's log\n{KEY.text}\n")
    words = [
        sys.executable,
        "-m",
        "viche.config.cli",
        "witness",
        str(folder),
        "--name",
        "ngo.example/w",
        "--port",
        str(port),
    ]
    surroundings: dict[str, Any] = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
        "VICHE_VAR": str(tmp_path / "var"),
    }  # fmt: skip

    def started() -> subprocess.Popen[bytes]:
        running = subprocess.Popen(words, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(150):
            try:
                httpx.get(f"http://127.0.0.1:{port}/")
                return running
            except httpx.HTTPError:
                time.sleep(0.2)
        running.kill()
        raise AssertionError(running.communicate())

    def ask(request: Request) -> httpx.Response:
        return httpx.post(f"http://127.0.0.1:{port}/add-checkpoint", content=request.text())

    running = started()
    try:
        assert ask(offered(0, 9)).status_code == 200
    finally:
        running.kill()
        running.communicate()
    assert not (tmp_path / "var" / "postgres").exists()
    running = started()
    try:
        assert ask(offered(9, 20, FORK)).status_code == 422
        assert ask(offered(9, 9, FORK)).status_code == 409
        assert ask(offered(9, 20)).status_code == 200
    finally:
        running.kill()
        running.communicate()


def test_the_proof_we_send_is_one_that_holds():
    asked = offered(100, 300)
    assert verify_consistency(
        old_size=100,
        old_root=root_of(LEAVES[:100]),
        new_size=300,
        new_root=root_of(LEAVES),
        proof=asked.proof,
    )
