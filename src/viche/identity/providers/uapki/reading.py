"""What can be read from a signature and a certificate without verifying anything: their shape, algorithms, names.

Sources: RFC 5652 (CMS), RFC 5280 and ETSI EN 319 412-1, -2, -5 (certificates); order 1236/5/453 of 20.08.2012 on
formats of qualified certificates of Ukraine (zakon.rada.gov.ua/laws/show/z1398-12).
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core, x509

from viche.identity.providers.errors import ProviderError
from viche.identity.providers.ports import Signer

NAME = "uapki"
# DSTU 4145 in every variant: polynomial and optimal normal base, over GOST 34.311 and over Kupyna
DSTU_4145 = "1.2.804.2.1.1.1.1.3."
MAX_SIGNATURE_BYTES = 1024 * 1024

COMMON_NAME, FAMILY_NAME, GIVEN_NAME = "2.5.4.3", "2.5.4.4", "2.5.4.42"
SERIAL_NUMBER, ORGANISATION, ORGANISATION_ID = "2.5.4.5", "2.5.4.10", "2.5.4.97"
DIRECTORY_ATTRIBUTES, EXTENDED_KEY_USAGE = "2.5.29.9", "2.5.29.37"
QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
DRFO, EDRPOU = "1.2.804.2.1.1.1.11.1.4.1.1", "1.2.804.2.1.1.1.11.1.4.2.1"
# a qualified certificate: the statement of Ukraine, and QcCompliance of EN 319 412-5
QUALIFIED = frozenset({"1.2.804.2.1.1.1.2.1", "0.4.0.1862.1.1"})
QC_TYPE, QC_TYPE_SEAL, SEAL_USAGE = "0.4.0.1862.1.6", "0.4.0.1862.1.6.2", "1.2.804.2.1.1.1.3.9"

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
_ARMOUR = re.compile(rb"-----(BEGIN|END) [A-Z0-9 ]+-----")


class _Values(core.SetOf):
    _child_spec = core.Any


class _Attribute(core.Sequence):
    _fields = [("type", core.ObjectIdentifier), ("values", _Values)]


class _Attributes(core.SequenceOf):
    _child_spec = _Attribute


class _Statement(core.Sequence):
    _fields = [("id", core.ObjectIdentifier), ("info", core.Any, {"optional": True})]


class _Statements(core.SequenceOf):
    _child_spec = _Statement


class _Oids(core.SequenceOf):
    _child_spec = core.ObjectIdentifier


class _Algorithm(core.Sequence):
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Any, {"optional": True})]


class _PublicKey(core.Sequence):
    # asn1crypto's own PublicKeyInfo refuses algorithms it does not know
    _fields = [("algorithm", _Algorithm), ("key", core.BitString)]


@dataclass(frozen=True, repr=False)
class SignedMessage:
    """A CMS SignedData with one signer. content: what it encloses, None where it is detached."""

    der: bytes
    content: bytes | None
    is_dstu: bool


def read_signature(signature: bytes) -> SignedMessage:
    """The signature out of DER, base64 or PEM. Raises ProviderError signature_unreadable.

    Exactly one signer: with several, “who signed” has no single answer. Signed attributes are required, with one
    content type and one digest: they bind the certificate to the signature (RFC 5652, 5.3 and 11; RFC 5126, 5.7).
    """
    why = "not a CMS signature"
    try:
        der = _der_of(signature)
        outer = cms.ContentInfo.load(der, strict=True)
        if outer["content_type"].native == "signed_data":
            signed = outer["content"]
            why = _wrong_shape(signed)
            if not why:
                enclosed = signed["encap_content_info"]["content"]
                content = None if isinstance(enclosed, core.Void) else enclosed.native
                return SignedMessage(der, content, _is_dstu(signed))
    except _UNREADABLE:
        pass
    raise ProviderError("signature_unreadable", why, provider=NAME)


def _der_of(signature: bytes) -> bytes:
    if not signature or len(signature) > MAX_SIGNATURE_BYTES:
        raise ValueError("empty or too long")
    if signature[:1] == b"\x30":
        return signature
    text = b"".join(_ARMOUR.sub(b"", signature).split())
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("neither DER nor base64") from None


def _wrong_shape(signed: cms.SignedData) -> str:
    if len(signed["signer_infos"]) != 1:
        return "not exactly one signer"
    if signed["encap_content_info"]["content_type"].native != "data":
        return "what is signed is not plain data"
    attributes = signed["signer_infos"][0]["signed_attrs"]
    if isinstance(attributes, core.Void):
        return "no signed attributes"
    kinds = [attribute["type"].native for attribute in attributes]
    if kinds.count("content_type") != 1 or kinds.count("message_digest") != 1:
        return "not exactly one content type and one digest"
    return ""


def _is_dstu(signed: cms.SignedData) -> bool:
    signer = signed["signer_infos"][0]
    if signer["signature_algorithm"]["algorithm"].dotted.startswith(DSTU_4145):
        return True
    certificates = signed["certificates"]
    if isinstance(certificates, core.Void) or signer["sid"].name != "issuer_and_serial_number":
        return False
    wanted = signer["sid"].chosen
    for choice in certificates:
        if choice.name != "certificate":
            continue
        facts = choice.chosen["tbs_certificate"]
        if facts["serial_number"].native != wanted["serial_number"].native:
            continue
        if facts["issuer"].dump() == wanted["issuer"].dump():
            key = _PublicKey.load(facts["subject_public_key_info"].dump())
            return key["algorithm"]["algorithm"].dotted.startswith(DSTU_4145)
    return False


def validity_of(certificate: bytes) -> tuple[datetime, datetime]:
    """From when and until when a certificate is valid, both inclusive. Raises ProviderError bad_answer."""
    try:
        validity = x509.Certificate.load(certificate, strict=True)["tbs_certificate"]["validity"]
        return validity["not_before"].native, validity["not_after"].native
    except _UNREADABLE:
        pass
    raise ProviderError("bad_answer", "no certificate of the signer", provider=NAME)


def signer_of(certificate: bytes, *, signed_at: datetime | None) -> Signer:
    """Who a certificate (DER) was issued to. Raises ProviderError bad_answer, number_wrong (two different numbers)."""
    try:
        facts = x509.Certificate.load(certificate, strict=True)["tbs_certificate"]
        subject, issuer = _names(facts["subject"]), _names(facts["issuer"])
        extensions = _extensions(facts["extensions"])
        codes = _codes(extensions.get(DIRECTORY_ATTRIBUTES))
        statements = _statements(extensions.get(QC_STATEMENTS))
        usages = _oids(extensions.get(EXTENDED_KEY_USAGE))
        serial = f"{facts['serial_number'].native:X}"
    except _UNREADABLE:
        serial = ""
    if not serial:
        raise ProviderError("bad_answer", "an unreadable certificate", provider=NAME)
    family_name, given_name, patronymic = _person(subject)
    number = _tax_number(subject, codes)
    company = subject.get(ORGANISATION_ID, "").removeprefix("NTRUA-") or codes.get(EDRPOU, "")
    return Signer(
        family_name=family_name,
        given_name=given_name,
        patronymic=patronymic,
        tax_number=number,
        issuer=issuer.get(COMMON_NAME) or issuer.get(ORGANISATION, ""),
        serial=serial,
        # ten digits there are the number of an entrepreneur, who is a person
        organisation_code=company if len(company) == 8 else "",
        is_seal=(
            QC_TYPE_SEAL in statements.get(QC_TYPE, ())
            or SEAL_USAGE in usages
            or not (family_name or given_name)
        ),
        is_qualified=bool(QUALIFIED & statements.keys()),
        signed_at=signed_at,
        algorithm="DSTU 4145",
    )


def _names(name: x509.Name) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in name.chosen:
        for pair in part:
            found.setdefault(pair["type"].dotted, str(pair["value"].native).strip())
    return found


def _extensions(extensions: x509.Extensions) -> dict[str, bytes]:
    if isinstance(extensions, core.Void):
        return {}
    return {extension["extn_id"].dotted: extension["extn_value"].contents for extension in extensions}


def _codes(attributes: bytes | None) -> dict[str, str]:
    """The numbers of persons and organisations among subjectDirectoryAttributes, by their object identifiers."""
    if attributes is None:
        return {}
    return {
        attribute["type"].native: str(attribute["values"][0].native).strip()
        for attribute in _Attributes.load(attributes)
        if len(attribute["values"])
    }


def _statements(statements: bytes | None) -> dict[str, frozenset[str]]:
    if statements is None:
        return {}
    found = {}
    for statement in _Statements.load(statements):
        name = statement["id"].native
        found[name] = _oids(statement["info"].dump() if name == QC_TYPE else None)
    return found


def _oids(sequence: bytes | None) -> frozenset[str]:
    return frozenset(oid.native for oid in _Oids.load(sequence)) if sequence else frozenset()


def _person(subject: dict[str, str]) -> tuple[str, str, str]:
    """Family name, given name, patronymic. Ukrainian certificates write the last two together, as givenName."""
    family_name, given = subject.get(FAMILY_NAME, ""), subject.get(GIVEN_NAME, "")
    given_name, _space, patronymic = given.partition(" ")
    return family_name, given_name, patronymic.strip()


def _tax_number(subject: dict[str, str], codes: dict[str, str]) -> str:
    """РНОКПП, in the places certificates of different years have it. Raises ProviderError number_wrong."""
    serial_number = subject.get(SERIAL_NUMBER, "")
    places = [
        serial_number[6:] if serial_number.upper().startswith("TINUA-") else "",
        codes.get(DRFO, ""),
        codes[EDRPOU] if len(codes.get(EDRPOU, "")) == 10 else "",
    ]
    numbers = [number for number in places if number]
    if len(set(numbers)) > 1:
        raise ProviderError("number_wrong", "two different numbers in a certificate", provider=NAME)
    return numbers[0] if numbers else ""
