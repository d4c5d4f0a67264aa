"""Opening what a provider encrypted to the site's own certificate: CMS EnvelopedData around SignedData (RFC 5652).

The key travels by RSA (PKCS #1 v1.5 or OAEP) or by agreement (ECDH, RFC 5753); the content is AES-CBC. The signature
inside is checked, and its certificate must be trusted: an envelope alone could be made by anybody who knows the site's
certificate. Envelopes of DSTU 4145 and GOST 28147 need another Decryptor (UAPKI).
"""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, pem, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from cryptography.hazmat.primitives.padding import PKCS7
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from viche.identity.providers.kep.checking import quiet_validation
from viche.identity.providers.kep.trusted import authorities_in
from viche.identity.providers.settings import SettingsError

NATIONAL = "1.2.804."
MOST_CERTIFICATES = 5
# RFC 5753: what the agreed key is hashed by
AGREEMENTS = {
    "1.3.133.16.840.63.0.2": hashes.SHA1,
    "1.3.132.1.11.0": hashes.SHA224,
    "1.3.132.1.11.1": hashes.SHA256,
    "1.3.132.1.11.2": hashes.SHA384,
    "1.3.132.1.11.3": hashes.SHA512,
}
WRAPS = {"2.16.840.1.101.3.4.1.5": 16, "2.16.840.1.101.3.4.1.25": 24, "2.16.840.1.101.3.4.1.45": 32}


class SharedInfo(core.Sequence):
    """ECC-CMS-SharedInfo (RFC 5753, 7.2)."""

    _fields = [
        ("key_info", algos.AlgorithmIdentifier),
        ("entity_u_info", core.OctetString, {"explicit": 0, "optional": True}),
        ("supp_pub_info", core.OctetString, {"explicit": 2}),
    ]


def agreed_key(
    secret: bytes, hashed: type[hashes.HashAlgorithm], wrap: Any, length: int, extra: bytes | None
) -> bytes:
    """The key that wraps the content's key, from the secret that both sides computed (ANSI X9.63)."""
    info = {"key_info": wrap, "supp_pub_info": (8 * length).to_bytes(4, "big")}
    if extra is not None:
        info["entity_u_info"] = extra
    return X963KDF(hashed(), length, SharedInfo(info).dump()).derive(secret)


class CmsDecryptor:
    """See ports.Decryptor. certificate and key: the site's, RSA or EC. trusted: who may sign what is inside."""

    def __init__(self, certificate: x509.Certificate, key: Any, trusted: Sequence[x509.Certificate]) -> None:
        self._certificate = certificate
        self._key = key
        self._trusted = list(trusted)

    @property
    def certificate(self) -> bytes:
        return bytes(self._certificate.dump())

    def open(self, envelope: bytes) -> bytes:
        """Raises ValueError, which tells nothing of the envelope: not meant for us, badly signed, of another kind."""
        # what a hostile envelope makes the libraries raise is of every kind; their log names people
        with contextlib.suppress(Exception), quiet_validation():
            return self._checked(self._content(cms.ContentInfo.load(envelope, strict=True)))
        # raised out of the handler: what was inside shall be in no chain of causes
        raise ValueError("the envelope cannot be opened")

    def _content(self, info: cms.ContentInfo) -> bytes:
        if info["content_type"].native != "enveloped_data":
            raise ValueError("no envelope")
        data = info["content"]
        key = next(filter(None, map(self._key_of, data["recipient_infos"])), None)
        if key is None:
            raise ValueError("not meant for us")
        content = data["encrypted_content_info"]
        algorithm = content["content_encryption_algorithm"]
        if (
            algorithm.encryption_cipher != "aes"
            or algorithm.encryption_mode != "cbc"
            or len(key) != algorithm.key_length
        ):
            raise ValueError("an unknown cipher")
        plain = Cipher(algorithms.AES(key), modes.CBC(algorithm.encryption_iv)).decryptor()
        padded = plain.update(content["encrypted_content"].native) + plain.finalize()
        unpadder = PKCS7(128).unpadder()
        return unpadder.update(padded) + unpadder.finalize()

    def _key_of(self, recipient: cms.RecipientInfo) -> bytes | None:
        """The content's key, where this part of the envelope is addressed to us."""
        if recipient.name == "ktri" and isinstance(self._key, rsa.RSAPrivateKey):
            part = recipient.chosen
            if not self._is_ours(part["rid"]):
                return None
            scheme: Any = padding.PKCS1v15()
            if part["key_encryption_algorithm"]["algorithm"].native == "rsaes_oaep":
                scheme = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
            return self._key.decrypt(part["encrypted_key"].native, scheme)
        if recipient.name == "kari" and isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._agreed(recipient.chosen)
        return None

    def _agreed(self, part: cms.KeyAgreeRecipientInfo) -> bytes | None:
        ours = [each for each in part["recipient_encrypted_keys"] if self._is_ours(each["rid"])]
        if not ours or part["originator"].name != "originator_key":
            return None
        scheme = part["key_encryption_algorithm"]
        hashed = AGREEMENTS[scheme["algorithm"].dotted]
        wrap = algos.AlgorithmIdentifier.load(scheme["parameters"].dump())
        length = WRAPS[wrap["algorithm"].dotted]
        point = part["originator"].chosen["public_key"].native
        sender = ec.EllipticCurvePublicKey.from_encoded_point(self._key.curve, point)
        secret = self._key.exchange(ec.ECDH(), sender)
        return aes_key_unwrap(
            agreed_key(secret, hashed, wrap, length, part["ukm"].native), ours[0]["encrypted_key"].native
        )

    def _is_ours(self, name: Any) -> bool:
        if name.name == "issuer_and_serial_number":
            told = name.chosen
            return bool(
                told["serial_number"].native == self._certificate.serial_number
                and told["issuer"] == self._certificate.issuer
            )
        chosen = name.chosen
        identifier = chosen["subject_key_identifier"] if name.name == "r_key_id" else chosen
        return bool(identifier.native == self._certificate.key_identifier)

    def _checked(self, content: bytes) -> bytes:
        """What is signed inside, by somebody trusted."""
        info = cms.ContentInfo.load(content, strict=True)
        if info["content_type"].native != "signed_data":
            raise ValueError("nothing signed inside")
        data = info["content"]
        if len(data["certificates"]) > MOST_CERTIFICATES:
            raise ValueError("too many certificates")
        inner = bytes(data["encap_content_info"]["content"].native)
        signed = data.copy()
        signed["encap_content_info"] = type(data["encap_content_info"])({"content_type": "data"})
        context = ValidationContext(
            trust_roots=self._trusted, allow_fetching=False,
            other_certs=[each.chosen for each in data["certificates"] if each.name == "certificate"],
        )  # fmt: skip
        status = asyncio.run(
            async_validate_detached_cms(
                inner, signed, signer_validation_context=context,
                key_usage_settings=KeyUsageConstraints(
                    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
                ),
            )
        )  # fmt: skip
        if not (status.intact and status.valid and status.trusted):
            raise ValueError("the signature inside is not trusted")
        return inner


def decryptor_of(prefix: str, *, certificate: str, key: str, trusted: str) -> CmsDecryptor:
    """From the files that the settings name. prefix: of the settings, for messages. Raises SettingsError.

    A certificate of DSTU 4145 is opened by UAPKI with the keys of its own settings: see bankid.configured.
    """
    problems, read = [], {}
    for name, place in (("CERTIFICATE", certificate), ("KEY", key)):
        try:
            read[name] = Path(place).read_bytes()
        except OSError:
            problems.append(f"{prefix}_{name} names no file that can be read")
    if problems:
        raise SettingsError(problems)
    try:
        content = read["CERTIFICATE"]
        own = x509.Certificate.load(pem.unarmor(content)[2] if pem.detect(content) else content, strict=True)
        if own["tbs_certificate"]["subject_public_key_info"]["algorithm"]["algorithm"].dotted.startswith(
            NATIONAL
        ):
            raise SettingsError([f"{prefix}_CERTIFICATE is of DSTU 4145: it needs UAPKI"])
        secret = serialization.load_pem_private_key(read["KEY"], password=None)
    except (ValueError, TypeError):
        raise SettingsError(
            [f"{prefix}_CERTIFICATE or {prefix}_KEY is no certificate or key in PEM"]
        ) from None
    return CmsDecryptor(own, secret, authorities_in(trusted))
