"""A partner's client of our API: signs requests, checks answers, repeats what was cut off. Knows no server."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from viche.channels.terminals.messages import Answer, Message, sign_request, verify_answer


@dataclass(frozen=True)
class Heard:
    """One answer. document: its JSON; headers by their names as they came."""

    status: int
    document: dict[str, Any]
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """Of a problem; "" of anything else."""
        return str(self.document.get("code", ""))


# method, address, headers, body -> status, headers, body
Send = Callable[[str, str, Mapping[str, str], bytes], tuple[int, dict[str, str], bytes]]


def moment() -> datetime:
    return datetime.now(UTC)


@dataclass
class Terminal:
    """A terminal of a partner. base: the address of the community, with a slash at its end. answers_key: our public
    key, by which every answer is checked where it is given. clock: what the terminal believes the time is.
    """

    send: Send
    base: str
    key_id: str
    key: Ed25519PrivateKey = field(repr=False)
    answers_key: bytes = b""
    language: str = "uk"
    clock: Callable[[], datetime] = moment
    name: str = "T-1"

    def call(
        self,
        method: str,
        what: str,
        body: Mapping[str, Any] | None = None,
        *,
        request: str = "",
        nonce: str = "",
    ) -> Heard:
        """One signed request. request: the idempotency key of a write."""
        return self.deliver(*self.prepared(method, what, body, request=request, nonce=nonce))

    def prepared(
        self,
        method: str,
        what: str,
        body: Mapping[str, Any] | None = None,
        *,
        request: str = "",
        nonce: str = "",
    ) -> tuple[Message, bytes]:
        """A request, signed and not yet sent."""
        raw = json.dumps(body, ensure_ascii=False, sort_keys=True).encode() if body is not None else b""
        message = Message(method, f"{self.base}api/terminals/v1/{what}", {"Accept-Language": self.language})
        if raw:
            message.headers["Content-Type"] = "application/json"
        if request:
            message.headers["Idempotency-Key"] = request
        sign_request(
            message, key_id=self.key_id, private_key=self.key, body=raw, created=self.clock(),
            nonce=nonce or secrets.token_urlsafe(24),
        )  # fmt: skip
        return message, raw

    def deliver(self, message: Message, raw: bytes) -> Heard:
        """Send what is signed, and check the answer. Raises HTTPMessageSignaturesException for one that is not ours."""
        status, headers, body = self.send(message.method, message.url, message.headers, raw)
        if self.answers_key:
            verify_answer(Answer(status, headers, message), body, self.answers_key)
        return Heard(status, json.loads(body) if body else {}, headers)

    # --- operations ---

    def greet(self) -> Heard:
        return self.call("GET", "partner")

    def contests(self, number: str) -> Heard:
        return self.call("POST", "contests", {"tax_number": number})

    def eligibility(self, contest: str, number: str) -> Heard:
        return self.call("POST", "eligibility", {"contest": contest, "tax_number": number})

    def hand_over(self, contest: str, number: str) -> Heard:
        return self.call(
            "POST", "handovers", {"contest": contest, "tax_number": number, "terminal": self.name}
        )

    def paper(self, contest: str) -> Heard:
        return self.call("GET", f"contests/{contest}/paper")

    def cast(
        self, contest: str, number: str, choices: Sequence[str] | Mapping[str, int], *, request: str = ""
    ) -> Heard:
        return self.call(
            "POST", "ballots", self.ballot(contest, number, choices), request=request or str(uuid4())
        )

    def ballot(self, contest: str, number: str, choices: Sequence[str] | Mapping[str, int]) -> dict[str, Any]:
        """The body of a ballot."""
        pairs = choices.items() if isinstance(choices, Mapping) else [(each, 1) for each in choices]
        return {
            "contest": contest, "tax_number": number, "terminal": self.name,
            "choices": [{"project": project, "value": value} for project, value in pairs],
        }  # fmt: skip

    def status(self, reference: str) -> Heard:
        return self.call("GET", f"ballots/{reference}")

    def cancel(self, reference: str, request: str, *, key: str = "") -> Heard:
        return self.call(
            "POST", f"ballots/{reference}/cancel", {"request": request}, request=key or str(uuid4())
        )

    def reconcile(
        self, day: str, totals: Mapping[str, int], ballots: Mapping[str, str], *, request: str = ""
    ) -> Heard:
        listed = [{"reference": reference, "state": state} for reference, state in ballots.items()]
        body = {"day": day, "totals": dict(totals), "ballots": listed}
        return self.call("POST", "reconciliations", body, request=request or str(uuid4()))
