"""BankID NBU as an HTTP server of its own: choose a bank's client, then codes, tokens and sealed data."""

import base64
import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from viche.identity.providers.isei.simulator.protocol import Grant, latin
from viche.identity.providers.settings import is_loopback
from viche.identity.providers.simulation import Answer, CastMember, Simulator, load_cast
from viche.identity.providers.simulation.sealing import FAULTS as SEALING_FAULTS
from viche.identity.providers.simulation.sealing import PEM, Sealer, own_certificate

DEMO_CLIENT_ID = "viche-demo"
DEMO_CLIENT_SECRET = "demo-only-known-to-everybody"  # noqa: S105 - worthless outside the simulator
TOKEN_SECONDS = 180
TITLE = "Демонстраційний BankID / Demonstration BankID"

FAULTS: dict[str, tuple[str, str]] = {
    "wrong_state": ("Повертає чужий state", "Returns a foreign state"),
    "code_used": ("Код уже використано", "The code has already been used"),
    "wrong_key": ("Ключ сайту відхилено", "The site's key is refused"),
    "token_html": ("Токен: відповідь HTML", "Token: an HTML answer"),
    "token_500": ("Токен: помилка 500", "Token: error 500"),
    "token_slow": ("Токен: повільна відповідь", "Token: a slow answer"),
    "token_cut": ("Токен: з’єднання обірвано", "Token: the connection is cut"),
    "token_expired": ("Строк токена минув", "The token has expired"),
    "info_html": ("Дані: відповідь HTML", "Data: an HTML answer"),
    "info_500": ("Дані: помилка 500", "Data: error 500"),
    "info_slow": ("Дані: повільна відповідь", "Data: a slow answer"),
    "info_huge": ("Дані: завелика відповідь", "Data: an endless answer"),
    "info_redirect": ("Дані: переспрямування", "Data: a redirect"),
    "info_error": ("Дані: об’єкт помилки", "Data: an error object"),
    "wrong_certificate": ("Сертифікат сайту відхилено", "The site's certificate is refused"),
    "plain": ("Дані без шифрування", "Data not encrypted"),
    **{fault: (fault, fault.replace("_", " ")) for fault in SEALING_FAULTS},
    "na_everywhere": ("Усюди «n/a»", "“n/a” everywhere"),
    "no_inn": ("Без РНОКПП", "No tax number"),
    "wrong_inn": ("Хибна контрольна цифра", "Wrong check digit"),
    "na_address": ("Адреса «n/a»", "Address “n/a”"),
    "other_region": ("Адреса в іншій області", "An address in another region"),
    "latin_name": ("Ім’я латиницею", "A name in Latin letters"),
    "capitals": ("Ім’я великими літерами", "A name in capitals"),
    "nonsense_birthday": ("Дата народження 31.02.1987", "Born on 31.02.1987"),
}


class BankIdAnswer(Answer):
    server: "BankIdSimulator"
    paths = frozenset(
        {
            "/v1/bank/oauth2/authorize",
            "/choose",
            "/v1/bank/oauth2/token",
            "/v1/bank/resource/client",
            "/simulator.css",
        }
    )

    def route(self, path: str, parameters: dict[str, str]) -> None:
        if path == "/v1/bank/oauth2/token" and self.command == "POST":
            self._token(parameters)
        elif path == "/v1/bank/resource/client" and self.command == "POST":
            self._data()
        elif path == "/v1/bank/oauth2/authorize" or (path == "/choose" and self.command == "POST"):
            self._pages(path, parameters)
        else:
            self.send(404, b"not found", "text/plain; charset=utf-8")

    def _pages(self, path: str, asked: dict[str, str]) -> None:
        if problem := self.server.problem_of(asked):
            self.html(400, _page(f"<h1>400</h1><p>{escape(problem)}</p>"))
            return
        site = urlsplit(asked["redirect_uri"])
        origin = f"{site.scheme}://{site.netloc}"
        if path != "/choose":
            self.html(200, _choice(asked, self.server.people.values()), origin)
            return
        person = self.server.people.get(asked.get("person", ""))
        fault = asked.get("fault", "")
        if asked.get("cancel"):
            answer = {"error": "access_denied", "state": asked["state"]}
        elif person is None or (fault and fault not in FAULTS):
            self.html(400, _choice(asked, self.server.people.values()), origin)
            return
        else:
            state = asked["state"][::-1] + "0" if fault == "wrong_state" else asked["state"]
            answer = {"code": self.server.issue_code(person, fault, asked["redirect_uri"]), "state": state}
        self.redirect(f"{asked['redirect_uri']}?{urlencode(answer)}")

    def _token(self, parameters: dict[str, str]) -> None:
        grant = self.server.codes.get(parameters.get("code", ""))
        if not self.misbehaves(grant.fault if grant else "", "token"):
            self.json(*self.server.token_answer(parameters))

    def _data(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        grant = self.server.tokens.get(token)
        if self.misbehaves(grant.fault if grant else "", "info"):
            return
        try:
            asked = json.loads(self.sent)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            self.json(400, {"error": "bad_request", "desc": "not JSON"})
            return
        self.json(*self.server.data_answer(grant, asked))


def _page(body: str) -> str:
    return f"""<!doctype html>
<html lang="uk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{TITLE}</title><link rel="stylesheet" href="/simulator.css"></head>
<body><header class="banner"><div><span>{TITLE}</span></div></header><main>{body}</main></body></html>"""


def _choice(asked: Mapping[str, str], people: Any) -> str:
    kept = ("response_type", "client_id", "redirect_uri", "state")
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(asked[name])}">' for name in kept)
    rows = "".join(
        f'<li><button class="person" name="person" value="{escape(each.key)}"><span>'
        f'<span class="name">{escape(each.display_name)}</span>'
        f'<span class="hint">{escape(each.hint["uk"])}</span></span></button></li>'
        for each in people
    )
    faults = "".join(
        f'<option value="{name}">{escape(uk)} / {escape(en)}</option>' for name, (uk, en) in FAULTS.items()
    )
    return _page(
        f"""<h1>{TITLE}</h1><form method="post" action="/choose">{hidden}<h2>Хто ви / Who you are</h2>
<ul class="people">{rows}</ul><details><summary>Зіпсувати / Spoil</summary><label for="fault">Вада / Fault</label>
<select id="fault" name="fault"><option value="">–</option>{faults}</select></details>
<button class="cancel" name="cancel" value="1">Скасувати / Cancel</button></form>"""
    )


class BankIdSimulator(Simulator):
    """See Simulator. folder: where the bank's certificate, and a certificate and key for a site, are left."""

    answer = BankIdAnswer

    def __init__(
        self, *, cast: Sequence[CastMember] | None = None, folder: Path | None = None,
        client_id: str = DEMO_CLIENT_ID, client_secret: str = DEMO_CLIENT_SECRET, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.people = {person.key: person for person in (load_cast() if cast is None else cast)}
        self.sealer = Sealer()
        self.codes: dict[str, Grant] = {}
        self.tokens: dict[str, Grant] = {}
        self.places: dict[str, str] = {}
        self._client_id, self._client_secret = client_id, client_secret
        self._lock = threading.Lock()
        if folder is not None:
            self._leave(folder)

    def _leave(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        plain = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "site.key").touch(mode=0o600)
        (folder / "site.key").write_bytes(plain)
        (folder / "site.pem").write_bytes(own_certificate("viche", key).public_bytes(PEM))
        (folder / "bank.pem").write_bytes(self.sealer.certificate.public_bytes(PEM))

    def problem_of(self, asked: Mapping[str, str]) -> str:
        """What is wrong with a request for a code; never redirected."""
        place = asked.get("redirect_uri", "")
        target = urlsplit(place)
        if not is_loopback(target.hostname or "") or (self.allow and not place.startswith(self.allow)):
            return "redirect_uri"
        if asked.get("response_type") != "code" or asked.get("client_id") != self._client_id:
            return "response_type, client_id"
        return "" if 10 <= len(asked.get("state", "")) <= 512 else "state"

    def issue_code(self, person: CastMember, fault: str, redirect_uri: str) -> str:
        code = secrets.token_urlsafe(24)
        with self._lock:
            self.codes[code] = Grant(person, "bank_id", fault, time.monotonic() + 120)
            self.places[code] = redirect_uri
        return code

    def token_answer(self, asked: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """A code serves once, at the place it was asked for, also when the site's key was wrong."""
        code = asked.get("code", "")
        is_ours = (
            hmac.compare_digest(asked.get("client_secret", "").encode(), self._client_secret.encode())
            and asked.get("client_id") == self._client_id
        )
        with self._lock:
            grant = self.codes.pop(code, None)
            place = self.places.pop(code, "")
            if not is_ours or (grant is not None and grant.fault == "wrong_key"):
                return 401, {"error": "invalid_client"}
            is_late = grant is None or grant.expires_at < time.monotonic()
            if is_late or grant is None or grant.fault == "code_used" or asked.get("redirect_uri") != place:
                return 400, {"error": "invalid_grant"}
            token = secrets.token_urlsafe(32)
            seconds = -1 if grant.fault == "token_expired" else TOKEN_SECONDS
            grant.expires_at = time.monotonic() + seconds
            self.tokens[token] = grant
        return 200, {"token_type": "bearer", "access_token": token, "expires_in": TOKEN_SECONDS}

    def data_answer(self, grant: Grant | None, asked: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        if grant is None or grant.expires_at < time.monotonic():
            return 401, {"error": "invalid_token", "desc": "the token is unknown or expired"}
        if grant.fault == "info_error":
            return 400, {"error": "server_error", "desc": "no answer of the bank"}
        try:
            certificate = base64.b64decode(asked.get("cert", ""), validate=True)
        except (ValueError, TypeError):
            certificate = b""
        if not certificate or grant.fault == "wrong_certificate":
            return 400, {"error": "bad_request", "desc": "cert is refused"}
        data = person_data(grant.person, asked, grant.fault)
        if grant.fault == "plain":
            return 200, {"state": "ok", "customer": data}
        sealed = self.sealer.seal(certificate, json.dumps(data, ensure_ascii=False).encode(), grant.fault)
        bank = base64.b64encode(self.sealer.certificate.public_bytes(serialization.Encoding.DER)).decode()
        return 200, {
            "state": "ok", "cert": bank, "customerCrypto": base64.b64encode(sealed).decode(),
            "memberId": "demo-bank", "sidBi": secrets.token_hex(8),
        }  # fmt: skip


def person_data(person: CastMember, asked: Mapping[str, Any], fault: str = "") -> dict[str, Any]:
    """What the bank knows of the person, of what was asked, spoilt as ``fault`` says."""
    born = person.birth_date.strftime("%d.%m.%Y")
    number = person.tax_number or "n/a"
    known = {
        "firstName": person.given_name, "middleName": person.patronymic or "n/a", "lastName": person.family_name,
        "inn": number, "birthDay": born, "phone": "380000000000", "clId": "0000",
    }  # fmt: skip
    if fault in {"latin_name", "capitals"}:
        change = latin if fault == "latin_name" else str.upper
        known |= {name: change(known[name]) for name in ("firstName", "middleName", "lastName")}
    known |= {"no_inn": {"inn": "n/a"}, "nonsense_birthday": {"birthDay": "31.02.1987"}}.get(fault, {})
    if fault == "wrong_inn":
        known["inn"] = number[:-1] + str((int(number[-1]) + 1) % 10)
    address = {
        "country": "UA", "state": person.region, "area": "n/a", "city": person.locality, "street": person.address,
        "houseNo": "n/a", "flatNo": "n/a",
    }  # fmt: skip
    if fault == "other_region":
        address |= {"state": "Одеська", "city": "м. Одеса"}
    if fault in {"na_address", "na_everywhere"}:
        address = dict.fromkeys(address, "n/a")
    if fault == "na_everywhere":
        known = dict.fromkeys(known, "n/a")
    wanted = [name for name in asked.get("fields", []) if name in known]
    found: dict[str, Any] = {"type": "physical", **{name: known[name] for name in wanted}}
    found["addresses"] = [{"type": each.get("type", ""), **address} for each in asked.get("addresses", [])]
    if asked.get("documents"):
        serial = int.from_bytes(person.key.encode()[:4], "big") % 10**9
        found["documents"] = [
            {
                "type": "idpassport",
                "typeName": "ID",
                "series": "n/a",
                "number": f"{serial:09d}",
                "issueCountryIso2": "UA",
            }
        ]
    return found
