"""A person shows a document, an operator decides: states, bounds, files, and two people at once."""

import io
import uuid
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from PIL import Image
from tests import given
from tests.crowd import at_once, refusals

from viche.communities.models import Territory
from viche.foundation import clock, private_files
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.actions import (
    Proof,
    delete_old_files,
    end_membership,
    grant_membership,
    grant_request,
    refuse_request,
    submit_request,
    withdraw_request,
)
from viche.identity.models import PROOFS, Citizenship, Membership, Person, ProofRequest, RequestFile
from viche.identity.queries import actor_of, live_memberships, waiting_by_basis, waiting_requests
from viche.journal.models import Entry

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(width: int = 300, height: int = 200, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, kind)
    return out.getvalue()


def proof(**facts) -> Proof:
    fitting = {
        "basis": "work", "evidence": "employment-certificate", "document_number": "17-А", "key": uuid.uuid4(),
        "territory": Territory.objects.get(pk=given.POLTAVA), "document_date": date(2026, 3, 1),
        "files": [("довідка.pdf", PDF)],
    }  # fmt: skip
    return Proof(**{**fitting, **facts})


def ask(someone: Person | None = None, **facts) -> ProofRequest:
    someone = someone or given.person("Ганна", method="dig_sign")
    city = given.community()
    with clock.at(given.day(3)):
        return submit_request(
            person=someone, community=city, proof=proof(**facts), by=actor_of(someone, city)
        )


def operator(name: str = "Оксана") -> Actor:
    return given.official(name, "operator", given.community())


def refused(act, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value


@pytest.mark.django_db
class TestSending:
    def test_it_waits_with_its_files(self):
        request = ask(files=[("фото.jpg", picture()), ("C:\\папка\\довідка.pdf", PDF)])
        assert request.state == "waiting"
        first, second = request.files.all()
        assert (first.content_type, second.content_type) == ("image/webp", "application/pdf")
        assert second.name == "довідка.pdf"
        assert private_files.content_of(second.id, shelf=PROOFS) == PDF
        assert Image.open(io.BytesIO(private_files.content_of(first.id, shelf=PROOFS))).format == "WEBP"
        assert list(waiting_requests(given.community())) == [request]
        assert waiting_by_basis(given.community()) == {"work": 1}

    def test_the_files_lie_outside_what_is_published_and_are_the_servers_own(self):
        request = ask()
        [path] = settings.PRIVATE_ROOT.glob("proofs/??/*")
        assert path.name == str(request.files.get().id)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert settings.PRIVATE_ROOT.stat().st_mode & 0o777 == 0o700
        assert settings.MEDIA_ROOT not in path.parents

    def test_the_place_where_a_photo_was_taken_is_gone(self):
        image, out = Image.new("RGB", (40, 30)), io.BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "секретне місце"
        image.save(out, "JPEG", exif=exif)
        request = ask(files=[("фото.jpg", out.getvalue())])
        assert "секретне".encode() not in private_files.content_of(request.files.get().id, shelf=PROOFS)

    @pytest.mark.parametrize(
        ("facts", "code", "field"),
        [
            ({"basis": "friendship"}, "unknown_basis", "basis"),
            ({"territory": None}, "outside", "territory"),
            ({"evidence": "identity-provider"}, "unknown_evidence", "evidence"),
            ({"evidence": "word of honour"}, "unknown_evidence", "evidence"),
            ({"document_number": "  "}, "no_document", "document_number"),
            ({"document_number": "1" * 81}, "bad_document", "document_number"),
            ({"document_date": date(2126, 1, 1)}, "bad_date", "document_date"),
            ({"note": "а" * 1001}, "bad_text", "note"),
            ({"basis": "citizenship", "citizenship": ""}, "unknown_citizenship", "citizenship"),
            ({"files": []}, "no_file", "files"),
            ({"files": [("a.pdf", PDF)] * 4}, "too_many_files", "files"),
            ({"files": [("a.pdf", b"%PDF-" + b" " * 10_000_000 + b"%%EOF")]}, "file_too_large", "files"),
            ({"files": [("довідка.pdf", b"MZ\x90\x00" + b"\x00" * 200)]}, "not_a_document", "files"),
            ({"files": [("a.jpg", b"\x7fELF" + b"\x01" * 200)]}, "not_a_document", "files"),
            ({"files": [("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")]}, "not_a_document", "files"),
            ({"files": [("a.png", b"<html><script>alert(1)</script></html>")]}, "not_a_document", "files"),
            ({"files": [("a.pdf", b"%PDF-1.4 cut short")]}, "not_a_document", "files"),
            ({"files": [("a.gif", picture(kind="GIF"))]}, "not_a_document", "files"),
        ],
    )  # fmt: skip
    def test_every_fault_is_said_at_its_field_and_nothing_is_kept(self, facts, code, field):
        answer = refused(ask, **facts)
        assert (answer.code, answer.status, list(answer.fields)) == (code, 422, [field])
        assert not ProofRequest.objects.exists()
        assert list(private_files.kept_files(shelf=PROOFS)) == []

    def test_sixty_megapixels_are_too_many(self):
        answer = refused(ask, files=[("велике.png", picture(10_000, 6_000, "PNG"))])
        assert (answer.code, list(answer.fields)) == ("picture_too_large", ["files"])

    def test_not_outside_the_community(self):
        assert refused(ask, territory=Territory.objects.get(pk=given.LVIV)).code == "outside"

    def test_nobody_asks_for_somebody_else(self):
        city, someone = given.community(), given.person("Ганна", method="dig_sign")
        by = actor_of(given.person("Петро"), city)
        assert (
            refused(submit_request, person=someone, community=city, proof=proof(), by=by).code == "not_yours"
        )

    def test_citizenship_needs_no_place(self):
        request = ask(basis="citizenship", citizenship="citizen", evidence="passport", territory=None)
        assert (request.citizenship, request.territory) == ("citizen", None)

    def test_one_form_sent_twice_is_one_request(self):
        key = uuid.uuid4()
        assert ask(key=key) == ask(key=key)
        assert ProofRequest.objects.count() == RequestFile.objects.count() == 1

    def test_a_form_of_somebody_else_is_not_answered_with_theirs(self):
        key = uuid.uuid4()
        first = ask(key=key)
        second = ask(given.person("Петро"), key=key)
        assert second != first
        assert second.person == given.person("Петро")

    def test_a_second_one_of_the_same_basis_has_to_wait(self):
        ask()
        assert refused(ask).code == "already_waiting"
        ask(basis="study", evidence="study-certificate")

    def test_the_database_guards_it_too(self):
        request = ask()
        with pytest.raises(IntegrityError), transaction.atomic():
            ProofRequest.objects.create(
                key=uuid.uuid4(), person=request.person, community=request.community, basis="work",
                evidence="passport", document_number="1", sent_at=clock.now(),
            )  # fmt: skip

    def test_ten_a_day_are_enough(self):
        for _number in range(10):
            withdraw_request(request=ask(), by=actor_of(given.person("Ганна", method="dig_sign")))
        answer = refused(ask)
        assert (answer.code, answer.status) == ("too_many_requests", 429)
        someone = given.person("Ганна", method="dig_sign")
        with clock.at(given.day(4) + timedelta(seconds=1)):
            submit_request(person=someone, community=given.community(), proof=proof(), by=actor_of(someone))


def test_a_double_click_on_send_makes_one_request(committed_db):
    someone, city = given.person("Ганна", method="dig_sign"), given.community()
    sent = proof()
    by = actor_of(someone, city)
    found = at_once(8, lambda _place: submit_request(person=someone, community=city, proof=sent, by=by))
    assert refusals(found) == []
    assert (
        len({each.pk for each in found}) == ProofRequest.objects.count() == RequestFile.objects.count() == 1
    )
    assert len(list(private_files.kept_files(shelf=PROOFS))) == 1


def test_two_windows_send_one_request_of_a_basis(committed_db):
    someone, city = given.person("Ганна", method="dig_sign"), given.community()
    forms, by = [proof() for _place in range(6)], actor_of(someone, city)
    found = at_once(
        6, lambda place: submit_request(person=someone, community=city, proof=forms[place], by=by)
    )
    assert refusals(found) == ["already_waiting"] * 5
    assert len(list(private_files.kept_files(shelf=PROOFS))) == 1


def test_two_operators_decide_once(committed_db):
    request = ask()
    operators = [operator("Оксана"), operator("Галина")]

    def decide(place: int) -> ProofRequest:
        if place % 2:
            return refuse_request(request=request, reason="Не видно печатки", by=operators[1])
        return grant_request(request=request, by=operators[0])

    found = at_once(8, decide)
    assert refusals(found) == ["already_decided"] * 7
    request.refresh_from_db()
    assert Membership.objects.filter(basis="work").count() == (request.state == "granted")
    kinds = list(Entry.objects.filter(kind__startswith="Request").values_list("kind", flat=True))
    assert kinds == ["RequestGranted" if request.state == "granted" else "RequestRefused"]


@pytest.mark.django_db
class TestDeciding:
    def test_a_grant_is_a_membership_with_its_evidence_and_last_day(self):
        request = ask()
        with clock.at(given.day(4)):
            decided = grant_request(request=request, by=operator(), ends_on=date(2026, 12, 31))
        membership = live_memberships(request.person, given.day(5)).get()
        assert (membership.source, membership.basis, membership.evidence) == (
            "operator",
            "work",
            "employment-certificate",
        )
        assert membership.document_reference == "довідка від роботодавця № 17-А, 01.03.2026"
        assert membership.ends_on == date(2026, 12, 31)
        assert (decided.state, decided.membership, decided.decided_at) == (
            "granted",
            membership,
            given.day(4),
        )

    def test_of_citizenship_it_is_a_record(self):
        grant_request(
            request=ask(basis="citizenship", citizenship="foreigner", evidence="residence-permit"),
            by=operator(),
        )
        record = Citizenship.objects.get()
        assert (record.status, record.evidence, record.granted_in) == (
            "foreigner",
            "residence-permit",
            given.community(),
        )

    def test_a_refusal_needs_a_reason_that_the_person_reads(self):
        request, by = ask(), operator()
        for reason, code in (("  ", "no_reason"), ("а" * 1001, "bad_reason")):
            answer = refused(refuse_request, request=request, reason=reason, by=by)
            assert (answer.code, list(answer.fields)) == (code, ["reason"])
        decided = refuse_request(request=request, reason="Довідка прострочена", by=by)
        assert (decided.state, decided.reason) == ("refused", "Довідка прострочена")
        assert not Membership.objects.filter(basis="work").exists()
        ask()  # and may send another

    def test_the_second_is_told_by_whom_and_when(self):
        request = ask()
        with clock.at(given.day(4, hour=9)):
            grant_request(request=request, by=operator())
        answer = refused(refuse_request, request=request, reason="Ні", by=operator("Галина"))
        assert (answer.code, answer.status) == ("already_decided", 409)
        assert given.person("Оксана").display_name in str(answer.message)
        assert "11:00" in str(answer.message)  # Kyiv, winter time

    def test_a_withdrawn_one_cannot_be_decided(self):
        request = ask()
        withdraw_request(request=request, by=actor_of(request.person))
        withdraw_request(request=request, by=actor_of(request.person))
        assert refused(grant_request, request=request, by=operator()).code == "already_decided"

    def test_a_decided_one_cannot_be_withdrawn(self):
        request = ask()
        refuse_request(request=request, reason="Ні", by=operator())
        assert (
            refused(withdraw_request, request=request, by=actor_of(request.person)).code == "already_decided"
        )

    def test_nobody_withdraws_anothers(self):
        assert (
            refused(withdraw_request, request=ask(), by=actor_of(given.person("Петро"))).code == "not_yours"
        )

    def test_only_an_operator_of_this_body_decides(self):
        request = ask()
        elsewhere = given.official("Зоряна", "operator", given.community(given.LVIV))
        for by in (actor_of(given.person("Петро")), elsewhere, actor_of(request.person)):
            assert refused(grant_request, request=request, by=by).code == "not_operator"
            assert refused(refuse_request, request=request, reason="Ні", by=by).code == "not_operator"

    def test_nobody_decides_about_their_own(self):
        someone = given.person("Оксана")
        by = operator()
        request = ask(someone)
        assert refused(grant_request, request=request, by=by).code == "own_request"

    def test_what_is_confirmed_already_is_not_granted_again_and_the_request_stays(self):
        request, city = ask(), given.community()
        grant_membership(
            person=request.person, territory=city.territory, basis="work", document_reference="№ 1", community=city,
            evidence="employment-certificate", by=operator(),
        )  # fmt: skip
        assert refused(grant_request, request=request, by=operator()).code == "already_member"
        request.refresh_from_db()
        assert request.state == "waiting"

    def test_the_journal_names_references_only(self):
        request = ask(note="моя історія")
        refuse_request(request=request, reason="Немає печатки", by=operator())
        grant_request(request=ask(), by=operator())
        for entry in Entry.objects.filter(kind__in=["RequestGranted", "RequestRefused", "MembershipGranted"]):
            for word in ("17-А", "печатки", "Ганна", "історія", str(request.person_id)):
                assert word not in entry.leaf


@pytest.mark.django_db
class TestGrantsThatEnd:
    def grant(self, **wanted) -> Membership:
        city = given.community()
        fitting = {
            "person": given.person("Ганна", method="dig_sign"), "territory": city.territory, "basis": "displaced",
            "document_reference": "довідка № 1", "community": city, "by": operator(),
        }  # fmt: skip
        return grant_membership(**{**fitting, **wanted})

    def test_a_last_day_that_has_passed_is_refused_at_its_field(self):
        with clock.at(given.day(10)):
            answer = refused(self.grant, ends_on=date(2026, 3, 10))
            assert (answer.code, list(answer.fields)) == ("bad_end", ["ends_on"])
            assert self.grant(ends_on=date(2026, 3, 11)).ends_on == date(2026, 3, 11)

    def test_one_that_is_over_does_not_stand_in_the_way(self):
        with clock.at(given.day(10)):
            old = self.grant(ends_on=date(2026, 3, 20))
        with clock.at(given.day(30)):
            new = self.grant(ends_on=date(2026, 12, 31))
        old.refresh_from_db()
        assert old.until == given.day(30)
        assert new.until is None

    def test_a_longer_one_replaces_it_and_a_shorter_is_there_already(self):
        with clock.at(given.day(10)):
            self.grant(ends_on=date(2026, 6, 1))
            assert refused(self.grant, ends_on=date(2026, 5, 1)).code == "already_member"
            self.grant(ends_on=date(2026, 7, 1))
            self.grant()
            assert refused(self.grant, ends_on=date(2026, 8, 1)).code == "already_member"
            assert live_memberships(given.person("Ганна", method="dig_sign")).get().ends_on is None

    def test_better_evidence_replaces_it(self):
        self.grant()
        self.grant(evidence="displaced-certificate")
        assert Membership.objects.get(until=None, basis="displaced").evidence == "displaced-certificate"
        assert refused(self.grant, evidence="word").code == "unknown_evidence"

    def test_taking_back_needs_a_reason_and_the_office_of_the_body(self):
        membership = self.grant()
        by = operator()
        assert refused(end_membership, membership=membership, reason=" ", by=by).code == "no_reason"
        elsewhere = given.official("Зоряна", "operator", given.community(given.LVIV))
        assert (
            refused(end_membership, membership=membership, reason="Ні", by=elsewhere).code == "not_operator"
        )
        end_membership(membership=membership, reason="Довідку скасовано", by=by)
        membership.refresh_from_db()
        assert membership.end_reason == "Довідку скасовано"
        assert membership.ended_by == given.person("Оксана")
        assert refused(end_membership, membership=membership, reason="Ще раз", by=by).code == "already_ended"
        entry = Entry.objects.get(kind="MembershipEnded")
        assert "скасовано" not in entry.leaf

    def test_what_an_address_proved_is_not_an_operators_to_take_back(self):
        membership = live_memberships(given.person("Петро")).get()
        assert (
            refused(end_membership, membership=membership, reason="Ні", by=operator()).code == "not_granted"
        )


def test_two_operators_grant_once(committed_db):
    city, someone = given.community(), given.person("Ганна", method="dig_sign")
    operators = [operator("Оксана"), operator("Галина")]
    found = at_once(
        8,
        lambda place: grant_membership(
            person=someone, territory=city.territory, basis="work", document_reference="№ 1", community=city,
            by=operators[place % 2],
        ),
    )  # fmt: skip
    assert refusals(found) == ["already_member"] * 7
    assert Membership.objects.filter(basis="work", until=None).count() == 1


@pytest.mark.django_db
class TestFilesGo:
    @pytest.mark.parametrize("end", ["grant", "refuse", "withdraw"])
    def test_thirty_days_after_the_decision(self, end):
        request = ask()
        file = request.files.get()
        with clock.at(given.day(4)):
            if end == "grant":
                grant_request(request=request, by=operator())
            elif end == "refuse":
                refuse_request(request=request, reason="Ні", by=operator())
            else:
                withdraw_request(request=request, by=actor_of(request.person))
        with clock.at(given.day(34) - timedelta(seconds=1)):
            assert delete_old_files() == 0
        assert private_files.content_of(file.id, shelf=PROOFS) == PDF
        with clock.at(given.day(34)):
            assert delete_old_files() == 1
            assert delete_old_files() == 0
        file.refresh_from_db()
        assert file.deleted_at == given.day(34)
        assert private_files.content_of(file.id, shelf=PROOFS) is None

    def test_those_of_a_waiting_one_stay(self):
        request = ask()
        with clock.at(given.day(400)):
            assert delete_old_files() == 0
        assert private_files.content_of(request.files.get().id, shelf=PROOFS) == PDF

    def test_a_file_without_a_request_goes_after_a_day(self):
        reference = uuid.uuid4()
        private_files.keep(reference, b"left", shelf=PROOFS)
        assert delete_old_files() == 0
        with clock.at(clock.now() + timedelta(days=1, minutes=1)):
            assert delete_old_files() == 1
        assert private_files.content_of(reference, shelf=PROOFS) is None

    def test_a_request_that_does_not_reach_the_database_leaves_no_file(self, monkeypatch):
        someone, city = given.person("Ганна", method="dig_sign"), given.community()

        def broken(self, **_options):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

        monkeypatch.setattr(RequestFile, "save", broken)
        with pytest.raises(Exception, match="division"), transaction.atomic():
            submit_request(person=someone, community=city, proof=proof(), by=actor_of(someone, city))
        assert list(private_files.kept_files(shelf=PROOFS)) == []
