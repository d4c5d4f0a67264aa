"""The order of the projects on a sheet, drawn from its serial: no project gains by standing first on every ballot.

The seed is SHA-256 of contest, serial and group, each position is drawn from SHA-256 of the seed and the position
without bias; who has the serial can draw the order again.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def in_order(items: Sequence[Item], *, contest: str, serial: int, group: str = "") -> list[Item]:
    """The items in the order of this sheet."""
    left = list(items)
    drawn: list[Item] = []
    seed = hashlib.sha256(f"viche/paper/order/v1|{contest}|{serial}|{group}".encode()).digest()
    step = 0
    while left:
        drawn.append(left.pop(_below(len(left), seed, step)))
        step += 1
    return drawn


def _below(limit: int, seed: bytes, step: int) -> int:
    """A number below the limit. Of 256 bits the bias is less than one in 2**240; no draw is repeated."""
    return int.from_bytes(hashlib.sha256(seed + step.to_bytes(4, "big")).digest(), "big") % limit
