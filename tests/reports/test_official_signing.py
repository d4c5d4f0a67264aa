"""Copies of an issued PDF that officials signed: what is kept, and what is refused."""

import base64
import hashlib
import re
import zipfile
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from tests.reports.issuing import (
    CAST,
    DAY,
    content,
    finished,
    made,
    signed_inside,
    taken_from,
)
from tests.results.counted import refused

from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.providers.kep.simulator import Authority
from viche.identity.registry import providers
from viche.reports.official import actions, queries
from viche.reports.official.models import Report, ReportFile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tried_kinds")]


def forged(pdf: bytes, theirs: bytes) -> bytes:
    """The PDF with the signature of another document moved into it, and what that one covers put after it."""
    signature = PdfFileReader(BytesIO(theirs), strict=False).embedded_regular_signatures[-1]
    _start, length, begin, rest = map(int, signature.byte_range)
    covered, value = theirs[:length] + theirs[begin : begin + rest], theirs[length:begin]
    place = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    base = pdf + b"\n" + covered + b"\nstartxref\n" + place + b"\n%%EOF\n"
    # signatures are some octets longer or shorter each time: there is room for theirs in any case
    copy = bytearray(signed_inside(Authority(now=DAY), base, room=2 * len(value)))
    own = PdfFileReader(BytesIO(bytes(copy)), strict=False).embedded_regular_signatures[-1]
    _start, length, begin, rest = map(int, own.byte_range)
    copy[length:begin] = value[:-1] + b"0" * (begin - length - len(value)) + b">"
    found = re.search(rb"/ByteRange\s*\[[^\]]*\]", bytes(copy[len(base) :]))
    ranges = b"/ByteRange [0 0 %d %d" % (len(pdf) + 1, len(covered))
    copy[len(base) + found.start() : len(base) + found.end()] = ranges.ljust(len(found[0]) - 1) + b"]"
    return bytes(copy)


def not_taken(report: Report, copy: bytes) -> str:
    with clock.at(DAY):
        return refused(actions.sign_report, report=report, copy=copy, by=SYSTEM)


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
