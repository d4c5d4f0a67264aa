"""A log as static files: names and contents of tiles and entry bundles, and proofs read from them.

The format is C2SP tlog-tiles (https://c2sp.org/tlog-tiles): a tile holds up to 256 consecutive hashes of one level;
a hash of level L is the root of a full tile of level L - 1, and those of level 0 are leaf hashes. A full tile never
changes; a partial one is named by its width, so that a file once written stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rulebook.merkle import EMPTY_ROOT, HASH_LENGTH, Tree, leaf_hash, root_of

WIDTH = 256
"""How many hashes, or entries, a full tile has."""

HEIGHT = 8
LONGEST_ENTRY = 65_535
"""Bytes that the two-byte length of an entry can say."""

ENTRIES = "entries"
CHECKPOINT = "checkpoint"
_NAME = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


class TileError(ValueError):
    """A name is no tile's, a tile is not there, or its content is not what its place asks for."""


@dataclass(frozen=True)
class Tile:
    """A tile of hashes (level 0 to 63), or with level None a bundle of entries. width: 1 to 256 hashes or entries."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    @property
    def name(self) -> str:
        """Its path: ``tile/<level>/<number>[.p/<width>]``, the number in groups of three digits."""
        digits = str(self.number)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[place : place + 3] for place in range(0, len(digits), 3)]
        path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = ENTRIES if self.level is None else str(self.level)
        return f"tile/{level}/{path}" + ("" if self.is_full else f".p/{self.width}")


def tile_named(name: str) -> Tile:
    """The tile of a path. Raises TileError for a path that the format does not know, or writes in another way."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise TileError(f"{name!r} is not the name of a tile")
    level = None if match[1] == ENTRIES else int(match[1])
    tile = Tile(level, int(match[2].replace("x", "").replace("/", "")), int(match[3] or WIDTH))
    if tile.name != name:
        raise TileError(f"{name!r} is not the one way to name a tile")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and bundle of a tree of this size: the full ones, and at the end of each level the partial one."""
    for level, count in [(None, size), *_counts(size)]:
        for number in range(count // WIDTH):
            yield Tile(level, number)
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)


def _counts(size: int) -> Iterator[tuple[int, int]]:
    """(level, how many hashes it has) for every level that is not empty."""
    level = 0
    while size:
        yield level, size
        level, size = level + 1, size // WIDTH


def bundle_of(entries: Iterable[bytes]) -> bytes:
    """The content of an entry bundle: each entry behind its length in two bytes. Raises TileError for a long one."""
    parts = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise TileError(f"an entry of {len(entry)} bytes is longer than {LONGEST_ENTRY}")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def entries_in(bundle: bytes) -> list[bytes]:
    """The entries of a bundle. Raises TileError where a length leads beyond its end."""
    found: list[bytes] = []
    place = 0
    while place < len(bundle):
        end = place + 2 + int.from_bytes(bundle[place : place + 2], "big")
        if place + 2 > len(bundle) or end > len(bundle):
            raise TileError(f"entry {len(found)} of the bundle is cut off")
        found.append(bundle[place + 2 : end])
        place = end
    return found


def hashes_in(content: bytes, width: int) -> list[bytes]:
    """The hashes of a tile. Raises TileError for another length than its width asks for."""
    if len(content) != width * HASH_LENGTH:
        raise TileError(f"a tile of width {width} has {len(content)} bytes")
    return [content[place : place + HASH_LENGTH] for place in range(0, len(content), HASH_LENGTH)]


Read = Callable[[str], bytes]
"""Reads a tile by its name; raises TileError where it is not there."""


def grown(old_size: int, entries: Sequence[bytes], read: Read) -> dict[str, bytes]:
    """The files that are new when a log of ``old_size`` leaves gets these entries, in an order fit for writing.

    read: gives the partial tiles at the old edge, of hashes and of entries; they are believed, so compare the root.
    """
    if not entries:
        return {}
    files = {}
    edge = old_size % WIDTH
    before = entries_in(read(Tile(None, old_size // WIDTH, edge).name)) if edge else []
    if len(before) != edge:
        raise TileError(f"the last bundle of a log of {old_size} entries holds {len(before)}")
    for tile, held in _pieces(None, old_size - edge, [*before, *entries]):
        files[tile.name] = bundle_of(held)
    level, count, incoming = 0, old_size, [leaf_hash(entry) for entry in entries]
    while incoming:
        edge = count % WIDTH
        known = hashes_in(read(Tile(level, count // WIDTH, edge).name), edge) if edge else []
        above = []
        for tile, held in _pieces(level, count - edge, [*known, *incoming]):
            files[tile.name] = b"".join(held)
            if tile.is_full:
                above.append(root_of(held))
        level, count, incoming = level + 1, count // WIDTH, above
    return files


def _pieces(level: int | None, start: int, held: Sequence[bytes]) -> Iterator[tuple[Tile, Sequence[bytes]]]:
    for place in range(0, len(held), WIDTH):
        piece = held[place : place + WIDTH]
        yield Tile(level, (start + place) // WIDTH, len(piece)), piece


class TiledTree:
    """A tree of a known size whose hashes are read from its tiles when they are needed, O(log size) of them.

    Every method raises TileError where a tile is not there or has another length.
    """

    def __init__(self, size: int, read: Read) -> None:
        self.size = size
        self._read = lru_cache(maxsize=64)(self._hashes)
        self._source = read

    def _hashes(self, level: int, number: int) -> list[bytes]:
        width = min(WIDTH, (self.size >> HEIGHT * level) - number * WIDTH)
        tile = Tile(level, number, width)
        try:
            return hashes_in(self._source(tile.name), width)
        except TileError:
            if tile.is_full:
                raise
            # a partial tile may have made way for the full one
            return hashes_in(self._source(Tile(level, number).name), WIDTH)[:width]

    def _perfect(self, height: int, number: int) -> bytes:
        """The root of the perfect subtree of 2**height leaves with this number."""
        level, above = divmod(height, HEIGHT)
        first = number << above
        hashes = self._read(level, first // WIDTH)
        return root_of(hashes[first % WIDTH : first % WIDTH + (1 << above)])

    def leaf(self, index: int) -> bytes:
        """The leaf hash at the index."""
        return self._perfect(0, index)

    def _range(self, start: int, end: int) -> bytes:
        """The root over leaves [start, end), as the tree splits them."""
        tree = Tree(end - start, [self._perfect(height, at >> height) for height, at in _peaks(start, end)])
        return tree.root()

    def root(self, size: int | None = None) -> bytes:
        """The root over all leaves, or over the first ``size`` of them."""
        size = self.size if size is None else size
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int) -> list[bytes]:
        """As ``merkle.inclusion_proof``. Raises IndexError for a leaf that is not there."""
        if not 0 <= index < self.size:
            raise IndexError(f"there is no leaf {index} in a tree of {self.size}")
        path, start, end = [], 0, self.size
        while end - start > 1:
            split = start + (1 << (end - start - 1).bit_length() - 1)
            if index < split:
                path.append(self._range(split, end))
                end = split
            else:
                path.append(self._range(start, split))
                start = split
        return path[::-1]

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """As ``merkle.consistency_proof``. Raises ValueError for a size beyond the tree."""
        if not 0 <= old_size <= self.size:
            raise ValueError(f"no tree of {old_size} leaves begins one of {self.size}")
        if old_size in (0, self.size):
            return []
        path, start, end, is_whole = [], 0, self.size, True
        while old_size != end:
            split = start + (1 << (end - start - 1).bit_length() - 1)
            if old_size <= split:
                path.append(self._range(split, end))
                end = split
            else:
                path.append(self._range(start, split))
                start, is_whole = split, False
        if not is_whole:
            path.append(self._range(start, end))
        return path[::-1]


def _peaks(start: int, end: int) -> Iterator[tuple[int, int]]:
    """(height, first leaf) of the perfect subtrees that leaves [start, end) consist of, from left to right."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start
        start += 1 << height
