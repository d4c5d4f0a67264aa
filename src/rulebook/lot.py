"""A public lot: a seed bound before the ballots are known, shown after them.

Whoever draws the lot publishes ``commitment`` before the voting and the seed after the box is opened. The
order of projects comes from the seed *and* the ballots, so that neither the drawer, who knows the seed,
nor a voter, who does not, can choose it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

SEED_LENGTH = 32
_COMMITMENT_TAG = b"viche/lot/v1\x00"
_ORDER_TAG = b"viche/lot-order/v1\x00"


@dataclass(frozen=True)
class Lot:
    """A drawn lot: what was published first, and the seed (32 bytes) that was shown later; both in hex."""

    commitment: str
    seed: str


def lot_commitment(contest: str, seed: bytes) -> str:
    """What is published before the voting: SHA-256 over tag, length and text of the contest id, seed.

    Raises ValueError for a seed that has not 32 bytes.
    """
    if len(seed) != SEED_LENGTH:
        raise ValueError(f"the seed has {len(seed)} bytes, {SEED_LENGTH} are needed")
    named = contest.encode()
    return hashlib.sha256(_COMMITMENT_TAG + len(named).to_bytes(8, "big") + named + seed).hexdigest()


def lot_place(seed: str, ballots: str, project: str) -> bytes:
    """Where a project stands in the lot: the smallest of these 32 bytes comes first.

    SHA-256 over tag, seed, the SHA-256 of the canonical ballots (hex) and the project's id.
    """
    return hashlib.sha256(
        _ORDER_TAG + bytes.fromhex(seed) + bytes.fromhex(ballots) + project.encode()
    ).digest()
