"""Signatures under notes, and what a witness answers: C2SP signed-note, tlog-cosignature, tlog-witness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.merkle import (
    Checkpoint,
    CheckpointError,
    NoteSignature,
    consistency_proof,
    ed25519_key_id,
    format_note,
    leaf_hash,
    parse_note,
    root_of,
)
from rulebook.signing import (
    LOG,
    WITNESS,
    SigningError,
    VerifierKey,
    cosign,
    holds,
    key_of,
    moment_of,
    public_of,
    sign_note,
    signature_lines,
    signed_by,
)
from rulebook.witnessing import (
    Request,
    Seen,
    WitnessRefusal,
    checked_origin,
    decide,
    parse_request,
)

SECRET, OTHER = bytes(range(32)), bytes(range(1, 33))
ORIGIN, NAME = "viche.example/log/UA1/2026", "ngo.example/witness"
LOG_KEY, WITNESS_KEY = (
    VerifierKey(ORIGIN, LOG, public_of(SECRET)),
    VerifierKey(NAME, WITNESS, public_of(OTHER)),
)
LEAVES = [leaf_hash(bytes([number])) for number in range(20)]


def checkpoint(size, *, leaves=LEAVES, origin=ORIGIN):
    return Checkpoint(origin, size, root_of(leaves[:size]))


def note(size, *, secret=SECRET, **facts):
    body = checkpoint(size, **facts).body()
    return format_note(body, [sign_note(body, name=facts.get("origin", ORIGIN), secret=secret)])


def request(old, size, *, leaves=LEAVES, **facts):
    proof = consistency_proof(leaves[:size], old) if 0 < old <= size else []
    return Request(old, tuple(proof), note(size, leaves=leaves, **facts))


def answered(asked, seen):
    parsed = parse_request(asked.text())
    assert parsed == asked
    _body, point = checked_origin(parsed, {ORIGIN: [LOG_KEY]})
    return decide(parsed, point, seen)


def status(asked, seen):
    with pytest.raises(WitnessRefusal) as refusal:
        answered(asked, seen)
    return refusal.value.status


def test_a_log_signature_holds_for_its_body_and_key_only():
    body, [signature] = parse_note(note(5))
    assert holds(body, signature, LOG_KEY)
    assert LOG_KEY.id == ed25519_key_id(ORIGIN, LOG_KEY.public)
    assert not holds(body.replace("5", "6"), signature, LOG_KEY)
    assert not holds(body, signature, VerifierKey(ORIGIN, LOG, public_of(OTHER)))
    assert not holds(body, NoteSignature(signature.name, signature.key_id, signature.signature[:-1]), LOG_KEY)


def test_a_cosignature_is_over_its_moment_and_the_body():
    body = checkpoint(5).body()
    line = cosign(body, name=NAME, secret=OTHER, moment=1_679_315_147)
    assert holds(body, line, WITNESS_KEY)
    assert moment_of(line) == 1_679_315_147
    assert len(line.key_id + line.signature) == 76
    # a log's signature is no cosignature, and another moment is another message
    assert not holds(body, line, VerifierKey(NAME, LOG, public_of(OTHER)))
    moved = NoteSignature(line.name, line.key_id, (1_679_315_148).to_bytes(8, "big") + line.signature[8:])
    assert not holds(body, moved, WITNESS_KEY)
    assert signed_by(body, signature_lines(line.line()), WITNESS_KEY) == line


@pytest.mark.parametrize("key", [LOG_KEY, WITNESS_KEY])
def test_a_key_is_read_as_it_is_written(key):
    assert key_of(key.text) == key
    assert key_of(f" {key.text}\n") == key


@given(st.integers(0, len(WITNESS_KEY.text) - 1), st.integers(1, 255))
def test_a_damaged_key_is_not_used(place, flip):
    damaged = bytearray(WITNESS_KEY.text.encode())
    damaged[place] ^= flip
    text = damaged.decode(errors="replace")
    if text.strip() == WITNESS_KEY.text:
        return
    with pytest.raises(SigningError):
        key_of(text)


@given(st.integers(0, 400), st.integers(1, 255))
def test_any_flipped_byte_of_a_note_is_noticed(place, flip):
    body = checkpoint(5).body()
    line = cosign(body, name=NAME, secret=OTHER, moment=1_679_315_147)
    whole = bytearray(format_note(body, [sign_note(body, name=ORIGIN, secret=SECRET), line]).encode())
    whole[place % len(whole)] ^= flip
    try:
        read, signatures = parse_note(whole.decode())
    except (CheckpointError, UnicodeDecodeError):
        return
    assert not (signed_by(read, signatures, LOG_KEY) and signed_by(read, signatures, WITNESS_KEY))


def test_a_witness_signs_what_grows():
    seen = answered(request(0, 5), Seen())
    assert seen == Seen(5, root_of(LEAVES[:5]))
    assert answered(request(5, 20), seen) == Seen(20, root_of(LEAVES))
    # asked again for the same size it signs the same tree again
    assert answered(request(5, 5), seen) == seen


def test_a_witness_signs_no_fork_no_replay_and_nothing_unproven():
    seen = Seen(5, root_of(LEAVES[:5]))
    forked = LEAVES[:4] + [leaf_hash(b"other")] * 16
    assert status(request(5, 5, leaves=forked), seen) == 409  # another root at the size it has seen
    assert status(request(5, 9, leaves=forked), seen) == 422
    assert status(request(4, 9), seen) == 409  # the log remembers another size
    assert status(request(0, 3), seen) == 409  # an older checkpoint played again
    assert status(Request(5, (), note(9)), seen) == 422
    assert status(Request(9, (), note(5)), seen) == 400
    assert status(Request(0, tuple(LEAVES[:2]), note(5)), Seen()) == 422


def test_a_conflict_says_the_size_that_was_seen():
    with pytest.raises(WitnessRefusal) as refusal:
        answered(request(0, 9), Seen(5, root_of(LEAVES[:5])))
    assert refusal.value.body == "5\n"


def test_an_unknown_log_is_not_found_and_another_key_is_forbidden():
    assert status(request(0, 5, origin="viche.example/log/UA2/2026"), Seen()) == 404
    assert status(request(0, 5, secret=OTHER), Seen()) == 403


@pytest.mark.parametrize(
    "text",
    ["", "old 1", "old 01\n\nx", "old -1\n\nx", "new 1\n\nx", "old 0\nxx\n\nx", "old 0\n" + "AAAA\n" * 1 + "\nx",
     "old 0\n" + ("A" * 43 + "=\n") * 64 + "\nx", "old 0\n\nnot a note"],
)  # fmt: skip
def test_what_is_no_request_is_a_bad_request(text):
    with pytest.raises(WitnessRefusal) as refusal:
        checked_origin(parse_request(text), {})
    assert refusal.value.status == 400
