"""The partners' service, and the page where a deep link leads."""

import base64
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
FAULTS = (
    "api_html", "api_500", "api_slow", "api_cut", "api_huge", "api_redirect", "expired_token", "refused_token",
    "error_object", "no_link", "script_link", "other_text", "forged", "revoked", "two_items", "nothing_signed",
    "unknown_request", "nonsense", "twice",
)  # fmt: skip


@dataclass
class Request:
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
        elif path == "/app":
            self.html(200, self._page(parameters.get("request", "")))
        elif path == "/sign" and self.command == "POST":
            back = self.server.act(
                parameters.get("request", ""), parameters.get("person", ""), parameters.get("fault", "")
            )
            self.redirect(back or "/app")
        else:
            self.send(404, b"not found", "text/plain; charset=utf-8")

    def _page(self, name: str) -> str:
        rows = "".join(
            f'<li><button class="person" name="person" value="{escape(each.key)}"><span><span class="name">'
            f"{escape(each.display_name)}</span></span></button></li>"
            for each in self.server.people.values()
        )
        faults = "".join(f'<option value="{each}">{each}</option>' for each in FAULTS)
        return f"""<!doctype html><html lang="uk"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{TITLE}</title><link rel="stylesheet" href="/simulator.css"></head><body>
<header class="banner"><div><span>{TITLE}</span></div></header><main><h1>{TITLE}</h1>
<form method="post" action="/sign"><input type="hidden" name="request" value="{escape(name)}">
<ul class="people">{rows}</ul><label for="fault">Вада / Fault</label>
<select id="fault" name="fault"><option value="">–</option>{faults}</select>
<button class="cancel" name="person" value="">Відмовитися / Refuse</button></form></main></body></html>"""


class DiiaSimulator(Simulator):
    """See Simulator. authority: who issued the certificates. deliver: where signatures are brought, on this machine.

    fault: one of FAULTS.
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
        said = headers.get("Authorization", "")
        if method == "GET" and path == f"/api/v1/auth/acquirer/{ACQUIRER}":
            if said != f"Basic {AUTHORIZATION}" or self.fault == "refused_token":
                return 401, {"message": "unauthorized"}
            token = secrets.token_urlsafe(300)
            self.tokens.add(token)
            return 200, {"token": token}
        if said.removeprefix("Bearer ") not in self.tokens:
            return 401, {"message": "unauthorized"}
        if self.fault == "error_object":
            return 400, {"error": "validation", "message": "the offer is unknown"}
        try:
            asked = json.loads(body)
        except ValueError:
            return 400, {"error": "validation"}
        if path == "/api/v2/acquirers/branch":
            return 200, {"_id": BRANCH}
        if path == f"/api/v1/acquirers/branch/{BRANCH}/offer":
            return 200, {"_id": OFFER}
        if (
            path == f"/api/v2/acquirers/branch/{BRANCH}/offer-request/dynamic"
            and asked.get("offerId") == OFFER
        ):
            return self._begin(asked)
        return 404, {"error": "not found"}

    def _begin(self, asked: dict[str, Any]) -> tuple[int, Any]:
        [file] = asked["data"]["hashedFilesSigning"]["hashedFiles"]
        name = secrets.token_hex(8)
        with self._lock:
            self.requests[name] = Request(
                asked["requestId"], base64.b64decode(file["fileHash"]), str(asked.get("returnLink", ""))
            )
        if self.fault == "no_link":
            return 200, {"ok": True}
        link = "javascript:alert(1)" if self.fault == "script_link" else f"{self.url}/app?request={name}"
        return 200, {"deeplink": link}

    def forget_tokens(self) -> None:
        """What happens to every token after two hours."""
        self.tokens.clear()

    def act(self, name: str, key: str, fault: str = "") -> str:
        """Sign as somebody, or refuse, and bring what there is to the site; returns where the person goes back to."""
        request, person = self.requests.get(name), self.people.get(key)
        if request is None or person is None:
            return request.back if request is not None else ""
        body, reference = self.delivery(request, person, fault)
        for _time in range(2 if fault == "twice" else 1):
            answer = httpx.post(
                self.deliver, content=body, trust_env=False, timeout=10,
                headers={"X-Document-Request-Trace-Id": reference, "Content-Type": "application/json"},
            )  # fmt: skip
            request.answers.append(answer.status_code)
        return request.back

    def delivery(self, request: Request, person: CastMember, fault: str = "") -> tuple[bytes, str]:
        """What the application's server sends: body and the header of the trace."""
        signature = self.authority.sign_digest(person, request.digest, fault=fault)
        items = [{"name": "viche.txt", "signature": base64.b64encode(signature).decode()}]
        if fault == "two_items":
            items *= 2
        if fault == "nothing_signed":
            items = []
        inner = base64.b64encode(json.dumps({"signedItems": items}).encode()).decode()
        body = b"nonsense" if fault == "nonsense" else json.dumps({"encodeData": inner}).encode()
        return body, "nobody's" if fault == "unknown_request" else request.reference
