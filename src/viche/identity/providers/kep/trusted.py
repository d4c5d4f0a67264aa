"""The authorities whose certificates are believed: a folder of them, or a trusted list.

A trusted list (ETSI TS 119 612) names the services of a country's trust service providers; those for qualified
certificates that are granted are taken. Its own signature is not checked here: the file is the installation's, brought
by its administrator from https://czo.gov.ua (docs/identity/kep.md).
"""

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path

from asn1crypto import pem, x509
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, parse

from viche.identity.providers.settings import SettingsError

QUALIFIED = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
# Ukraine's list names the older kind of status too
GRANTED = frozenset(
    {
        "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted",
        "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/recognisedatnationallevel",
    }
)


def authorities_in(place: str) -> list[x509.Certificate]:
    """The certificates of the authorities in a file or a folder. Raises SettingsError."""
    path = Path(place)
    files = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
    found: dict[bytes, x509.Certificate] = {}
    for file in files:
        try:
            certificates = list(_in_list(file) if file.suffix.lower() == ".xml" else _in_file(file))
        except (OSError, ValueError, ParseError, DefusedXmlException):
            raise SettingsError([f"KEP_TRUSTED: {file.name} cannot be read"]) from None
        found |= {each.sha256: each for each in certificates}
    if not found:
        raise SettingsError(["KEP_TRUSTED holds no certificate of an authority"])
    return list(found.values())


def _in_file(file: Path) -> Iterator[x509.Certificate]:
    content = file.read_bytes()
    if not pem.detect(content):
        yield _certificate(content)
        return
    for kind, _headers, der in pem.unarmor(content, multiple=True):
        if kind == "CERTIFICATE":
            yield _certificate(der)


def _in_list(file: Path) -> Iterator[x509.Certificate]:
    root = parse(file, forbid_dtd=True).getroot()
    for service in root.findall(".//{*}ServiceInformation"):
        kind = (service.findtext("{*}ServiceTypeIdentifier") or "").strip()
        status = (service.findtext("{*}ServiceStatus") or "").strip()
        if kind != QUALIFIED or status not in GRANTED:
            continue
        identity = service.find("{*}ServiceDigitalIdentity")
        for node in identity.findall(".//{*}X509Certificate") if identity is not None else ():
            try:
                yield _certificate(base64.b64decode("".join((node.text or "").split()), validate=True))
            except binascii.Error as error:
                raise ValueError("not base64") from error


def _certificate(der: bytes) -> x509.Certificate:
    certificate = x509.Certificate.load(der, strict=True)
    _ = certificate.subject.native, certificate.public_key.algorithm  # read lazily: a fault shows itself now
    return certificate
