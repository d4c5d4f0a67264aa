"""The simulator's pages and services over HTTP: sign a text as somebody of the cast; OCSP, CRL, the trusted list."""

from collections.abc import Sequence
from email import policy
from email.parser import BytesParser
from html import escape
from pathlib import Path
from typing import Any

from viche.identity.providers.kep.simulator.authority import FAULTS, Authority
from viche.identity.providers.simulation import Answer, CastMember, Simulator, load_cast

MAX_TEXT_BYTES = 64 * 1024
TITLE = "Демонстраційний підпис / Demonstration signature"


class KepAnswer(Answer):
    server: "KepSimulator"
    paths = frozenset(
        {"/", "/sign", "/ocsp", "/root.crl", "/people.crl", "/tl.xml", "/root.pem", "/simulator.css"}
    )

    def route(self, path: str, parameters: dict[str, str]) -> None:
        authority, fault = self.server.authority, self.server.fault
        if path == "/ocsp" and self.command == "POST":
            if not self.misbehaves(fault, "ocsp"):
                self.send(200, authority.ocsp_answer(self.sent), "application/ocsp-response")
        elif path in {"/root.crl", "/people.crl"}:
            if not self.misbehaves(fault, "crl"):
                made = authority.revocation_list(of_root=path == "/root.crl", is_stale=fault == "crl_stale")
                self.send(200, made, "application/pkix-crl")
        elif path == "/tl.xml":
            self.send(200, authority.trusted_list(), "application/xml")
        elif path == "/":
            self.html(200, self._page())
        elif path == "/sign" and self.command == "POST":
            self._sign()
        else:
            self.send(404, b"not found", "text/plain; charset=utf-8")

    def _sign(self) -> None:
        fields = self._multipart()
        person = self.server.people.get(fields.get("person", b"").decode("utf-8", "replace"))
        fault = fields.get("fault", b"").decode("ascii", "replace")
        text = fields.get("text", b"")
        if person is None or not text or len(text) > MAX_TEXT_BYTES or (fault and fault not in FAULTS):
            self.html(
                400, self._page("Виберіть людину й файл тексту. / Choose a person and the file of the text.")
            )
            return
        algorithm = "rsa" if fields.get("algorithm") == b"rsa" else "ecdsa"
        signature = self.server.authority.sign(person, text, algorithm=algorithm, fault=fault)
        self.send(
            200, signature, "application/pkcs7-signature",
            {"Content-Disposition": f'attachment; filename="{person.key}.p7s"'},
        )  # fmt: skip

    def _multipart(self) -> dict[str, bytes]:
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/form-data"):
            return {}
        message: Any = BytesParser(policy=policy.HTTP).parsebytes(
            b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + self.sent
        )
        found = {}
        for part in message.iter_parts() if message.is_multipart() else ():
            name = part.get_param("name", header="content-disposition")
            if name:
                found[str(name)] = part.get_payload(decode=True) or b""
        return found

    def _page(self, problem: str = "") -> str:
        people = "".join(
            f'<li><button class="person" name="person" value="{escape(each.key)}">'
            f'<span><span class="name">{escape(each.display_name)}</span>'
            f'<span class="hint">{escape(each.hint["uk"])}</span></span></button></li>'
            for each in self.server.people.values()
        )
        faults = "".join(
            f'<option value="{name}">{escape(uk)} / {escape(en)}</option>'
            for name, (uk, en) in FAULTS.items()
        )
        alert = f'<p class="alert" role="alert">{escape(problem)}</p>' if problem else ""
        return f"""<!doctype html>
<html lang="uk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{TITLE}</title><link rel="stylesheet" href="/simulator.css"></head>
<body><header class="banner"><div><span>{TITLE}</span></div></header><main><h1>{TITLE}</h1>{alert}
<form method="post" action="/sign" enctype="multipart/form-data">
<p><label for="text">Файл тексту / The file of the text</label> <input type="file" id="text" name="text" required></p>
<fieldset><legend>Алгоритм / Algorithm</legend>
<label><input type="radio" name="algorithm" value="ecdsa" checked> ECDSA</label>
<label><input type="radio" name="algorithm" value="rsa"> RSA</label></fieldset>
<h2>Хто підписує / Who signs</h2><ul class="people">{people}</ul>
<details><summary>Зіпсувати / Spoil</summary><label for="fault">Вада / Fault</label>
<select id="fault" name="fault"><option value="">–</option>{faults}</select></details></form></main></body></html>"""


class KepSimulator(Simulator):
    """See Simulator. folder: where the root is kept. fault: how OCSP and CRL misbehave (ocsp_slow, crl_html …)."""

    answer = KepAnswer

    def __init__(
        self, *, cast: Sequence[CastMember] | None = None, folder: Path | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.people = {person.key: person for person in (load_cast() if cast is None else cast)}
        self.fault = ""
        self.authority = Authority(self.url, folder=folder)
