"""A log as static files: names as the specification writes them, contents that give the tree and its proofs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from rulebook.tiles import (
    Tile,
    TiledTree,
    TileError,
    bundle_of,
    entries_in,
    grown,
    hashes_in,
    tile_named,
    tiles_of,
)


def entries(number):
    return [f"entry {place}".encode() for place in range(number)]


class Shelf(dict):
    """Files by name, read as a log's files are."""

    def read(self, name):
        try:
            return self[name]
        except KeyError:
            raise TileError(f"{name} is not there") from None


def published(*sizes):
    """The files of a log that was published at each of these sizes."""
    shelf, before = Shelf(), 0
    for size in sizes:
        shelf.update(grown(before, entries(size)[before:], shelf.read))
        before = size
    return shelf


@pytest.mark.parametrize(
    ("tile", "name"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 5, 17), "tile/0/005.p/17"),
        (Tile(3, 1_234_067), "tile/3/x001/x234/067"),
        (Tile(None, 1_234, 255), "tile/entries/x001/234.p/255"),
        (Tile(63, 999), "tile/63/999"),
    ],
)
def test_names_are_those_of_the_specification(tile, name):
    assert tile.name == name
    assert tile_named(name) == tile


@pytest.mark.parametrize(
    "name",
    ["tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/0/001/234", "tile/0/x000/001", "tile/0/000.p/256",
     "tile/0/000.p/0", "tile/0/000.p/017", "tile/entries", "tile/data/000", "tile/0/../000", "/tile/0/000",
     "tile/0/000\n", "tile/0/x001/x234", "checkpoint"],
)  # fmt: skip
def test_other_names_are_no_tiles(name):
    with pytest.raises(TileError):
        tile_named(name)


def test_a_tree_of_70000_is_what_the_specification_says():
    """The example of tlog-tiles: 273 full tiles and a partial one of 112; one full and one of 17; one of width 1."""
    hashes = [tile for tile in tiles_of(70_000) if tile.level is not None]
    assert sum(1 for tile in hashes if tile.level == 0 and tile.is_full) == 273
    assert [tile.width for tile in hashes if tile.level == 0 and not tile.is_full] == [112]
    assert [tile.width for tile in hashes if tile.level == 1] == [256, 17]
    assert [tile.width for tile in hashes if tile.level == 2] == [1]


def test_a_tree_of_256_has_one_full_tile_and_one_hash_above_it():
    assert {tile.name for tile in tiles_of(256)} == {"tile/entries/000", "tile/0/000", "tile/1/000.p/1"}


@settings(max_examples=40)
@given(st.lists(st.integers(1, 1500), min_size=1, max_size=5, unique=True))
def test_however_a_log_grew_its_files_are_the_same(sizes):
    sizes.sort()
    grew, whole = published(*sizes), published(sizes[-1])
    for tile in tiles_of(sizes[-1]):
        assert grew[tile.name] == whole[tile.name]
    leaves = [leaf_hash(entry) for entry in entries(sizes[-1])]
    for size in sizes:
        assert TiledTree(size, grew.read).root() == root_of(leaves[:size])
        for tile in tiles_of(size):
            assert tile.name in grew, "a checkpoint was signed for this size: its partial tiles are there"


@settings(max_examples=60)
@given(st.integers(1, 70_000), st.data())
def test_proofs_from_tiles_are_those_from_leaves(size, data):
    size = data.draw(st.sampled_from([size % 1300 + 1, 256, 257, 511, 512]))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    leaves = [leaf_hash(entry) for entry in entries(size)]
    tree = TiledTree(size, published(size).read)
    proof = tree.inclusion_proof(index)
    assert proof == inclusion_proof(leaves, index)
    assert verify_inclusion(root=tree.root(), size=size, index=index, leaf=tree.leaf(index), proof=proof)
    assert tree.consistency_proof(old) == consistency_proof(leaves, old)


def test_three_levels_of_tiles_give_one_root():
    size = 66_000
    shelf = published(65_536, size)
    leaves = [leaf_hash(entry) for entry in entries(size)]
    tree = TiledTree(size, shelf.read)
    assert tree.root() == root_of(leaves)
    assert verify_consistency(
        old_size=40_000, old_root=root_of(leaves[:40_000]), new_size=size, new_root=tree.root(),
        proof=tree.consistency_proof(40_000),
    )  # fmt: skip
    assert "tile/2/000.p/1" in shelf


def test_a_partial_tile_that_made_way_is_read_from_the_full_one():
    shelf = published(200, 600)
    del shelf["tile/0/000.p/200"]
    assert TiledTree(200, shelf.read).root() == root_of([leaf_hash(entry) for entry in entries(200)])


def test_a_tree_has_no_leaf_and_no_beginning_beyond_it():
    tree = TiledTree(3, published(3).read)
    with pytest.raises(IndexError):
        tree.inclusion_proof(3)
    with pytest.raises(ValueError, match="no tree of 4"):
        tree.consistency_proof(4)


def test_what_is_cut_off_is_noticed():
    with pytest.raises(TileError):
        hashes_in(b"x" * 31, 1)
    whole = bundle_of([b"one", b"two"])
    assert entries_in(whole) == [b"one", b"two"]
    for length in (len(whole) - 1, len(whole) - 4, 1):
        with pytest.raises(TileError):
            entries_in(whole[:length])
    with pytest.raises(TileError):
        bundle_of([b"x" * 65_536])


def test_a_log_does_not_grow_from_a_bundle_that_lost_an_entry():
    shelf = published(5)
    shelf["tile/entries/000.p/5"] = bundle_of(entries(4))
    with pytest.raises(TileError):
        grown(5, [b"more"], shelf.read)
