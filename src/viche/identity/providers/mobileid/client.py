"""The client of MobileID: the person's phone is asked, by an operator's signature service (ETSI TS 102 204)."""

import hashlib
import ssl
from collections.abc import Callable
from typing import NoReturn

from viche.foundation import clock
from viche.identity.providers.claims import VerifiedClaims
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.mobileid.messages import (
    Answer,
    NotAnAnswer,
    read_answer,
    signature_request,
    status_request,
)
from viche.identity.providers.mobileid.settings import SYNCH, MobileIdSettings
from viche.identity.providers.ports import Started
from viche.identity.providers.wire import send

NAME, METHOD = "mobileid", "mobile_id"
REQUEST_OK, SIGNATURE, VALID_SIGNATURE, OUTSTANDING = 100, 500, 502, 504

# codes of the standard, and what the person is told of them
REFUSALS = {
    101: "misconfigured", 102: "misconfigured", 103: "misconfigured", 104: "misconfigured", 107: "misconfigured",
    105: "phone_unknown", 404: "phone_unknown", 422: "phone_unknown", 403: "phone_blocked", 402: "phone_blocked",
    401: "denied", 208: "phone_silent", 503: "signature_wrong", 501: "certificate_revoked", 406: "provider_down",
    209: "provider_down", 780: "provider_down", 900: "provider_down",
}  # fmt: skip

Check = Callable[[bytes, bytes], VerifiedClaims]


def comparing_code(request: str) -> str:
    """The four digits that both the page and the phone show, so that nobody confirms somebody else's question."""
    return f"{int.from_bytes(hashlib.sha256(request.encode()).digest()[:4], 'big') % 10_000:04d}"


class MobileIdClient:
    """See ports.PhoneProvider. check: of a signature and a text, who signed exactly it (kep); raises ProviderError."""

    name = NAME
    methods = (METHOD,)

    def __init__(self, settings: MobileIdSettings, *, check: Check) -> None:
        self.settings = settings
        self._check = check

    def start(self, *, text: bytes, request: str, phone: str) -> Started | VerifiedClaims:
        code = comparing_code(request)
        # the phone's screen is small: the whole text is on the page
        shown = f"Viche: {code}"
        answer = self._ask(
            signature_request(
                self.settings, asked=request, phone=phone, text=text, displayed=shown, now=clock.now()
            ),
            request,
        )
        if self.settings.mode == SYNCH:
            claims = self._claims(answer, text)
            if claims is None:
                self._fail("bad_answer", "no signature in an answer to a held request")
            return claims
        if answer.status not in {REQUEST_OK, OUTSTANDING} or not answer.transaction:
            self._fail("bad_answer", f"status {answer.status}, or no transaction")
        return Started(f"{request}/{answer.transaction}", shown=code)

    def result(self, started: Started, *, text: bytes) -> VerifiedClaims | None:
        request, _slash, transaction = started.reference.partition("/")
        answer = self._ask(
            status_request(self.settings, asked=request, transaction=transaction, now=clock.now()), request
        )
        if answer.transaction not in {"", transaction}:
            self._fail("bad_answer", "the answer is about another transaction")
        return self._claims(answer, text)

    def _claims(self, answer: Answer, text: bytes) -> VerifiedClaims | None:
        if answer.status in {REQUEST_OK, OUTSTANDING} and answer.signature is None:
            return None
        if answer.status not in {REQUEST_OK, SIGNATURE, VALID_SIGNATURE} or answer.signature is None:
            self._fail("bad_answer", f"status {answer.status} without a signature")
        return self._check(answer.signature, text)

    def _ask(self, message: bytes, request: str) -> Answer:
        response = send(
            "POST", self.settings.url, provider=NAME, timeout=self.settings.timeout, content=message,
            headers={"Content-Type": "application/soap+xml; charset=utf-8", "Accept": "application/soap+xml"},
            trust=self._trust(),
        )  # fmt: skip
        answer, problem = None, ""
        try:
            answer = read_answer(response.body)
        except NotAnAnswer as error:
            problem = str(error)
        if answer is None:
            self._fail("provider_down" if response.status >= 500 else "bad_answer", problem)
        if answer.status in REFUSALS:
            self._fail(REFUSALS[answer.status], f"status {answer.status}")
        if answer.asked not in {"", request}:
            self._fail("bad_answer", "the answer is to another request")
        return answer

    def _trust(self) -> ssl.SSLContext | None:
        settings = self.settings
        if not (settings.certificate or settings.authority):
            return None
        context = ssl.create_default_context(cafile=settings.authority or None)
        if settings.certificate:
            context.load_cert_chain(settings.certificate, settings.key)
        return context

    def _fail(self, code: str, detail: str = "") -> NoReturn:
        raise ProviderError(code, detail, provider=NAME)
