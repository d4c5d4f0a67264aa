"""A provider's side of an encrypted answer: signed by the provider's key, sealed to the site's certificate."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import algos, cms, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from viche.identity.providers.envelopes import agreed_key

FAULTS = ("other_recipient", "broken_seal", "unsigned", "untrusted_signer", "expired_signer", "not_json")
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


def own_certificate(
    name: str, key: Any, *, starts: timedelta = timedelta(days=-1), ends: timedelta = timedelta(days=365)
) -> x509.Certificate:
    """A certificate that its own key signed, for a provider or a site of a demonstration."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=True, data_encipherment=False,
        key_agreement=True, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + starts)
        .not_valid_after(now + ends)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


class Sealer:
    """Signs and seals. certificate: what a site has to trust."""

    def __init__(self, name: str = "Демонстраційний банк") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = own_certificate(name, self._key)

    def seal(self, site: bytes, content: bytes, fault: str = "") -> bytes:
        """The envelope, DER. site: the site's certificate, DER."""
        recipient = x509.load_der_x509_certificate(site)
        if fault == "other_recipient":
            recipient = own_certificate("інший сайт", ec.generate_private_key(ec.SECP256R1()))
        if fault == "not_json":
            content = b"<html>not json</html>"
        inner = content if fault == "unsigned" else self._signed(content, fault)
        sealed = bytearray(_enveloped(recipient, inner))
        if fault == "broken_seal":
            sealed[-1] ^= 1
        return bytes(sealed)

    def _signed(self, content: bytes, fault: str) -> bytes:
        key, certificate = self._key, self.certificate
        if fault == "untrusted_signer":
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = own_certificate("чужий", key)
        if fault == "expired_signer":
            certificate = own_certificate("банк", key, starts=timedelta(days=-90), ends=timedelta(days=-1))
        own = asn1_x509.Certificate.load(certificate.public_bytes(DER))
        plain = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        signer = SimpleSigner(own, keys.PrivateKeyInfo.load(plain), SimpleCertificateStore())
        made = asyncio.run(signer.async_sign_general_data(content, "sha256", detached=False))
        return bytes(made.dump())


def _enveloped(recipient: x509.Certificate, content: bytes) -> bytes:
    key, start = os.urandom(32), os.urandom(16)
    padder = PKCS7(128).padder()
    padded = padder.update(content) + padder.finalize()
    cipher = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    public = recipient.public_key()
    made = _transported(recipient, key) if isinstance(public, rsa.RSAPublicKey) else _agreed(recipient, key)
    return bytes(
        cms.ContentInfo(
            {
                "content_type": "enveloped_data",
                "content": cms.EnvelopedData(
                    {
                        "version": "v2",
                        "recipient_infos": [made],
                        "encrypted_content_info": {
                            "content_type": "data",
                            "content_encryption_algorithm": {"algorithm": "aes256_cbc", "parameters": start},
                            "encrypted_content": cipher.update(padded) + cipher.finalize(),
                        },
                    }
                ),
            }
        ).dump()
    )


def _named(recipient: x509.Certificate) -> dict[str, Any]:
    own = asn1_x509.Certificate.load(recipient.public_bytes(DER))
    return {"issuer": own.issuer, "serial_number": own.serial_number}


def _transported(recipient: x509.Certificate, key: bytes) -> cms.RecipientInfo:
    public: Any = recipient.public_key()
    part = {
        "version": "v0",
        "rid": cms.RecipientIdentifier({"issuer_and_serial_number": _named(recipient)}),
        "key_encryption_algorithm": {"algorithm": "rsaes_pkcs1v15"},
        "encrypted_key": public.encrypt(key, padding.PKCS1v15()),
    }
    return cms.RecipientInfo(name="ktri", value=cms.KeyTransRecipientInfo(part))


def _agreed(recipient: x509.Certificate, key: bytes) -> cms.RecipientInfo:
    public: Any = recipient.public_key()
    fresh = ec.generate_private_key(public.curve)
    wrap = algos.AlgorithmIdentifier({"algorithm": "2.16.840.1.101.3.4.1.45"})
    wrapping = agreed_key(fresh.exchange(ec.ECDH(), public), hashes.SHA256, wrap, 32, None)
    public_info = fresh.public_key().public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    part = {
        "version": "v3",
        "originator": cms.OriginatorIdentifierOrKey(
            name="originator_key",
            value=keys.PublicKeyInfo.load(public_info),
        ),
        "key_encryption_algorithm": {"algorithm": "1.3.132.1.11.1", "parameters": wrap},
        "recipient_encrypted_keys": [
            {
                "rid": cms.KeyAgreementRecipientIdentifier(
                    name="issuer_and_serial_number", value=cms.IssuerAndSerialNumber(_named(recipient))
                ),
                "encrypted_key": aes_key_wrap(wrapping, key),
            }
        ],
    }
    return cms.RecipientInfo(name="kari", value=cms.KeyAgreeRecipientInfo(part))
