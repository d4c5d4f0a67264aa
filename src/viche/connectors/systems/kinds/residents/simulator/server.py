"""The register and its security server, with the faults of both."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from lxml import etree

from viche.connectors.systems.kinds.residents.soap import ENVELOPE, NAMESPACES, PARTS
from viche.connectors.systems.pointers import at_path, read_xml, without_namespaces
from viche.connectors.systems.simulation import Neighbour, NeighbourAnswer

CLIENT = "SIM/GOV/00000001/VICHE"
SERVICE = "SIM/GOV/00000002/REGISTER/residence"
TOKEN = "simulated-token"  # noqa: S105 - of a simulator
DENIED = "Server.ServerProxy.AccessDenied"
UNKNOWN = "Server.ServerProxy.ServiceFailed.UnknownService"


class Reply(NeighbourAnswer):
    """One question to the register."""

    paths = frozenset({"/", "/wsdl", "/restapi/residence", "/plain"})
    server: "RegisterSimulator"

    def reply(self, path: str, parameters: dict[str, str]) -> None:
        if path == "/restapi/residence" and self.command == "POST":
            self._trembita()
        elif path.startswith("/r1/") and self.command == "POST":
            self._xroad(path.removeprefix("/r1/"))
        elif path == "/plain" and self.command == "POST":
            self._plain()
        elif path == "/wsdl":
            self.send(200, b"<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>", "text/xml")
        elif path == "/" and self.command == "POST":
            self._soap()
        else:
            self.json(404, {"error": "not found"})

    def _trembita(self) -> None:
        number = {"uxp-transaction-id": uuid4().hex}
        if fault := self._denied(self.headers.get("Uxp-Client"), self.headers.get("Uxp-Service")):
            self._say(500, {"type": fault, "message": fault}, {**number, "Uxp-Error": fault})
            return
        self._say(200, self._found(), number)

    def _xroad(self, rest: str) -> None:
        headers = {
            "X-Road-Id": self.headers.get("X-Road-Id", ""),
            "X-Road-Request-Id": str(uuid4()),
            "X-Road-Service": SERVICE,
        }
        service = "/".join(rest.split("/")[:5])
        if fault := self._denied(self.headers.get("X-Road-Client"), service):
            self._say(500, {"type": fault, "message": fault}, {**headers, "X-Road-Error": fault})
            return
        self._say(200, self._found(), headers)

    def _plain(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.json(401, {"error": "unauthorized"})
            return
        self._say(200, self._found(), {})

    def _found(self) -> Any:
        asked = json.loads(self.sent)
        code = self.server.residents.get(str(asked.get("rnokpp")))
        return {"data": {"isResident": code is not None, "katottg": code}}

    def _denied(self, client: str | None, service: str | None) -> str:
        if client != self.server.client:
            return DENIED
        return "" if (service or "").rpartition("/")[0] == SERVICE.rpartition("/")[0] else UNKNOWN

    def _soap(self) -> None:
        try:
            root = read_xml(self.sent)
        except ValueError:
            self._envelope(_fault("Client.Malformed", "not XML"), 500)
            return
        header = root.find(f"{{{ENVELOPE}}}Header")
        road = self.server.namespace
        client = self._party(header, road, "client")
        service = self._party(header, road, "service")
        version = header.findtext(f"{{{road}}}protocolVersion") if header is not None else None
        if version != "4.0":
            self._envelope(_fault("Client.MissingHeaderField", "protocolVersion"), 500)
        elif fault := self._denied(client, service):
            self._envelope(_fault(fault, fault), 500)
        else:
            body = without_namespaces(root.find(f"{{{ENVELOPE}}}Body"))
            code = self.server.residents.get(at_path(body, "//rnokpp"))
            answer = etree.Element("{http://register.example/residence}GetResidenceResponse")
            space = "{http://register.example/residence}"
            etree.SubElement(answer, f"{space}isResident").text = "true" if code else "false"
            etree.SubElement(answer, f"{space}katottg").text = code
            self._envelope(answer, 200)

    def _party(self, header: Any, road: str, name: str) -> str:
        party = header.find(f"{{{road}}}{name}") if header is not None else None
        if party is None:
            return ""
        ids = f"{{{road.partition(':')[0]}://x-road.eu/xsd/identifiers}}"
        values = [party.findtext(f"{ids}{part}") for part in PARTS]
        return "/".join(value for value in values if value)

    def _envelope(self, content: Any, status: int) -> None:
        envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"SOAP-ENV": ENVELOPE})
        etree.SubElement(envelope, f"{{{ENVELOPE}}}Body").append(content)
        extra = {"uxp-transaction-id": uuid4().hex}
        self.send(status, etree.tostring(envelope), "text/xml; charset=utf-8", extra)

    def _say(self, status: int, document: Any, extra: Mapping[str, str]) -> None:
        body = json.dumps(document, ensure_ascii=False).encode()
        self.send(status, body, "application/json; charset=utf-8", dict(extra))


def _fault(code: str, text: str) -> Any:
    fault = etree.Element(f"{{{ENVELOPE}}}Fault")
    etree.SubElement(fault, "faultcode").text = code
    etree.SubElement(fault, "faultstring").text = text
    return fault


class RegisterSimulator(Neighbour):
    """residents: КАТОТТГ codes by tax number. client: whom it lets in. namespace: the one its messages have."""

    answer = Reply

    def __init__(
        self, *, residents: Mapping[str, str] | None = None, client: str = CLIENT, namespace: str = NAMESPACES[0],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.residents = dict(residents or {})
        self.client, self.namespace = client, namespace
