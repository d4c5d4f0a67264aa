"""A proof that an entry is in a log, as a file of its own (C2SP tlog-proof, https://c2sp.org/tlog-proof).

c2sp.org/tlog-proof@v1
index <place of the entry, from 0>
<hash in base64>
…one line for each hash of the inclusion proof (RFC 9162, 2.1.3)…

<the checkpoint, a signed note>

The entry itself is another file: exactly the bytes of the leaf.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rulebook.merkle import HASH_LENGTH, leaf_hash, parse_checkpoint, parse_note, verify_inclusion
from rulebook.signing import LOG, WITNESS, VerifierKey, moment_of, signed_by
from rulebook.verifying.report import Report

FORMAT = "c2sp.org/tlog-proof@v1"
LONGEST_PROOF = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class ProofError(ValueError):
    """The text is not such a proof; the message says why."""


@dataclass(frozen=True)
class InclusionProof:
    """index: from 0. hashes: 32 bytes each, from the leaf upwards. note: the whole signed checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """The file."""
        lines = [FORMAT, f"index {self.index}", *(base64.b64encode(each).decode() for each in self.hashes)]
        return "".join(f"{line}\n" for line in lines) + "\n" + self.note


def parse_proof(text: str) -> InclusionProof:
    """The proof of a file. Raises ProofError."""
    head, separator, note = text.partition("\n\n")
    first, *rest = head.split("\n")
    # a line of the log's own, which nothing here needs
    lines = rest[1:] if rest and rest[0].startswith("extra ") else rest
    match = _INDEX.fullmatch(lines[0]) if lines else None
    if first != FORMAT or not separator or match is None:
        raise ProofError(f"a proof begins with {FORMAT} and index <number>, and ends with a checkpoint")
    if len(lines) - 1 > LONGEST_PROOF:
        raise ProofError(f"no proof has more than {LONGEST_PROOF} hashes")
    hashes = []
    for number, line in enumerate(lines[1:], start=1):
        try:
            each = base64.b64decode(line, validate=True)
        except (binascii.Error, ValueError):
            each = b""
        if len(each) != HASH_LENGTH or base64.b64encode(each).decode() != line:
            raise ProofError(f"hash {number} of the proof is not 32 bytes in base64")
        hashes.append(each)
    return InclusionProof(int(match[1]), tuple(hashes), note)


def check_inclusion(entry: bytes, proof: bytes, keys: Sequence[VerifierKey]) -> Report:
    """Whether the entry is in the log by the proof; whose signatures hold. keys: of the log and of witnesses."""
    report = Report()
    with report.check("proof", "proof") as check:
        found = parse_proof(proof.decode())
        body, signatures = parse_note(found.note)
        checkpoint = parse_checkpoint(body)
        is_there = verify_inclusion(
            root=checkpoint.root,
            size=checkpoint.size,
            index=found.index,
            leaf=leaf_hash(entry),
            proof=found.hashes,
        )
        if not is_there:
            check.wrong(
                f"these are not the bytes of entry {found.index}, or the proof is of another tree", "proof"
            )
        check.right(f"the entry is No. {found.index} of {checkpoint.size} in {checkpoint.origin}")
        own = [key for key in keys if key.kind == LOG]
        if not own:
            check.note("no key was named: whether the log signed this checkpoint was not checked")
        elif not any(key.name == checkpoint.origin and signed_by(body, signatures, key) for key in own):
            check.wrong("the checkpoint is not signed by the key that was named", "proof")
        else:
            check.note(f"signed by {checkpoint.origin}")
        for key in keys:
            if key.kind == WITNESS:
                line = signed_by(body, signatures, key)
                check.note(
                    f"seen by {key.name}, POSIX second {moment_of(line)}" if line is not None
                    else f"not signed by {key.name}"
                )  # fmt: skip
    return report
