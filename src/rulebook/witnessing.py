"""What a witness of a log is asked and what it answers (C2SP tlog-witness, https://c2sp.org/tlog-witness).

A witness has seen a log at one size and with one root, and signs a later checkpoint only where a proof shows that
nothing before was changed. Only the words and the rule stand here: no network, no file, no clock.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rulebook.merkle import (
    EMPTY_ROOT,
    HASH_LENGTH,
    Checkpoint,
    CheckpointError,
    parse_checkpoint,
    parse_note,
    verify_consistency,
)
from rulebook.signing import VerifierKey, signed_by

LONGEST_PROOF = 63
_SIZE = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class Request:
    """A checkpoint offered to a witness, with the proof that leads to it from ``old`` leaves. note: as it came."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """The body of the request."""
        lines = [f"old {self.old}", *(base64.b64encode(each).decode() for each in self.proof), ""]
        return "".join(f"{line}\n" for line in lines) + self.note


class WitnessRefusal(Exception):
    """The witness does not sign. status: as the specification says. body: what the answer holds (a size, or words)."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Seen:
    """How far a witness has seen a log."""

    size: int = 0
    root: bytes = EMPTY_ROOT


def parse_request(text: str) -> Request:
    """The request of a body. Raises WitnessRefusal (400)."""
    head, separator, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    match = _SIZE.fullmatch(first)
    if match is None or not separator or len(lines) > LONGEST_PROOF:
        raise WitnessRefusal(400, "expected: old <size>, the proof, an empty line, the checkpoint")
    proof = []
    for line in lines:
        try:
            each = base64.b64decode(line, validate=True)
        except ValueError:
            raise WitnessRefusal(400, "a line of the proof is not base64") from None
        if len(each) != HASH_LENGTH:
            raise WitnessRefusal(400, "a line of the proof is not a hash of 32 bytes")
        proof.append(each)
    return Request(int(match[1]), tuple(proof), note)


def checked_origin(request: Request, logs: Mapping[str, Sequence[VerifierKey]]) -> tuple[str, Checkpoint]:
    """(body, checkpoint) of a request that one of the known logs signed. logs: keys by origin.

    Raises WitnessRefusal: 400 not a checkpoint, or older than the old size; 404 an unknown log; 403 not signed by it.
    """
    try:
        body, signatures = parse_note(request.note)
        checkpoint = parse_checkpoint(body)
    except CheckpointError as error:
        raise WitnessRefusal(400, str(error)) from None
    if checkpoint.origin not in logs:
        raise WitnessRefusal(404, "the log is not known here")
    if not any(signed_by(body, signatures, key) for key in logs[checkpoint.origin]):
        raise WitnessRefusal(403, "no signature of the log holds")
    if request.old > checkpoint.size:
        raise WitnessRefusal(400, "the old size is larger than the checkpoint's")
    return body, checkpoint


def decide(request: Request, checkpoint: Checkpoint, seen: Seen) -> Seen:
    """What the witness has seen once it signs this checkpoint; it is to be kept before the signature is given out.

    Raises WitnessRefusal: 409 the witness has seen another size, or at this size another root; 422 no proof.
    """
    if request.old != seen.size:
        raise WitnessRefusal(409, f"{seen.size}\n")
    if checkpoint.size == seen.size and checkpoint.root != seen.root:
        raise WitnessRefusal(409, f"{seen.size}\n")
    is_proven = verify_consistency(
        old_size=seen.size, old_root=seen.root, new_size=checkpoint.size, new_root=checkpoint.root,
        proof=request.proof,
    )  # fmt: skip
    if not is_proven:
        raise WitnessRefusal(422, "the proof does not lead from the tree that was seen to this one")
    return Seen(checkpoint.size, checkpoint.root)
