"""Canonical JSON: the bytes of RFC 8785, or a refusal."""

from __future__ import annotations

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from rulebook.canonical import LARGEST_INTEGER, CanonicalError, canonical, digest

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(values)
def test_the_bytes_are_those_of_another_implementation(value):
    assert canonical(value) == rfc8785.dumps(value)
    assert json.loads(canonical(value)) == value


def test_the_key_order_of_the_rfc():
    # RFC 8785, section 3.2.3
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(keys)))) == ordered


def test_tuples_are_lists_and_the_digest_is_of_the_bytes():
    assert canonical(("Ґ", 1)) == '["Ґ",1]'.encode()
    assert digest({"b": 1, "a": None}) == hashlib.sha256(b'{"a":null,"b":1}').hexdigest()


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"cost": 1.5}, "/cost"),
        ([0, {1: 2}], "/1"),
        ({"a/b": {"c": 2**53}}, "/a~1b/c"),
        ([b"bytes"], "/0"),
        ({"s": {1, 2}}, "/s"),
        (float("nan"), "/"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value, place):
    with pytest.raises(CanonicalError, match=f"^{place}:"):
        canonical(value)


def test_a_lone_surrogate_is_refused():
    with pytest.raises(CanonicalError, match="surrogate"):
        canonical(["\ud800"])
    with pytest.raises(CanonicalError, match="surrogate"):
        canonical({"\ud800": 1, "a": 2})
