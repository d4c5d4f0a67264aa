"""Client of id.gov.ua. Its protocol resembles OAuth 2 (RFC 6749) and departs from it in several places:

the user's id comes with the token and must be sent back; ``expires_in`` is a string; the code is single-use;
errors are JSON objects with ``error`` and ``message``; client secret and tokens may travel in the query.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

from viche.identity.providers.claims import METHODS as PROVED_BY
from viche.identity.providers.claims import Address, VerifiedClaims
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.isei.settings import METHODS, IseiSettings
from viche.identity.providers.ports import Decryptor
from viche.identity.providers.tax_number import TaxNumber, TaxNumberError, parse_tax_number
from viche.identity.providers.wire import ask, json_object
from viche.identity.providers.words import person_name, split_given_name, word

NAME = "isei"
STATE_LENGTH = range(10, 513)
MAX_CODE_LENGTH = 2048

# The least that tells who the person is and where they live: no telephone, no e-mail, no organisation.
FIELDS = (
    "issuer",
    "issuercn",
    "lastname",
    "givenname",
    "middlename",
    "drfocode",
    "edrpoucode",
    "state",
    "locality",
    "address",
    "o",
)


@dataclass(frozen=True)
class Token:
    """What a code was exchanged for. expires_in: seconds. The repr shows no secret."""

    access_token: str = field(repr=False)
    user_id: str = field(repr=False)
    expires_in: int


class IseiClient:
    """One installation of id.gov.ua and this site's registration in it. Safe to share between threads.

    decryptor: opens encrypted user info; without it the site asks for and accepts plain JSON only. today: the
    current day, to refuse a tax number of somebody not yet born; by default not checked.
    """

    name = NAME

    def __init__(
        self,
        settings: IseiSettings,
        *,
        decryptor: Decryptor | None = None,
        today: Callable[[], date] | None = None,
    ) -> None:
        self.settings = settings
        self._decryptor = decryptor
        self._today = today

    @property
    def methods(self) -> tuple[str, ...]:
        return self.settings.methods

    def authorization_url(self, *, state: str, redirect_uri: str, methods: tuple[str, ...] = ()) -> str:
        """Where to send the browser. ``methods`` narrows the configured ones (what the regulation accepts).

        Raises ValueError where ``state`` is not 10 to 512 characters, ProviderError method_not_allowed where
        none of the methods is configured.
        """
        if len(state) not in STATE_LENGTH:
            raise ValueError("state must be 10 to 512 characters long")
        offered = tuple(method for method in self.settings.methods if not methods or method in methods)
        if not offered:
            self._fail("method_not_allowed", "none of the methods asked for is configured")
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self.settings.client_id,
                "auth_type": ",".join(offered),
                "state": state,
                "redirect_uri": redirect_uri,
            },
            safe=",",
        )
        return f"{self.settings.url}/?{query}"

    def code_from_callback(self, parameters: Mapping[str, str], *, expected_state: str) -> str:
        """The code out of the callback's query. ``expected_state``: the one kept in the session, once.

        Raises ProviderError state_wrong, denied, bad_answer.
        """
        state = parameters.get("state", "").encode(errors="surrogatepass")
        if not expected_state or not hmac.compare_digest(state, expected_state.encode()):
            self._fail("state_wrong")
        error = parameters.get("error")
        if error:
            self._fail("denied" if error == "access_denied" else "bad_answer", "error in callback")
        code = parameters.get("code", "")
        if not 0 < len(code) <= MAX_CODE_LENGTH or not code.isascii() or not code.isprintable():
            self._fail("bad_answer", "no usable code in callback")
        return code

    def exchange(self, code: str) -> Token:
        """Exchange the single-use code. Never repeated on failure: the code may be spent.

        Raises ProviderError provider_down, provider_slow, bad_answer, code_used, misconfigured.
        """
        answer = self._ask(
            "get-access-token",
            {
                "grant_type": "authorization_code",
                "client_id": self.settings.client_id,
                "client_secret": self.settings.client_secret,
                "code": code,
            },
        )
        if "error" in answer:
            self._fail_of_token(answer)
        told = answer.get("access_token")
        token, user_id = told if isinstance(told, str) else "", word(answer.get("user_id"))
        if not token or not user_id:
            self._fail("bad_answer", "no access_token or user_id")
        expires_in = word(answer.get("expires_in"))
        if not (expires_in.isascii() and expires_in.isdigit()) or len(expires_in) > 12:
            self._fail("bad_answer", "expires_in is not a number")
        return Token(token, user_id, int(expires_in))

    def user_info(self, token: Token, fields: tuple[str, ...] = FIELDS) -> dict[str, Any]:
        """The person's fields as the system gives them, opened where they came encrypted.

        Raises ProviderError provider_down, provider_slow, bad_answer, encrypted_answer, misconfigured.
        """
        asked = {
            "access_token": token.access_token,
            "user_id": token.user_id,
            "fields": ",".join(fields),
        }
        if self._decryptor is not None:
            # the system decodes the certificate twice, whichever way it travels
            asked["cert"] = quote(base64.b64encode(self._decryptor.certificate).decode("ascii"), safe="")
        answer = self._ask("get-user-info", asked)
        if "error" in answer:
            self._fail_of_user_info(answer)
        if self._decryptor is not None:
            return self._opened(self._decryptor, answer)
        if "encryptedUserInfo" in answer:
            self._fail("encrypted_answer", "encrypted user info, and no decryptor is configured")
        return answer

    def identify(self, code: str, *, state: str = "", redirect_uri: str = "") -> VerifiedClaims:
        """From the code of the callback to what was proved about the person. Raises ProviderError."""
        return self.claims(self.user_info(self.exchange(code)))

    def claims(self, info: Mapping[str, Any]) -> VerifiedClaims:
        """Read user info into claims.

        Raises ProviderError bad_answer, method_not_allowed, identity_incomplete, number_wrong.
        """
        method = word(info.get("auth_type"))
        if method not in METHODS:
            self._fail("bad_answer", "auth_type is missing or unknown")
        if method not in self.settings.methods:
            self._fail("method_not_allowed", f"{method} is not configured")
        family_name, given_name = person_name(info.get("lastname")), person_name(info.get("givenname"))
        patronymic = person_name(info.get("middlename"))
        if not patronymic:
            given_name, patronymic = split_given_name(given_name)
        if not family_name or not given_name:
            self._fail("identity_incomplete", "no family name or given name")
        number = self._tax_number(
            word(info.get("drfocode")),
            word(info.get("edrpoucode")),
            is_organisation=bool(word(info.get("o"))),
        )
        return VerifiedClaims(
            provider=NAME,
            method=method,
            tax_number=number.number if number else None,
            family_name=family_name,
            given_name=given_name,
            patronymic=patronymic,
            address=_address(info) if "address" in PROVED_BY[method] else None,
            issuer=word(info.get("issuercn")) or word(info.get("issuer")),
        )

    def _tax_number(self, drfo: str, edrpou: str, *, is_organisation: bool) -> TaxNumber | None:
        """The personal number, from whichever of the two fields holds it; None where the person has none.

        ``edrpoucode`` is meant for a legal entity's eight digits, but some certificates and banks put the
        person's own ten there and leave ``drfocode`` empty. In a certificate of an organisation (is_organisation) they
        are the organisation's: a sole proprietor's, say, in an employee's. Two different valid numbers are nobody's.
        """
        own = self._number_in(drfo, ignored={"absent", "passport"})
        if own is None and (is_organisation or drfo):
            return None
        # with a personal number at hand, whatever else stands in the organisation's field is no concern
        strict = {"absent", "passport", "organisation", "letters", "length"}
        other = self._number_in(edrpou, ignored=strict | ({"check_digit", "date"} if own else set()))
        if own and other and own != other and not is_organisation:
            self._fail("number_wrong", "two different numbers")
        return own or other

    def _number_in(self, value: str, *, ignored: set[str]) -> TaxNumber | None:
        reason = ""
        try:
            return parse_tax_number(value, today=self._today() if self._today else None)
        except TaxNumberError as error:
            reason = error.reason
        if reason not in ignored:
            self._fail("number_wrong", reason)
        return None

    def _ask(self, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        settings = self.settings
        return ask(
            f"{settings.url}/{path}",
            fields,
            provider=NAME,
            method=settings.http_method,
            timeout=settings.timeout,
        )

    def _opened(self, decryptor: Decryptor, answer: Mapping[str, Any]) -> dict[str, Any]:
        sealed = answer.get("encryptedUserInfo")
        # plain data in answer to a certificate would be a downgrade
        if not isinstance(sealed, str):
            self._fail("bad_answer", "user info is not encrypted although it was asked to be")
        document = None
        try:
            document = json_object(decryptor.open(base64.b64decode(sealed, validate=True)))
        except (binascii.Error, ValueError):
            document = None
        if document is None:
            self._fail("bad_answer", "the encrypted user info cannot be opened")
        return document

    def _fail_of_token(self, answer: Mapping[str, Any]) -> NoReturn:
        """``message`` is free text that may repeat what was sent, so it is read but never kept."""
        error = word(answer["error"]).lower()
        message = word(answer.get("message") or answer.get("error_description")).lower()
        if error in {"invalid_client", "unauthorized_client"} or "client" in message:
            self._fail("misconfigured", "the client id or secret is refused")
        if error == "invalid_grant" or "code" in message or "код" in message:
            self._fail("code_used", "the code is refused")
        self._fail("bad_answer", "an error object instead of a token")

    def _fail_of_user_info(self, answer: Mapping[str, Any]) -> NoReturn:
        if "cert" in word(answer.get("message")).lower():
            self._fail("misconfigured", "the encryption certificate is refused")
        self._fail("bad_answer", "an error object instead of user info")

    def _fail(self, code: str, detail: str = "") -> NoReturn:
        raise ProviderError(code, detail, provider=NAME)


def _address(info: Mapping[str, Any]) -> Address | None:
    raw = tuple((name, word(info.get(name))) for name in ("state", "locality", "address"))
    region, locality, text = (value for _name_of_field, value in raw)
    if not (region or locality or text):
        return None
    return Address(region=region, locality=locality, text=text, raw=raw)
