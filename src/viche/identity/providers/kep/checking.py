"""The check of RSA and ECDSA signatures by pyHanko: CAdES over exactly the given bytes, chain, revocation."""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from asn1crypto import keys, x509
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)

from viche.identity.providers.errors import ProviderError
from viche.identity.providers.kep import certificates
from viche.identity.providers.kep.revocation import Evidence, evidence_for
from viche.identity.providers.kep.settings import KepSettings
from viche.identity.providers.kep.signed import Signed, check_coverage, fault, taken_apart
from viche.identity.providers.ports import Signer

# how far the clocks of an authority and of this site may differ
SKEW = timedelta(minutes=5)
LEAST_RSA_BITS = 2048
PATH_ERRORS = (ExpiredError, NotYetValidError, RevokedError, PathBuildingError, PathValidationError)
WEAK = {"md2", "md5", "sha1"}


class PyHankoBackend:
    """See ports.SignatureBackend. authorities: those that are believed."""

    name = "pyhanko"

    def __init__(self, authorities: list[x509.Certificate], settings: KepSettings) -> None:
        self._authorities = authorities
        self._settings = settings

    def can_verify(self, signature: bytes) -> bool:
        return not taken_apart(signature).is_dstu

    def verify(self, signature: bytes, data: bytes, *, now: datetime) -> Signer:
        signed = taken_apart(signature)
        algorithm = _algorithm(signed)
        _check_usage(signed.certificate)
        check_coverage(signed, data)
        evidence = Evidence()
        chain = asyncio.run(self._chain(signed, now))
        evidence = evidence_for(chain, self._settings)
        asyncio.run(self._judge_path(signed, evidence, now))
        status = asyncio.run(self._status(signed, data, evidence, now))
        if not status.intact:
            raise fault("signature_of_other_text")
        if not status.valid:
            raise fault("signature_wrong")
        if not status.trusted or status.signing_cert.dump() != signed.certificate.dump():
            raise fault("certificate_untrusted", "by the final check")
        return _signer(signed.certificate, status, algorithm)

    def _context(self, signed: Signed, evidence: Evidence | None, now: datetime) -> ValidationContext:
        """evidence: None where only the chain is looked for."""
        mode = "soft-fail"
        if evidence is not None and self._settings.revocation == "require":
            mode = "require"
        return ValidationContext(
            trust_roots=self._authorities, other_certs=signed.others, moment=now, allow_fetching=False,
            crls=evidence.lists if evidence else [], ocsps=evidence.answers if evidence else [],
            revocation_mode=mode, weak_hash_algos=WEAK, time_tolerance=SKEW,
        )  # fmt: skip

    async def _chain(self, signed: Signed, now: datetime) -> list[x509.Certificate]:
        """The chain from the signer's certificate up to a trusted authority, its signatures and dates checked.

        Only then is anybody asked about revocation: nobody untrusted sends this site anywhere.
        """
        validator = CertificateValidator(
            signed.certificate, intermediate_certs=signed.others,
            validation_context=self._context(signed, None, now),
        )  # fmt: skip
        failure, path = None, None
        try:
            path = await validator.async_validate_path()
        except PATH_ERRORS as error:
            failure = _path_fault(error)
        if path is None:
            # raised out of the handler: the error names the person, and no report shall find it in the chain of causes
            raise failure or fault("certificate_untrusted")
        return list(reversed(list(path.iter_certs(include_root=True))))

    async def _judge_path(self, signed: Signed, evidence: Evidence, now: datetime) -> None:
        validator = CertificateValidator(
            signed.certificate, intermediate_certs=signed.others,
            validation_context=self._context(signed, evidence, now),
        )  # fmt: skip
        failure = None
        try:
            await validator.async_validate_path()
        except PATH_ERRORS as error:
            failure = _path_fault(error)
        if failure is not None and failure.code == "certificate_untrusted":
            # the chain itself was sound a moment ago: what is missing is the word of its authority
            failure = fault("revocation_unknown")
        if failure is not None:
            raise failure

    async def _status(
        self, signed: Signed, data: bytes, evidence: Evidence, now: datetime
    ) -> StandardCMSSignatureStatus:
        # a text that is enclosed was compared: the check is of a detached signature either way
        detached = signed.signed_data.copy()
        kind = type(detached["encap_content_info"])
        detached["encap_content_info"] = kind({"content_type": "data"})
        # what a hostile signature makes the library raise is of every kind; its log names people
        with contextlib.suppress(Exception), quiet_validation():
            return await async_validate_detached_cms(
                data, detached, signer_validation_context=self._context(signed, evidence, now),
                key_usage_settings=KeyUsageConstraints(
                    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
                ),
            )  # fmt: skip
        raise fault("signature_wrong", "refused by the check")


def _path_fault(error: Exception) -> ProviderError:
    if isinstance(error, RevokedError):
        return fault("certificate_revoked")
    if isinstance(error, ExpiredError):
        return fault("certificate_expired")
    if isinstance(error, NotYetValidError):
        return fault("certificate_not_yet_valid")
    return fault("certificate_untrusted", type(error).__name__)


def _check_usage(certificate: x509.Certificate) -> None:
    """The certificate must be one to sign with: digital signature, or the will to be bound by it."""
    usage = certificate.key_usage_value
    if usage is not None and not {"digital_signature", "non_repudiation"} & usage.native:
        raise fault("algorithm_unsupported", "the certificate is not for signing")


class _Quiet(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return not _is_quiet.get()


_is_quiet: contextvars.ContextVar[bool] = contextvars.ContextVar("viche_quiet_validation", default=False)
_QUIET = _Quiet()
NAMING = ("pyhanko.sign.validation.generic_cms", "pyhanko.sign.validation", "pyhanko_certvalidator.validate")


@contextlib.contextmanager
def quiet_validation() -> Iterator[None]:
    """Silence the loggers that write whose certificate it is, in this thread or task."""
    for name in (*NAMING, *(each for each in logging.root.manager.loggerDict if each.startswith("pyhanko"))):
        logging.getLogger(name).addFilter(_QUIET)
    mark = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(mark)


def _algorithm(signed: Signed) -> str:
    key: keys.PublicKeyInfo = signed.certificate.public_key
    if key.algorithm == "rsa":
        if key.bit_size < LEAST_RSA_BITS:
            raise fault("algorithm_unsupported", "the key is too short")
        return "RSA"
    if key.algorithm == "ec":
        return "ECDSA"
    raise fault("algorithm_unsupported", "an unknown kind of key")


def _number_of(subject: dict[str, str], extra: dict[str, str]) -> str:
    """The tax number: DRFO, or the serial number with its kind before it (ETSI EN 319 412-1, 5.1.3): a bare one is any.

    Two that differ are nobody's.
    """
    named = subject.get("serial_number", "")
    named = named if named.upper().startswith("TINUA-") else ""
    told = extra.get(certificates.DRFO, "")
    if named and told and named[6:] != told:
        raise fault("number_wrong", "two different numbers")
    return told or named


def _signer(certificate: x509.Certificate, status: StandardCMSSignatureStatus, algorithm: str) -> Signer:
    subject = certificates.subject_texts(certificate)
    extra = certificates.directory_attributes(certificate)
    stated = certificates.statements(certificate)
    given_name, _space, patronymic = subject.get("given_name", "").partition(" ")
    stamp = status.timestamp_validity
    organisation = subject.get("organization_identifier", "")
    return Signer(
        family_name=subject.get("surname", ""), given_name=given_name, patronymic=patronymic.strip(),
        tax_number=_number_of(subject, extra),
        issuer=certificate.issuer.native.get("common_name", ""), serial=f"{certificate.serial_number:x}",
        organisation_code=extra.get(certificates.EDRPOU, "") or organisation.rpartition("-")[2],
        is_seal=certificates.QC_SEAL in stated or not (subject.get("surname") and given_name),
        is_qualified=bool(stated & {certificates.QC_COMPLIANCE, certificates.QC_UKRAINE}),
        signed_at=stamp.timestamp if stamp is not None and stamp.valid and stamp.trusted else None,
        algorithm=algorithm,
    )  # fmt: skip
