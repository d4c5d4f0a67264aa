"""What the simulator knows and answers: codes, tokens, the person's fields. No HTTP here."""

import base64
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from viche.identity.providers.isei.settings import METHODS
from viche.identity.providers.settings import is_loopback
from viche.identity.providers.simulation.cast import CastMember
from viche.identity.providers.tax_number import make_tax_number

CODE_SECONDS = 120
TOKEN_SECONDS = 3600
MAX_GRANTS = 10_000

METHOD_ISSUERS = {
    "bank_id": "АТ «Демонстраційний банк»",
    "dig_sign": "Демонстраційний КНЕДП",
    "mobile_id": "Демонстраційний оператор зв’язку",
    "diia_id": "Демонстраційний підпис «Дія»",
}
_LATIN = dict(zip("абвгдеєжзиіїйклмнопрстуфхцчшщьюя’", [
    "a", "b", "v", "h", "d", "e", "ie", "zh", "z", "y", "i", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s",
    "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "iu", "ia", "",
], strict=True))  # fmt: skip


class RequestRefused(Exception):
    """The authorisation request cannot be shown or answered; the message says why. Never redirected."""


@dataclass(frozen=True)
class AuthorizeRequest:
    """The checked parameters with which a site sent the browser here."""

    redirect_uri: str
    state: str
    methods: tuple[str, ...]
    client_id: str

    def answer_url(self, **answer: str) -> str:
        """Where to send the browser back to."""
        separator = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{separator}{urlencode(answer)}"


@dataclass
class Grant:
    """One identification: from the code given to the browser to the token given to the site."""

    person: CastMember
    method: str
    fault: str
    expires_at: float
    user_id: str = field(default_factory=lambda: str(secrets.randbelow(10**9) + 1))
    is_code_used: bool = False


def latin(text: str) -> str:
    """Ukrainian letters as passports write them (Cabinet of Ministers resolution 55 of 2010), abridged."""
    letters = (_LATIN.get(letter.lower(), letter) for letter in text)
    return "".join(letters).capitalize()


class Protocol:
    """Issues codes and tokens and answers with the person's fields; all state in memory, thread-safe.

    allow: addresses a browser may be sent back to; each is a prefix on this machine. seal: encrypts user info
    to the site's certificate, for tests of that mode; without it a request with ``cert`` gets an error.
    clock: seconds, monotonic.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        allow: Sequence[str] = (),
        seal: Callable[[bytes, bytes], bytes] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._allow = tuple(allow)
        self._seal = seal
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}

    def authorize_request(self, parameters: Mapping[str, str]) -> AuthorizeRequest:
        """Check the parameters of the front page. Raises RequestRefused."""
        redirect_uri = parameters.get("redirect_uri", "")
        if not self.is_allowed(redirect_uri):
            raise RequestRefused("redirect_uri")
        if parameters.get("response_type") != "code":
            raise RequestRefused("response_type")
        if parameters.get("client_id") != self._client_id:
            raise RequestRefused("client_id")
        if not 10 <= len(parameters.get("state", "")) <= 512:
            raise RequestRefused("state")
        methods = tuple(part for part in parameters.get("auth_type", "").split(",") if part in METHODS)
        if not methods:
            raise RequestRefused("auth_type")
        return AuthorizeRequest(redirect_uri, parameters["state"], methods, self._client_id)

    def is_allowed(self, redirect_uri: str) -> bool:
        """Whether a browser may be sent there: this machine only, and one of the allowed prefixes if any."""
        try:
            target = urlsplit(redirect_uri)
            place = (target.scheme, target.hostname, target.port)
        except ValueError:
            return False
        plain = redirect_uri.isascii() and redirect_uri.isprintable() and "\\" not in redirect_uri
        if not plain or target.scheme not in {"http", "https"} or "@" in target.netloc or target.fragment:
            return False
        if not is_loopback(target.hostname or "") or "/.." in unquote(target.path):
            return False
        if not self._allow:
            return True
        return any(
            place == (prefix.scheme, prefix.hostname, prefix.port)
            and (target.path or "/").startswith(prefix.path or "/")
            for prefix in map(urlsplit, self._allow)
        )

    def issue_code(self, person: CastMember, method: str, fault: str) -> str:
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._sweep()
            self._codes[code] = Grant(person, method, fault, self._clock() + CODE_SECONDS)
        return code

    def grant_of_code(self, code: str) -> Grant | None:
        with self._lock:
            return self._codes.get(code)

    def grant_of_token(self, token: str) -> Grant | None:
        with self._lock:
            return self._tokens.get(token)

    def token_answer(self, parameters: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and JSON of /get-access-token. A code serves once, also when the site's key was wrong."""
        if parameters.get("grant_type") != "authorization_code":
            return 400, _error("unsupported_grant_type", "grant_type must be authorization_code")
        is_ours = hmac.compare_digest(
            parameters.get("client_id", "").encode(), self._client_id.encode()
        ) & hmac.compare_digest(parameters.get("client_secret", "").encode(), self._client_secret.encode())
        with self._lock:
            grant = self._codes.get(parameters.get("code", ""))
            is_spent = grant is None or grant.is_code_used or grant.expires_at < self._clock()
            if grant is not None:
                grant.is_code_used = True
            if not is_ours or (grant is not None and grant.fault == "wrong_key"):
                return 400, _error("invalid_client", "client_id or client_secret is wrong")
            if grant is None or is_spent or grant.fault == "code_used":
                return 200, _error("invalid_grant", "code is used or expired")
            token = secrets.token_urlsafe(32)
            grant.expires_at = self._clock() + TOKEN_SECONDS
            self._tokens[token] = grant
        answer = {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": str(TOKEN_SECONDS),
            "refresh_token": secrets.token_urlsafe(32),
            "user_id": grant.user_id,
        }
        if grant.fault == "no_user_id":
            del answer["user_id"]
        return 200, answer

    def info_answer(self, parameters: Mapping[str, str]) -> tuple[int, Any]:
        """Status and JSON of /get-user-info. Needs the token and the user id that came with it."""
        grant = self.grant_of_token(parameters.get("access_token", ""))
        if grant is None or grant.expires_at < self._clock():
            return 200, _error("1", "access_token is wrong or expired")
        if not hmac.compare_digest(parameters.get("user_id", "").encode(), grant.user_id.encode()):
            return 200, _error("2", "user_id is missing or wrong")
        if grant.fault == "info_error":
            return 200, _error("7", "user info is not available")
        every = person_fields(grant.person, grant.method, grant.fault)
        asked = [name for name in parameters.get("fields", "").split(",") if name]
        info = {name: every.get(name, "") for name in asked} if asked else dict(every)
        info["auth_type"] = grant.method
        if grant.fault == "no_auth_type":
            del info["auth_type"]
        if grant.fault == "info_array":
            return 200, [info]
        if grant.fault == "info_encrypted":
            return 200, {"encryptedUserInfo": base64.b64encode(secrets.token_bytes(600)).decode("ascii")}
        return 200, self._sealed(info, parameters["cert"]) if parameters.get("cert") else info

    def _sealed(self, info: dict[str, str], certificate: str) -> dict[str, str]:
        if self._seal is None:
            return _error("3", "cert: this simulator does not encrypt")
        try:
            der = base64.b64decode(unquote(certificate), validate=True)
        except ValueError:
            return _error("3", "cert is not base64")

        envelope = self._seal(der, json.dumps(info, ensure_ascii=False).encode())
        return {"encryptedUserInfo": base64.b64encode(envelope).decode("ascii")}

    def _sweep(self) -> None:
        now = self._clock()
        for table in (self._codes, self._tokens):
            for key in [key for key, grant in table.items() if grant.expires_at < now]:
                del table[key]
            while len(table) >= MAX_GRANTS:
                del table[next(iter(table))]


def _error(code: str, message: str) -> dict[str, str]:
    return {"error": code, "message": message}


def person_fields(person: CastMember, method: str, fault: str = "") -> dict[str, str]:
    """The fields of id.gov.ua for a person identified by a method, spoilt as ``fault`` says."""
    number = person.tax_number or "n/a"
    has_address = method == "bank_id" or bool(person.address)
    fields = {
        "issuer": f"O={METHOD_ISSUERS[method]};C=UA",
        "issuercn": METHOD_ISSUERS[method],
        "serial": person.key.encode()[:8].hex().upper(),
        "subject": f"CN={person.display_name};C=UA",
        "subjectcn": f"{person.family_name} {person.given_name} {person.patronymic}".upper(),
        "locality": person.locality if has_address else "",
        "state": person.region if has_address else "",
        "o": "",
        "ou": "",
        "title": "",
        "lastname": person.family_name,
        "middlename": person.patronymic,
        "givenname": person.given_name,
        "email": "",
        "address": person.address,
        "phone": "380000000000",
        "dns": "",
        "edrpoucode": "",
        "drfocode": number,
    }
    return fields | _spoilt(person, number, fault)


def _spoilt(person: CastMember, number: str, fault: str) -> dict[str, str]:
    name = ("lastname", "givenname", "middlename")
    match fault:
        case "empty_drfocode":
            return {"drfocode": "", "edrpoucode": number}
        case "company_code":
            return {"edrpoucode": "32855961"}
        case "two_numbers":
            return {"edrpoucode": make_tax_number(date(1980, 1, 1), "female", 9998).number}
        case "wrong_check_digit":
            return {"drfocode": number[:-1] + str((int(number[-1]) + 1) % 10)} if person.tax_number else {}
        case "na_everywhere":
            return dict.fromkeys(
                (*name, "state", "locality", "address", "drfocode", "edrpoucode", "issuercn"), "n/a"
            )
        case "na_address":
            return dict.fromkeys(("state", "locality", "address"), "n/a")
        case "other_region":
            return {"state": "Одеська", "locality": "м. Одеса", "address": "вул. Канатна, буд. 184, кв. 7"}
        case "latin_name":
            return {key: latin(getattr(person, attribute)) for key, attribute in _NAME_FIELDS.items()}
        case "capitals":
            return {key: getattr(person, attribute).upper() for key, attribute in _NAME_FIELDS.items()}
        case "joined_name":
            return {"givenname": f"{person.given_name} {person.patronymic}", "middlename": ""}
    return {}


_NAME_FIELDS = {"lastname": "family_name", "givenname": "given_name", "middlename": "patronymic"}
