"""The files of a ceremony: small JSON documents that say what they are, for which contest, and if they are whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from boxkey.faults import KeyFault

FORMAT = "viche-box-key/1"
MOST_BYTES = 20_000
CONTEST, PUBLIC, SHARE, PRIVATE, CHALLENGE, ANSWER = KINDS = (
    "contest", "public-key", "share", "private-key", "challenge", "answer",
)  # fmt: skip

# the fields that hold 32 bytes in hex, by kind: read is refused where they hold anything else
_BYTES = {
    CONTEST: (), PUBLIC: ("public_key",), SHARE: ("public_key",), PRIVATE: ("public_key", "private_key"),
    CHALLENGE: ("public_key",), ANSWER: ("opened",),
}  # fmt: skip


def written(kind: str, facts: Mapping[str, Any]) -> str:
    """The text of a file. facts: at least "contest", the contest's id."""
    document = {"format": FORMAT, "kind": kind, **facts}
    return json.dumps({**document, "check": _check(document)}, ensure_ascii=False, indent=1) + "\n"


def read(text: bytes, kind: str, *, contest: str = "") -> dict[str, Any]:
    """The facts of a file of this kind, of this contest where one is named.

    Raises KeyFault: not_ours, cut_short, damaged, other_kind (found, wanted), other_contest (found).
    """
    if len(text) > MOST_BYTES or not text.lstrip()[:1] == b"{":
        raise KeyFault("cut_short" if not text.strip() else "not_ours")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise KeyFault("cut_short" if FORMAT.encode() in text else "not_ours") from None
    if document.get("format") != FORMAT or document.get("kind") not in KINDS:
        raise KeyFault("not_ours")
    if document["kind"] != kind:
        raise KeyFault("other_kind", found=document["kind"], wanted=kind)
    check = document.pop("check", None)
    if check != _check(document) or not all(_is_key(document.get(name)) for name in _BYTES[kind]):
        raise KeyFault("damaged")
    if contest and document.get("contest") != contest:
        raise KeyFault("other_contest", found=str(document.get("contest")))
    return dict(document)


def _is_key(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and not set(value) - set("0123456789abcdef")


def _check(document: Mapping[str, Any]) -> str:
    """Finds a slip of the pen or of the disk; it guards against nobody who means harm."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
