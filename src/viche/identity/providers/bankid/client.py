"""The client of BankID NBU: OAuth 2.0, then the person's data, sealed to the site's certificate.

After the specification of the BankID System of the National Bank of Ukraine: authorize, token by form, data by JSON.
The minimum is asked for: names, the tax number, the date of birth, one address, and a passport only where the
installation serves people without a tax number.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn
from urllib.parse import urlencode

from viche.identity.providers.bankid.settings import BankIdSettings
from viche.identity.providers.claims import (
    CITIZENS_DOCUMENTS,
    Address,
    VerifiedClaims,
    citizenship_of_document,
)
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.passport import passport_number
from viche.identity.providers.ports import Decryptor
from viche.identity.providers.tax_number import TaxNumberError, parse_tax_number
from viche.identity.providers.wire import answered_object, ask, json_object, send
from viche.identity.providers.words import person_name, word

NAME, METHOD = "bankid", "bank_id"
MAX_CODE_LENGTH = 2048
FIELDS = ("firstName", "middleName", "lastName", "inn", "birthDay")
ADDRESS_FIELDS = ("country", "state", "area", "city", "street", "houseNo", "flatNo")
DOCUMENT_FIELDS = ("typeName", "series", "number", "issueCountryIso2")


@dataclass(frozen=True)
class Token:
    """What a code was exchanged for. The repr shows no secret."""

    access_token: str = field(repr=False)


class BankIdClient:
    """One site's joining of the system. Safe to share between threads. decryptor: opens the answers."""

    name = NAME
    methods = (METHOD,)

    def __init__(self, settings: BankIdSettings, *, decryptor: Decryptor) -> None:
        self.settings = settings
        self._decryptor = decryptor

    def authorization_url(self, *, state: str, redirect_uri: str, methods: tuple[str, ...] = ()) -> str:
        """Where to send the browser. Raises ValueError where ``state`` is not 10 to 512 characters."""
        if not 10 <= len(state) <= 512:
            raise ValueError("state is 10 to 512 characters long")
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self.settings.client_id,
                "redirect_uri": redirect_uri,
                "state": state,
            }
        )
        return f"{self.settings.url}/v1/bank/oauth2/authorize?{query}"

    def code_from_callback(self, parameters: Mapping[str, str], *, expected_state: str) -> str:
        """The code out of the callback's query. Raises ProviderError state_wrong, denied, bad_answer."""
        state = parameters.get("state", "").encode(errors="surrogatepass")
        if not expected_state or not hmac.compare_digest(state, expected_state.encode()):
            self._fail("state_wrong")
        if error := parameters.get("error"):
            self._fail("denied" if error == "access_denied" else "bad_answer", "error in callback")
        code = parameters.get("code", "")
        if not 0 < len(code) <= MAX_CODE_LENGTH or not code.isascii() or not code.isprintable():
            self._fail("bad_answer", "no usable code in callback")
        return code

    def exchange(self, code: str, redirect_uri: str) -> Token:
        """Exchange the single-use code. Never repeated on failure: the code may be spent. Raises ProviderError."""
        answer = ask(
            f"{self.settings.url}/v1/bank/oauth2/token",
            {
                "grant_type": "authorization_code",
                "code": code,
                "client_id": self.settings.client_id,
                "client_secret": self.settings.client_secret,
                "redirect_uri": redirect_uri,
            },
            provider=NAME, method="POST", timeout=self.settings.timeout,
        )  # fmt: skip
        if "error" in answer:
            self._fail_of_token(word(answer["error"]).lower())
        told = answer.get("access_token")
        token = told if isinstance(told, str) and told.isascii() and told.isprintable() else ""
        if not token or word(answer.get("token_type")).lower() != "bearer":
            self._fail("bad_answer", "no bearer token")
        return Token(token)

    def data(self, token: Token) -> dict[str, Any]:
        """The person's data, opened. Raises ProviderError."""
        settings = self.settings
        asked: dict[str, Any] = {
            "type": "physical",
            "cert": base64.b64encode(self._decryptor.certificate).decode(),
            "fields": list(FIELDS),
            "addresses": [{"type": settings.address, "fields": list(ADDRESS_FIELDS)}],
        }
        if settings.asks_passport:
            asked["documents"] = [
                {"type": kind, "fields": list(DOCUMENT_FIELDS)} for kind in ("passport", "idpassport")
            ]
        answer = answered_object(
            send(
                "POST", f"{settings.url}/v1/bank/resource/client", provider=NAME, timeout=settings.timeout,
                content=json.dumps(asked).encode(),
                headers={"Authorization": f"Bearer {token.access_token}", "Content-Type": "application/json"},
            ),
            provider=NAME,
        )  # fmt: skip
        if "error" in answer or word(answer.get("state")).lower() != "ok":
            self._fail_of_data(word(answer.get("error")).lower() + word(answer.get("desc")).lower())
        return self._opened(answer)

    def identify(self, code: str, *, state: str = "", redirect_uri: str = "") -> VerifiedClaims:
        """From the code of the callback to what was proved about the person. Raises ProviderError."""
        return self.claims(self.data(self.exchange(code, redirect_uri)))

    def claims(self, data: Mapping[str, Any]) -> VerifiedClaims:
        """Read the opened data into claims. Raises ProviderError identity_incomplete, number_wrong, bad_answer."""
        if word(data.get("type")) not in {"physical", ""}:
            self._fail("bad_answer", "not a natural person")
        family_name, given_name = person_name(data.get("lastName")), person_name(data.get("firstName"))
        if not family_name or not given_name:
            self._fail("identity_incomplete", "no family name or given name")
        documents = [each for each in _rows(data.get("documents")) if word(each.get("type"))]
        return VerifiedClaims(
            provider=NAME, method=METHOD, tax_number=self._tax_number(word(data.get("inn"))),
            family_name=family_name, given_name=given_name, patronymic=person_name(data.get("middleName")),
            address=self._address(_rows(data.get("addresses"))), issuer=word(data.get("memberId")),
            citizenship=_citizenship(documents), identifiers=_passports(documents),
            born=_day(word(data.get("birthDay"))),
        )  # fmt: skip

    def _tax_number(self, text: str) -> str | None:
        reason = ""
        try:
            return parse_tax_number(text).number
        except TaxNumberError as error:
            reason = error.reason
        if reason not in {"absent", "passport"}:
            self._fail("number_wrong", reason)
        return None

    def _address(self, rows: list[Mapping[str, Any]]) -> Address | None:
        found = next((each for each in rows if word(each.get("type")) == self.settings.address), None)
        if found is None:
            return None
        raw = tuple((name, word(found.get(name))) for name in ADDRESS_FIELDS)
        told = dict(raw)
        if not (told["state"] or told["city"]):
            return None
        text = ", ".join(filter(None, (told["area"], told["street"], told["houseNo"], told["flatNo"])))
        return Address(region=told["state"], locality=told["city"], text=text, raw=raw)

    def _opened(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        sealed = answer.get("customerCrypto")
        # plain data in answer to a certificate would be a downgrade
        if not isinstance(sealed, str):
            self._fail("bad_answer", "the data is not encrypted")
        document = None
        try:
            document = json_object(self._decryptor.open(base64.b64decode(sealed, validate=True)))
        except (binascii.Error, ValueError):
            document = None
        if document is None:
            self._fail("bad_answer", "the encrypted data cannot be opened")
        member = word(answer.get("memberId"))
        return {**document, "memberId": member}

    def _fail_of_token(self, error: str) -> NoReturn:
        if error in {"invalid_client", "unauthorized_client"}:
            self._fail("misconfigured", "the client id or secret is refused")
        if error == "invalid_grant":
            self._fail("code_used", "the code is refused")
        self._fail("bad_answer", "an error object instead of a token")

    def _fail_of_data(self, said: str) -> NoReturn:
        """What is said may repeat what was sent, so it is read but never kept."""
        if "cert" in said:
            self._fail("misconfigured", "the encryption certificate is refused")
        if "token" in said:
            self._fail("code_used", "the token is refused")
        self._fail("bad_answer", "an error object instead of data")

    def _fail(self, code: str, detail: str = "") -> NoReturn:
        raise ProviderError(code, detail, provider=NAME)


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _day(text: str) -> date | None:
    """A date written dd.mm.yyyy."""
    parts = text.split(".")
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0])) if len(parts) == 3 else None
    except (ValueError, OverflowError):
        return None


def _citizenship(documents: list[Mapping[str, Any]]) -> str | None:
    return next(filter(None, (citizenship_of_document(word(each.get("type"))) for each in documents)), None)


def _passports(documents: list[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """The numbers of inner passports; what is none is left out: the tax number decides for most people."""
    found: list[tuple[str, str]] = []
    for each in documents:
        if word(each.get("type")) not in CITIZENS_DOCUMENTS - {"zpassport"}:
            continue
        try:
            found.append(("passport", passport_number(word(each.get("series")) + word(each.get("number")))))
        except ValueError:
            continue
    return tuple(found)
