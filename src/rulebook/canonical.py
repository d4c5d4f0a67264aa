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
    try:
        ordered = _ordered(value)
        text = json.dumps(
            ordered, ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
        )
        return text.encode("utf-8")
    except _Unfit:
        raise CanonicalError(_fault(value, ())) from None
    except UnicodeEncodeError:
        raise CanonicalError("a string holds a lone surrogate, which UTF-8 cannot carry") from None
    except RecursionError:
        raise CanonicalError("the value is nested too deeply") from None


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


class _Unfit(Exception):
    """Somewhere in the value there is something without a canonical form."""


def _ordered(value: object) -> object:
    # the place of a fault is looked for only when there is one: this runs over every ballot of an election
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    if isinstance(value, int):
        if -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            return value
    elif isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: _ordered(value[key]) for key in sorted(value, key=_by_utf16)}
    elif isinstance(value, str):
        return value
    raise _Unfit


def _fault(value: object, path: tuple[object, ...]) -> str:
    """What is wrong with a value that is unfit, and where."""
    parts: list[tuple[object, object]] = []
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                return f"{_pointer(path)}: the key {key!r} is not a string"
        parts = list(value.items())
    elif isinstance(value, (list, tuple)):
        parts = list(enumerate(value))
    elif isinstance(value, int):
        return f"{_pointer(path)}: the integer {value} lies beyond 2**53 - 1"
    for key, item in parts:
        try:
            _ordered(item)
        except _Unfit:
            return _fault(item, (*path, key))
    return f"{_pointer(path)}: {type(value).__name__} has no canonical form here"


def _by_utf16(key: str) -> bytes:
    # RFC 8785, 3.2.3: keys are ordered by UTF-16 code units, which differs from code points
    # where a character above U+FFFF meets one between U+E000 and U+FFFF
    return key.encode("utf-16-be", "surrogatepass")


def _pointer(path: tuple[object, ...]) -> str:
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)
