"""A ballot from a terminal counts exactly once: repeated, at once with others, and through kill -9 of the server."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from bench.storm import wait_for
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import connection
from tests import bank, given
from tests.crowd import at_once
from tests.paper_box import paper_rules

from viche.ballots.actions import cast_ballot
from viche.ballots.models import Ballot, Participation
from viche.channels.terminals.models import TerminalBallot
from viche.channels.terminals.simulator.__main__ import main as simulator
from viche.channels.terminals.simulator.api import FAULTS
from viche.channels.terminals.simulator.client import Heard, Terminal
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.journal.models import Entry

ROOT = Path(__file__).parents[2]
KEY = Ed25519PrivateKey.generate()
VOTERS, KILLS = 24, 3


def in_the_box() -> tuple[int, int, int, int]:
    """Marks, sealed ballots, leaves, references."""
    leaves = Entry.objects.filter(kind="BallotSealed").count()
    return Participation.objects.count(), Ballot.objects.count(), leaves, TerminalBallot.objects.count()


def told(heard: list[Heard]) -> list[tuple[int, str]]:
    return sorted((each.status, each.code) for each in heard)


def test_a_database_is_made_for_the_crowds_below(db):
    assert in_the_box() == (0, 0, 0, 0)


class TestAtOnce:
    @pytest.fixture
    def ground(self, committed_db):
        made, projects = bank.contest()
        given.person("Петро")
        partner = bank.partner(made.community, KEY)
        with clock.at(bank.VOTING):
            yield bank.terminal(partner, KEY), made, projects, partner

    def test_one_request_sent_twelve_times_in_one_moment(self, ground):
        """Whoever comes while it is being served is told to wait; all are told the same in the end."""
        machine, _contest, (park, *_), partner = ground
        machines = [bank.terminal(partner, KEY) for _ in range(12)]
        number = bank.number_of("Петро")
        heard = at_once(12, lambda at: machines[at].cast("2026", number, [park.code], request="request-0001"))
        assert set(told(heard)) <= {(201, ""), (409, "in_flight")}
        assert all(each.headers["Retry-After"] for each in heard if each.code == "in_flight")
        assert in_the_box() == (1, 1, 1, 1)
        last = machine.cast("2026", number, [park.code], request="request-0001").document
        slips = [each.document for each in heard if each.status == 201] + [last]
        assert len({(each["reference"], each["commitment"], each["nonce"]) for each in slips}) == 1
        assert sum(not each["is_repeat"] for each in slips) == 1

    def test_one_person_at_eight_terminals_in_one_moment(self, ground):
        _machine, _contest, (park, *_), partner = ground
        machines = [bank.terminal(partner, KEY) for _ in range(8)]
        number = bank.number_of("Петро")
        heard = at_once(
            8, lambda at: machines[at].cast("2026", number, [park.code], request=f"request-{at:04}")
        )
        assert told(heard) == [(201, ""), *[(409, "already_voted")] * 7]
        assert in_the_box() == (1, 1, 1, 1)

    def test_one_person_at_a_terminal_and_on_the_web_in_one_moment(self, ground):
        machine, contest, (park, garden, *_), _partner = ground
        person = given.person("Петро")

        def act(place: int) -> Any:
            if place:
                return machine.cast("2026", bank.number_of("Петро"), [park.code])
            return cast_ballot(
                contest=Contest.objects.get(pk=contest.pk), voter=person, paper=given.paper(garden),
                channel="online", request_key=bytes(range(32)), method="isei:bank_id",
            )  # fmt: skip

        web, terminal = at_once(2, act)
        won = (not isinstance(web, Exception), terminal.status == 201)
        assert sorted(won) == [False, True]
        if won[0]:
            assert terminal.code == "already_voted"
            assert "один раз" in terminal.document["title"]
        else:
            assert isinstance(web, Refused)
            assert web.code == "already_voted"
        assert in_the_box() == (1, 1, 1, int(won[1]))


# --- the server is killed -----------------------------------------------------------------------------------


class Site:
    """The site as a process of its own, on the database of this test."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        there = connection.settings_dict
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"} | {
            "DATABASE_URL": f"postgresql://{there['USER']}@/{there['NAME']}?host={there['HOST']}",
            "VICHE_KEYS_DIR": str(settings.KEYS_DIR), "VICHE_VAR": str(settings.VAR_DIR), "VICHE_DEMO": "",
            "VICHE_LOG": str(settings.LOG_DIR), "PYTHONPATH": str(ROOT / "src"),
        }  # fmt: skip
        self.environment, self.log = environment, log.open("ab")
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port",
                str(self.port), "--workers", "1", "--blocking-threads", "4", "--log-level", "warning",
                "viche.config.wsgi:application",
            ],
            env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        wait_for(f"http://127.0.0.1:{self.port}")

    def kill(self) -> None:
        """kill -9 of everything that serves, whatever it is doing."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.kill()
        self.log.close()


@pytest.fixture
def site(committed_db, tmp_path):
    """A contest that votes today, and the site that serves it."""
    today = (datetime.now(UTC) - given.START).days
    phases = (
        ("submission", 0, 20), ("review", 20, 40), ("voting", 40, today + 30), ("counting", today + 30, today + 40),
        ("results", today + 40, None),
    )  # fmt: skip
    made = given.contest(rules=paper_rules(), phases=phases)
    given.admitted_project(made)
    partner = bank.partner(made.community, KEY)
    numbers = [bank.number_of(f"Виборець {place}") for place in range(VOTERS)]
    for place in range(VOTERS):
        given.person(f"Виборець {place}")
    shown = bank.terminal(partner, KEY)  # makes the key of the answers
    running = Site(tmp_path / "site.log")
    yield running, shown, numbers
    running.stop()


def over_http(shown: Terminal, port: int, web: httpx.Client) -> Terminal:
    def send(method: str, url: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        answer = web.request(method, url, headers=dict(headers), content=body)
        return (
            answer.status_code,
            {name.title(): value for name, value in answer.headers.items()},
            answer.content,
        )

    return Terminal(send, f"http://127.0.0.1:{port}/poltava/", shown.key_id, KEY, shown.answers_key)


def test_no_ballot_is_lost_or_doubled_when_the_server_is_killed(site):
    """Each terminal sends until it has a slip, with one idempotency key a ballot. The server is killed meanwhile."""
    running, shown, numbers = site
    cut, served, killed, is_over, last = [], [], [], threading.Event(), {}

    def vote(place: int) -> str:
        with httpx.Client(timeout=60, trust_env=False) as web:
            machine = over_http(shown, running.port, web)
            until = time.monotonic() + 300
            while time.monotonic() < until:
                try:
                    heard = machine.cast("2026", numbers[place], ["1"], request=f"request-{place:04}")
                except (httpx.TransportError, json.JSONDecodeError):
                    cut.append(place)
                    time.sleep(0.05)
                    continue
                last[place] = (heard.status, heard.code)
                if heard.status == 201:
                    served.append(place)
                    return str(heard.document["commitment"])
                assert heard.status in {409, 500, 503}, heard
                assert heard.code in {"in_flight", "try_later", "failed", "try_again"}, heard
                time.sleep(0.05)
        raise TimeoutError(f"{place}: {last.get(place)}, cut {len(cut)}, killed {len(killed)}")

    def strike() -> None:
        while not is_over.wait(0.02) and len(killed) < KILLS:
            # in the middle of the crowd each time: the others are being served at this moment
            if len(served) > 6 * len(killed):
                running.kill()
                killed.append(True)
                running.start()

    striker = threading.Thread(target=strike)
    striker.start()
    try:
        with ThreadPoolExecutor(6) as crowd:
            slips = list(crowd.map(vote, range(VOTERS)))
    finally:
        is_over.set()
        striker.join()
    assert killed, "it was a storm"
    assert cut, "and somebody felt it"
    assert len(set(slips)) == VOTERS
    assert in_the_box() == (VOTERS,) * 4
    assert {bytes(each).hex() for each in Ballot.objects.values_list("commitment", flat=True)} == set(slips)


def test_the_simulator_walks_the_whole_way_with_every_fault(site, tmp_path):
    """viche simulator terminal --protocol api: its exit status says that all was answered as documented."""
    running, shown, numbers = site
    pem = tmp_path / "terminal-key.pem"
    pem.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for number, fault in zip(numbers, ("", *FAULTS), strict=False):
        said = [
            "--url",
            f"http://127.0.0.1:{running.port}/poltava/",
            "--key",
            str(pem),
            "--key-id",
            shown.key_id,
        ]
        assert (
            simulator(
                ["--protocol", "api", *said, "--number", number, *(["--fault", fault] if fault else [])]
            )
            == 0
        )
    assert in_the_box() == (len(FAULTS) + 1,) * 4
