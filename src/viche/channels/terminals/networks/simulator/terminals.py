"""Terminals of the networks: what each sends, and how it reads what it is told.

They know the protocols from the outside and share no code with what answers them.
"""

import itertools
import socket
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

import httpx
from defusedxml.ElementTree import fromstring

KYIV = ZoneInfo("Europe/Kyiv")
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><b>&d;</b>'
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><b>&x;</b>'


@dataclass(frozen=True)
class Told:
    """What a terminal was told. code: of the protocol, "" for success where it has none; services: by number."""

    code: str
    message: str = ""
    reference: str = ""
    services: dict[str, str] = field(default_factory=dict)
    payments: tuple[str, ...] = ()
    text: str = ""


class Terminal(ABC):
    """One terminal before one voter. address: of the way. amount: hryvnias as text."""

    name = ""
    good = "0"

    def __init__(
        self, address: str, number: str, *, amount: str = "0.00", at: datetime | None = None
    ) -> None:
        self.address, self.number, self.amount, self.at = address, number, amount, at
        self.http = httpx.Client(timeout=30, trust_env=False)
        self.references: dict[str, str] = {}
        self._ids = itertools.count(int(datetime.now(tz=KYIV).timestamp() * 1_000_000))

    def new_id(self) -> str:
        """A number no payment of this terminal had before."""
        return str(next(self._ids))

    def account(self, service: str) -> str:
        return f"{self.number}-{service}" if service else self.number

    def moment(self, form: str) -> str:
        return (self.at or datetime.now(tz=KYIV)).astimezone(KYIV).strftime(form)

    def ask(self, request: httpx.Request) -> Told:
        """Send it and read the answer."""
        answer = self.http.send(request)
        answer.raise_for_status()
        return self.read(answer.text)

    def send_and_die(self, request: httpx.Request) -> None:
        """Send it whole and cut the connection without waiting: the terminal lost its power."""
        place = urlsplit(str(request.url))
        target = request.url.raw_path.decode()
        lines = [f"{request.method} {target} HTTP/1.1", "Connection: close"]
        lines += [
            f"{name}: {value}" for name, value in request.headers.items() if name.lower() != "connection"
        ]
        with socket.create_connection((place.hostname or "", place.port or 80), timeout=10) as line:
            line.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + request.content)

    def is_good(self, told: Told) -> bool:
        return told.code == self.good

    @abstractmethod
    def read(self, text: str) -> Told:
        """The answer as this network reads it."""

    @abstractmethod
    def check_request(self, service: str, /, **changed: str) -> httpx.Request:
        """Asks whether the service can be paid."""

    @abstractmethod
    def pay_request(self, service: str, payment: str, /, **changed: str) -> httpx.Request:
        """Pays for the service (in two phases: the first)."""

    def check(self, service: str = "", /, **changed: str) -> Told:
        return self.ask(self.check_request(service, **changed))

    def pay(self, service: str, payment: str, /, **changed: str) -> Told:
        """A whole payment, all its phases."""
        return self.ask(self.pay_request(service, payment, **changed))


class Querying(Terminal):
    """A terminal that asks by GET."""

    def request(self, **sent: str) -> httpx.Request:
        return httpx.Request("GET", f"{self.address}?{urlencode(sent)}")


class Osmp(Querying):
    """OSMP (QIWI)."""

    name = "osmp"
    id_element = "osmp_txn_id"

    def check_request(self, service: str, /, **changed: str) -> httpx.Request:
        sent = {
            "command": "check", "txn_id": self.new_id(), "account": self.account(service), "sum": self.amount,
        }  # fmt: skip
        return self.request(**sent | changed)

    def pay_request(self, service: str, payment: str, /, **changed: str) -> httpx.Request:
        sent = {
            "command": "pay", "txn_id": payment, "txn_date": self.moment("%Y%m%d%H%M%S"),
            "account": self.account(service), "sum": self.amount, "trm_id": "TRM-0042",
        }  # fmt: skip
        return self.request(**sent | changed)

    def read(self, text: str) -> Told:
        root = fromstring(text.encode())
        fields = root.find("fields")
        services = {}
        for each in fields if fields is not None else ():
            services[str(each.get("name")).rpartition("-")[2]] = each.text or ""
        assert root.find(self.id_element) is not None, text
        return Told(
            root.findtext("result") or "", root.findtext("comment") or "", root.findtext("prv_txn") or "", services,
            text=text,
        )  # fmt: skip


class Ibox(Osmp):
    """iBox: OSMP with its own names."""

    name = "ibox"
    id_element = "ibox_txn_id"


class City24(Querying):
    """City24."""

    name = "city24"

    def check_request(self, service: str, /, **changed: str) -> httpx.Request:
        sent = {"QueryType": "check", "TransactionId": self.new_id(), "Account": self.account(service)}
        return self.request(**sent | changed)

    def pay_request(self, service: str, payment: str, /, **changed: str) -> httpx.Request:
        sent = {
            "QueryType": "pay", "TransactionId": payment, "Account": self.account(service), "Amount": self.amount,
            "TransactionDate": self.moment("%Y%m%d%H%M%S"),
        }  # fmt: skip
        return self.request(**sent | changed)

    def revise(self, since: str, until: str) -> Told:
        return self.ask(self.request(QueryType="revise", DateFrom=since, DateTo=until))

    def read(self, text: str) -> Told:
        root = fromstring(text.encode())
        return Told(
            root.findtext("ResultCode") or "", root.findtext("Message") or "", root.findtext("TransactionExt") or "",
            payments=tuple(each.findtext("TransactionId") or "" for each in root.findall("Payment")), text=text,
        )  # fmt: skip


class Posting(Terminal):
    """A terminal that posts XML."""

    def request(self, body: str) -> httpx.Request:
        return httpx.Request(
            "POST", self.address, content=body.encode(), headers={"Content-Type": "text/xml; charset=utf-8"}
        )

    def bomb(self, body: str = BOMB) -> Told:
        return self.ask(self.request(body))


class EasyPay(Posting):
    """EasyPay Provider 3.1, in two phases."""

    name = "easypay"

    def _body(self, part: str, moment: str = "") -> str:
        moment = moment or self.moment("%Y-%m-%dT%H:%M:%S")
        return f"<Request><DateTime>{escape(moment)}</DateTime><Sign></Sign>{part}</Request>"

    def check_request(self, service: str, /, **changed: str) -> httpx.Request:
        account = changed.get("account", self.account(service))
        part = f"<Check><ServiceId>1</ServiceId><Account>{escape(account)}</Account></Check>"
        return self.request(self._body(part, changed.get("moment", "")))

    def pay_request(self, service: str, payment: str, /, **changed: str) -> httpx.Request:
        account, amount = changed.get("account", self.account(service)), changed.get("amount", self.amount)
        return self.request(
            self._body(
                f"<Payment><ServiceId>1</ServiceId><OrderId>{escape(payment)}</OrderId>"
                f"<Account>{escape(account)}</Account><Amount>{escape(amount)}</Amount></Payment>"
            )
        )

    def hold(self, service: str, payment: str, /, **changed: str) -> Told:
        return self.ask(self.pay_request(service, payment, **changed))

    def confirm_request(self, reference: str) -> httpx.Request:
        return self.request(self._body(f"<Confirm><PaymentId>{escape(reference)}</PaymentId></Confirm>"))

    def confirm(self, reference: str) -> Told:
        return self.ask(self.confirm_request(reference))

    def cancel(self, reference: str) -> Told:
        return self.ask(
            self.request(self._body(f"<Cancel><PaymentId>{escape(reference)}</PaymentId></Cancel>"))
        )

    def pay(self, service: str, payment: str, /, **changed: str) -> Told:
        held = self.hold(service, payment, **changed)
        if not self.is_good(held):
            return held
        told = self.confirm(held.reference)
        return Told(told.code, told.message, held.reference, text=told.text)

    def read(self, text: str) -> Told:
        root = fromstring(text.encode())
        services = {}
        for each in root.findall("AccountInfo/*"):
            if each.get("account"):
                services[str(each.get("account")).rpartition("-")[2]] = each.text or ""
        return Told(
            root.findtext("StatusCode") or "", root.findtext("StatusDetail") or "", root.findtext("PaymentId") or "",
            services, text=text,
        )  # fmt: skip


class Debt(Posting):
    """PrivatBank "Debt": a payment is checked first and repeats the reference of its check."""

    name = "debt"
    good = ""
    space = "http://debt.privatbank.ua/Transfer"
    kind = "{http://www.w3.org/2001/XMLSchema-instance}type"

    def _body(self, action: str, data: str, **attributes: str) -> str:
        named = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Transfer xmlns="{self.space}" '
            f'interface="Debt" action="{action}"><Data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xsi:type="Payer"{named}>{data}</Data></Transfer>'
        )

    def transfer(self, action: str, data: str = "", **attributes: str) -> Told:
        return self.ask(self.request(self._body(action, data, **attributes)))

    def presearch(self, account: str | None = None) -> Told:
        return self.transfer("Presearch", f"<Unit name='ls' value={quoteattr(account or self.number)}/>")

    def search(self, account: str | None = None) -> Told:
        return self.transfer(
            "Search", f"<Unit name='bill_identifier' value={quoteattr(account or self.number)}/>"
        )

    def search_found(self, found: str) -> Told:
        return self.transfer("Search", presearchId=found)

    def _payment(self, service: str, reference: str = "", /, **changed: str) -> str:
        created = changed.get("created", self.moment("%Y-%m-%dT%H:%M:%S"))
        account = changed.get("account", self.account(service))
        return (
            f"<CompanyInfo><CompanyCode>1</CompanyCode><CheckReference>{escape(reference)}</CheckReference>"
            f"</CompanyInfo><PayerInfo billIdentifier={quoteattr(account)}/>"
            f"<TotalSum>{escape(changed.get('amount', self.amount))}</TotalSum>"
            f"<CreateTime>{escape(created)}</CreateTime>"
            f"<ServiceGroup><Service sum={quoteattr(self.amount)} serviceCode={quoteattr(service)}/></ServiceGroup>"
        )

    def check_request(self, service: str, /, **changed: str) -> httpx.Request:
        return self.request(self._body("Check", self._payment(service, **changed)))

    def pay_request(self, service: str, payment: str, /, **changed: str) -> httpx.Request:
        reference = changed.pop("reference", self.references.get(payment, ""))
        return self.request(self._body("Pay", self._payment(service, reference, **changed), id=payment))

    def pay(self, service: str, payment: str, /, **changed: str) -> Told:
        if payment not in self.references and not changed:
            checked = self.check(service)
            if not self.is_good(checked):
                return checked
            self.references[payment] = checked.reference
        return super().pay(service, payment, **changed)

    def cancel(self, payment: str) -> Told:
        reference = self.references.get(payment, "")
        data = f"<CompanyInfo><CheckReference>{escape(reference)}</CheckReference></CompanyInfo>"
        return self.transfer("Cancel", data, id=payment)

    def read(self, text: str) -> Told:
        data = fromstring(text.encode()).find(f"{{{self.space}}}Data")
        assert data is not None, text
        message = data.findtext(f"{{{self.space}}}Message") or ""
        kind = data.get(self.kind)
        if kind == "ErrorInfo":
            return Told(str(data.get("code")), message, text=text)
        return Told("", message, data.get("reference") or "", self._services(kind, data), text=text)

    def _services(self, kind: str | None, data: Any) -> dict[str, str]:
        if kind == "PayersTable":
            columns = [
                [each.text or "" for each in column] for column in data.iter(f"{{{self.space}}}Column")
            ]
            return {account.rpartition("-")[2]: title for title, account in zip(*columns, strict=True)}
        return {
            str(each.get("serviceCode")): each.findtext(f"{{{self.space}}}ServiceName") or ""
            for each in data.iter(f"{{{self.space}}}DebtService")
        }


TERMINALS = {each.name: each for each in (Debt, Osmp, Ibox, EasyPay, City24)}
