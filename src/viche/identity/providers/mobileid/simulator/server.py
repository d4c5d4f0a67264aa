"""The operator's service over SOAP, and a page of phones."""

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from defusedxml.ElementTree import ParseError, fromstring

from viche.identity.providers.kep.simulator import Authority
from viche.identity.providers.mobileid.messages import MSS, answer_message, fault_message
from viche.identity.providers.simulation import Answer, CastMember, Simulator, load_cast

AP_ID, AP_PASSWORD = "viche-demo", "demo-only-known-to-everybody"
PROFILE = "urn:demo:profile"
TITLE = "Демонстраційні телефони / Demonstration phones"

# what goes wrong: a code of the standard as a status or a fault, or a word
FAULTS = (
    "status_105", "status_208", "status_401", "status_402", "status_403", "status_404", "status_406", "status_422",
    "status_900", "fault_101", "fault_102", "fault_104", "fault_107", "fault_900", "soap_html", "soap_500", "soap_slow",
    "soap_cut", "soap_huge", "not_base64", "no_status", "other_request", "other_transaction", "other_text", "replayed",
    "no_transaction", "entities", "never",
)  # fmt: skip


def phone_of(member: CastMember) -> str:
    """The invented number of somebody of the cast: 38099 and seven digits."""
    return f"38099{int.from_bytes(member.key.encode()[:4], 'big') % 10**7:07d}"


@dataclass
class Question:
    person: CastMember
    text: bytes
    shown: str
    asked: str
    state: str = "waiting"


class MobileIdAnswer(Answer):
    server: "MobileIdSimulator"
    paths = frozenset({"/", "/mss", "/answer", "/simulator.css"})

    def route(self, path: str, parameters: dict[str, str]) -> None:
        if path == "/mss" and self.command == "POST":
            if not self.misbehaves(self.server.fault, "soap"):
                self.send(200, self.server.soap(self.sent), "application/soap+xml; charset=utf-8")
        elif path == "/":
            self.html(200, self._page())
        elif path == "/answer" and self.command == "POST":
            self.server.answer_question(parameters.get("question", ""), parameters.get("answer", ""))
            self.redirect("/")
        else:
            self.send(404, b"not found", "text/plain; charset=utf-8")

    def _page(self) -> str:
        waiting = [(name, each) for name, each in self.server.questions.items() if each.state == "waiting"]
        rows = "".join(
            f"<li><h2>{escape(each.person.display_name)} · +{phone_of(each.person)}</h2>"
            f"<p><b>{escape(each.shown)}</b></p>"
            f"<pre>{escape(each.text.decode())}</pre><form method='post' action='/answer'>"
            f"<input type='hidden' name='question' value='{escape(name)}'>"
            "<button name='answer' value='sign'>Підписати / Sign</button> "
            "<button name='answer' value='refuse'>Відмовитися / Refuse</button></form></li>"
            for name, each in waiting
        )
        numbers = "".join(
            f"<li>{escape(each.display_name)}: +{phone_of(each)}</li>" for each in self.server.people.values()
        )
        return f"""<!doctype html><html lang="uk"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{TITLE}</title><link rel="stylesheet" href="/simulator.css"></head><body>
<header class="banner"><div><span>{TITLE}</span></div></header><main><h1>{TITLE}</h1>
<ul>{rows or "<li>Запитів немає. / No questions.</li>"}</ul><h2>Номери / Numbers</h2><ul>{numbers}</ul></main>
</body></html>"""


class MobileIdSimulator(Simulator):
    """See Simulator. authority: who issued the certificates on the cards. fault: one of FAULTS. is_prompt: every phone
    signs at once, without the page.
    """

    answer = MobileIdAnswer

    def __init__(
        self,
        *,
        authority: Authority,
        cast: Sequence[CastMember] | None = None,
        is_prompt: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.people = {phone_of(each): each for each in (load_cast() if cast is None else cast)}
        self.authority, self.is_prompt, self.fault = authority, is_prompt, ""
        self.questions: dict[str, Question] = {}
        self._lock = threading.Lock()
        self._spent = b""

    @property
    def service(self) -> str:
        return f"{self.url}/mss"

    def answer_question(self, name: str, answer: str) -> None:
        with self._lock:
            question = self.questions.get(name)
            if question is not None and question.state == "waiting":
                question.state = "signed" if answer == "sign" else "refused"

    def soap(self, message: bytes) -> bytes:
        """The answer to one message."""
        if self.fault == "entities":
            return b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        if self.fault.startswith("fault_"):
            return fault_message(int(self.fault[-3:]))
        try:
            root = fromstring(message, forbid_dtd=True)
        except ParseError:
            return fault_message(101)
        own = root.find(f".//{{{MSS}}}AP_Info")
        if own is None or (own.get("AP_ID"), own.get("AP_PWD")) != (AP_ID, AP_PASSWORD):
            return fault_message(104)
        asked = own.get("AP_TransID", "")
        status = root.find(f".//{{{MSS}}}MSS_StatusReq")
        if status is not None:
            return self._state_of(status.get("MSSP_TransID", ""), asked)
        return self._question(root.find(f".//{{{MSS}}}MSS_SignatureReq"), asked)

    def _question(self, message: Any, asked: str) -> bytes:
        if message is None:
            return fault_message(101)

        def text_of(name: str) -> str:
            return str(message.findtext(f".//{{{MSS}}}{name}") or "")

        person = self.people.get(text_of("MSISDN").lstrip("+"))
        if not text_of("DataToBeSigned"):
            return fault_message(102)
        if person is None:
            return answer_message("Signature", 105, asked=asked, transaction="0")
        name = secrets.token_hex(8)
        state = "signed" if self.is_prompt else "waiting"
        with self._lock:
            self.questions[name] = Question(
                person, text_of("DataToBeSigned").encode(), text_of("DataToBeDisplayed"), asked, state
            )
        if message.get("MessagingMode") == "synch":
            deadline = time.monotonic() + self.slow_seconds
            while self.questions[name].state == "waiting" and time.monotonic() < deadline:
                time.sleep(0.05)
            return self._state_of(name, asked, kind="Signature")
        if self.fault == "no_transaction":
            name = ""
        if self.fault == "other_request":
            asked = "somebody else's"
        return answer_message("Signature", 100, asked=asked, transaction=name)

    def _state_of(self, name: str, asked: str, *, kind: str = "Status") -> bytes:
        question = self.questions.get(name)
        if question is None:
            return answer_message(kind, 208, asked=asked, transaction=name)
        if self.fault == "no_status":
            return answer_message(kind, 100, asked=asked, transaction=name).replace(b"StatusCode", b"Nothing")
        if self.fault.startswith("status_"):
            return answer_message(kind, int(self.fault[-3:]), asked=asked, transaction=name)
        if question.state == "refused":
            return answer_message(kind, 401, asked=asked, transaction=name)
        if question.state == "waiting" or self.fault == "never":
            return answer_message(kind, 504, asked=asked, transaction=name)
        if self.fault == "other_transaction":
            name = "somebody-else"
        text = question.text + b"!" if self.fault == "other_text" else question.text
        signature = self.authority.sign(question.person, text)
        if self.fault == "replayed" and self._spent:
            signature = self._spent
        self._spent = self._spent or signature
        made = answer_message(kind, 502, asked=asked, transaction=name, signature=signature)
        return (
            made.replace(b"Base64Signature>", b"Base64Signature>*", 1) if self.fault == "not_base64" else made
        )
