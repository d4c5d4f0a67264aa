"""The platform's seal on issued PDFs: PAdES (ETSI EN 319 142-1), with a time stamp where an authority is set up.

B-B without, B-T with VICHE_TSA_URL. The key is a PKCS#12 file of the installation (REPORT_SEAL).
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

import httpx
from asn1crypto import tsp
from django.conf import settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper

from viche.foundation import clock
from viche.journal.stamping import ANSWER, MAX_ANSWER_BYTES, QUESTION, StampError, checked_answer

FIELD = "Seal"


class SealError(Exception):
    """The PDF could not be sealed. code: seal_key (the key cannot be read, or its certificate does not hold now),
    stamp_missing (the authority of time stamps gave none that holds).
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class _Authority(TimeStamper):
    """The authority of VICHE_TSA_URL."""

    def __init__(self, url: str, certificate: str, timeout: int) -> None:
        super().__init__()
        self._url, self._certificate, self._timeout = url, certificate, timeout

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            async with httpx.AsyncClient(timeout=self._timeout, follow_redirects=False) as client:
                answer = await client.post(
                    self._url, content=req.dump(), headers={"Content-Type": QUESTION, "Accept": ANSWER}
                )
            if answer.status_code != httpx.codes.OK or len(answer.content) > MAX_ANSWER_BYTES:
                raise SealError("stamp_missing")
            digest = req["message_imprint"]["hashed_message"].native
            checked_answer(answer.content, digest, certificate=self._certificate)
            return tsp.TimeStampResp.load(answer.content)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, StampError):
            raise SealError("stamp_missing") from None


def is_sealing() -> bool:
    """Whether this installation has a seal."""
    return bool(settings.REPORT_SEAL)


def sealed(content: bytes, *, reason: str, place: str = "") -> bytes:
    """The PDF with the platform's seal as one more revision; its own bytes stay as they are. Raises SealError."""
    stamper = None
    if settings.TSA_URL:
        stamper = _Authority(settings.TSA_URL, settings.TSA_CERTIFICATE, settings.TSA_TIMEOUT)
    signer = _signer(settings.REPORT_SEAL, settings.REPORT_SEAL_PASSWORD)
    about = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason,
        location=place or None, app_build_props=None,
    )  # fmt: skip
    out = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(content), strict=False)
    try:
        PdfSigner(about, signer=signer, timestamper=stamper).sign_pdf(writer, output=out)
    except SealError:
        raise
    except Exception as error:
        # what an authority answers makes the library raise much besides its own errors
        raise SealError("stamp_missing" if stamper is not None else "seal_key") from error
    return out.getvalue()


def signable(content: bytes) -> bytes:
    """The PDF with an empty list of signature fields as one more revision: what officials add to it later can then be
    told apart from every other change.
    """
    writer = IncrementalPdfFileWriter(BytesIO(content), strict=False)
    form = generic.DictionaryObject({generic.pdf_name("/Fields"): generic.ArrayObject()})
    writer.root[generic.pdf_name("/AcroForm")] = writer.add_object(form)
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _signer(path: str, password: str) -> SimpleSigner:
    """The seal as its file stands now. Raises SealError."""
    try:
        found = _loaded(path, password, Path(path).stat().st_mtime_ns)
    except OSError:
        raise SealError("seal_key") from None
    certificate = found.signing_cert
    if certificate is None or not certificate.not_valid_before <= clock.now() <= certificate.not_valid_after:
        raise SealError("seal_key")
    return found


@lru_cache(maxsize=2)
def _loaded(path: str, password: str, _changed_at: int) -> SimpleSigner:
    found = SimpleSigner.load_pkcs12(path, passphrase=password.encode() or None)
    if found is None:
        raise SealError("seal_key")
    return found
