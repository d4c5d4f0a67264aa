"""Official reports: asked for once, made once, numbered without gaps, never changed, sealed, signed, checked."""

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.db import DatabaseError, transaction
from django.utils import translation
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from python_calamine import CalamineWorkbook
from tests import given
from tests.crowd import at_once
from tests.reports import pdfa
from tests.reports.test_figures import published, refreshed
from tests.results.counted import opened, refused
from tests.surfaces.ground import prefix

from viche.contests.models import Contest
from viche.demo.pictures import emblem
from viche.foundation import clock, private_files
from viche.foundation.actor import SYSTEM
from viche.identity.providers.kep.simulator import Authority
from viche.identity.providers.simulation import load_cast
from viche.identity.registry import providers
from viche.journal.queries import history_of
from viche.reports.document import Document, Facts, Heading, Paragraph, Shown, Signatures
from viche.reports.official import actions, queries
from viche.reports.official.filing import digest_of
from viche.reports.official.kind import FORMS, Kind
from viche.reports.official.kinds import KINDS
from viche.reports.official.models import SHELF, Letterhead, Report, ReportFile
from viche.reports.official.sealing import SealError, sealed
from viche.reports.official.setting import Head, pdf_of_document
from viche.reports.queries import figures_of

pytestmark = pytest.mark.django_db

DAY = given.day(72)
CAST = {person.key: person for person in load_cast()}
EMBLEM = emblem("city", size=256)
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


@pytest.fixture(autouse=True)
def _ground(settings, tmp_path, monkeypatch) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REPORT_SEAL = ""
    monkeypatch.setitem(KINDS, "tried", TRIED)
    monkeypatch.setitem(KINDS, "internal", INTERNAL)
    SAID[0] = "Перший абзац"


def finished() -> Contest:
    contest = opened()
    published(contest)
    with clock.at(DAY):
        refreshed()
    return Contest.objects.select_related("community__territory").get(pk=contest.pk)


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


class TestMaking:
    def test_a_report_holds_the_same_numbers_in_every_form(self):
        contest = finished()
        report = made(contest)
        assert (report.state, report.our_number, report.done) == ("made", "1/2026", report.steps)
        with translation.override("uk"):
            figures = figures_of(contest)
        flat = "".join(words_of(content(report)).split())
        book = CalamineWorkbook.from_filelike(BytesIO(content(report, "xlsx")))
        data = json.loads(content(report, "json"))
        told = {each["key"]: each for each in data["parts"] if each["type"] == "figure"}
        with zipfile.ZipFile(BytesIO(content(report, "csv"))) as archive:
            tables = {
                name: list(csv.reader(io.StringIO(archive.read(name).decode())))
                for name in archive.namelist()
            }
        for number, figure in enumerate(figures, start=1):
            assert figure.digest in flat
            assert told[figure.key]["rows"] == figure.document()["rows"]
            assert len(book.get_sheet_by_index(number).to_python()) == len(figure.rows) + 1
            rows = tables[f"{number:02d}-{figure.key}.csv"]
            assert [row[0] for row in rows[1:]] == [row.key for row in figure.rows]
        assert "СергійСекретар" in flat
        assert "№1/2026" in flat or "No.1/2026" in flat
        for file in report.files.all():
            assert hashlib.sha256(content(report, file.form)).hexdigest() == file.digest

    def test_the_journal_says_the_hash_of_every_file(self):
        report = made(finished())
        (entry,) = history_of(f"report:{report.pk}")
        assert entry.data["digests"] == {each.form: each.digest for each in report.files.all()}
        assert entry.data["ours"] == "1/2026"

    def test_both_languages_are_two_reports_in_their_own_words(self):
        contest = finished()
        with clock.at(DAY):
            both = actions.ask_report(contest=contest, kind="tried", languages=["en", "uk"], by=SYSTEM)
            ukrainian, english = (actions.make_report(report=each) for each in both)
        assert [each.our_number for each in (ukrainian, english)] == ["1/2026", "2/2026"]
        assert (ukrainian.title, english.title) == ("Протокол", "Protocol")

    def test_the_same_facts_lead_to_the_report_that_is_there(self):
        contest = finished()
        first, again = made(contest), made(contest)
        assert (again.state, again.same_as) == ("same", first)
        assert not again.number
        SAID[0] = "Другий абзац"
        assert made(contest).our_number == "2/2026"

    def test_what_was_published_a_moment_ago_is_in_the_report(self):
        contest = opened()
        with clock.at(DAY):
            refreshed()
        published(contest)
        report = made(Contest.objects.select_related("community__territory").get(pk=contest.pk))
        told = json.loads(content(report, "json"))["parts"]
        assert "winners" in {each.get("key") for each in told}

    def test_a_withdrawn_report_can_be_made_anew(self):
        contest = finished()
        first = made(contest)
        with clock.at(DAY):
            actions.withdraw_report(report=first, reason="Помилка в даті", by=SYSTEM)
        assert made(contest).our_number == "2/2026"

    def test_numbers_begin_anew_with_a_year(self):
        contest = finished()
        made(contest)
        SAID[0] = "Другий абзац"
        with clock.at(given.day(72 + 365)):
            assert actions.make_report(report=asked(contest)).our_number == "1/2027"

    def test_what_cannot_be_built_is_kept_as_a_failure_and_tried_again_without_a_gap(self, monkeypatch):
        contest = finished()

        def broken(contest: Contest) -> Document:
            raise ZeroDivisionError

        monkeypatch.setitem(KINDS, "tried", Kind("tried", "Пробний", "", lambda contest: "", broken))
        failed = made(contest)
        assert (failed.state, failed.fault, failed.number) == ("failed", "error", None)
        monkeypatch.setitem(KINDS, "tried", TRIED)
        with clock.at(DAY):
            again = actions.retry_report(report=failed, by=SYSTEM)
            assert actions.make_report(report=again).our_number == "1/2026"

    def test_a_worker_killed_half_way_leaves_nothing_behind(self, monkeypatch):
        contest = finished()
        report = asked(contest)

        class Killed(BaseException):
            pass

        def killed(*args, **kwargs) -> None:
            raise Killed

        monkeypatch.setattr(actions.journal, "append", killed)
        with clock.at(DAY), pytest.raises(Killed):
            actions.make_report(report=report)
        monkeypatch.undo()
        monkeypatch.setitem(KINDS, "tried", TRIED)
        assert not list(private_files.kept_files(shelf=SHELF))
        with clock.at(DAY):
            assert actions.make_report(report=report).our_number == "1/2026"
            # the job of the killed worker comes back
            assert actions.make_report(report=report).our_number == "1/2026"
        assert ReportFile.objects.count() == len(FORMS)

    def test_who_may_have_one_made(self):
        contest = finished()
        for role in ("auditor", "editor", "operator"):
            by = given.official("Аліна", role, contest.community)
            assert refused(
                actions.ask_report, contest=contest, kind="tried", languages=["uk"], by=by
            ) == "not_maker"  # fmt: skip
        by = given.official("Ірина", "commission", contest.community)
        with clock.at(DAY):
            (report,) = actions.ask_report(contest=contest, kind="tried", languages=["uk"], by=by)
        assert report.office == "commission"
        assert (
            refused(actions.ask_report, contest=contest, kind="none", languages=["uk"], by=by)
            == "unknown_kind"
        )
        assert (
            refused(actions.ask_report, contest=contest, kind="tried", languages=[], by=by) == "no_language"
        )

    def test_what_is_not_ready_is_refused_in_words(self, monkeypatch):
        contest = finished()
        waiting = Kind("tried", "", "", lambda contest: "Ще не пораховано.", written)
        monkeypatch.setitem(KINDS, "tried", waiting)
        assert (
            refused(actions.ask_report, contest=contest, kind="tried", languages=["uk"], by=SYSTEM)
            == "not_ready"
        )


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_two_presses_are_one_report(self):
        contest = finished()
        with clock.at(DAY):
            found = at_once(
                4,
                lambda place: actions.ask_report(contest=contest, kind="tried", languages=["uk"], by=SYSTEM),
            )
        assert len({report.pk for (report,) in found}) == 1
        assert Report.objects.count() == 1

    def test_two_workers_make_one_report(self):
        report = asked(finished())
        with clock.at(DAY):
            found = at_once(2, lambda place: actions.make_report(report=report))
        assert {each.our_number for each in found} == {"1/2026"}
        assert ReportFile.objects.count() == len(FORMS)
        assert len(list(private_files.kept_files(shelf=SHELF))) == len(FORMS)

    def test_numbers_have_no_gaps_under_many_workers(self):
        contest = finished()
        waiting = [
            asked(contest, kind, language) for kind in ("tried", "internal") for language in ("uk", "en")
        ]
        with clock.at(DAY):
            at_once(4, lambda place: actions.make_report(report=waiting[place]))
        assert sorted(Report.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


class TestKept:
    def test_an_issued_report_is_neither_changed_nor_deleted(self):
        report = made(finished())
        attempts = [
            lambda: Report.objects.filter(pk=report.pk).update(digest="0" * 64),
            lambda: Report.objects.filter(pk=report.pk).update(number=7),
            lambda: Report.objects.filter(pk=report.pk).update(state="waiting"),
            lambda: ReportFile.objects.filter(report=report).update(digest="0" * 64),
            lambda: ReportFile.objects.filter(report=report)._raw_delete("default"),
            lambda: Report.objects.filter(pk=report.pk)._raw_delete("default"),
        ]
        for attempt in attempts:
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()
        with clock.at(DAY):
            actions.hide_report(report=report, by=SYSTEM)
        assert not Report.objects.get().is_public

    def test_a_withdrawn_report_stays_withdrawn(self):
        report = made(finished())
        with clock.at(DAY):
            assert refused(actions.withdraw_report, report=report, reason=" ", by=SYSTEM) == "no_reason"
            actions.withdraw_report(report=report, reason="Помилка", by=SYSTEM)
            assert refused(actions.withdraw_report, report=report, reason="Ще раз", by=SYSTEM) == "not_issued"
            assert refused(actions.hide_report, report=report, by=SYSTEM) == "not_issued"
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(withdrawn_at=None)

    def test_an_internal_report_is_never_shown(self):
        report = made(finished(), "internal")
        assert not report.is_public
        assert refused(actions.publish_report, report=report, by=SYSTEM) == "internal"

    def test_the_facts_have_one_hash_whatever_the_moment_of_counting(self):
        contest = finished()
        with translation.override("uk"):
            before = digest_of(written(contest), Head(("Полтава",)))
            with clock.at(given.day(73)):
                refreshed()
            assert digest_of(written(contest), Head(("Полтава",))) == before
            assert digest_of(written(contest), Head(("Львів",))) != before


class TestLetterhead:
    def test_what_a_body_says_stands_on_its_reports(self):
        contest = finished()
        texts = {
            "uk": {
                "lines": ["Полтавська міська рада", "Управління бюджету участі"], "place": "м. Полтава",
                "signatories": [["Голова комісії", "Ірина Головіна"]], "closing": ["Складено у двох примірниках."],
            }
        }  # fmt: skip
        with clock.at(DAY):
            actions.set_letterhead(
                community=contest.community, has_emblem=True, texts=texts, revision=0, by=SYSTEM
            )
        said = " ".join(words_of(content(made(contest))).split())
        for words in ("Полтавська міська рада", "Управління бюджету участі", "м. Полтава", "Складено у двох"):
            assert words in said
        # the chair's name was known to the letterhead only
        assert "Ірина Головіна" in said
        english = " ".join(words_of(content(made(contest, language="en"))).split())
        assert "Полтавська міська рада" not in english

    def test_a_colleagues_change_is_not_written_over(self):
        body = given.community()
        with clock.at(DAY):
            actions.set_letterhead(community=body, has_emblem=False, texts={}, revision=0, by=SYSTEM)
            assert refused(
                actions.set_letterhead, community=body, has_emblem=True, texts={}, revision=0, by=SYSTEM
            ) == "changed_meanwhile"  # fmt: skip
        assert not Letterhead.objects.get().has_emblem


class TestArchived:
    """PDF/A-2b, proved twice: by its own facts, and by a validator on the same source set as PDF/A-1b."""

    @pytest.mark.parametrize("language", ["uk", "en"])
    def test_the_same_source_is_valid_pdf_a(self, language: str, tmp_path):
        contest = finished()
        with translation.override(language):
            found = pdf_of_document(
                written(contest), head=Head(("Полтава", "Рада"), emblem=EMBLEM, alt="Герб", place="м. Полтава"),
                number="3/2026", day=DAY.date(), digest="0" * 64, address="https://viche.example/check/",
                standard="a-1b", is_outlined=False,
            )  # fmt: skip
        assert pdfa.complaints(found, tmp_path) == []

    @pytest.mark.parametrize("language", ["uk", "en"])
    def test_an_issued_report_carries_what_archives_ask_for(self, language: str, sealed_by):
        report = made(finished(), language=language)
        assert pdfa.missing(content(report), title=report.title, language=language) == []

    def test_a_file_that_is_no_archive_is_noticed(self):
        bare = typst.compile(b'#set document(title: "A")\nA', format="pdf")
        assert pdfa.missing(bare, title="A", language="uk") == [
            "it says PDF/A-NoneNone", "language en", "no output intent with a profile",
        ]  # fmt: skip


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


@pytest.fixture
def sealed_by(settings, tmp_path):
    """The platform's seal: a key and its certificate in a PKCS#12 file."""
    authority = Authority(now=DAY)
    key, certificate = authority.person(CAST["olena"], fault="seal")
    path = tmp_path / "seal.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal",
            key,
            certificate,
            [authority.certificate],
            serialization.BestAvailableEncryption(b"secret of the seal"),
        )
    )
    settings.REPORT_SEAL, settings.REPORT_SEAL_PASSWORD, settings.TSA_URL = (
        str(path),
        "secret of the seal",
        "",
    )
    return authority


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def signed_inside(authority: Authority, pdf: bytes, *, fault: str = "", change=None) -> bytes:
    """The PDF signed by Olena, as a program of hers would."""
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
    PdfSigner(about, signer=signer).sign_pdf(writer, output=out)
    return out.getvalue()


def forged(pdf: bytes, theirs: bytes) -> bytes:
    """The PDF with the signature of another document moved into it, and what that one covers put after it."""
    signature = PdfFileReader(BytesIO(theirs), strict=False).embedded_regular_signatures[-1]
    _start, length, begin, rest = map(int, signature.byte_range)
    covered, value = theirs[:length] + theirs[begin : begin + rest], theirs[length:begin]
    place = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    base = pdf + b"\n" + covered + b"\nstartxref\n" + place + b"\n%%EOF\n"
    copy = bytearray(signed_inside(Authority(now=DAY), base))
    own = PdfFileReader(BytesIO(bytes(copy)), strict=False).embedded_regular_signatures[-1]
    _start, length, begin, rest = map(int, own.byte_range)
    copy[length:begin] = value[:-1] + b"0" * (begin - length - len(value)) + b">"
    found = re.search(rb"/ByteRange\s*\[[^\]]*\]", bytes(copy[len(base) :]))
    ranges = b"/ByteRange [0 0 %d %d" % (len(pdf) + 1, len(covered))
    copy[len(base) + found.start() : len(base) + found.end()] = ranges.ljust(len(found[0]) - 1) + b"]"
    return bytes(copy)


def taken_from(report: Report, copy: bytes):
    with clock.at(DAY):
        return actions.sign_report(report=report, copy=copy, by=SYSTEM)


def not_taken(report: Report, copy: bytes) -> str:
    with clock.at(DAY):
        return refused(actions.sign_report, report=report, copy=copy, by=SYSTEM)


class TestSeal:
    def test_an_issued_pdf_is_sealed(self, sealed_by):
        pdf = content(made(finished()))
        (found,) = PdfFileReader(BytesIO(pdf), strict=False).embedded_regular_signatures
        assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        trust = ValidationContext(trust_roots=[asn1(sealed_by.root)], moment=DAY, revocation_mode="soft-fail")
        status = validate_pdf_signature(found, signer_validation_context=trust)
        assert status.intact
        assert status.valid
        assert status.trusted
        assert "ENTIRE_FILE" in str(status.coverage)

    def test_without_the_time_stamp_nothing_is_issued(self, sealed_by, settings):
        settings.TSA_URL, settings.TSA_TIMEOUT = "http://127.0.0.1:9/", 1
        report = made(finished())
        assert (report.state, report.fault, report.number) == ("failed", "stamp_missing", None)

    def test_a_key_whose_certificate_has_ended_seals_nothing(self, sealed_by):
        with clock.at(DAY + timedelta(days=365 * 30)), pytest.raises(SealError) as answer:
            sealed(b"", reason="")
        assert answer.value.code == "seal_key"


class TestSigning:
    def test_a_copy_signed_inside_the_pdf_is_kept_with_its_signer(self, authority, sealed_by):
        report = made(finished())
        copy = signed_inside(authority, content(report))
        file = taken_from(report, copy)
        assert file.signer.startswith(CAST["olena"].family_name)
        assert queries.content_of(file) == copy
        assert taken_from(report, copy) == file
        # a colleague signs the signed copy
        second = taken_from(report, signed_inside(authority, copy))
        assert report.files.filter(form="signed").count() == 2
        assert second.digest != file.digest

    def test_a_signature_beside_the_pdf_is_kept_too(self, authority):
        report = made(finished())
        file = taken_from(report, authority.sign(CAST["olena"], content(report)))
        assert (file.suffix, file.form) == ("p7s", "signed")

    def test_a_container_with_the_pdf_and_its_signature(self, authority):
        report = made(finished())
        pdf = content(report)
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("mimetype", "application/vnd.etsi.asic-s+zip")
            archive.writestr("report.pdf", pdf)
            archive.writestr("META-INF/signature.p7s", authority.sign(CAST["olena"], pdf))
        assert taken_from(report, packed.getvalue()).signer.startswith(CAST["olena"].family_name)

    def test_a_container_whose_manifest_names_the_pdf(self, authority):
        report = made(finished())
        pdf = content(report)

        def container(named: bytes) -> bytes:
            value = base64.b64encode(hashlib.sha256(named).digest()).decode()
            manifest = (
                '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
                'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><asic:SigReference URI="META-INF/signature001.p7s"/>'
                '<asic:DataObjectReference URI="report.pdf"><ds:DigestMethod '
                'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
                f"<ds:DigestValue>{value}</ds:DigestValue></asic:DataObjectReference></asic:ASiCManifest>"
            ).encode()
            packed = BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr("report.pdf", pdf)
                archive.writestr("META-INF/ASiCManifest001.xml", manifest)
                archive.writestr("META-INF/signature001.p7s", authority.sign(CAST["olena"], manifest))
            return packed.getvalue()

        assert not_taken(report, container(b"another file")) == "other_document"
        assert taken_from(report, container(pdf)).suffix == "asice"

    def test_what_is_not_this_document_or_not_a_good_signature_is_refused(self, authority):
        contest = finished()
        report, other = made(contest), made(contest, language="en")
        pdf = content(report)
        assert not_taken(report, pdf) == "unsigned"
        assert not_taken(report, pdf + b"\n% more\n") in {"unsigned", "signature_unreadable"}
        assert not_taken(report, signed_inside(authority, content(other))) == "other_document"
        assert not_taken(report, authority.sign(CAST["olena"], content(other))) == "signature_of_other_text"
        assert not_taken(report, b"hello") == "signature_unreadable"
        assert not_taken(report, b"PK\x03\x04hello") == "signature_unreadable"
        assert not_taken(report, signed_inside(authority, pdf, fault="not_qualified")) == "not_qualified"
        assert not_taken(report, signed_inside(authority, pdf, fault="untrusted")) == "certificate_untrusted"
        spoilt = bytearray(signed_inside(authority, pdf))
        spoilt[-200] ^= 1
        assert not_taken(report, bytes(spoilt)) != ""
        assert not ReportFile.objects.filter(form="signed").exists()

    def test_a_pdf_changed_before_it_was_signed_is_refused(self, authority):
        report = made(finished())

        def change(writer) -> None:
            page = writer.root["/Pages"]["/Kids"][0].get_object()
            while "/Kids" in page:
                page = page["/Kids"][0].get_object()
            stream = generic.StreamObject(stream_data=b"q 0 0 400 400 re f Q")
            page[generic.pdf_name("/Contents")] = writer.add_object(stream)
            writer.update_container(page)

        assert not_taken(report, signed_inside(authority, content(report), change=change)) == "other_document"

    def test_a_signature_taken_from_another_document_of_the_signer_is_refused(self, authority):
        contest = finished()
        report, other = made(contest), made(contest, language="en")
        theirs = signed_inside(authority, content(other))
        copy = forged(content(report), theirs)
        assert PdfFileReader(BytesIO(copy), strict=False).embedded_regular_signatures
        assert not_taken(report, copy) == "other_document"
        assert not ReportFile.objects.filter(form="signed").exists()

    def test_an_installation_that_trusts_nobody_says_so(self, authority, settings):
        report = made(finished())
        copy = signed_inside(authority, content(report))
        settings.IDENTITY_ENVIRONMENT = {}
        providers.cache_clear()
        assert not_taken(report, copy) == "no_checker"


class TestChecked:
    def test_a_file_is_known_by_its_bytes(self, authority):
        report = made(finished())
        body, pdf = report.community, content(report)
        assert queries.issued_file(body, pdf) == (report.files.get(form="pdf"), True)
        assert queries.issued_file(body, pdf + b"x")[0] == report.files.get(form="pdf")
        assert queries.issued_file(body, pdf + b"x")[1] is False
        assert queries.issued_file(body, b"%PDF-1.7 something else") == (None, False)
        assert queries.issued_file(given.community(given.LVIV), pdf)[0] is None
        signed = signed_inside(authority, pdf)
        assert queries.issued_file(body, signed) == (report.files.get(form="pdf"), False)
        taken_from(report, signed)
        assert queries.issued_file(body, signed) == (report.files.get(form="signed"), True)

    def test_of_reports_with_the_same_file_the_valid_one_answers(self):
        contest = finished()
        first = made(contest)
        with clock.at(DAY):
            actions.withdraw_report(report=first, reason="Помилка", by=SYSTEM)
        second = made(contest)
        same = second.files.get(form="json").digest
        assert first.files.get(form="json").digest == same
        assert queries.file_with_digest(contest.community, same).report == second
        assert queries.issued_file(contest.community, content(first, "json"))[0].report == second

    def test_who_signed_an_internal_report_is_not_told(self, authority, client):
        report = made(finished())
        signed = taken_from(report, authority.sign(CAST["olena"], content(report)))
        address = f"{prefix(report.community)}reports/check/"
        name = CAST["olena"].family_name
        assert name in client.post(address, {"digest": signed.digest}).content.decode()
        with clock.at(DAY):
            actions.hide_report(report=report, by=SYSTEM)
        assert name not in client.post(address, {"digest": signed.digest}).content.decode()
