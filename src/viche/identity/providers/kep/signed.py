"""A signature file taken apart (RFC 5652): its one signer, the certificates that came along, what it covers."""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass

from asn1crypto import cms, pem, x509

from viche.identity.providers.errors import ProviderError

NAME = "kep"
DSTU_4145 = "1.2.804.2.1.1.1.1.3"
HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
MOST_CERTIFICATES = 5
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")


def fault(code: str, detail: str = "") -> ProviderError:
    return ProviderError(code, detail, provider=NAME)


@dataclass(frozen=True, repr=False)
class Signed:
    """signed_data: the whole; signer: its only SignerInfo; certificate: the signer's; others: those beside it."""

    signed_data: cms.SignedData
    signer: cms.SignerInfo
    certificate: x509.Certificate
    others: list[x509.Certificate]

    @property
    def is_dstu(self) -> bool:
        """Whether it is made by DSTU 4145, the national algorithm."""
        key = self.certificate["tbs_certificate"]["subject_public_key_info"]["algorithm"]["algorithm"].dotted
        algorithm = self.signer["signature_algorithm"]["algorithm"].dotted
        return key.startswith(DSTU_4145) or algorithm.startswith(DSTU_4145)


def der_of(content: bytes) -> bytes:
    """The DER of a signature file that may be PEM or base64."""
    if pem.detect(content):
        return bytes(pem.unarmor(content)[2])
    if _BASE64.fullmatch(content):
        try:
            return base64.b64decode(b"".join(content.split()), validate=True)
        except binascii.Error:
            return content
    return content


def taken_apart(content: bytes) -> Signed:
    """Raises ProviderError signature_unreadable: no signature, several signers, no certificate of the signer."""
    failure = fault("signature_unreadable", "not a signature")
    try:
        return _parts(cms.ContentInfo.load(der_of(content), strict=True))
    except ProviderError as error:
        failure = error
    except Exception:  # what a hostile file makes the parser raise is of every kind
        failure = fault("signature_unreadable", "not a signature")
    # raised out of the handler: what is in the file shall not be in the chain of causes
    raise failure


def _parts(info: cms.ContentInfo) -> Signed:
    if info["content_type"].native != "signed_data":
        raise fault("signature_unreadable", "not signed data")
    data = info["content"]
    signers = list(data["signer_infos"])
    certificates = [each.chosen for each in data["certificates"] or () if each.name == "certificate"]
    # building a chain takes time that grows with the factorial of what may be in it
    if len(certificates) > MOST_CERTIFICATES:
        raise fault("signature_unreadable", f"{len(certificates)} certificates")
    if len({each.subject.hashable for each in certificates}) < len(certificates):
        raise fault("signature_unreadable", "two certificates of one name")
    if len(signers) != 1:
        raise fault("signature_unreadable", f"{len(signers)} signers")
    own = next((each for each in certificates if _is_of(each, signers[0])), None)
    if own is None:
        raise fault("signature_unreadable", "the signer's certificate is not enclosed")
    # read lazily: a fault shows itself now
    _ = data.native is not None, own.subject.native
    return Signed(data, signers[0], own, [each for each in certificates if each is not own])


def _is_of(certificate: x509.Certificate, signer: cms.SignerInfo) -> bool:
    name = signer["sid"]
    if name.name == "issuer_and_serial_number":
        wanted = name.chosen
        return bool(
            certificate.serial_number == wanted["serial_number"].native
            and certificate.issuer == wanted["issuer"]
        )
    return bool(certificate.key_identifier == name.chosen.native)


def check_coverage(signed: Signed, text: bytes) -> None:
    """See _check_coverage; what a hostile signature makes the parser raise is a signature that cannot be read."""
    failure = None
    try:
        _check_coverage(signed, text)
    except ProviderError as error:
        failure = error
    except Exception:
        failure = fault("signature_unreadable", "not as the standard says")
    # raised out of the handler: what is in the file shall not be in the chain of causes
    if failure is not None:
        raise failure


def _check_coverage(signed: Signed, text: bytes) -> None:
    """The signature is over exactly these bytes, and names its certificate (CAdES, ETSI EN 319 122-1, 5.2.2).

    Raises ProviderError signature_of_other_text, signature_unreadable, algorithm_unsupported.
    """
    enclosed = signed.signed_data["encap_content_info"]["content"]
    if enclosed.native is not None and not hmac.compare_digest(bytes(enclosed.native), text):
        raise fault("signature_of_other_text", "another text is enclosed")
    name = signed.signer["digest_algorithm"]["algorithm"].native
    if name not in HASHES:
        raise fault("algorithm_unsupported", "the hash is weak or unknown")
    attributes = {each["type"].native: each["values"] for each in signed.signer["signed_attrs"] or ()}
    if "message_digest" not in attributes or "content_type" not in attributes:
        raise fault("signature_unreadable", "no signed attributes")
    digest = attributes["message_digest"][0].native
    if not hmac.compare_digest(digest, HASHES[name](text).digest()):
        raise fault("signature_of_other_text", "another digest")
    named = attributes.get("signing_certificate_v2")
    if named is None:
        raise fault("signature_unreadable", "it does not name its certificate")
    first = named[0]["certs"][0]
    algorithm = first["hash_algorithm"]["algorithm"].native
    made = HASHES.get(algorithm)
    if made is None or not hmac.compare_digest(
        first["cert_hash"].native, made(signed.certificate.dump()).digest()
    ):
        raise fault("signature_wrong", "it names another certificate")
