"""The Merkle tree of the transparency log: RFC 9162 (the hashing of RFC 6962), its proofs, checkpoints.

A leaf hash begins with 0x00 and a node hash with 0x01, so that no node can be passed off as a leaf. The
tree over n leaves splits at the largest power of two below n (RFC 9162, section 2.1.1).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

HASH_LENGTH = 32

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """The right edge of a growing tree: all that is needed to append and to state the root.

    ``frontier`` holds the roots of the complete subtrees from the largest to the smallest, one for each
    bit set in ``size``. Appending costs O(log n) hashes at most, and the object is small enough to store.
    """

    size: int = 0
    frontier: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.frontier) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves has another number of complete subtrees")

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash; returns its index, from 0."""
        index = self.size
        carried, filled = leaf, self.size
        # every complete subtree as large as what is carried joins it, as bits carry in an addition
        while filled & 1:
            carried = node_hash(self.frontier.pop(), carried)
            filled >>= 1
        self.frontier.append(carried)
        self.size += 1
        return index

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.frontier:
            return EMPTY_ROOT
        result = self.frontier[-1]
        for subtree in reversed(self.frontier[:-1]):
            result = node_hash(subtree, result)
        return result


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (RFC 9162, 2.1.1)."""
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the leaf at ``index`` to the root over all leaf hashes (2.1.3.1).

    Raises IndexError for a leaf that is not there.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} in a tree of {len(leaves)}")
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        split = start + _largest_power_below(end - start)
        if index < split:
            path.append(root_of(leaves[split:end]))
            end = split
        else:
            path.append(root_of(leaves[start:split]))
            start = split
    return path[::-1]


def verify_inclusion(*, root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the leaf hash stands at ``index`` of the tree (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            result = node_hash(result, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and result == root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show the first ``old_size`` leaves to be a beginning of the whole tree (2.1.4.1).

    Empty for an old tree that is empty or the whole. Raises ValueError for a size beyond the tree.
    """
    if not 0 <= old_size <= len(leaves):
        raise ValueError(f"no tree of {old_size} leaves begins one of {len(leaves)}")
    if old_size in (0, len(leaves)):
        return []
    path: list[bytes] = []
    start, end, is_whole = 0, len(leaves), True
    while old_size != end:
        split = start + _largest_power_below(end - start)
        if old_size <= split:
            path.append(root_of(leaves[split:end]))
            end = split
        else:
            path.append(root_of(leaves[start:split]))
            start, is_whole = split, False
    if not is_whole:
        path.append(root_of(leaves[start:end]))
    return path[::-1]


def verify_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows the old tree to be a beginning of the new one (2.1.4.2)."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    hashes = list(proof)
    if old_size.bit_count() == 1:
        # the old tree is a complete subtree, so its root is not repeated in the proof
        hashes.insert(0, old_root)
    if not hashes:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


class CheckpointError(ValueError):
    """The text is not a checkpoint, or not a signed note."""


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its origin, how many leaves it has and their root (C2SP tlog-checkpoint)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> str:
        """The signed text: origin, size, root in base64, extension lines, each ending in a line feed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions]
        if self.size < 0 or len(self.root) != HASH_LENGTH:
            raise CheckpointError("a checkpoint has a size of at least 0 and a root of 32 bytes")
        if not all(lines) or any(not line.isprintable() for line in lines):
            raise CheckpointError("a line of a checkpoint is empty or holds a control character")
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(body: str) -> Checkpoint:
    """The checkpoint of a body (or of the text of a signed note, before its blank line).

    Raises CheckpointError unless the text is exactly what ``Checkpoint.body`` writes.
    """
    if not body.endswith("\n"):
        raise CheckpointError("a checkpoint ends in a line feed")
    lines = body[:-1].split("\n")
    if len(lines) < 3:
        raise CheckpointError("a checkpoint has at least three lines: origin, size, root")
    origin, size, root, *extensions = lines
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
        raise CheckpointError(f"the size {size!r} is not a decimal number without leading zeros")
    checkpoint = Checkpoint(origin, int(size), _from_base64(root), tuple(extensions))
    if checkpoint.body() != body:
        raise CheckpointError("the checkpoint is not written in the one way it can be")
    return checkpoint


@dataclass(frozen=True)
class NoteSignature:
    """One signature line of a signed note (C2SP signed-note): who, the four-byte key id, the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """The line as it stands in the note, with its line feed."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


def ed25519_key_id(name: str, public_key: bytes) -> bytes:
    """The key id of an Ed25519 key in signed notes: four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ key)."""
    return hashlib.sha256(name.encode() + b"\n\x01" + public_key).digest()[:4]


def format_note(body: str, signatures: Sequence[NoteSignature]) -> str:
    """A signed note: the body, a blank line, one line for each signature."""
    return body + "\n" + "".join(signature.line() for signature in signatures)


def parse_note(text: str) -> tuple[str, tuple[NoteSignature, ...]]:
    """The body and the signatures of a note; the signatures are not checked here. Raises CheckpointError."""
    body, separator, tail = text.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise CheckpointError("a signed note has a blank line before its signatures and ends in a line feed")
    signatures = []
    for line in tail[:-1].split("\n"):
        match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
        if match is None:
            raise CheckpointError(f"{line!r} is not a signature line")
        blob = _from_base64(match[2])
        if len(blob) < 5:
            raise CheckpointError(f"the signature of {match[1]} is too short")
        signatures.append(NoteSignature(match[1], blob[:4], blob[4:]))
    return body + "\n", tuple(signatures)


def _from_base64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CheckpointError(f"{text!r} is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise CheckpointError(f"{text!r} is not written in the one way base64 writes it")
    return data
