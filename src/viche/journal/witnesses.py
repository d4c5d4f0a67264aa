"""Asking the configured witnesses to sign a log's checkpoint (rulebook.witnessing), all at once and never for long.

A witness that does not answer is asked more and more rarely. What one says is believed only where its signature holds
under its configured key.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from django.conf import settings

from rulebook.merkle import CheckpointError, NoteSignature
from rulebook.signing import VerifierKey, key_of, moment_of, signature_lines, signed_by
from rulebook.tiles import TileError
from rulebook.witnessing import Request
from viche.foundation import clock
from viche.journal.models import Log, Witnessing
from viche.journal.publishing import Published, tree_of

LONGEST_ANSWER = 16_384
# seconds after a failure until a witness is asked again, doubled by each further one
FIRST_PAUSE, LONGEST_PAUSE = 60, 3600
# how far a witness's clock may be ahead of ours, in seconds
CLOCK_TOLERANCE = 300
# why there is no signature: a word in Witnessing.fault, a sentence in wording.WITNESS_FAULTS
UNREACHABLE, NOT_ACCEPTED, BAD_ANSWER, AHEAD = "unreachable", "not_accepted", "bad_answer", "ahead"
FAULTS = (UNREACHABLE, NOT_ACCEPTED, BAD_ANSWER, AHEAD)


@dataclass
class Asked:
    """One witness being asked: what it was known to have seen, and what came of it."""

    key: VerifierKey
    url: str
    old_size: int
    line: NoteSignature | None = None
    fault: str = ""
    claimed_size: int | None = None


def witness_keys() -> list[tuple[VerifierKey, str]]:
    """(key, address) of every configured witness."""
    return [(key_of(each["key"]), each["url"]) for each in settings.WITNESSES.values()]


def due_witnesses(log: Log, published: Published) -> list[Asked]:
    """The witnesses that have not signed this checkpoint and are not being left alone for a while."""
    known = {row.key: row for row in Witnessing.objects.filter(log=log)}
    due = []
    for key, url in witness_keys():
        row = known.get(key.text)
        if signed_by(published.body, published.signatures, key) is not None:
            continue
        if row is not None and row.failures and row.asked_at is not None:
            pause = min(FIRST_PAUSE << min(row.failures - 1, 10), LONGEST_PAUSE)
            if clock.now() < row.asked_at + timedelta(seconds=pause):
                continue
        due.append(Asked(key, url, row.size if row is not None else 0))
    return due


def ask_all(log: Log, published: Published, asked: Sequence[Asked]) -> None:
    """Ask all of them at the same time; whoever has not answered within the time of the settings is unreachable."""
    ends = time.monotonic() + settings.WITNESS_TIMEOUT
    threads = []
    for each in asked:
        each.fault = UNREACHABLE
        # what a thread says after its time is heard by nobody
        answer = Asked(each.key, each.url, min(each.old_size, published.checkpoint.size), fault=UNREACHABLE)
        thread = threading.Thread(target=_ask, args=(log, published, answer, ends), daemon=True)
        thread.start()
        threads.append((thread, each, answer))
    for thread, each, answer in threads:
        thread.join(max(0, ends - time.monotonic()))
        if not thread.is_alive():
            each.line, each.fault, each.claimed_size = answer.line, answer.fault, answer.claimed_size


def _ask(log: Log, published: Published, asked: Asked, ends: float) -> None:
    try:
        status, content, kind = _post(log, published, asked, ends)
        if status == 409 and kind == "text/x.tlog.size":
            seen = int(content) if content.strip().isdigit() else -1
            if seen > published.checkpoint.size:
                asked.fault, asked.claimed_size = AHEAD, min(seen, 2**63 - 1)
                return
            if 0 <= seen != asked.old_size:
                asked.old_size = seen
                status, content, kind = _post(log, published, asked, ends)
        if status != 200:
            asked.fault = NOT_ACCEPTED
            return
        line = signed_by(published.body, signature_lines(content.decode()), asked.key)
        is_early = line is not None and moment_of(line) > int(time.time()) + CLOCK_TOLERANCE
        asked.line, asked.fault = (line, "") if line is not None and not is_early else (None, BAD_ANSWER)
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        asked.fault = UNREACHABLE
    except (CheckpointError, TileError, ValueError):
        asked.fault = BAD_ANSWER


def _post(log: Log, published: Published, asked: Asked, ends: float) -> tuple[int, bytes, str]:
    """(status, body, content type) of the witness's answer."""
    proof = tree_of(log, published.checkpoint.size).consistency_proof(asked.old_size)
    request = Request(asked.old_size, tuple(proof), published.note)
    content = bytearray()
    with httpx.stream(
        "POST", f"{asked.url.rstrip('/')}/add-checkpoint", content=request.text().encode(),
        timeout=settings.WITNESS_TIMEOUT, follow_redirects=False, headers={"User-Agent": "Viche"},
    ) as answer:  # fmt: skip
        for part in answer.iter_bytes():
            content += part
            if len(content) > LONGEST_ANSWER or time.monotonic() > ends:
                raise CheckpointError("the answer is too long, or takes too long")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    return answer.status_code, bytes(content), kind


def keep_answers(log: Log, published: Published, asked: Sequence[Asked]) -> None:
    """Remember what each witness answered."""
    now = clock.now()
    for each in asked:
        row, _ = Witnessing.objects.get_or_create(log=log, key=each.key.text)
        row.asked_at, row.fault, row.claimed_size = now, each.fault, each.claimed_size
        row.failures = 0 if each.line is not None else min(row.failures + 1, 100)
        if each.line is not None:
            row.size, row.line = published.checkpoint.size, each.line.line()
            row.signed_at = datetime.fromtimestamp(moment_of(each.line), UTC)
        row.save()


def lines_for(log: Log, body: str) -> list[NoteSignature]:
    """The signatures of configured witnesses that hold under the body of a checkpoint, by name."""
    found = []
    rows = {row.key: row.line for row in Witnessing.objects.filter(log=log).exclude(line="")}
    for key, _url in sorted(witness_keys(), key=lambda each: each[0].name):
        line = signed_by(body, signature_lines(rows.get(key.text, "")), key)
        if line is not None:
            found.append(line)
    return found
