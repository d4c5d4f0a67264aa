"""Official reports for the tests: two kinds to try, what is issued of them, and who seals and signs it."""

from io import BytesIO

import pypdfium2
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.utils import translation
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore
from tests import given
from tests.reports.official import fresh
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened

from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.providers.kep.simulator import Authority
from viche.identity.providers.simulation import load_cast
from viche.identity.registry import providers
from viche.reports.document import Document, Facts, Heading, Paragraph, Shown, Signatures
from viche.reports.official import actions, queries
from viche.reports.official.kind import FORMS, Kind
from viche.reports.official.kinds import KINDS
from viche.reports.official.models import Report
from viche.reports.queries import figures_of

DAY = given.day(72)
CAST = {person.key: person for person in load_cast()}
SAID = ["Перший абзац"]


def written(contest: Contest) -> Document:
    """A document with a part of each kind."""
    return Document(
        "Протокол" if translation.get_language() == "uk" else "Protocol", contest.name,
        (
            Heading("Перша частина"), Paragraph(SAID[0]), Facts((("Рішення ради", "№ 12 від 01.02.2026"),)),
            *(Shown(each) for each in figures_of(contest)),
            Signatures((("Голова комісії", ""), ("Секретар комісії", "Сергій Секретар"))),
        ),
    )  # fmt: skip


TRIED = Kind("tried", "Пробний звіт", "Для тестів", lambda contest: "", written, forms=FORMS, is_signed=True)
INTERNAL = Kind("internal", "Внутрішній", "", lambda contest: "", written, forms=("pdf",), is_public=False)


@pytest.fixture
def tried_kinds(settings, tmp_path, monkeypatch) -> None:
    """TRIED and INTERNAL stand among the kinds, nothing is sealed, and files lie in a folder of the test."""
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REPORT_SEAL = ""
    monkeypatch.setitem(KINDS, "tried", TRIED)
    monkeypatch.setitem(KINDS, "internal", INTERNAL)
    SAID[0] = "Перший абзац"


def finished() -> Contest:
    """A contest whose result is published and counted into figures."""
    contest = opened()
    published(contest)
    with clock.at(DAY):
        refreshed()
    return fresh(contest)


def asked(contest: Contest, kind: str = "tried", language: str = "uk") -> Report:
    with clock.at(DAY):
        (report,) = actions.ask_report(contest=contest, kind=kind, languages=[language], by=SYSTEM)
    return report


def made(contest: Contest, kind: str = "tried", language: str = "uk") -> Report:
    with clock.at(DAY):
        return actions.make_report(report=asked(contest, kind, language))


def content(report: Report, form: str = "pdf") -> bytes:
    found = queries.content_of(report.files.get(form=form))
    assert found is not None
    return found


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.fixture
def authority(settings, tmp_path):
    """An authority that this installation trusts, in the days of the contest."""
    found = Authority(now=DAY)
    root = tmp_path / "root.pem"
    root.write_bytes(found.root.public_bytes(serialization.Encoding.PEM))
    settings.IDENTITY_ENVIRONMENT = {"KEP_TRUSTED": str(root), "KEP_REVOCATION": "prefer"}
    providers.cache_clear()
    yield found
    providers.cache_clear()


def seal_of(authority: Authority, name: str) -> bytes:
    """A PKCS#12 file with a key of somebody's and its certificate."""
    key, certificate = authority.person(CAST[name], fault="seal")
    lock = serialization.BestAvailableEncryption(b"secret of the seal")
    return pkcs12.serialize_key_and_certificates(b"seal", key, certificate, [authority.certificate], lock)


@pytest.fixture
def sealed_by(settings, tmp_path):
    """The platform's seal: a key and its certificate in a PKCS#12 file."""
    authority = Authority(now=DAY)
    path = tmp_path / "seal.p12"
    path.write_bytes(seal_of(authority, "olena"))
    settings.REPORT_SEAL, settings.REPORT_SEAL_PASSWORD, settings.TSA_URL = (
        str(path),
        "secret of the seal",
        "",
    )
    return authority


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def signed_inside(
    authority: Authority, pdf: bytes, *, fault: str = "", change=None, room: int | None = None
) -> bytes:
    """The PDF signed by Olena, as a program of hers would. room: octets kept for the signature, in hex."""
    key, certificate = authority.person(CAST["olena"], fault=fault)
    store = SimpleCertificateStore()
    store.register(asn1(authority.certificate))
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=asn1(certificate), signing_key=asn1_keys.PrivateKeyInfo.load(plain), cert_registry=store
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    if change is not None:
        change(writer)
    about = PdfSignatureMetadata(
        field_name=f"Olena{len(pdf)}", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    out = BytesIO()
    PdfSigner(about, signer=signer).sign_pdf(writer, output=out, bytes_reserved=room)
    return out.getvalue()


def taken_from(report: Report, copy: bytes):
    with clock.at(DAY):
        return actions.sign_report(report=report, copy=copy, by=SYSTEM)
