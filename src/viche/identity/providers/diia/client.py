"""The client of Diia.Signature: an offer to sign a file's hash, a deep link, and a signature that Diia brings itself.

Nobody is identified by the link: only the signature that comes back says who it was.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

from viche.identity.providers.claims import VerifiedClaims
from viche.identity.providers.diia.partner import NAME, Partner
from viche.identity.providers.diia.settings import DiiaSettings
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.mobileid.client import comparing_code
from viche.identity.providers.ports import Started
from viche.identity.providers.settings import is_loopback
from viche.identity.providers.wire import json_object

METHOD = "diia_id"
TRACE = "X-Document-Request-Trace-Id"
MAX_LINK_LENGTH = 2000
_BOUNDARY = re.compile(r';[ \t]*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_IS_ENCODE_DATA = re.compile(
    rb'^content-disposition:[^\n]*;[ \t]*name=(?:"encodeData"|encodeData)[ \t]*(?:;|$)',
    re.IGNORECASE | re.MULTILINE,
)

Check = Callable[[bytes, bytes], VerifiedClaims]


def request_id(request: str) -> str:
    """The identifier of a request, as the service wants it: base64 of SHA-256 of a random name."""
    return _hashed(request.encode())


class DiiaClient:
    """See ports.DeliveredProvider. check: of a signature and a text, who signed exactly it; raises ProviderError."""

    name = NAME
    methods = (METHOD,)

    def __init__(self, settings: DiiaSettings, *, check: Check) -> None:
        self.settings = settings
        self._check = check
        self._partner = Partner(settings)

    def start(self, *, text: bytes, request: str, return_url: str) -> Started:
        reference, code = request_id(request), comparing_code(request)
        # shown in the application: it has to be the code of the page, else somebody else's question is confirmed
        file = {"fileName": f"viche-{code}.txt", "fileHash": _hashed(text)}
        link = self._partner.request_link(
            {
                "requestId": reference,
                "returnLink": return_url,
                "signAlgo": self.settings.algorithm,
                "data": {"hashedFilesSigning": {"hashedFiles": [file]}},
            }
        )
        if not self._can_be_shown(link):
            self._fail("bad_answer", "no deep link")
        return Started(reference, link, shown=code)

    def delivered(self, headers: Mapping[str, str], body: bytes) -> tuple[str, bytes]:
        """See ports.DeliveredProvider. Anybody may send anything here, so nothing in it is believed.

        The body is a form of several parts with ``encodeData``, or JSON with it; in it, as base64, a JSON object with
        one signed item.
        """
        # names of headers have no case (RFC 9110, section 5.1)
        sent = {name.lower(): value for name, value in headers.items()}
        reference = sent.get(TRACE.lower(), "").strip()
        if not (0 < len(reference) <= 128 and reference.isascii() and reference.isprintable()):
            self._fail("bad_answer", "a delivery without its request")
        kind = sent.get("content-type", "")
        document = _object_in(
            _part_of(kind, body) if kind.lower().lstrip().startswith("multipart/") else body
        )
        if document is not None and isinstance(document.get("encodeData"), str):
            document = _object_in(document["encodeData"].encode("utf-8", "replace"))
        items = document.get("signedItems") if document is not None else None
        signature = b""
        if isinstance(items, list) and len(items) == 1 and isinstance(items[0], dict):
            written = items[0].get("signature")
            signature = _decoded(written.encode("utf-8", "replace")) if isinstance(written, str) else b""
        if not signature:
            self._fail("bad_answer", "a delivery without one signature")
        return reference, signature

    def claims(self, signature: bytes, *, text: bytes) -> VerifiedClaims:
        return self._check(signature, text)

    def _can_be_shown(self, link: str) -> bool:
        """Whether it may stand on the page as a link: nothing but a web address may, from a simulator also http."""
        if len(link) > MAX_LINK_LENGTH or not (link.isascii() and link.isprintable()):
            return False
        try:
            parts = urlsplit(link)
            host, simulated = parts.hostname or "", is_loopback(urlsplit(self.settings.url).hostname or "")
        except ValueError:
            return False
        return bool(host) and (
            parts.scheme == "https" or (simulated and parts.scheme == "http" and is_loopback(host))
        )

    def _fail(self, code: str, detail: str) -> NoReturn:
        raise ProviderError(code, detail, provider=NAME)


def _hashed(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def _decoded(written: bytes) -> bytes:
    """The bytes behind base64 with or without line breaks; none where it is something else."""
    try:
        return base64.b64decode(b"".join(written.split()), validate=True)
    except binascii.Error:
        return b""


def _object_in(content: bytes) -> dict[str, Any] | None:
    """The JSON object in these bytes, plain, as base64, or as base64 once more (a part may be transferred so)."""
    for _layer in range(3):
        if not content:
            return None
        document = json_object(content)
        if document is not None:
            return document
        content = _decoded(content)
    return None


def _part_of(kind: str, body: bytes) -> bytes:
    """The part ``encodeData`` of a form of several parts, or its only part; empty where there is none.

    RFC 2046, section 5.1.1. Not by the standard library: its parsers of headers raise on some that are written badly on
    purpose. A part transferred as base64 is left so, see _object_in.
    """
    boundary = _BOUNDARY.search(kind)
    if boundary is None:
        return b""
    cut = b"\n--" + (boundary[1] or boundary[2]).encode("latin-1", "replace")
    parts: list[tuple[bytes, bytes]] = []
    for piece in (b"\n" + body.replace(b"\r\n", b"\n")).split(cut)[1:]:
        if piece.startswith(b"--"):
            break
        head, _blank, content = piece.partition(b"\n\n")
        parts.append((head, content))
    named = [content for head, content in parts if _IS_ENCODE_DATA.search(head)]
    chosen = named or [content for _head, content in parts]
    return chosen[0] if len(chosen) == 1 else b""
