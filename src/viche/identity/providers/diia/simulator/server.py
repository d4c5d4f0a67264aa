"""The partners' service, and the page where a deep link leads."""

import base64
import binascii
import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlsplit

import httpx

from viche.identity.providers.kep.simulator import Authority
from viche.identity.providers.settings import is_loopback
from viche.identity.providers.simulation import Answer, CastMember, Simulator, SimulatorRefused, load_cast

ACQUIRER, AUTHORIZATION = "demo-acquirer", "ZGVtbzprbm93bi10by1ldmVyeWJvZHk="
BRANCH, OFFER = "demo-branch", "demo-offer"
TITLE = "Демонстраційна Дія / Demonstration Diia"
TRACE = "X-Document-Request-Trace-Id"
MAX_REQUESTS = 1000
# a branch without one of them is not made
BRANCH_FIELDS = (
    "name", "email", "region", "district", "location", "street", "house", "customFullName", "customFullAddress",
)  # fmt: skip
SERVICE_FAULTS = (
    "api_html", "api_500", "api_slow", "api_cut", "api_huge", "api_redirect", "refused_token", "no_token",
    "expired_token", "session_refused", "forbidden", "error_object", "no_link", "script_link", "broken_link",
    "long_link",
)  # fmt: skip
DELIVERY_FAULTS: dict[str, tuple[str, str]] = {
    "other_text": ("Підписано інший геш", "Another hash is signed"),
    "forged": ("Пошкоджений підпис", "A broken signature"),
    "revoked": ("Сертифікат скасовано", "The certificate is revoked"),
    "two_items": ("Два підписи", "Two signatures"),
    "nothing_signed": ("Жодного підпису", "No signature"),
    "nonsense": ("Нісенітниця", "Nonsense"),
    "unknown_request": ("Невідомий запит", "A request nobody made"),
    "twice": ("Доставлено двічі", "Brought twice"),
    "as_json": ("У форматі JSON, не формою", "As JSON, not as a form"),
}
FAULTS = (*SERVICE_FAULTS, *DELIVERY_FAULTS)


@dataclass
class Request:
    """One request to sign. digest: of the file. back: where the person goes on. state: waiting, signed or refused.

    answers: what the site said to each delivery, 0 where it could not be reached.
    """

    reference: str
    digest: bytes
    back: str
    state: str = "waiting"
    answers: list[int] = field(default_factory=list)


class DiiaAnswer(Answer):
    server: "DiiaSimulator"
    paths = frozenset({"/app", "/sign", "/simulator.css"})

    def route(self, path: str, parameters: dict[str, str]) -> None:
        if path.startswith("/api/"):
            if not self.misbehaves(self.server.fault, "api"):
                self.json(*self.server.api(self.command, path, self.headers, self.sent))
            return
        name = parameters.get("request", "")
        request = self.server.requests.get(name)
        if request is None or path not in {"/app", "/sign"}:
            self.send(404, b"not found", "text/plain; charset=utf-8")
        elif path == "/sign" and self.command == "POST":
            self.redirect(
                self.server.act(name, parameters.get("person", ""), parameters.get("fault", ""))
                or f"/app?request={name}"
            )
        else:
            back = urlsplit(request.back)
            # browsers hold a form to form-action through the redirect that answers it, so the site is named too
            self.html(200, self._page(name, request), f"{back.scheme}://{back.netloc}" if back.netloc else "")

    def _page(self, name: str, request: Request) -> str:
        rows = "".join(
            f'<li><button class="person" name="person" value="{escape(each.key)}"><span><span class="name">'
            f"{escape(each.display_name)}</span></span></button></li>"
            for each in self.server.people.values()
        )
        faults = "".join(
            f'<option value="{fault}">{uk} / {en}</option>' for fault, (uk, en) in DELIVERY_FAULTS.items()
        )
        form = f"""<form method="post" action="/sign"><input type="hidden" name="request" value="{escape(name)}">
<ul class="people">{rows}</ul><label for="fault">Вада / Fault</label>
<select id="fault" name="fault"><option value="">–</option>{faults}</select>
<button class="cancel" name="person" value="">Відмовитися / Refuse</button></form>"""
        told = "<p>На цей запит уже відповіли. / This request is already answered.</p>"
        return f"""<!doctype html><html lang="uk"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{TITLE}</title><link rel="stylesheet" href="/simulator.css"></head><body>
<header class="banner"><div><span>{TITLE}</span></div></header><main><h1>{TITLE}</h1>
<p class="quiet">SHA-256 <span class="site">{request.digest.hex()}</span></p>
{form if request.state == "waiting" else told}</main></body></html>"""


class DiiaSimulator(Simulator):
    """See Simulator. authority: who issued the certificates. deliver: where signatures are brought, on this machine.

    fault: one of SERVICE_FAULTS.
    """

    answer = DiiaAnswer

    def __init__(
        self,
        *,
        authority: Authority,
        deliver: str = "",
        cast: Sequence[CastMember] | None = None,
        **options: Any,
    ) -> None:
        if deliver and not is_loopback(urlsplit(deliver).hostname or ""):
            raise SimulatorRefused("signatures are brought to this machine only")
        super().__init__(**options)
        self.people = {each.key: each for each in (load_cast() if cast is None else cast)}
        self.authority, self.deliver, self.fault = authority, deliver, ""
        self.requests: dict[str, Request] = {}
        self.tokens: set[str] = set()
        self._lock = threading.Lock()

    def api(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        """Status and JSON of one request to the service."""
        said = headers.get("Authorization", "")
        if method == "GET" and path == f"/api/v1/auth/acquirer/{ACQUIRER}":
            if said != f"Basic {AUTHORIZATION}" or self.fault == "refused_token":
                return 401, {"message": "unauthorized"}
            token = secrets.token_urlsafe(300)
            self.tokens.add(token)
            return 200, {} if self.fault == "no_token" else {"token": token}
        if self.fault == "expired_token":
            # it happens once
            self.fault = ""
            self.forget_tokens()
        if said.removeprefix("Bearer ") not in self.tokens or self.fault == "session_refused":
            return 401, {"message": "unauthorized"}
        if self.fault == "forbidden":
            return 403, {"message": "forbidden"}
        if self.fault == "error_object":
            return 400, {"error": "validation", "message": "the offer is unknown"}
        try:
            return self._made(path, json.loads(body))
        except (ValueError, KeyError, TypeError, binascii.Error):
            return 400, {"error": "validation"}

    def _made(self, path: str, asked: Any) -> tuple[int, Any]:
        """Raises ValueError, KeyError, TypeError where the request is not as the service wants it."""
        if path == "/api/v2/acquirers/branch":
            if not all(asked[name] for name in BRANCH_FIELDS) or asked["scopes"] != {
                "diiaId": ["hashedFilesSigning"]
            }:
                raise ValueError("branch")
            if (asked["deliveryTypes"], asked["offerRequestType"]) != (["api"], "dynamic"):
                raise ValueError("delivery")
            return 200, {"_id": BRANCH}
        if path == f"/api/v1/acquirers/branch/{BRANCH}/offer":
            if not asked["name"] or asked["scopes"] != {"diiaId": ["hashedFilesSigning"]}:
                raise ValueError("offer")
            return 200, {"_id": OFFER}
        place = f"/api/v2/acquirers/branch/{BRANCH}/offer-request/dynamic"
        if path == place and asked["offerId"] == OFFER:
            return self._begun(asked)
        return 404, {"message": "not found"}

    def _begun(self, asked: dict[str, Any]) -> tuple[int, Any]:
        [file] = asked["data"]["hashedFilesSigning"]["hashedFiles"]
        digest = base64.b64decode(file["fileHash"], validate=True)
        back = asked.get("returnLink", "")
        if len(base64.b64decode(asked["requestId"], validate=True)) != 32 or len(digest) != 32:
            raise ValueError("hash")
        if asked["signAlgo"] != "ECDSA" or not file["fileName"]:
            raise ValueError("algorithm")
        if back and not is_loopback(urlsplit(back).hostname or ""):
            raise ValueError("people are sent to this machine only")
        name = secrets.token_hex(8)
        with self._lock:
            while len(self.requests) >= MAX_REQUESTS:
                del self.requests[next(iter(self.requests))]
            self.requests[name] = Request(asked["requestId"], digest, back)
        links = {
            "script_link": "javascript:alert(1)",
            "broken_link": "https://[diia",
            "long_link": "https://diia.app/" + "a" * 2000,
        }
        link = links.get(self.fault, f"{self.url}/app?request={name}")
        return 200, {"ok": True} if self.fault == "no_link" else {"deeplink": link}

    def forget_tokens(self) -> None:
        """What happens to every token after two hours."""
        self.tokens.clear()

    def act(self, name: str, key: str, fault: str = "") -> str:
        """Sign as somebody, or refuse (nothing is brought then); returns where the person goes back to, or ""."""
        person = self.people.get(key)
        with self._lock:
            request = self.requests.get(name)
            if request is None or request.state != "waiting":
                return request.back if request is not None else ""
            request.state = "signed" if person is not None else "refused"
        if person is not None:
            for _time in range(2 if fault == "twice" else 1):
                request.answers.append(self._brought(request, person, fault))
        return request.back

    def delivery(self, request: Request, person: CastMember, fault: str = "") -> tuple[bytes, str]:
        """What the application's server sends, as JSON: body and the header of the trace."""
        encoded = self._encoded(request, person, fault)
        body = encoded.encode() if fault == "nonsense" else json.dumps({"encodeData": encoded}).encode()
        return body, "nobody's" if fault == "unknown_request" else request.reference

    def _encoded(self, request: Request, person: CastMember, fault: str) -> str:
        if fault == "nonsense":
            return "nonsense"
        spoilt = fault if fault in {"other_text", "forged", "revoked"} else ""
        signature = self.authority.sign_digest(person, request.digest, fault=spoilt)
        items = [{"name": "viche.txt", "signature": base64.b64encode(signature).decode()}]
        items *= {"two_items": 2, "nothing_signed": 0}.get(fault, 1)
        return base64.b64encode(json.dumps({"signedItems": items}).encode()).decode()

    def _brought(self, request: Request, person: CastMember, fault: str) -> int:
        """Deliver once, as a form of several parts; the status of the site's answer, 0 for none."""
        body, reference = self.delivery(request, person, fault)
        headers = {TRACE: reference, "X-Diia-Id-Action": "hashedFilesSigning"}
        sent: dict[str, Any]
        if fault == "as_json":
            sent = {"content": body, "headers": {**headers, "Content-Type": "application/json"}}
        else:
            part = body.decode() if fault == "nonsense" else json.loads(body)["encodeData"]
            sent = {"files": {"encodeData": (None, part)}, "headers": headers}
        try:
            return httpx.post(self.deliver, trust_env=False, timeout=10, **sent).status_code
        except (httpx.TransportError, httpx.InvalidURL):
            return 0
