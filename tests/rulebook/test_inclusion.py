"""A proof that an entry is in a log, as a file of its own: written, read, checked, and not fooled."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.__main__ import main
from rulebook.inclusion import InclusionProof, ProofError, check_inclusion, parse_proof
from rulebook.merkle import Checkpoint, format_note, inclusion_proof, leaf_hash, root_of
from rulebook.signing import LOG, WITNESS, VerifierKey, cosign, public_of, sign_note

SECRET, OTHER, SEER = bytes(range(32)), bytes(32), bytes([7]) * 32
ORIGIN = "viche.example/log/UA1/2026"
KEY = VerifierKey(ORIGIN, LOG, public_of(SECRET))
WATCHER = VerifierKey("ngo.example/witness", WITNESS, public_of(SEER))
ENTRIES = [f'{{"kind":"Запис","number":{number}}}'.encode() for number in range(13)]


def proof_for(index: int, entries: list[bytes] = ENTRIES) -> InclusionProof:
    leaves = [leaf_hash(entry) for entry in entries]
    body = Checkpoint(ORIGIN, len(entries), root_of(leaves)).body()
    lines = [
        sign_note(body, name=ORIGIN, secret=SECRET),
        cosign(body, name=WATCHER.name, secret=SEER, moment=1_790_000_000),
    ]
    return InclusionProof(index, tuple(inclusion_proof(leaves, index)), format_note(body, lines))


def is_right(entry: bytes, proof: bytes, *keys: VerifierKey) -> bool:
    return check_inclusion(entry, proof, keys or (KEY,)).is_right


@given(st.integers(1, 40), st.data())
@settings(max_examples=40)
def test_every_entry_of_every_log_is_proven_and_no_other(size: int, data: st.DataObject):
    entries = [bytes([number]) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = proof_for(index, entries)
    assert parse_proof(proof.text()) == proof
    content = proof.text().encode()
    assert is_right(entries[index], content)
    assert not any(is_right(each, content) for each in entries if each != entries[index])


def test_any_flipped_bit_of_entry_or_proof_is_found():
    entry, proof = ENTRIES[5], proof_for(5).text().encode()
    assert is_right(entry, proof, KEY, WATCHER)
    for place in range(len(entry)):
        damaged = bytearray(entry)
        damaged[place] ^= 1
        assert not is_right(bytes(damaged), proof), place
    # the cosignature's line is the witness's: without its key nobody can say whether it holds
    own = proof[: proof.index("— ngo".encode())]
    for place in range(len(own)):
        damaged = bytearray(own)
        damaged[place] ^= 1
        assert not is_right(entry, bytes(damaged)), place


def test_a_signature_of_another_key_or_of_another_log_is_no_signature():
    content = proof_for(5).text().encode()
    assert not is_right(ENTRIES[5], content, VerifierKey(ORIGIN, LOG, public_of(OTHER)))
    assert not is_right(
        ENTRIES[5], content, VerifierKey("other.example/log/UA1/2026", LOG, public_of(SECRET))
    )


def test_what_was_not_checked_is_said():
    content = proof_for(5).text().encode()
    said = [each.line() for each in check_inclusion(ENTRIES[5], content, ()).findings]
    assert any("whether the log signed this checkpoint was not checked" in line for line in said)
    said = [each.line() for each in check_inclusion(ENTRIES[5], content, (KEY, WATCHER)).findings]
    assert any("seen by ngo.example/witness, POSIX second 1790000000" in line for line in said)
    other = VerifierKey("x.example/witness", WITNESS, public_of(OTHER))
    said = [each.line() for each in check_inclusion(ENTRIES[5], content, (KEY, other)).findings]
    assert any("not signed by x.example/witness" in line for line in said)


def test_a_line_of_the_logs_own_is_passed_over():
    text = proof_for(5).text().replace("\nindex", "\nextra AAAA\nindex", 1)
    assert is_right(ENTRIES[5], text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 00\n\nx",
        "c2sp.org/tlog-proof@v1\nindex -1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "A" * 44 + "\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + ("A" * 43 + "=\n") * 64 + "\nx",
        "c2sp.org/tlog-proof@v1\nindex 0",
    ],
)
def test_what_is_no_proof_is_refused_in_words(text: str):
    with pytest.raises(ProofError):
        parse_proof(text)
    assert not is_right(ENTRIES[0], text.encode())


def test_the_command_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    entry, proof = tmp_path / "entry.json", tmp_path / "entry.tlog-proof"
    entry.write_bytes(ENTRIES[5])
    proof.write_text(proof_for(5).text())
    assert main(["included", str(entry), str(proof), "--key", KEY.text, "--key", WATCHER.text]) == 0
    assert f"the entry is No. 5 of 13 in {ORIGIN}" in capsys.readouterr().out
    entry.write_bytes(ENTRIES[6])
    assert main(["included", str(entry), str(proof)]) == 1
    assert "these are not the bytes of entry 5" in capsys.readouterr().out
    proof.write_bytes(b"\xff")
    assert main(["included", str(entry), str(proof)]) == 1
    assert main(["included", str(entry), str(tmp_path / "none")]) == 2
    assert main(["included", str(entry), str(proof), "--key", "x"]) == 2
