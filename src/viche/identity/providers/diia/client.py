"""The client of Diia.Signature: an offer to sign a file's hash, a deep link, and a signature that Diia brings itself.

The service calls the parts so: a partner (acquirer) has branches, a branch has offers, and each signing is a request
made dynamically for an offer. Nobody is identified by the link: only the signature that comes back says who it was.
"""

import base64
import binascii
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from email import policy
from email.parser import BytesParser
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

from viche.identity.providers.claims import VerifiedClaims
from viche.identity.providers.diia.settings import DiiaSettings
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.mobileid.client import comparing_code
from viche.identity.providers.ports import Started
from viche.identity.providers.settings import is_loopback
from viche.identity.providers.wire import answered_object, json_object, send
from viche.identity.providers.words import word

NAME, METHOD = "diia", "diia_id"
TRACE = "X-Document-Request-Trace-Id"
# the token of a session lives two hours; it is renewed some minutes before
SESSION_SECONDS = 110 * 60

Check = Callable[[bytes, bytes], VerifiedClaims]


def request_id(request: str) -> str:
    """The identifier of a request, as the service wants it: base64 of SHA-256 of a random name."""
    return base64.b64encode(hashlib.sha256(request.encode()).digest()).decode()


class DiiaClient:
    """See ports.DeliveredProvider. check: of a signature and a text, who signed exactly it; raises ProviderError."""

    name = NAME
    methods = (METHOD,)

    def __init__(self, settings: DiiaSettings, *, check: Check) -> None:
        self.settings = settings
        self._check = check
        self._lock = threading.Lock()
        self._session = ("", 0.0)

    def start(self, *, text: bytes, request: str, return_url: str) -> Started:
        settings = self.settings
        reference, code = request_id(request), comparing_code(request)
        answer = self._ask(
            "POST", f"/api/v2/acquirers/branch/{quote(settings.branch, safe='')}/offer-request/dynamic",
            {
                "offerId": settings.offer,
                "requestId": reference,
                "returnLink": return_url,
                "signAlgo": settings.algorithm,
                "data": {
                    "hashedFilesSigning": {
                        "hashedFiles": [
                            {
                                "fileName": f"viche-{code}.txt",
                                "fileHash": base64.b64encode(hashlib.sha256(text).digest()).decode(),
                            }
                        ]
                    }
                },
            },
        )  # fmt: skip
        link = word(answer.get("deeplink"))
        parts = urlsplit(link)
        # the page shows it as a link: nothing but a web address may stand there
        is_web = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        if not is_web or not parts.hostname:
            self._fail("bad_answer", "no deep link")
        return Started(reference, link, shown=code)

    def delivered(self, headers: Mapping[str, str], body: bytes) -> tuple[str, bytes]:
        reference = headers.get(TRACE, "").strip()
        if not 0 < len(reference) <= 128:
            self._fail("bad_answer", "a delivery without its request")
        document = json_object(_encoded(headers.get("Content-Type", ""), body) or body)
        if document is not None and isinstance(document.get("encodeData"), str):
            document = json_object(_decoded(document["encodeData"]) or b"")
        items = document.get("signedItems") if document is not None else None
        found = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
        signature = _decoded(word_of(found[0].get("signature"))) if len(found) == 1 else None
        if not signature:
            self._fail("bad_answer", "a delivery without one signature")
        return reference, signature

    def claims(self, signature: bytes, *, text: bytes) -> VerifiedClaims:
        return self._check(signature, text)

    def register(self, *, name: str, return_url: str) -> tuple[str, str]:
        """Make the branch and the offer of this site, once; returns their identifiers. Raises ProviderError."""
        branch = self._ask(
            "POST", "/api/v2/acquirers/branch",
            {
                "name": name, "deliveryTypes": ["api"], "offerRequestType": "dynamic",
                "scopes": {"diiaId": ["hashedFilesSigning"]},
            },
        )  # fmt: skip
        place = f"/api/v1/acquirers/branch/{quote(word(branch.get('_id')), safe='')}/offer"
        offer = self._ask(
            "POST", place,
            {"name": name, "returnLink": return_url, "scopes": {"diiaId": ["hashedFilesSigning"]}},
        )  # fmt: skip
        made = word(branch.get("_id")), word(offer.get("_id"))
        if not all(made):
            self._fail("bad_answer", "no identifiers of branch and offer")
        return made

    def _ask(self, method: str, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Ask with the token of a session, renewed once where it is refused."""
        for is_last in (False, True):
            response = send(
                method, f"{self.settings.url}{path}", provider=NAME, timeout=self.settings.timeout,
                content=json.dumps(document).encode(),
                headers={"Authorization": f"Bearer {self._token(renew=is_last)}", "Content-Type": "application/json"},
            )  # fmt: skip
            if response.status not in {401, 403}:
                break
        if response.status in {401, 403}:
            self._fail("misconfigured", "the partner's token is refused")
        answer = answered_object(response, provider=NAME)
        if "error" in answer:
            self._fail("bad_answer", "an error object")
        return answer

    def _token(self, *, renew: bool) -> str:
        with self._lock:
            token, ends = self._session
            if token and not renew and time.monotonic() < ends:
                return token
            settings = self.settings
            response = send(
                "GET", f"{settings.url}/api/v1/auth/acquirer/{quote(settings.acquirer, safe='')}",
                provider=NAME, timeout=settings.timeout, headers={"Authorization": f"Basic {settings.authorization}"},
            )  # fmt: skip
            if response.status in {401, 403}:
                self._fail("misconfigured", "the partner is refused")
            token = word_of(answered_object(response, provider=NAME).get("token"))
            if not token:
                self._fail("bad_answer", "no token")
            self._session = (token, time.monotonic() + SESSION_SECONDS)
            return token

    def _fail(self, code: str, detail: str = "") -> NoReturn:
        raise ProviderError(code, detail, provider=NAME)


def word_of(value: object) -> str:
    """A text as it is: tokens and signatures are longer than words."""
    return value if isinstance(value, str) else ""


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _encoded(kind: str, body: bytes) -> bytes | None:
    """The field encodeData of a form of several parts, decoded; None where the body is another."""
    if not kind.lower().startswith("multipart/form-data"):
        return None
    try:
        message: Any = BytesParser(policy=policy.HTTP).parsebytes(
            b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n" + body
        )
    except Exception:  # the parser trips over some headers
        return None
    for part in message.iter_parts() if message.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "encodeData":
            content = part.get_payload(decode=True) or b""
            return _decoded(content.decode("ascii", "replace")) or content
    return None
