"""One byte string for one document: JSON Canonicalization Scheme, RFC 8785, for the values we use.

Hashes of dossiers, outcomes, rules and ballots are taken over these bytes, so two programs that agree
on a document agree on its hash. Fractions are left out on purpose: money and counts are integers here,
and a number that some JSON reader would round (beyond 2**53 - 1) is refused rather than changed.
"""

from __future__ import annotations

import hashlib
import json

LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 7493, section 2.2)."""


class CanonicalError(ValueError):
    """The value has no canonical form: a float, a number too large, a lone surrogate, another type."""


def canonical(value: object) -> bytes:
    """The RFC 8785 bytes of ``value``: dict with str keys, list or tuple, str, int, bool or None.

    Raises CanonicalError for anything else, naming the place as a JSON Pointer.
    """
    ordered = _ordered(value, ())
    text = json.dumps(
        ordered, ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
    )
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError("a string holds a lone surrogate, which UTF-8 cannot carry") from error


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _ordered(value: object, path: tuple[object, ...]) -> object:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if isinstance(value, int):
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise CanonicalError(f"{_pointer(path)}: the integer {value} lies beyond 2**53 - 1")
        return value
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise CanonicalError(f"{_pointer(path)}: the key {key!r} is not a string")
        return {key: _ordered(value[key], (*path, key)) for key in sorted(value, key=_by_utf16)}
    if isinstance(value, (list, tuple)):
        return [_ordered(item, (*path, index)) for index, item in enumerate(value)]
    raise CanonicalError(f"{_pointer(path)}: {kind.__name__} has no canonical form here")


def _by_utf16(key: str) -> bytes:
    # RFC 8785, 3.2.3: keys are ordered by UTF-16 code units, which differs from code points
    # where a character above U+FFFF meets one between U+E000 and U+FFFF
    return key.encode("utf-16-be", "surrogatepass")


def _pointer(path: tuple[object, ...]) -> str:
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)
