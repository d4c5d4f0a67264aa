"""Our own API from the terminal's side, over HTTP: the whole way of one voter, with a fault where one is wanted."""

import base64
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from viche.channels.terminals.simulator.client import Heard, Terminal, moment

FAULTS = ("replay", "timeout", "reorder", "stale", "forged", "clock")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def parser() -> ArgumentParser:
    made = ArgumentParser(
        prog="viche simulator terminal --protocol api",
        description="One voter at a terminal, through our own API.",
    )
    made.add_argument(
        "--url", default="http://127.0.0.1:8000/", help="the community, e.g. http://127.0.0.1:8000/poltava/"
    )
    made.add_argument(
        "--key", type=Path, default=Path("terminal-key.pem"), help="PEM of the private key Ed25519"
    )
    made.add_argument("--key-id", default="", help="as the page of the partner shows it")
    made.add_argument("--make-key", action="store_true", help="make the key, print the public one, and end")
    made.add_argument("--number", default="", help="tax number of the client")
    made.add_argument(
        "--contest", default="", help="address of the contest; else the first in which the client may vote"
    )
    made.add_argument("--choose", default="", help="codes of projects by comma; else the first of the paper")
    made.add_argument("--fault", choices=FAULTS, default="", help="what goes wrong on the way")
    made.add_argument("--cancel", action="store_true", help="take the ballot back at the end")
    return made


def main(arguments: list[str] | None = None) -> int:
    """0 where everything, also the fault, was answered as the documentation says."""
    wanted = parser().parse_args(arguments)
    if wanted.make_key:
        return _made_key(wanted.key)
    with httpx.Client(timeout=60, trust_env=False) as web:
        return walk(terminal(wanted, web), wanted)


def terminal(wanted: Namespace, web: httpx.Client) -> Terminal:
    """A terminal that speaks over HTTP and checks our signatures."""

    def send(
        method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        answer = web.request(method, url, headers=dict(headers), content=body)
        return answer.status_code, dict(answer.headers.items()), answer.content

    base = wanted.url.rstrip("/") + "/"
    shown = web.get(f"{base}api/terminals/v1/key.json").json()
    key = load_pem_private_key(wanted.key.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit("the key is not Ed25519")
    return Terminal(send, base, wanted.key_id, key, base64.b64decode(shown["public_key"]))


def walk(machine: Terminal, wanted: Namespace) -> int:
    """From the question to the comparison of the day."""
    faults: list[str] = []

    def expect(what: str, heard: Heard, status: int, code: str = "") -> Heard:
        said = f"{what}: {heard.status} {heard.code}".rstrip()
        say(said)
        if (heard.status, heard.code) != (status, code):
            faults.append(f"{said}, expected {status} {code}".rstrip())
            say(f"  {heard.document.get('title', '')}")
        return heard

    expect("who am I", machine.greet(), 200)
    contest = wanted.contest or _first_contest(expect("contests", machine.contests(wanted.number), 200))
    answer = expect("may I", machine.eligibility(contest, wanted.number), 200).document
    if not answer.get("may"):
        say(f"  may not: {answer.get('message')}")
        return 1
    projects = [each["code"] for each in expect("paper", machine.paper(contest), 200).document["projects"]]
    choices = wanted.choose.split(",") if wanted.choose else projects[:1]
    request = str(uuid4())
    BEFORE.get(wanted.fault, _nothing)(machine, contest, wanted.number, choices, expect)
    slip = expect("cast", machine.cast(contest, wanted.number, choices, request=request), 201).document
    AFTER.get(wanted.fault, _again)(machine, contest, wanted.number, choices, expect, request, slip)
    if not slip.get("reference"):
        return 1
    say(f"  slip: {slip['reference']} {slip['commitment']}")
    expect("status", machine.status(slip["reference"]), 200)
    state = "cast"
    if wanted.cancel:
        expect("cancel", machine.cancel(slip["reference"], request), 200)
        state = "cancelled"
    day = datetime.fromisoformat(slip["at"]).astimezone(ZoneInfo("Europe/Kyiv")).date().isoformat()
    totals = {contest: 1} if state == "cast" else {}
    compared = expect("reconcile", machine.reconcile(day, totals, {slip["reference"]: state}), 201).document
    say(f"  equal: {compared.get('is_equal')}")
    for fault in faults:
        say(f"NOT AS SAID: {fault}")
    return 1 if faults else 0


def _first_contest(heard: Heard) -> str:
    for each in heard.document.get("contests", []):
        if each["eligibility"]["may"]:
            return str(each["contest"])
    raise SystemExit("no contest in which the client may vote")


# --- faults -------------------------------------------------------------------------------------------------

Expect = Callable[..., Heard]


def _nothing(*_: object) -> None:
    return None


def _forged(machine: Terminal, contest: str, number: str, choices: list[str], expect: Expect) -> None:
    """The choices were changed on the way."""
    message, raw = machine.prepared(
        "POST", "ballots", machine.ballot(contest, number, choices), request=str(uuid4())
    )
    expect("forged body", machine.deliver(message, raw.replace(b"T-1", b"T-2")), 400, "bad_digest")
    stranger = Terminal(
        machine.send, machine.base, machine.key_id, Ed25519PrivateKey.generate(), machine.answers_key
    )
    expect("forged signature", stranger.cast(contest, number, choices), 401, "bad_signature")


def _stale(machine: Terminal, contest: str, number: str, choices: list[str], expect: Expect) -> None:
    """The request lay in a queue for ten minutes."""
    late = _with_clock(machine, -timedelta(minutes=10))
    expect("stale", late.cast(contest, number, choices), 401, "clock_skew")


def _clock(machine: Terminal, contest: str, number: str, choices: list[str], expect: Expect) -> None:
    """The terminal's clock is an hour ahead: it reads ours from the answer, and the next request is right."""
    heard = expect(
        "clock", _with_clock(machine, timedelta(hours=1)).cast(contest, number, choices), 401, "clock_skew"
    )
    say(f"  their clock: {heard.document.get('now')}")


def _with_clock(machine: Terminal, ahead: timedelta) -> Terminal:
    return Terminal(
        machine.send,
        machine.base,
        machine.key_id,
        machine.key,
        machine.answers_key,
        clock=lambda: moment() + ahead,
    )


def _again(
    machine: Terminal, contest: str, number: str, choices: list[str], expect: Expect, request: str,
    slip: Mapping[str, object],
) -> None:  # fmt: skip
    """No fault: a second ballot of the same person is refused."""
    code = "already_voted" if slip.get("reference") else ""
    expect("second ballot", machine.cast(contest, number, choices), 409, code)


def _timeout(
    machine: Terminal, contest: str, number: str, choices: list[str], expect: Expect, request: str,
    slip: Mapping[str, object],
) -> None:  # fmt: skip
    """The answer was lost after we had committed: the same request, signed anew, gets the same slip."""
    heard = expect("sent again", machine.cast(contest, number, choices, request=request), 201)
    if {**heard.document, "is_repeat": False} != slip:
        expect("the same slip", heard, 0)


def _replay(
    machine: Terminal, contest: str, number: str, choices: list[str], expect: Expect, request: str,
    slip: Mapping[str, object],
) -> None:  # fmt: skip
    """Somebody sends the very bytes of a request once more."""
    message, raw = machine.prepared("GET", "partner")
    expect("first", machine.deliver(message, raw), 200)
    expect("replayed", machine.deliver(message, raw), 401, "replayed")
    other = machine.cast(contest, number, [*choices, "other"], request=request)
    expect("other body, same key", other, 422, "idempotency_reused")


def _reorder(
    machine: Terminal, contest: str, number: str, choices: list[str], expect: Expect, request: str,
    slip: Mapping[str, object],
) -> None:  # fmt: skip
    """A request signed before the last one arrives after it: its nonce is its own, and it is judged as it stands."""
    first = machine.prepared("POST", "ballots", machine.ballot(contest, number, choices), request=request)
    expect("later one first", machine.greet(), 200)
    expect("earlier one last", machine.deliver(*first), 201)


BEFORE = {"forged": _forged, "stale": _stale, "clock": _clock}
AFTER = {"timeout": _timeout, "replay": _replay, "reorder": _reorder}


def _made_key(path: Path) -> int:
    key = Ed25519PrivateKey.generate()
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    say(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
    say(f"The private key is in {path}; the public one above goes to the administrator of the community.")
    return 0
