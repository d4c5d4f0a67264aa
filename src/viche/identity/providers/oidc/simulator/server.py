"""The issuer: discovery, the choice of an account, tokens signed by real keys, user info."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from viche.identity.providers.settings import is_loopback
from viche.identity.providers.simulation import Answer, CastMember, Simulator, load_cast

CLIENT_ID, CLIENT_SECRET = "viche-demo", "demo-only-known-to-everybody-32b"
TITLE = "Демонстраційна служба входу / Demonstration log-in service"
FAULTS = (
    "discovery_html", "discovery_500", "discovery_slow", "other_issuer_name", "token_html", "token_500", "token_slow",
    "token_cut", "code_used", "wrong_key", "no_id_token", "alg_none", "hs256", "unknown_key", "wrong_iss", "wrong_aud",
    "wrong_azp", "wrong_nonce", "expired", "of_the_future", "no_exp", "no_sub", "other_subject", "info_500", "no_name",
    "keys_html", "rotated",
)  # fmt: skip


@dataclass
class Login:
    person: CastMember
    redirect_uri: str
    nonce: str
    challenge: str
    fault: str


class OidcAnswer(Answer):
    server: "OidcSimulator"
    paths = frozenset(
        {"/.well-known/openid-configuration", "/authorize", "/choose", "/token", "/keys", "/userinfo"}
    )

    def route(self, path: str, parameters: dict[str, str]) -> None:
        server, fault = self.server, self.server.fault
        if path == "/.well-known/openid-configuration":
            if not self.misbehaves(fault, "discovery"):
                self.json(200, server.discovery())
        elif path == "/authorize":
            site = urlsplit(parameters.get("redirect_uri", ""))
            self.html(200, self._page(parameters), f"{site.scheme}://{site.netloc}")
        elif path == "/choose" and self.command == "POST":
            self.redirect(server.chosen(parameters))
        elif path == "/token" and self.command == "POST":
            if not self.misbehaves(fault, "token"):
                self.json(*server.token(parameters))
        elif path == "/keys":
            if not self.misbehaves(fault, "keys"):
                self.json(200, server.public_keys())
        elif path == "/userinfo":
            if not self.misbehaves(fault, "info"):
                self.json(*server.user_info(self.headers.get("Authorization", "").removeprefix("Bearer ")))
        else:
            self.send(404, b"not found", "text/plain; charset=utf-8")

    def _page(self, asked: Mapping[str, str]) -> str:
        kept = ("redirect_uri", "state", "nonce", "code_challenge", "client_id")
        hidden = "".join(
            f'<input type="hidden" name="{each}" value="{escape(asked.get(each, ""))}">' for each in kept
        )
        rows = "".join(
            f'<li><button class="person" name="person" value="{escape(each.key)}"><span><span class="name">'
            f"{escape(each.display_name)}</span></span></button></li>"
            for each in self.server.people.values()
        )
        return f"""<!doctype html><html lang="uk"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{TITLE}</title><link rel="stylesheet" href="/simulator.css"></head><body>
<header class="banner"><div><span>{TITLE}</span></div></header><main><h1>{TITLE}</h1>
<form method="post" action="/choose">{hidden}<ul class="people">{rows}</ul>
<button class="cancel" name="cancel" value="1">Скасувати / Cancel</button></form></main></body></html>"""


class OidcSimulator(Simulator):
    """See Simulator. fault: one of FAULTS."""

    answer = OidcAnswer

    def __init__(self, *, cast: Sequence[CastMember] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.people = {each.key: each for each in (load_cast() if cast is None else cast)}
        self.fault = ""
        self._lock = threading.Lock()
        self._codes: dict[str, Login] = {}
        self._tokens: dict[str, Login] = {}
        self._key = self._new_key()

    @staticmethod
    def _new_key() -> ECKey:
        return ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig"}, private=True)

    def rotate(self) -> None:
        """New keys from now on; the old ones are no longer published."""
        self._key = self._new_key()

    def discovery(self) -> dict[str, Any]:
        name = "https://somebody.else" if self.fault == "other_issuer_name" else self.url
        places = ("authorization:authorize", "token:token", "userinfo:userinfo")
        found = {
            f"{kind}_endpoint": f"{self.url}/{path}" for kind, path in (each.split(":") for each in places)
        }
        return {"issuer": name, "jwks_uri": f"{self.url}/keys", **found}

    def public_keys(self) -> dict[str, Any]:
        return dict(KeySet([self._key]).as_dict(private=False))

    def chosen(self, asked: Mapping[str, str]) -> str:
        """Where the browser goes back to, with a code."""
        place = asked.get("redirect_uri", "")
        if not is_loopback(urlsplit(place).hostname or "") or (
            self.allow and not place.startswith(self.allow)
        ):
            return "/"
        person = self.people.get(asked.get("person", ""))
        if person is None:
            return f"{place}?{urlencode({'error': 'access_denied', 'state': asked.get('state', '')})}"
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[code] = Login(
                person, place, asked.get("nonce", ""), asked.get("code_challenge", ""), self.fault
            )
        return f"{place}?{urlencode({'code': code, 'state': asked.get('state', ''), 'iss': self.url})}"

    def token(self, asked: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """A code serves once, with the verifier of its challenge."""
        if asked.get("client_secret") != CLIENT_SECRET or self.fault == "wrong_key":
            return 401, {"error": "invalid_client"}
        with self._lock:
            login = self._codes.pop(asked.get("code", ""), None)
        made = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        is_good = login is not None and (login.redirect_uri, login.challenge) == (
            asked.get("redirect_uri"),
            challenge,
        )
        if login is None or not is_good or self.fault == "code_used":
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(32)
        self._tokens[access] = login
        answer = {"access_token": access, "token_type": "Bearer", "id_token": self._identity(login)}
        if self.fault == "no_id_token":
            del answer["id_token"]
        return 200, answer

    def _identity(self, login: Login) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.url, "aud": CLIENT_ID, "sub": f"subject-{login.person.key}", "nonce": login.nonce,
            "iat": now, "exp": now + 300,
        }  # fmt: skip
        claims |= {
            "wrong_iss": {"iss": "https://somebody.else"}, "wrong_aud": {"aud": "another-site"},
            "wrong_azp": {"aud": [CLIENT_ID, "other"], "azp": "other"}, "wrong_nonce": {"nonce": "another"},
            "expired": {"iat": now - 9000, "exp": now - 8000}, "of_the_future": {"iat": now + 9000, "exp": now + 9900},
            "no_exp": {"exp": None}, "no_sub": {"sub": ""},
        }.get(self.fault, {})  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        key, header = self._key, {"alg": "ES256", "kid": self._key.kid}
        if self.fault == "alg_none":
            parts = jwt.encode({"alg": "ES256"}, claims, key).split(".")
            head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
            return f"{head}.{parts[1]}."
        if self.fault == "hs256":
            # the public key, known to everybody, taken for a shared secret
            secret = OctKey.import_key(str(self._key.as_dict(private=False)["x"]))
            return jwt.encode({"alg": "HS256", "kid": self._key.kid}, claims, secret)
        if self.fault == "unknown_key":
            key = self._new_key()
            header["kid"] = key.kid
        return jwt.encode(header, claims, key)

    def user_info(self, token: str) -> tuple[int, dict[str, Any]]:
        login = self._tokens.get(token)
        if login is None:
            return 401, {"error": "invalid_token"}
        person = login.person
        told = {
            "sub": f"subject-{person.key}", "family_name": person.family_name, "given_name": person.given_name,
            "middle_name": person.patronymic, "birthdate": person.birth_date.isoformat(),
            "tax_number": person.tax_number or "n/a",
        }  # fmt: skip
        if self.fault == "other_subject":
            told["sub"] = "somebody-else"
        if self.fault == "no_name":
            told["family_name"] = "n/a"
        return 200, told
