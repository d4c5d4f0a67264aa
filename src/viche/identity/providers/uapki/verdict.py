"""From UAPKI's answer to VERIFY to our own verdict. Nothing is believed by one word: ``status`` alone is not enough.

UAPKI decides about digests, signatures, validity and revocation. It leaves to the caller whether the chain ends in a
certificate that is *trusted*, and it takes the signer's own clock for the time of signing where there is no time
stamp; both are decided here. Source: UAPKI programmer's manual 3.0.0, method VERIFY and appendix A.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from viche.identity.providers.errors import ProviderError
from viche.identity.providers.uapki.reading import NAME, validity_of

VALID, GOOD, REVOKED = "VALID", "GOOD", "REVOKED"
# how far the clocks of this site and an authority may differ
SKEW = timedelta(minutes=5)

_UNKNOWN = "revocation_unknown"
REFUSALS: dict[int, str] = {
    0x100E: "algorithm_unsupported",
    0x1016: "algorithm_unsupported",
    0x1018: _UNKNOWN,  # offline mode
    0x1025: _UNKNOWN,  # HTTP status of an authority's service
    0x1033: "signature_of_other_text",
    0x1039: "signature_of_other_text",
    0x1041: "certificate_untrusted",  # not found
    0x1042: "certificate_expired",  # not yet valid
    0x1043: "certificate_expired",
    0x1044: "certificate_untrusted",  # issuer not found
    0x1045: "certificate_revoked",
    0x1046: _UNKNOWN,
    0x1047: "certificate_untrusted",
    0x1048: "certificate_untrusted",  # no chain
    **dict.fromkeys((0x1002, *range(0x1050, 0x1055), *range(0x1060, 0x1067)), _UNKNOWN),  # CRL, OCSP, connection
    **dict.fromkeys((*range(0x1012, 0x1015), *range(0x1030, 0x1033), *range(0x1034, 0x1039), 0x103C),
                    "signature_unreadable"),  # structure
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Answer:
    """What the worker answered. code: UAPKI's error, 0 for none. certificates: DER of signers, by their certId."""

    code: int
    result: Mapping[str, Any]
    certificates: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, repr=False)
class Verdict:
    """A valid signature. certificate: the signer's, DER. signed_at: from a trusted time stamp, else None."""

    certificate: bytes
    signed_at: datetime | None


def judge(answer: Answer, *, now: datetime, with_revocation: bool) -> Verdict:
    """The one signature of an answer to VERIFY of the kind CHAIN, or with_revocation FULL. Raises ProviderError."""
    try:
        return _judged(answer, now=now, with_revocation=with_revocation)
    except (KeyError, TypeError, AttributeError, ValueError):
        pass
    raise ProviderError("bad_answer", "an answer of another shape", provider=NAME)


def _judged(answer: Answer, *, now: datetime, with_revocation: bool) -> Verdict:
    infos = answer.result.get("signatureInfos") or []
    if len(infos) != 1:
        _refuse(_code_of(answer, "signature_unreadable"), f"error {answer.code:#x}, not one signature")
    info = infos[0]
    _signature_holds(answer, info)
    items = {item["subjectCertId"]: item for item in info.get("certificateChain") or []}
    path = _trusted_path(info["signerCertId"], items)
    if path is None:
        _refuse("certificate_untrusted", "no way to a trusted authority")
    certificate = answer.certificates[info["signerCertId"]]
    _valid_now(path, certificate, now)
    if with_revocation:
        _not_revoked(path)
    if answer.code:
        _refuse(_code_of(answer, "bad_answer"), f"error {answer.code:#x}")
    if with_revocation and info.get("status") != "TOTAL-VALID":
        _refuse(
            _UNKNOWN if info.get("status") == "INDETERMINATE" else "signature_wrong", "not valid in total"
        )
    return Verdict(certificate, _stamped_at(info, items))


def _signature_holds(answer: Answer, info: Mapping[str, Any]) -> None:
    digest, signature = info.get("statusMessageDigest"), info.get("statusSignature")
    if digest == "INVALID":
        _refuse("signature_of_other_text", "the digest is another")
    if signature in {"INVALID", "VALID WITHOUT KEYUSAGE"}:
        _refuse("signature_wrong", "the signature does not hold")
    if (digest, signature) != (VALID, VALID):
        _refuse(_code_of(answer, "signature_unreadable"), f"error {answer.code:#x}, not verified")
    # without it another certificate over the same key could be put in the place of the signer's (RFC 5035)
    if info.get("statusEssCert") != VALID:
        _refuse("signature_wrong", "the signature does not name its certificate")


def _trusted_path(name: str, items: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]] | None:
    """From the certificate up to the first trusted one above it, each signature on the way valid; None without."""
    path: list[Mapping[str, Any]] = []
    while (item := items.get(name)) is not None and item not in path:
        path.append(item)
        if len(path) > 1 and item.get("trusted") is True:
            return path
        # VALID WITHOUT KEYUSAGE is no authority: anybody's certificate can sign another
        if item.get("statusSignature") != VALID:
            return None
        name = item.get("issuerCertId", "")
    return None


def _valid_now(path: Sequence[Mapping[str, Any]], certificate: bytes, now: datetime) -> None:
    periods = [validity_of(certificate)]
    periods += [(_time(item["validity"]["notBefore"]), _time(item["validity"]["notAfter"])) for item in path]
    if any(item.get("expired") for item in path) or not all(
        start - SKEW <= now <= end + SKEW for start, end in periods
    ):
        _refuse("certificate_expired", "a certificate is not valid now")


def _not_revoked(path: Sequence[Mapping[str, Any]]) -> None:
    """The signer's certificate must be known to be good; those of authorities must not be known to be bad."""
    for place, item in enumerate(path[:-1]):
        sources = [item[key] for key in ("validateByOCSP", "validateByCRL") if item.get(key)]
        if any(source.get("status") == REVOKED for source in sources):
            _refuse("certificate_revoked")
        is_good = any(
            (source.get("status"), source.get("statusSignature")) == (GOOD, VALID) for source in sources
        )
        if not is_good and (place == 0 or item.get("statusValidation") != VALID):
            _refuse(_UNKNOWN, "no valid answer of the authority")


def _stamped_at(info: Mapping[str, Any], items: Mapping[str, Mapping[str, Any]]) -> datetime | None:
    """The time of a time stamp whose signer is trusted as well; the signature's own is the better one."""
    for key in ("signatureTS", "contentTS"):
        stamp = info.get(key) or {}
        if (stamp.get("statusDigest"), stamp.get("statusSignature")) == (VALID, VALID) and _trusted_path(
            stamp.get("signerCertId", ""), items
        ):
            return _time(stamp["genTime"])
    return None


def _time(text: str) -> datetime:
    # UAPKI writes universal time without saying so
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def _code_of(answer: Answer, otherwise: str) -> str:
    return REFUSALS.get(answer.code, otherwise)


def _refuse(code: str, detail: str = "") -> NoReturn:
    raise ProviderError(code, detail, provider=NAME)
