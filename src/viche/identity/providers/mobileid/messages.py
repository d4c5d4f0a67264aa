"""The messages of ETSI TS 102 204 (V1.1.4): what is asked of an operator's service, what it answers, over SOAP 1.2."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from viche.identity.providers.mobileid.settings import MobileIdSettings

MSS = "http://uri.etsi.org/TS102204/v1.1.2#"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
SOAP_1_1 = "http://schemas.xmlsoap.org/soap/envelope/"
SECONDS_ON_THE_PHONE = 180


class NotAnAnswer(ValueError):
    """What came back is no message of the standard."""


@dataclass(frozen=True, repr=False)
class Answer:
    """status: a code of the standard (annex of TS 102 204). transaction: MSSP_TransID. asked: AP_TransID, ours.

    signature: the bytes inside, None where there is none yet.
    """

    status: int
    transaction: str = ""
    asked: str = ""
    signature: bytes | None = field(default=None)


def _message(
    name: str, settings: MobileIdSettings, asked: str, now: datetime, **more: str
) -> tuple[Element, Element]:
    envelope = Element(f"{{{SOAP}}}Envelope")
    operation = SubElement(SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{MSS}}}MSS_{name}")
    message = SubElement(
        operation, f"{{{MSS}}}MSS_{name}Req", {"MajorVersion": "1", "MinorVersion": "1", **more}
    )
    moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    facts = {"AP_ID": settings.ap_id, "AP_PWD": settings.ap_password, "AP_TransID": asked, "Instant": moment}
    SubElement(message, f"{{{MSS}}}AP_Info", facts)
    provider = SubElement(SubElement(message, f"{{{MSS}}}MSSP_Info"), f"{{{MSS}}}MSSP_ID")
    SubElement(provider, f"{{{MSS}}}URI").text = settings.url
    return envelope, message


def signature_request(
    settings: MobileIdSettings, *, asked: str, phone: str, text: bytes, displayed: str, now: datetime
) -> bytes:
    """MSS_SignatureReq: ask the phone to sign the text. phone: 380…; displayed: the short text on the phone."""
    envelope, message = _message(
        "Signature", settings, asked, now, MessagingMode=settings.mode, TimeOut=str(SECONDS_ON_THE_PHONE)
    )
    user = SubElement(message, f"{{{MSS}}}MobileUser")
    SubElement(user, f"{{{MSS}}}MSISDN").text = f"+{phone}"
    kind = {"MimeType": "text/plain", "Encoding": "UTF-8"}
    SubElement(message, f"{{{MSS}}}DataToBeSigned", kind).text = text.decode()
    SubElement(message, f"{{{MSS}}}DataToBeDisplayed", kind).text = displayed
    profile = SubElement(message, f"{{{MSS}}}SignatureProfile")
    SubElement(profile, f"{{{MSS}}}mssURI").text = settings.profile
    wanted = SubElement(message, f"{{{MSS}}}MSS_Format")
    SubElement(wanted, f"{{{MSS}}}mssURI").text = settings.format
    return bytes(tostring(envelope, encoding="utf-8", xml_declaration=True))


def status_request(settings: MobileIdSettings, *, asked: str, transaction: str, now: datetime) -> bytes:
    """MSS_StatusReq: has the person answered?"""
    envelope, _inside = _message("StatusQuery", settings, asked, now, MSSP_TransID=transaction)
    return bytes(tostring(envelope, encoding="utf-8", xml_declaration=True)).replace(
        b"MSS_StatusQueryReq", b"MSS_StatusReq"
    )


def read_answer(body: bytes) -> Answer:
    """Raises NotAnAnswer."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        root = None
    if root is None:
        raise NotAnAnswer("not XML")
    fault = _first(root, "Fault", (SOAP, SOAP_1_1))
    if fault is not None:
        return Answer(_fault_code(fault))
    found = _first(root, "MSS_SignatureResp") or _response(root)
    if found is None:
        raise NotAnAnswer("no response of the standard")
    code = _first(found, "StatusCode")
    own = _first(found, "AP_Info")
    return Answer(
        _number(code.get("Value") if code is not None else ""), found.get("MSSP_TransID", ""),
        own.get("AP_TransID", "") if own is not None else "", _signature(found),
    )  # fmt: skip


def _response(root: Any) -> Any:
    for name in ("MSS_SignatureResp", "MSS_StatusResp"):
        found = _first(root, name)
        if found is not None:
            return found
    return None


def _first(root: Any, name: str, spaces: tuple[str, ...] = (MSS,)) -> Any:
    for space in spaces:
        found = root.find(f".//{{{space}}}{name}")
        if found is not None:
            return found
    return None


def _fault_code(fault: Any) -> int:
    """The code inside a SOAP fault: <Value>mss:_101</Value> in a Subcode (SOAP 1.2), or <faultcode> (1.1)."""
    for node in fault.iter():
        text = (node.text or "").strip()
        tail = text.rpartition("_")[2] if ":" in text or text.startswith("_") else text
        if tail.isascii() and tail.isdigit() and len(tail) == 3:
            return int(tail)
    return 900


def _signature(found: Any) -> bytes | None:
    node = _first(found, "Base64Signature")
    if node is None:
        return None
    content = None
    try:
        content = base64.b64decode("".join((node.text or "").split()), validate=True)
    except binascii.Error:
        content = None
    if content is None:
        raise NotAnAnswer("the signature is not base64")
    return content


def _number(text: str | None) -> int:
    if text and text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    raise NotAnAnswer("no status code")


def answer_message(
    kind: str, status: int, *, asked: str, transaction: str, signature: bytes | None = None, phone: str = "",
    facts: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """A service's answer, for the simulator. kind: "Signature" or "Status"."""
    envelope = Element(f"{{{SOAP}}}Envelope")
    name = "MSS_SignatureResponse" if kind == "Signature" else "MSS_StatusQueryResponse"
    outer = SubElement(SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{MSS}}}{name}")
    message = SubElement(
        outer,
        f"{{{MSS}}}MSS_{kind}Resp",
        {"MajorVersion": "1", "MinorVersion": "1", "MSSP_TransID": transaction},
    )
    SubElement(message, f"{{{MSS}}}AP_Info", {"AP_TransID": asked, **(facts or {})})
    user = SubElement(message, f"{{{MSS}}}MobileUser")
    SubElement(user, f"{{{MSS}}}MSISDN").text = f"+{phone}"
    if signature is not None:
        inner = SubElement(message, f"{{{MSS}}}MSS_Signature")
        SubElement(inner, f"{{{MSS}}}Base64Signature").text = base64.b64encode(signature).decode()
    SubElement(SubElement(message, f"{{{MSS}}}Status"), f"{{{MSS}}}StatusCode", {"Value": str(status)})
    return bytes(tostring(envelope, encoding="utf-8", xml_declaration=True))


def fault_message(status: int) -> bytes:
    """A service's SOAP fault, for the simulator."""
    return f"""<?xml version="1.0"?><e:Envelope xmlns:e="{SOAP}" xmlns:m="{MSS}"><e:Body><e:Fault><e:Code>
<e:Value>e:Sender</e:Value><e:Subcode><e:Value>m:_{status}</e:Value></e:Subcode></e:Code>
<e:Reason><e:Text xml:lang="en">fault</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>""".encode()
