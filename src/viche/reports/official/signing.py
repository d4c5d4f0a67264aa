"""Copies of an issued PDF that officials signed with their own qualified signature, wherever they sign.

Two ways: inside the PDF (PAdES: the issued bytes stay, the signature is a later revision that changes nothing else), or
beside it (CAdES .p7s, ASiC .asics or .asice). The signature itself is checked by the identity room, by the same
authorities and rules as the signatures by which people identify themselves.
"""

import base64
import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from asn1crypto import cms
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    FormUpdatingRule,
    ModificationLevel,
    StandardDiffPolicy,
)
from pyhanko.sign.diff_analysis.rules.form_field_rules import SigFieldCreationRule, SigFieldModificationRule
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel

from viche.foundation import clock
from viche.foundation.limits import MAX_FILE_BYTES, MAX_FILE_MEGABYTES
from viche.foundation.refused import Refused
from viche.identity.providers.errors import ProviderError
from viche.identity.providers.kep.checking import quiet_validation
from viche.identity.providers.ports import Signer
from viche.identity.registry import signature_checker

MOST_FILES = 20
HASHES = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
SIGNATURES_ONLY = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(
        field_rules=[SigFieldCreationRule(), SigFieldModificationRule()],
        # programs write there that signatures exist, and how a visible one looks
        ignored_acroform_keys=frozenset({"/Fields", "/SigFlags", "/DA", "/DR"}),
    ),
)
"""What may differ between the issued PDF and a copy of it: signatures, and what proves their validity."""


@dataclass(frozen=True)
class Signature:
    """Who signed a copy. suffix: of the file: pdf, p7s, asics. at: of a trusted stamp, else the moment of the check."""

    signer: str
    authority: str
    at: datetime
    suffix: str


def signature_of(copy: bytes, original: bytes) -> Signature:
    """Who signed exactly the original. Raises Refused: no_checker, too_large, unsigned, other_document, other_files,
    not_qualified, and the codes of a signature that does not hold (identity.providers.errors).
    """
    if len(copy) > MAX_FILE_BYTES:
        raise _too_large()
    if copy.startswith(b"%PDF-"):
        return _judged(*_read(_inside, copy, original), "pdf")
    if copy.startswith(b"PK\x03\x04"):
        return _judged(*_read(_container, copy, original), "asice")
    return _judged(copy, original, "p7s")


def _judged(signature: bytes, covered: bytes, suffix: str) -> Signature:
    checker = signature_checker()
    if checker is None:
        raise _refused(
            "no_checker", _("This installation cannot check qualified signatures: KEP_TRUSTED is not set.")
        )
    failure: Refused | None = None
    try:
        signer = checker.verify(signature, covered)
    except ProviderError as error:
        said = _SAID.get(error.code)
        failure = _refused(error.code, said() if said is not None else str(error.message))
    # raised out of the handler: no report shall find what is in the file in the chain of causes
    if failure is not None:
        raise failure
    if not signer.is_qualified:
        raise _refused(
            "not_qualified", _("The certificate is not a qualified one. Use a qualified signature.")
        )
    return Signature(_named(signer), signer.issuer, signer.signed_at or clock.now(), suffix)


_SAID: dict[str, Any] = {
    "signature_of_other_text": lambda: _(
        "This signature is over another file. Download the PDF of this report once more and sign it unchanged."
    ),
    "signature_unreadable": lambda: _(
        "No signature can be read in this file. Choose the signed PDF, or a detached signature (.p7s, .asice)."
    ),
}


def _named(signer: Signer) -> str:
    person = " ".join(part for part in (signer.family_name, signer.given_name, signer.patronymic) if part)
    if person:
        return person[:200]
    return _("Seal of the organisation %(code)s") % {"code": signer.organisation_code or "–"}


def _read(
    reader: Callable[[bytes, bytes], tuple[bytes, bytes]], copy: bytes, original: bytes
) -> tuple[bytes, bytes]:
    """What a reader finds in a copy. Refused: what the reader refuses, signature_unreadable."""
    try:
        return reader(copy, original)
    except Refused as refused:
        failure = refused
    except Exception:
        # a hostile file makes the parsers raise much besides their own errors
        failure = _refused("signature_unreadable", str(_SAID["signature_unreadable"]()))
    # out of the handler, as in _judged
    raise failure


def _inside(copy: bytes, original: bytes) -> tuple[bytes, bytes]:
    """(signature, covered bytes) of the last signature in a PDF that is the original and signatures only.

    Refused: other_document, unsigned.
    """
    if not copy.startswith(original):
        raise _other()
    reader, before = (
        PdfFileReader(BytesIO(copy), strict=False),
        PdfFileReader(BytesIO(original), strict=False),
    )
    if len(reader.embedded_regular_signatures) <= len(before.embedded_regular_signatures):
        raise _refused("unsigned", _("There is no new signature in this PDF: sign it first."))
    with quiet_validation():
        found = SIGNATURES_ONLY.review_file(reader, before.xrefs.total_revisions - 1)
    if not isinstance(found, DiffResult) or found.modification_level > ModificationLevel.FORM_FILLING:
        raise _refused(
            "other_document",
            _("More than a signature was added to this PDF: it is not the report that was issued."),
        )
    last = reader.embedded_regular_signatures[-1]
    if not _covers(last, copy, original):
        raise _other()
    _start, length, begin, rest = (int(each) for each in last.byte_range)
    covered = copy[:length] + copy[begin : begin + rest]
    signature = cms.ContentInfo.load(last.pkcs7_content).dump()
    return bytes(signature), covered


def _covers(signature: EmbeddedPdfSignature, copy: bytes, original: bytes) -> bool:
    """Whether a signature is over the whole original and all of its own revision; only its own value is left out."""
    if len(signature.byte_range) != 4:
        return False
    start, length, begin, rest = (int(each) for each in signature.byte_range)
    value = copy[length:begin]
    return (
        (start, value[:1], value[-1:]) == (0, b"<", b">")
        and len(original) <= length < begin
        and rest >= 0
        and begin + rest <= len(copy)
        and bytes.fromhex(value[1:-1].decode("ascii")) == signature.pkcs7_content
        and signature.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION
    )


def _container(copy: bytes, original: bytes) -> tuple[bytes, bytes]:
    """(signature, covered bytes) of an ASiC container with the original in it (ETSI EN 319 162-1): over the file itself
    (ASiC-S), or over a manifest that names the file with its hash (ASiC-E). Refused: other_document, other_files.
    """
    with zipfile.ZipFile(BytesIO(copy)) as archive:
        rows = archive.infolist()
        if len(rows) > MOST_FILES or sum(row.file_size for row in rows) > 2 * MAX_FILE_BYTES:
            raise _too_large()
        held = {row.filename: archive.read(row) for row in rows if not row.is_dir()}
    others = [name for name in held if name != "mimetype" and not name.startswith("META-INF/")]
    if original not in held.values():
        raise _other()
    if len(others) != 1 or len(held) != sum(not row.is_dir() for row in rows):
        raise _more_files()
    (name,) = others
    if held[name] != original:
        raise _other()
    inside = {each: held[each] for each in held if each.startswith("META-INF/")}
    signatures = {each: inside[each] for each in inside if each.endswith(".p7s")}
    manifests = [
        inside[each] for each in inside if each.startswith("META-INF/ASiCManifest") and each.endswith(".xml")
    ]
    for manifest in manifests:
        root = fromstring(manifest, forbid_dtd=True)
        pointer = root.find("{*}SigReference")
        signature = signatures.get(unquote(pointer.get("URI", "")) if pointer is not None else "")
        if signature is None:
            continue
        named = list(_named_in(root))
        if len(named) != 1:
            raise _more_files()
        ((path, method, digest),) = named
        if method and path == name and digest == hashlib.new(method, original).hexdigest():
            return signature, manifest
    if manifests or len(signatures) != 1:
        raise _other()
    return next(iter(signatures.values())), original


def _named_in(root: Any) -> Iterator[tuple[str, str, str]]:
    """(path, hash function, hash in hex) of each file that a manifest names; "" for a function that is not known."""
    for each in root.findall("{*}DataObjectReference"):
        method = each.find("{*}DigestMethod")
        name = HASHES.get(method.get("Algorithm", "") if method is not None else "")
        value = each.findtext("{*}DigestValue") or ""
        digest = base64.b64decode("".join(value.split())).hex()
        yield unquote(each.get("URI", "")), name or "", digest


def _more_files() -> Refused:
    return _refused(
        "other_files",
        _("Besides this report's PDF the container holds or names other files. Sign the PDF alone."),
    )


def _too_large() -> Refused:
    return _refused("too_large", _("The file is larger than %(most)d MB.") % {"most": MAX_FILE_MEGABYTES})


def _other() -> Refused:
    return _refused(
        "other_document",
        _("This is not the PDF that was issued. Download it from this page and sign it unchanged."),
    )


def _refused(code: str, message: str) -> Refused:
    return Refused(code, message, fields={"copy": message}, status=422)
