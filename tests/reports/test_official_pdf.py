"""The PDF of an official report: its letterhead, PDF/A, the seal."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import typst
from cryptography import x509
from django.utils import translation
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from tests import given
from tests.journal.test_stamps import authority as stamping
from tests.journal.test_stamps import running
from tests.reports import pdfa
from tests.reports.issuing import DAY, SAID, asn1, content, finished, made, seal_of, words_of, written
from tests.results.counted import refused

from viche.demo.pictures import emblem
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.reports.official import actions
from viche.reports.official.models import Letterhead
from viche.reports.official.sealing import SealError, sealed
from viche.reports.official.setting import Head, pdf_of_document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tried_kinds")]

__all__ = ["running", "stamping"]

EMBLEM = emblem("city", size=256)


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

    def test_an_authority_of_stamps_says_when(self, sealed_by, stamping):
        pdf = content(made(finished()))
        (found,) = PdfFileReader(BytesIO(pdf), strict=False).embedded_regular_signatures
        trust = ValidationContext(trust_roots=[asn1(sealed_by.root)], moment=DAY, revocation_mode="soft-fail")
        root = x509.load_pem_x509_certificate((stamping.folder / "ca.pem").read_bytes())
        stamps = ValidationContext(trust_roots=[asn1(root)])
        status = validate_pdf_signature(
            found, signer_validation_context=trust, ts_validation_context=stamps, skip_diff=True
        )
        assert status.intact
        assert status.timestamp_validity.intact
        assert status.timestamp_validity.trusted

    @pytest.mark.parametrize(
        "spoil", [lambda answer: answer[:-40] + bytes(40), lambda _answer: b"", lambda _answer: b"<html>"]
    )
    def test_a_stamp_that_does_not_hold_seals_nothing(self, sealed_by, stamping, spoil):
        stamping.spoils = spoil
        report = made(finished())
        assert (report.state, report.fault, report.number) == ("failed", "stamp_missing", None)

    def test_an_authority_that_refuses_seals_nothing(self, sealed_by, stamping):
        stamping.status = 503
        assert made(finished()).fault == "stamp_missing"

    def test_a_new_key_in_the_same_place_seals_from_then_on(self, sealed_by, settings):
        contest = finished()
        before = signer_of(content(made(contest)))
        Path(settings.REPORT_SEAL).write_bytes(seal_of(sealed_by, "petro"))
        SAID[0] = "Другий абзац"
        assert signer_of(content(made(contest))) != before


def signer_of(pdf: bytes) -> bytes:
    (found,) = PdfFileReader(BytesIO(pdf), strict=False).embedded_regular_signatures
    return found.signer_cert.dump()
