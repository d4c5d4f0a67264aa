"""The authority of the simulator: a root, an issuing authority, certificates of people, and what they sign."""

import asyncio
import base64
import hashlib
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from viche.identity.providers.kep import certificates
from viche.identity.providers.simulation import CastMember

FAULTS: dict[str, tuple[str, str]] = {
    "other_text": ("Підписано інший текст", "Another text is signed"),
    "attached_other": ("Усередині інший текст", "Another text inside"),
    "revoked": ("Сертифікат скасовано", "The certificate is revoked"),
    "expired": ("Строк сертифіката минув", "The certificate has expired"),
    "not_yet": ("Сертифікат ще не діє", "The certificate is not valid yet"),
    "untrusted": ("Чужий надавач", "An authority nobody trusts"),
    "seal": ("Печатка організації", "The seal of an organisation"),
    "not_qualified": ("Некваліфікований сертифікат", "A certificate that is not qualified"),
    "no_number": ("Сертифікат без РНОКПП", "A certificate without a tax number"),
    "wrong_number": ("Хибний РНОКПП", "A wrong tax number"),
    "sha1": ("Слабкий геш SHA-1", "The weak hash SHA-1"),
    "short_key": ("Короткий ключ RSA", "A short RSA key"),
    "broken": ("Пошкоджений підпис", "A broken signature"),
    "other_certificate": ("Названо інший сертифікат", "It names another certificate"),
    "two_signers": ("Двоє підписали", "Two signers"),
    "no_certificate": ("Без сертифіката", "Without the certificate"),
    "not_for_signing": ("Сертифікат не для підпису", "A certificate not for signing"),
    "ocsp_unknown": ("OCSP не знає сертифіката", "OCSP does not know the certificate"),
    "authority_silent": ("Надавач не відповідає", "The authority does not answer"),
}
ONE = timedelta(days=1)


class Authority:
    """One authority with its people. url: where its OCSP and CRL are answered. now: the moment it lives in, UTC.

    Keys are made at first use and kept in memory only; with ``folder`` the root is kept there, so that a site that
    trusts it goes on trusting it.
    """

    def __init__(self, url: str = "", *, folder: Path | None = None, now: datetime | None = None) -> None:
        self.url = url
        self.now = now or datetime.now(UTC)
        self.revoked: set[int] = set()
        self.unknown: set[int] = set()
        self._lock = threading.Lock()
        self._people: dict[tuple[str, str, str], tuple[Any, x509.Certificate]] = {}
        self._root_key, self.root = self._kept_root(folder)
        self._key, self.certificate = self._issuing(self._root_key, self.root)

    def _kept_root(self, folder: Path | None) -> tuple[Any, x509.Certificate]:
        if folder is not None and (folder / "root.key").exists():
            key = serialization.load_pem_private_key((folder / "root.key").read_bytes(), password=None)
            return key, x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
        key = ec.generate_private_key(ec.SECP256R1())
        root = self._root_certificate(key)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / "root.key").touch(mode=0o600)
            (folder / "root.key").write_bytes(_pem(key))
            (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
        return key, root

    def _root_certificate(self, key: Any) -> x509.Certificate:
        name = _name([(NameOID.COUNTRY_NAME, "UA"), (NameOID.COMMON_NAME, "Демонстраційний ЦЗО")])
        return _signed_by(self._ca(name, name, key, ends=3650), key)

    def _ca(self, name: x509.Name, issuer: x509.Name, key: Any, *, ends: int) -> x509.CertificateBuilder:
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - 400 * ONE)
            .not_valid_after(self.now + ends * ONE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )

    def _issuing(self, root_key: Any, root: x509.Certificate) -> tuple[Any, x509.Certificate]:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(
            [
                (NameOID.COUNTRY_NAME, "UA"),
                (NameOID.ORGANIZATION_NAME, "Демонстрація"),
                (NameOID.COMMON_NAME, "Демонстраційний КНЕДП"),
            ]
        )
        builder = self._ca(name, root.subject, key, ends=1800)
        return key, _signed_by(self._asked_at(builder, issuer=root_key), root_key)

    def _asked_at(self, builder: x509.CertificateBuilder, *, issuer: Any) -> x509.CertificateBuilder:
        if not self.url:
            return builder
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{self.url}/ocsp")
        )
        which = "root" if issuer is self._root_key else "people"
        point = x509.DistributionPoint(
            full_name=[x509.UniformResourceIdentifier(f"{self.url}/{which}.crl")],
            relative_name=None, reasons=None, crl_issuer=None,
        )  # fmt: skip
        return (
            builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
            .add_extension(x509.CRLDistributionPoints([point]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False
            )
        )

    def person(
        self, member: CastMember, *, algorithm: str = "ecdsa", fault: str = ""
    ) -> tuple[Any, x509.Certificate]:
        """The person's key and certificate, made at the first time. algorithm: "ecdsa" or "rsa"."""
        with self._lock:
            key = (member.key, algorithm, fault)
            if key not in self._people:
                self._people[key] = self._made(member, algorithm, fault)
            return self._people[key]

    def _made(self, member: CastMember, algorithm: str, fault: str) -> tuple[Any, x509.Certificate]:
        if algorithm == "rsa" or fault == "short_key":
            key: Any = rsa.generate_private_key(65537, 1024 if fault == "short_key" else 2048)
        else:
            key = ec.generate_private_key(ec.SECP256R1())
        starts, ends = self.now - 30 * ONE, self.now + 335 * ONE
        if fault == "expired":
            starts, ends = self.now - 395 * ONE, self.now - 30 * ONE
        if fault == "not_yet":
            starts = self.now + ONE
        issuer, issuer_key = self.certificate, self._key
        if fault == "untrusted":
            issuer_key = ec.generate_private_key(ec.SECP256R1())
            issuer = self._root_certificate(issuer_key)
        number = member.tax_number or ""
        if fault == "wrong_number" and number:
            number = number[:-1] + str((int(number[-1]) + 1) % 10)
        if fault == "no_number":
            number = ""
        signs = fault != "not_for_signing"
        usage = x509.KeyUsage(
            digital_signature=signs, content_commitment=signs, key_encipherment=False, data_encipherment=False,
            key_agreement=not signs, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(_subject(member, number, fault))
            .issuer_name(issuer.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(starts)
            .not_valid_after(ends)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if number and fault != "seal":
            attributes = certificates.directory_attributes_of({certificates.DRFO: number})
            builder = builder.add_extension(
                x509.UnrecognizedExtension(
                    x509.ObjectIdentifier(certificates.DIRECTORY_ATTRIBUTES), attributes
                ),
                critical=False,
            )
        if fault != "not_qualified":
            kind = certificates.QC_SEAL if fault == "seal" else certificates.QC_SIGNATURE
            builder = builder.add_extension(
                x509.UnrecognizedExtension(
                    x509.ObjectIdentifier(certificates.QC_STATEMENTS), certificates.statements_of(kind)
                ),
                critical=False,
            )
        made = _signed_by(self._asked_at(builder, issuer=issuer_key), issuer_key)
        if fault == "revoked":
            self.revoked.add(made.serial_number)
        if fault in {"ocsp_unknown", "authority_silent"}:
            self.unknown.add(made.serial_number)
        return key, made

    def sign(self, member: CastMember, text: bytes, *, algorithm: str = "ecdsa", fault: str = "") -> bytes:
        """A detached CAdES-BES signature over the text, DER, spoilt as ``fault`` says."""
        key, certificate = self.person(member, algorithm=algorithm, fault=fault)
        if fault in {"other_text", "attached_other"}:
            text = text + b"!"
        made = self._cms(key, certificate, text, fault)
        if fault == "broken":
            value = bytearray(made["content"]["signer_infos"][0]["signature"].native)
            value[-1] ^= 1
            made["content"]["signer_infos"][0]["signature"] = bytes(value)
        if fault == "other_certificate":
            return self._renamed(member, made, text)
        if fault == "two_signers":
            other = self._cms(*self.person(member, algorithm="rsa"), text, "")
            infos = [*made["content"]["signer_infos"], *other["content"]["signer_infos"]]
            made["content"]["signer_infos"] = cms.SignerInfos(infos)
        if fault == "no_certificate":
            made["content"]["certificates"] = cms.CertificateSet([])
        return bytes(made.dump(force=True))

    def sign_digest(self, member: CastMember, digest: bytes, *, fault: str = "") -> bytes:
        """A detached CAdES-BES signature over a text of which only the SHA-256 is known, as an application makes it.

        fault: "forged" breaks the signature, "other_text" signs another digest; those of ``sign`` about certificates.
        """
        key, certificate = self.person(member, fault=fault)
        if fault == "other_text":
            digest = hashlib.sha256(digest).digest()
        store = SimpleCertificateStore()
        store.register(_asn1(self.certificate))
        signer = SimpleSigner(
            signing_cert=_asn1(certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(_der(key)),
            cert_registry=store,
        )
        made = asyncio.run(signer.async_sign(digest, "sha256", use_pades=True, is_pdf_sig=False))
        if fault == "forged":
            value = bytearray(made["content"]["signer_infos"][0]["signature"].native)
            value[-1] ^= 1
            made["content"]["signer_infos"][0]["signature"] = bytes(value)
        return bytes(made.dump(force=True))

    def _cms(self, key: Any, certificate: x509.Certificate, text: bytes, fault: str) -> cms.ContentInfo:
        store = SimpleCertificateStore()
        store.register(_asn1(self.certificate))
        signer = SimpleSigner(
            signing_cert=_asn1(certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(_der(key)),
            cert_registry=store,
        )
        return asyncio.run(
            signer.async_sign_general_data(
                text,
                "sha1" if fault == "sha1" else "sha256",
                detached=fault != "attached_other",
                use_cades=True,
            )
        )

    def _renamed(self, member: CastMember, made: cms.ContentInfo, text: bytes) -> bytes:
        """The signature beside another certificate of the same key: what signing-certificate-v2 is there against."""
        key, _certificate = self.person(member, fault="other_certificate")
        builder = (
            x509.CertificateBuilder()
            .subject_name(_subject(member, member.tax_number or "", ""))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - ONE)
            .not_valid_after(self.now + ONE)
        )
        other = _asn1(_signed_by(builder, self._key))
        made["content"]["certificates"] = cms.CertificateSet([cms.CertificateChoices({"certificate": other})])
        info = made["content"]["signer_infos"][0]
        info["sid"] = cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": other.issuer, "serial_number": other.serial_number}
                )
            }
        )
        return bytes(made.dump(force=True))

    def revocation_list(self, *, of_root: bool = False, is_stale: bool = False) -> bytes:
        issuer, key = (self.root, self._root_key) if of_root else (self.certificate, self._key)
        moment = self.now - 30 * ONE if is_stale else self.now - timedelta(minutes=1)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(moment)
            .next_update(moment + 7 * ONE)
            .add_extension(x509.CRLNumber(7), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
            )
        )
        for serial in [] if of_root else sorted(self.revoked):
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(self.now - 2 * ONE)
                .build()
            )
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def ocsp_answer(self, question: bytes) -> bytes:
        """The answer to an OCSP request about one certificate."""
        asked = ocsp.load_der_ocsp_request(question)
        is_of_people = asked.issuer_key_hash == _key_hash(self._key)
        issuer, key = (self.certificate, self._key) if is_of_people else (self.root, self._root_key)
        if asked.serial_number in self.unknown or asked.issuer_key_hash not in (
            _key_hash(self._key), _key_hash(self._root_key),
        ):  # fmt: skip
            status, revoked_at = ocsp.OCSPCertStatus.UNKNOWN, None
        elif asked.serial_number in self.revoked:
            status, revoked_at = ocsp.OCSPCertStatus.REVOKED, self.now - 2 * ONE
        else:
            status, revoked_at = ocsp.OCSPCertStatus.GOOD, None
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response_by_hash(
                issuer_name_hash=asked.issuer_name_hash, issuer_key_hash=asked.issuer_key_hash,
                serial_number=asked.serial_number, algorithm=hashes.SHA1(), cert_status=status,  # noqa: S303
                this_update=self.now - timedelta(minutes=1), next_update=self.now + ONE, revocation_time=revoked_at,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
            .certificates([issuer])
        )  # fmt: skip
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def trusted_list(self, *, status: str = "granted") -> bytes:
        """A trusted list (ETSI TS 119 612) that names this authority alone; unsigned."""
        der = base64.b64encode(self.root.public_bytes(serialization.Encoding.DER)).decode()
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><TrustServiceProviderList><TrustServiceProvider>
<TSPServices><TSPService><ServiceInformation>
<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
<ServiceDigitalIdentity><DigitalId><X509Certificate>{der}</X509Certificate></DigitalId></ServiceDigitalIdentity>
<ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{status}</ServiceStatus>
</ServiceInformation></TSPService></TSPServices></TrustServiceProvider></TrustServiceProviderList>
</TrustServiceStatusList>""".encode()


def _subject(member: CastMember, number: str, fault: str) -> x509.Name:
    if fault == "seal":
        return _name(
            [
                (NameOID.COUNTRY_NAME, "UA"),
                (NameOID.ORGANIZATION_NAME, "ТОВ «Демонстрація»"),
                (NameOID.ORGANIZATION_IDENTIFIER, "NTRUA-32855961"),
                (NameOID.COMMON_NAME, "ТОВ «Демонстрація»"),
            ]
        )
    given = " ".join(part for part in (member.given_name, member.patronymic) if part)
    parts = [
        (NameOID.COUNTRY_NAME, "UA"),
        (NameOID.COMMON_NAME, f"{member.family_name} {given}"),
        (NameOID.SURNAME, member.family_name),
        (NameOID.GIVEN_NAME, given),
    ]
    if number:
        parts.append((NameOID.SERIAL_NUMBER, f"TINUA-{number}"))
    return _name(parts)


def _name(parts: list[tuple[Any, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _signed_by(builder: x509.CertificateBuilder, key: Any) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())


def _pem(key: Any) -> bytes:
    return bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _der(key: Any) -> bytes:
    return bytes(
        key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _key_hash(key: Any) -> bytes:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest
