"""Registers over Trembita or X-Road with SOAP: message protocol 4.0.

The header of a message holds client, service, userId, id and protocolVersion. The namespace occurs with http and with
https: one says which. A description of a service stands at {server}/wsdl?xRoadInstance=…&memberClass=…
"""

import copy
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from lxml import etree

from viche.connectors.systems.calls import NeighbourFault
from viche.connectors.systems.kinds.residents.asking import Question, Said, read_said
from viche.connectors.systems.models import System
from viche.connectors.systems.outlet import garbage, request, succeeded
from viche.connectors.systems.pointers import at_path, read_xml, without_namespaces
from viche.connectors.systems.wording import outcome_text
from viche.foundation.outgoing import Answer

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACES = ("http://x-road.eu/xsd/xroad.xsd", "https://x-road.eu/xsd/xroad.xsd")
IDENTIFIERS = "x-road.eu/xsd/identifiers"
PROTOCOL = "4.0"
PARTS = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode", "serviceCode", "serviceVersion")


def ask_soap(system: System, question: Question) -> Said:
    """Over the security server with a SOAP message."""
    number = str(uuid4())
    content = message(system, question, number)
    answer = request(
        system, "POST", system.settings["server"].rstrip("/") + "/",
        headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}, content=content,
        seconds=question.seconds,
    )  # fmt: skip
    return _read(answer, system, answer.headers.get("uxp-transaction-id", "") or number)


def message(system: System, question: Question, number: str) -> bytes:
    """The envelope with its header and the question."""
    settings = system.settings
    road, scheme = settings["namespace"], settings["namespace"].partition(":")[0]
    ids = f"{scheme}://{IDENTIFIERS}"
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE, "xro": road, "iden": ids})
    header = etree.SubElement(envelope, f"{{{ENVELOPE}}}Header")
    for name, kind, given in (
        ("client", "SUBSYSTEM", settings["client"]),
        ("service", "SERVICE", settings["service"]),
    ):
        party = etree.SubElement(header, f"{{{road}}}{name}", {f"{{{ids}}}objectType": kind})
        for part, value in zip(PARTS, given.split("/"), strict=False):
            etree.SubElement(party, f"{{{ids}}}{part}").text = value
    for name, text in (
        ("userId", settings["user"] or "viche"),
        ("id", number),
        ("protocolVersion", PROTOCOL),
    ):
        etree.SubElement(header, f"{{{road}}}{name}").text = text
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    body.append(_filled(read_xml(settings["question"].encode()), question))
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def wsdl_address(system: System) -> str:
    """Where the security server describes the service."""
    names = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode", "serviceCode", "version")
    given = zip(names, system.settings["service"].split("/"), strict=False)
    return f"{system.settings['server'].rstrip('/')}/wsdl?{urlencode(list(given))}"


def _filled(pattern: Any, question: Question) -> Any:
    """The question with its values as texts: a value never becomes an element."""
    element = copy.deepcopy(pattern)
    for each in element.iter():
        if each.text:
            for name, value in question.values.items():
                each.text = each.text.replace(f"{{{name}}}", value)
    return element


def _read(answer: Answer, system: System, reference: str) -> Said:
    try:
        root = read_xml(answer.body)
    except ValueError:
        succeeded(answer, reference)  # a status says more than a page of HTML
        raise garbage(reference) from None
    if root.tag != f"{{{ENVELOPE}}}Envelope" or (body := root.find(f"{{{ENVELOPE}}}Body")) is None:
        succeeded(answer, reference)
        raise garbage(reference)
    fault = body.find(f"{{{ENVELOPE}}}Fault")
    if fault is not None:
        code = f"fault:{(fault.findtext('faultcode') or 'soap').strip()[:50]}"
        raise NeighbourFault(code, outcome_text(code), reference=reference)
    succeeded(answer, reference)
    plain = without_namespaces(body)
    return read_said(lambda path: at_path(plain, path), system, reference)
