"""Reading a person's certificate: who they are, and of what kind it is.

Names and numbers stand in the subject (ETSI EN 319 412-2: serialNumber "TINUA-…"); Ukrainian authorities also put the
tax number (DRFO) and the code of the organisation (EDRPOU) into subjectDirectoryAttributes (order of the Ministry of
Justice 1236/5/453, "Вимоги до формату посиленого сертифіката").
"""

from collections.abc import Iterator
from typing import Any

from asn1crypto import core, x509

DRFO = "1.2.804.2.1.1.1.11.1.4.1.1"
EDRPOU = "1.2.804.2.1.1.1.11.1.4.2.1"
DIRECTORY_ATTRIBUTES, QC_STATEMENTS = "2.5.29.9", "1.3.6.1.5.5.7.1.3"
# ETSI EN 319 412-5; Ukraine's own statement of a qualified certificate
QC_COMPLIANCE, QC_TYPE = "0.4.0.1862.1.1", "0.4.0.1862.1.6"
QC_SIGNATURE, QC_SEAL = "0.4.0.1862.1.6.1", "0.4.0.1862.1.6.2"
QC_UKRAINE = "1.2.804.2.1.1.1.2.1"


class _Attribute(core.Sequence):
    _fields = [("type", core.ObjectIdentifier), ("values", core.SetOf, {"spec": core.Any})]


class _Attributes(core.SequenceOf):
    _child_spec = _Attribute


class _Statement(core.Sequence):
    _fields = [("id", core.ObjectIdentifier), ("info", core.Any, {"optional": True})]


class _Statements(core.SequenceOf):
    _child_spec = _Statement


class _Oids(core.SequenceOf):
    _child_spec = core.ObjectIdentifier


def _extension(certificate: x509.Certificate, oid: str) -> bytes | None:
    for each in certificate["tbs_certificate"]["extensions"] or ():
        if each["extn_id"].dotted == oid:
            return bytes(each["extn_value"].contents)
    return None


def directory_attributes(certificate: x509.Certificate) -> dict[str, str]:
    """The texts of subjectDirectoryAttributes by identifier. Raises ValueError."""
    content = _extension(certificate, DIRECTORY_ATTRIBUTES)
    if content is None:
        return {}
    found = {}
    for attribute in _Attributes.load(content):
        for value in attribute["values"]:
            text = _text(value.parse())
            if text:
                found.setdefault(attribute["type"].native, text)
    return found


def _text(value: Any) -> str:
    return str(value.native).strip() if isinstance(value.native, str) else ""


def directory_attributes_of(texts: dict[str, str]) -> bytes:
    """The content of the extension with these texts, DER."""
    rows = [{"type": oid, "values": [core.Any(core.PrintableString(text))]} for oid, text in texts.items()]
    return bytes(_Attributes(rows).dump())


def statements_of(kind: str) -> bytes:
    """The content of qcStatements of a qualified certificate of this kind, DER."""
    rows = [{"id": QC_COMPLIANCE}, {"id": QC_TYPE, "info": core.Any(_Oids([kind]))}]
    return bytes(_Statements(rows).dump())


def statements(certificate: x509.Certificate) -> frozenset[str]:
    """What the certificate states of itself: identifiers of qcStatements, and the kinds inside QcType."""
    content = _extension(certificate, QC_STATEMENTS)
    return frozenset(_stated(content)) if content is not None else frozenset()


def _stated(content: bytes) -> Iterator[str]:
    for each in _Statements.load(content):
        oid = each["id"].native
        yield oid
        if oid == QC_TYPE:
            yield from (kind.native for kind in _Oids.load(each["info"].dump()))


def subject_texts(certificate: x509.Certificate) -> dict[str, str]:
    """The first text of each attribute of the subject: common_name, surname, given_name, serial_number …"""
    found: dict[str, str] = {}
    for group in certificate.subject.chosen:
        for each in group:
            found.setdefault(each["type"].native, str(each["value"].native).strip())
    return found
