"""The client of OpenID Connect Core 1.0: authorization code with PKCE (RFC 7636), the identity token checked.

The verifier of PKCE and the nonce are derived from the state under the client's secret, so that nothing more than the
state has to be kept in the session.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from viche.foundation import clock
from viche.identity.providers.claims import VerifiedClaims
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.oidc.settings import OidcSettings
from viche.identity.providers.settings import is_loopback
from viche.identity.providers.tax_number import TaxNumberError, parse_tax_number
from viche.identity.providers.wire import answered_object, ask, send
from viche.identity.providers.words import person_name, word

NAME = METHOD = "oidc"
ALGORITHMS = ["RS256", "ES256", "PS256"]
DISCOVERY_SECONDS = 3600
SKEW_SECONDS = 120
MAX_CODE_LENGTH, MAX_SUBJECT_LENGTH = 2048, 255


class OidcClient:
    """One issuer and this site's registration with it. Safe to share between threads."""

    name = NAME
    methods = (METHOD,)

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self.label = settings.label
        self._lock = threading.Lock()
        self._found: tuple[dict[str, str], float] = ({}, 0.0)
        self._keys: KeySet | None = None

    def authorization_url(self, *, state: str, redirect_uri: str, methods: tuple[str, ...] = ()) -> str:
        """Where to send the browser. Raises ValueError where ``state`` is not 10 to 512 characters."""
        if not 10 <= len(state) <= 512:
            raise ValueError("state is 10 to 512 characters long")
        challenge = hashlib.sha256(self._derived("pkce", state).encode()).digest()
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self.settings.client_id,
                "redirect_uri": redirect_uri,
                "scope": self.settings.scopes,
                "state": state,
                "nonce": self._derived("nonce", state),
                "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
                "code_challenge_method": "S256",
            }
        )
        return f"{self.settings.authorization_url}?{query}"

    def code_from_callback(self, parameters: Mapping[str, str], *, expected_state: str) -> str:
        """The code out of the callback's query. Raises ProviderError state_wrong, denied, bad_answer.

        An issuer that names itself there (RFC 9207) has to be ours: the answer of another is mixed up with it.
        """
        state = parameters.get("state", "").encode(errors="surrogatepass")
        if not expected_state or not hmac.compare_digest(state, expected_state.encode()):
            self._fail("state_wrong")
        if parameters.get("iss", self.settings.issuer) != self.settings.issuer:
            self._fail("bad_answer", "the answer of another issuer")
        if error := parameters.get("error"):
            self._fail("denied" if error == "access_denied" else "bad_answer", "error in callback")
        code = parameters.get("code", "")
        if not 0 < len(code) <= MAX_CODE_LENGTH or not code.isascii() or not code.isprintable():
            self._fail("bad_answer", "no usable code in callback")
        return code

    def identify(self, code: str, *, state: str = "", redirect_uri: str = "") -> VerifiedClaims:
        """From the code of the callback to what was proved about the person. Raises ProviderError."""
        answer = ask(
            self._discovered()["token_endpoint"],
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "client_id": self.settings.client_id,
                "client_secret": self.settings.client_secret,
                "code_verifier": self._derived("pkce", state),
            },
            provider=NAME, method="POST", timeout=self.settings.timeout,
        )  # fmt: skip
        if "error" in answer:
            error = word(answer["error"]).lower()
            if error in {"invalid_client", "unauthorized_client"}:
                self._fail("misconfigured", "the client id or secret is refused")
            self._fail("code_used" if error == "invalid_grant" else "bad_answer", "no token")
        token = answer.get("id_token")
        if not isinstance(token, str):
            self._fail("bad_answer", "no identity token")
        claims = self._checked(token, self._derived("nonce", state))
        return self.claims({**self._more(answer, claims), **claims})

    def claims(self, told: Mapping[str, Any]) -> VerifiedClaims:
        """Read the issuer's claims. Raises ProviderError identity_incomplete, number_wrong."""
        names = self.settings.claims
        family_name, given_name = (person_name(told.get(names[part])) for part in ("family", "given"))
        if not family_name or not given_name:
            self._fail("identity_incomplete", "no family name or given name")
        return VerifiedClaims(
            provider=NAME, method=METHOD, tax_number=self._tax_number(told), family_name=family_name,
            given_name=given_name, patronymic=person_name(told.get(names["patronymic"])), address=None,
            issuer=self.settings.issuer, identifiers=(("oidc", f"{self.settings.issuer}|{told['sub']}"),),
            born=_day(word(told.get(names["birthdate"]))),
        )  # fmt: skip

    def _tax_number(self, told: Mapping[str, Any]) -> str | None:
        claim = self.settings.claims.get("number")
        if claim is None:
            return None
        reason = ""
        try:
            return parse_tax_number(word(told.get(claim))).number
        except TaxNumberError as error:
            reason = error.reason
        if reason not in {"absent", "passport"}:
            self._fail("number_wrong", reason)
        return None

    def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an identity token (OpenID Connect Core, 3.1.3.7); for an unknown key all are fetched anew."""
        for is_last in (False, True):
            keys = self._key_set(renew=is_last)
            try:
                claims = dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError, TypeError, KeyError):
                claims = {}
            if claims:
                break
        if not claims:
            self._fail("bad_answer", "the identity token is not signed by the issuer")
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        now = clock.now().timestamp()
        is_ours = claims.get("iss") == self.settings.issuer and self.settings.client_id in audiences
        if not is_ours or claims.get("azp", self.settings.client_id) != self.settings.client_id:
            self._fail("bad_answer", "the identity token is another's")
        if len(audiences) > 1 and "azp" not in claims:
            self._fail("bad_answer", "several audiences, and none is named")
        ends, made = claims.get("exp"), claims.get("iat")
        if not isinstance(ends, int | float) or not isinstance(made, int | float):
            self._fail("bad_answer", "the identity token has no dates")
        if ends < now - SKEW_SECONDS or made > now + SKEW_SECONDS:
            self._fail("code_used", "the identity token is old, or of the future")
        if not hmac.compare_digest(str(claims.get("nonce", "")), nonce):
            self._fail("state_wrong", "the identity token answers another log-in")
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_LENGTH:
            self._fail("bad_answer", "no subject")
        return claims

    def _more(self, answer: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """What the issuer tells beside the token, where it has such a place."""
        place, token = self._discovered().get("userinfo_endpoint", ""), answer.get("access_token")
        if not place or not isinstance(token, str):
            return {}
        told = answered_object(
            send(
                "GET", place, provider=NAME, timeout=self.settings.timeout,
                headers={"Authorization": f"Bearer {token}"},
            ),
            provider=NAME,
        )  # fmt: skip
        # of another subject: it must not be mixed in (OpenID Connect Core, 5.3.2)
        if told.get("sub") != claims["sub"]:
            self._fail("bad_answer", "user info of another subject")
        return told

    def _discovered(self) -> dict[str, str]:
        """The issuer's own addresses (OpenID Connect Discovery 1.0), looked up once an hour."""
        with self._lock:
            found, until = self._found
            if found and time.monotonic() < until:
                return found
            place = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            told = answered_object(
                send("GET", place, provider=NAME, timeout=self.settings.timeout), provider=NAME
            )
            found = {name: value for name, value in told.items() if isinstance(value, str)}
            if found.get("issuer") != self.settings.issuer:
                self._fail("misconfigured", "the issuer calls itself otherwise")
            if found.get("authorization_endpoint") != self.settings.authorization_url:
                self._fail("misconfigured", "OIDC_AUTHORIZATION_URL is not the issuer's")
            if not all(_is_safe(found.get(name, "")) for name in ("token_endpoint", "jwks_uri")):
                self._fail("bad_answer", "an address of the issuer is not https")
            if not _is_safe(found.get("userinfo_endpoint", "https:")):
                del found["userinfo_endpoint"]
            self._found = (found, time.monotonic() + DISCOVERY_SECONDS)
            return found

    def _key_set(self, *, renew: bool) -> KeySet:
        place = self._discovered()["jwks_uri"]
        with self._lock:
            if self._keys is None or renew:
                told = answered_object(
                    send("GET", place, provider=NAME, timeout=self.settings.timeout), provider=NAME
                )
                keys = None
                try:
                    # only public keys check: a shared secret under the same name must not
                    usable = [each for each in told.get("keys", []) if each.get("kty") in {"RSA", "EC"}]
                    keys = KeySet.import_key_set({"keys": usable})
                except (JoseError, ValueError, TypeError, KeyError, AttributeError):
                    keys = None
                if keys is None:
                    self._fail("bad_answer", "the issuer's keys cannot be read")
                self._keys = keys
            return self._keys

    def _derived(self, purpose: str, state: str) -> str:
        key = self.settings.client_secret.encode()
        made = hmac.digest(key, json.dumps([purpose, state]).encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()

    def _fail(self, code: str, detail: str = "") -> NoReturn:
        raise ProviderError(code, detail, provider=NAME)


def _is_safe(address: str) -> bool:
    """Whether secrets may be sent there."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
