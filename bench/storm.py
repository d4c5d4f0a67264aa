"""A storm on the ballot box: voters press, press twice and press again, while web workers, the worker of jobs and the
database are killed (kill -9) and connections are cut before and after COMMIT. Then the box is opened and audited.

    VICHE_VAR=var/storm .venv/bin/python bench/storm.py [--voters 2000] [--seed 1] [--json FILE]

Real parts only: granian with two processes, the worker, an embedded PostgreSQL that writes durably, HTTP with cookies,
forms as the pages show them. A voter repeats the same form until the answer is a receipt. Faults come when so many
ballots have been acknowledged, in an order drawn by the seed; the moments of the processes are their own.

Writes docs/benchmarks/storm.md (or with --json the figures only) and ends with 1 where anything is lost or twice.
"""

import argparse
import base64
import html
import json
import os
import platform
import queue
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.pop("DATABASE_URL", None)
os.environ["VICHE_ENVIRONMENT"] = "development"
os.environ.setdefault("VICHE_VAR", str(ROOT / "var" / "storm"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "viche.config.settings")

import django  # noqa: E402
import httpx  # noqa: E402
from bench.storm_audit import wrong  # noqa: E402
from django.conf import settings  # noqa: E402

from viche.config import embedded  # noqa: E402

CLIENTS, WEB_PROCESSES = 8, 2
PATIENCE = 120
# of a hundred commits so many meet a cut before, and as many a cut after
CUTS = 3
FAULTS = ("a web process", "the worker", "the database", "a process of the database", "all connections")
KEPT_TABLES = {"communities_territory", "communities_formername", "django_content_type", "django_migrations"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Server:
    """The embedded cluster of this run; killed and started again."""

    def __init__(self) -> None:
        assert settings.EMBEDDED_PLACE is not None
        self.place = settings.EMBEDDED_PLACE
        embedded.use(self.place, durable=True)

    @property
    def postmaster(self) -> int:
        return int((self.place.data / "postmaster.pid").read_text().split()[0])

    def kill_all(self) -> None:
        postmaster = self.postmaster
        family = [postmaster, *children_of(postmaster)]
        os.kill(postmaster, signal.SIGKILL)
        while any(is_alive(pid) for pid in family):
            time.sleep(0.02)
        # where nobody buries it, the dead process still has its number, and a new server would believe the file
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        embedded.restart(self.place)

    def kill_one(self) -> None:
        """Kill a process that serves somebody: the postmaster ends all others and recovers from its log."""
        names = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children_of(self.postmaster)}
        serving = [pid for pid, name in names.items() if " viche viche " in name.replace("\x00", " ")]
        if serving:
            os.kill(serving[0], signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children_of(parent: int) -> list[int]:
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                stat = (each / "stat").read_text()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                found.append(int(each.name))
    return sorted(found)


class Site:
    """The web server and the worker of jobs, reached by a wire that can be cut."""

    def __init__(self, wire_folder: Path, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ, "DATABASE_URL": f"postgresql://viche@/viche?host={wire_folder}",
            "PYTHONPATH": str(ROOT / "src"),
        }  # fmt: skip
        self.log = log.open("ab")
        self.web = self.start(
            "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers",
            str(WEB_PROCESSES), "--blocking-threads", "4", "--respawn-failed-workers", "--respawn-interval", "0.5",
            "--log-level", "warning", "viche.config.wsgi:application",
        )  # fmt: skip
        self.worker = self.start("viche.config.cli", "worker")

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", *command], env=self.environment, stdout=self.log, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip

    def kill_web(self) -> None:
        serving = [
            pid for pid in children_of(self.web.pid)
            if "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()
        ]  # fmt: skip
        os.kill(serving[-1], signal.SIGKILL)

    def kill_worker(self) -> None:
        self.worker.kill()
        self.worker.wait()
        self.worker = self.start("viche.config.cli", "worker")

    def stop(self) -> None:
        for each in (self.web, self.worker):
            each.terminate()
            try:
                each.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(each.pid, signal.SIGKILL)
                each.wait()
        self.log.close()


class Tally:
    """What the voters were told. receipts: by voter, every commitment they were given."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.receipts: dict[int, list[str]] = {}
        self.answers: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.first_try: list[float] = []
        self.failures: list[str] = []

    def count(self, what: str) -> None:
        with self.lock:
            self.answers[what] += 1

    def acknowledge(self, voter: int, commitment: str, seconds: float | None) -> None:
        with self.lock:
            self.receipts.setdefault(voter, []).append(commitment)
            if seconds is not None:
                self.first_try.append(seconds)


def said(answer: httpx.Response) -> str:
    """Method, status, headings and code of a page, for a failure to be understood."""
    parts = re.findall(
        r"<h1>(.*?)</h1>|<code>(.*?)</code>|<p class=\"large\">(.*?)</p>", answer.text, re.DOTALL
    )
    words = " | ".join(filter(None, (part for each in parts for part in each)))
    return f"{answer.request.method} {answer.status_code}: {words}"


class Voter:
    """One browser. cookie: of a session that was opened by an identification."""

    def __init__(
        self, number: int, base: str, address: str, cookie: str, choice: list[str], tally: Tally
    ) -> None:
        self.number, self.base, self.address, self.choice = number, base, address, choice
        self.tally, self.deadline = tally, time.monotonic() + PATIENCE
        picked = base64.urlsafe_b64encode(json.dumps(choice).encode()).decode()
        self.cookies = {"viche": cookie, self.ballot_cookie: picked}

    ballot_cookie = ""

    def ask(self, method: str, form: dict[str, list[str]] | None = None) -> httpx.Response:
        """Until there is an answer that is no fault: a person would press the button again."""
        while time.monotonic() < self.deadline:
            try:
                with httpx.Client(base_url=self.base, cookies=self.cookies, timeout=20) as browser:
                    answer = browser.request(method, self.address, data=form)
            except httpx.TransportError:
                self.tally.count("no answer")
            else:
                if answer.status_code < 500:
                    return answer
                assert answer.status_code == 503, said(answer)
                assert answer.headers["Retry-After"]
                self.tally.count("503, send again")
            self.tried += 1
            time.sleep(random.uniform(0.05, 0.4))
        raise TimeoutError(f"voter {self.number} got no answer in {PATIENCE} s")

    tried = 0

    def open_form(self) -> dict[str, list[str]]:
        answer = self.ask("GET")
        assert answer.status_code == 200, said(answer)
        form: dict[str, list[str]] = {}
        for name, value in HIDDEN.findall(answer.text):
            form.setdefault(name, []).append(html.unescape(value))
        self.cookies["csrf"] = answer.cookies["csrf"]
        return {name: form[name] for name in ("csrfmiddlewaretoken", "request_key", "choice")}

    def send(self, form: dict[str, list[str]]) -> None:
        from django.core import signing

        from viche.channels.booth.selection import RECEIPT

        started, tried = time.perf_counter(), self.tried
        answer = self.ask("POST", form)
        assert answer.status_code == 302, said(answer)
        assert answer.headers["Location"].endswith("/receipt/"), answer.headers["Location"]
        kept = signing.loads(answer.cookies[RECEIPT], salt=RECEIPT)
        seconds = time.perf_counter() - started if self.tried == tried else None
        self.tally.acknowledge(self.number, kept["commitment"], seconds)

    def refused(self, form: dict[str, list[str]], status: int) -> None:
        answer = self.ask("POST", form)
        assert answer.status_code == status, said(answer)
        with self.tally.lock:
            self.tally.refused[str(status)] += 1

    def vote(self, manner: float) -> None:
        """manner, from 0 to 1: presses twice, comes again with a new form, or sends it with other choices."""
        form = self.open_form()
        if manner < 0.2:
            other = threading.Thread(target=self.guarded, args=[lambda: self.send(form)])
            other.start()
            self.send(form)
            other.join()
        else:
            self.send(form)
        if 0.2 <= manner < 0.35:
            key = base64.urlsafe_b64encode(os.urandom(32)).decode()
            self.refused({**form, "request_key": [key]}, 409)
        if 0.35 <= manner < 0.45:
            self.refused({**form, "choice": ["3"]}, 422)
        if 0.45 <= manner < 0.55:
            self.send(form)

    def guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as raised:
            self.tally.failures.append(f"voter {self.number}: {type(raised).__name__}: {raised}")


def lay(voters: int) -> tuple[Any, list[str]]:
    """A contest that is voting now, and the cookies of so many identified people."""
    from datetime import timedelta

    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection, transaction
    from tests import given

    from viche.foundation import clock
    from viche.identity.sessions import AT, METHOD, PERSON

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT_TABLES)
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    today = (clock.now() - given.START).days
    phases = (("submission", 0, 20), ("review", 20, 40), ("voting", 40, today + 3),
              ("counting", today + 3, today + 10), ("results", today + 10, None))  # fmt: skip
    cookies = []
    with transaction.atomic():
        contest = given.contest(phases=phases)
        for number in range(1, 5):
            given.admitted_project(contest, f"Проєкт {number}", cost=10_000_000 * number)
        for number in range(voters):
            person = given.person("Виборець", serial=number)
            session = SessionStore()
            session[PERSON], session[AT] = str(person.pk), (clock.now() + timedelta(hours=1)).isoformat()
            session[METHOD] = "isei:bank_id"
            session.create()
            cookies.append(session.session_key)
    connection.close()
    return contest, cookies


def audit(contest: Any, tally: Tally, voters: int) -> dict[str, int]:
    """Open the box and count everything that must be equal, and everything that must not be there."""
    from datetime import timedelta

    from viche.ballots.actions import open_box
    from viche.ballots.models import Ballot, Claim, Opening, Participation
    from viche.contests.models import Contest
    from viche.foundation import clock
    from viche.journal.models import Entry, Log
    from viche.journal.queries import recomputed_root

    waiting = Entry.objects.filter(kind="BallotSealed", index__isnull=True).count()
    with clock.at(contest.window("voting").ends_at + timedelta(hours=1)):
        open_box(contest=Contest.objects.get(pk=contest.pk))
    acknowledged = {each for given in tally.receipts.values() for each in given}
    envelopes = {bytes(each).hex() for each in Ballot.objects.values_list("commitment", flat=True)}
    leaves = Entry.objects.filter(kind="BallotSealed")
    in_log = [bytes(each).hex() for each in leaves.values_list("sort_key", flat=True)]
    placed = list(Entry.objects.filter(index__isnull=False).values_list("index", flat=True).order_by("index"))
    (log,) = Log.objects.all()
    openings = {bytes(each).hex() for each in Opening.objects.values_list("commitment", flat=True)}
    return {
        "voters": voters,
        "voters with a receipt": len(tally.receipts),
        "different receipts": len(acknowledged),
        "marks": Participation.objects.count(),
        "claimed numbers": Claim.objects.count(),
        "envelopes": len(envelopes),
        "leaves of the journal": len(in_log),
        "openings": len(openings),
        "voters told two different receipts": sum(len(set(each)) > 1 for each in tally.receipts.values()),
        "receipts without an envelope": len(acknowledged - envelopes),
        "envelopes nobody has a receipt of": len(envelopes - acknowledged),
        "leaves twice": len(in_log) - len(set(in_log)),
        "leaves without an envelope, or the other way": len(set(in_log) ^ envelopes),
        "openings without a receipt": len(openings ^ acknowledged),
        "holes in the log": int(placed != list(range(log.size))),
        "roots that differ when computed anew": int(recomputed_root(log) != log.root),
        "leaves the worker had not placed": waiting,
    }


def storm(voters: int, seed: int, rounds: int) -> dict[str, Any]:
    from tests.wire import AFTER, BEFORE, Wire

    chance = random.Random(seed)
    server = Server()
    django.setup()
    contest, cookies = lay(voters)
    Voter.ballot_cookie = f"ballot-{contest.id.hex}"
    dice, dice_lock = random.Random(seed + 1), threading.Lock()
    is_calm = threading.Event()

    def decide() -> str:
        with dice_lock:
            throw = dice.randrange(100)
        if is_calm.is_set() or throw >= 2 * CUTS:
            return ""
        return BEFORE if throw < CUTS else AFTER

    plan = [name for _round in range(rounds) for name in chance.sample(FAULTS, len(FAULTS))]
    happened: Counter[str] = Counter()
    tally = Tally()
    log = Path(os.environ["VICHE_VAR"]) / "storm.log"
    log.unlink(missing_ok=True)
    with Wire(str(server.place.sockets), decide) as wire:
        is_calm.set()
        site = Site(wire.folder, log)
        base = f"http://127.0.0.1:{site.port}"
        address = f"/{contest.community.slug}/{contest.slug}/vote/review/"
        try:
            wait_for(base)
            is_calm.clear()
            acts = dict(zip(FAULTS, (site.kill_web, site.kill_worker, server.kill_all, server.kill_one, wire.cut_all),
                            strict=True))  # fmt: skip
            waiting: queue.Queue[Voter] = queue.Queue()
            manners = {}
            for number in range(voters):
                choice = chance.sample(["1", "2"], chance.randint(1, 2))
                waiting.put(Voter(number, base, address, cookies[number], choice, tally))
                manners[number] = chance.random()

            def serve() -> None:
                while not tally.failures:
                    try:
                        voter = waiting.get_nowait()
                    except queue.Empty:
                        return
                    voter.deadline = time.monotonic() + PATIENCE
                    voter.guarded(lambda: voter.vote(manners[voter.number]))  # noqa: B023

            def strike() -> None:
                for place, name in enumerate(plan, start=1):
                    while len(tally.receipts) < place * voters // (len(plan) + 1) and not is_calm.is_set():
                        time.sleep(0.01)
                    acts[name]()
                    happened[name] += 1

            started = time.perf_counter()
            clients = [threading.Thread(target=serve) for _ in range(CLIENTS)]
            striking = threading.Thread(target=strike)
            for each in (*clients, striking):
                each.start()
            for each in clients:
                each.join()
            seconds = time.perf_counter() - started
            is_calm.set()
            striking.join()
        finally:
            site.stop()
        cuts = dict(wire.cuts)
    return {
        "audit": audit(contest, tally, voters), "faults": dict(happened), "cuts": cuts, "answers": dict(tally.answers),
        "refused": dict(tally.refused), "failures": tally.failures, "seconds": seconds,
        "first_try": sorted(tally.first_try), "seed": seed,
    }  # fmt: skip


def wait_for(base: str) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{base}/health/", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the site does not answer")


def page(found: dict[str, Any]) -> str:
    """The figures as a page of the documentation."""
    times, box = found["first_try"], found["audit"]
    faults = [
        f"| kill -9 of {name} | {number} |" for name, number in found["faults"].items() if "conn" not in name
    ]
    faults += [f"| cut of {name} | {number} |" for name, number in found["faults"].items() if "conn" in name]
    return "\n".join([
        "# A storm on the ballot box",
        "",
        f"`bench/storm.py` with {box['voters']} voters, seed {found['seed']}: {CLIENTS} browsers at once, granian with "
        f"{WEB_PROCESSES} processes, worker, embedded PostgreSQL with durability on, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}. A fifth of the voters press twice at the same moment; others come "
        "again with a new form, with other choices, or with the same form. Whoever gets no receipt sends the same form "
        "again.",
        "",
        "| Fault | times |",
        "|---|---|",
        *faults,
        *(f"| connection cut {name} | {number} |" for name, number in found["cuts"].items()),
        "",
        "| What the browsers met | times |",
        "|---|---|",
        *(f"| {name} | {number} |" for name, number in sorted(found["answers"].items())),
        *(f"| refused with {name}, as it must be | {number} |" for name, number in sorted(found["refused"].items())),
        "",
        "| After the opening | |",
        "|---|---|",
        *(f"| {name} | {number} |" for name, number in box.items()),
        "",
        f"Wrong: {', '.join(wrong(box)) or 'nothing'}. All of it took {found['seconds']:.0f} s, "
        f"{box['voters'] / found['seconds']:.0f} voters a second with their pages and the faults. A ballot taken at "
        f"the first try was answered in {statistics.median(times) * 1000:.0f} ms (median), "
        f"{times[int(len(times) * 0.95)] * 1000:.0f} ms (95 of 100).",
        "",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=4, help="how often each kind of fault comes")
    parser.add_argument("--json", type=Path, help="write the figures there, and no page")
    wanted = parser.parse_args()
    found = storm(wanted.voters, wanted.seed, wanted.rounds)
    if wanted.json is not None:
        wanted.json.write_text(json.dumps(found, ensure_ascii=False))
    else:
        (ROOT / "docs/benchmarks/storm.md").write_text(page(found), encoding="utf-8")
    print(page(found))
    print("\n".join(found["failures"]))
    if wrong(found["audit"]) or found["failures"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
