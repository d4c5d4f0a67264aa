"""The log's tree: reference vectors of certificate transparency, another implementation, tampering."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from rulebook.merkle import (
    EMPTY_ROOT,
    Checkpoint,
    CheckpointError,
    NoteSignature,
    Tree,
    consistency_proof,
    ed25519_key_id,
    format_note,
    inclusion_proof,
    leaf_hash,
    node_hash,
    parse_checkpoint,
    parse_note,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight entries of the certificate-transparency reference tests for RFC 6962, and the roots over the
# first 1 to 8 of them.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def test_roots_of_the_reference_vectors():
    assert [root_of(LEAVES[:size]).hex() for size in range(1, 9)] == ROOTS
    assert root_of([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_inclusion_and_consistency_proofs_of_the_reference_vectors():
    proof = inclusion_proof(LEAVES, 5)
    assert [step.hex() for step in proof] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=5), min_size=1, max_size=40), st.data())
def test_the_tree_and_its_proofs_are_those_of_another_implementation(entries, data):
    oracle = InmemoryTree(algorithm="sha256")
    for entry in entries:
        oracle.append_entry(entry)
    leaves = [leaf_hash(entry) for entry in entries]
    assert root_of(leaves) == oracle.get_root()
    index = data.draw(st.integers(0, len(entries) - 1))
    theirs = oracle.prove_inclusion(index + 1).serialize()["path"][1:]
    assert [step.hex() for step in inclusion_proof(leaves, index)] == theirs


def test_every_proof_of_every_small_tree_verifies_and_none_other_does():
    leaves = [leaf_hash(bytes([n])) for n in range(18)]
    for size in range(1, len(leaves) + 1):
        tree = leaves[:size]
        root = root_of(tree)
        for index in range(size):
            proof = inclusion_proof(tree, index)
            at = {"root": root, "size": size, "index": index, "leaf": tree[index], "proof": proof}
            assert verify_inclusion(**at)
            assert not verify_inclusion(**{**at, "leaf": leaf_hash(b"forged")})
            assert not verify_inclusion(**{**at, "proof": [*proof, root]})
            assert not verify_inclusion(**{**at, "index": size})
            assert not verify_inclusion(**{**at, "size": 4 * size})
            if proof:
                assert not verify_inclusion(**{**at, "proof": proof[:-1]})
                assert not verify_inclusion(**{**at, "index": index ^ 1})
        for old in range(size + 1):
            proof = consistency_proof(tree, old)
            between = {
                "old_size": old,
                "old_root": root_of(tree[:old]),
                "new_size": size,
                "new_root": root,
                "proof": proof,
            }
            assert verify_consistency(**between)
            assert not verify_consistency(**{**between, "old_root": leaf_hash(b"rewritten")})
            assert not verify_consistency(**{**between, "proof": [*proof, root]})
            if 0 < old < size:
                assert not verify_consistency(**{**between, "new_size": 4 * size})
            if old:
                assert not verify_consistency(**{**between, "new_root": leaf_hash(b"rewritten")})
            if proof:
                assert not verify_consistency(**{**between, "proof": proof[:-1]})


def test_a_tree_is_kept_as_its_right_edge_alone():
    tree = Tree()
    for count in range(1, 300):
        assert tree.append(leaf_hash(str(count).encode())) == count - 1
        assert len(tree.frontier) == count.bit_count()
        if count % 50 == 0:
            assert tree.root() == root_of([leaf_hash(str(n).encode()) for n in range(1, count + 1)])
            tree = Tree(tree.size, list(tree.frontier))
    with pytest.raises(ValueError, match="subtrees"):
        Tree(3, [b""])


def test_a_node_cannot_pass_for_a_leaf():
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


def test_proofs_outside_the_tree_are_refused():
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(ValueError, match="begins"):
        consistency_proof(LEAVES, 9)
    assert not verify_consistency(old_size=2, old_root=b"", new_size=1, new_root=b"", proof=[])


def test_the_checkpoint_of_the_specification():
    # C2SP tlog-checkpoint, its example
    body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = parse_checkpoint(body)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root == base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert checkpoint.body() == body


@pytest.mark.parametrize(
    "body",
    [
        "",
        "log\n1\n",
        "log\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n1\nCsUY\n",
        "log\n1\n!!!\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(body):
    with pytest.raises(CheckpointError):
        parse_checkpoint(body)


def test_a_signed_note_keeps_its_signatures_beside_its_text():
    body = Checkpoint("viche.example/vinnytsia/2026", 3, root_of(LEAVES[:3]), ("round 7",)).body()
    signature = NoteSignature(
        "viche.example/vinnytsia/2026", ed25519_key_id("log", b"\x01" * 32), b"\x02" * 64
    )
    note = format_note(body, [signature])
    assert parse_note(note) == (body, (signature,))
    assert parse_checkpoint(parse_note(note)[0]).extensions == ("round 7",)
    for broken in (body, note[:-1], note.replace("\u2014", "-"), body + "\n\u2014 log AAAA\n"):
        with pytest.raises(CheckpointError):
            parse_note(broken)
