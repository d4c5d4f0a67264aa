"""“Can I take part?”, a request with its document, the operators' queue, the register: as people meet them."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from rulebook.presets import preset
from tests import given
from tests.surfaces.ground import Ground, browser, holder, outsider, page, prefix, resident
from viche.foundation import clock
from viche.identity.models import Membership, Person, ProofRequest, Register
from viche.identity.providers import make_tax_number
from viche.identity.queries import requests_of

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"


def at(ground: Ground, path: str = "") -> str:
    return f"{prefix(ground.poltava)}en/{path}"


def can_i(ground: Ground, person: Person | None, contest: str = "2026") -> str:
    answer = browser(person).get(at(ground, f"{contest}/can-i/"))
    assert answer.status_code == 200
    return page(answer).text


def guest() -> Person:
    return given.person("Катерина", method="dig_sign")


def form(**changes: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()), "basis": "work", "territory": given.POLTAVA, "evidence": "employment-certificate",
        "document_number": "17-А", "document_date": "2026-03-01", "note": "",
        "files": [SimpleUploadedFile("довідка.pdf", PDF, "application/pdf")],
    } | changes  # fmt: skip


def send(ground: Ground, person: Person, **changes: Any) -> ProofRequest:
    answer = browser(person).post(at(ground, "my/requests/new/"), form(**changes))
    assert answer.status_code == 302, page(answer).text
    return requests_of(person)[0]


def operator(ground: Ground, name: str = "Галина") -> Client:
    return browser(holder(name, "operator", ground.poltava))


class TestCanI:
    def test_a_stranger_is_told_who_may_and_may_identify_and_come_back(self, ground: Ground) -> None:
        answer = browser().get(at(ground, "2026/can-i/"))
        seen = page(answer)
        assert "Identify yourself to see" in seen.text
        assert "Age from 16" in seen.text
        back = "/login/?next=%2Fpoltava%2Fen%2F2026%2Fcan-i%2F"
        assert any(href.endswith(back) for href in seen.links)

    def test_a_resident_sees_yes_at_once(self, ground: Ground) -> None:
        text = can_i(ground, resident())
        assert text.index("Vote Yes") < text.index("Age from 16")
        assert "м. Полтава, registered residence" in text

    def test_a_guest_sees_no_with_the_reason_and_what_to_do(self, ground: Ground) -> None:
        text = can_i(ground, outsider())
        assert "Vote No" in text
        assert "does not lie in this community" in text

    def test_who_proved_no_address_is_not_told_no(self, ground: Ground) -> None:
        assert "Vote Not known yet" in can_i(ground, guest())

    def test_before_the_voting_it_answers_too(self, ground: Ground) -> None:
        with clock.at(given.day(-20)):
            assert "Vote Yes" in can_i(ground, resident(), "2026")
        with clock.at(given.day(-20)):
            assert browser().get(at(ground, "2026/can-i/")).status_code == 200

    def test_an_unregistered_resident_of_lviv_is_sent_to_the_service_centre(
        self, db: None, voting_day: None
    ) -> None:
        lviv = given.community(given.LVIV)
        made = given.contest(lviv, rules=preset("lviv-2020").document())
        someone = guest()
        given.grant(someone, lviv, basis="study", evidence="study-certificate")
        text = page(browser(someone).get(f"{prefix(lviv)}en/{made.slug}/can-i/")).text
        assert "Vote Yes, but not online" in text
        assert "at a service centre, through an operator" in text
        assert "Propose a project Yes" in text

    def test_the_pages_that_refuse_lead_here(self, ground: Ground) -> None:
        client = browser(outsider())
        assert "/poltava/en/2026/can-i/" in page(client.get(at(ground, "2026/vote/review/"))).links
        with clock.at(given.day(5)):
            seen = page(browser(outsider(), at=given.day(5)).get(at(ground, "2026/write/")))
        assert "/poltava/en/2026/can-i/" in seen.links
        assert "/poltava/en/2026/can-i/" in page(client.get(at(ground, "2026/"))).links
        assert "/poltava/en/2026/can-i/" in page(client.get(at(ground, "my/"))).links


class TestAsking:
    def test_the_request_waits_on_can_i_and_on_my_page_and_can_be_withdrawn(self, ground: Ground) -> None:
        someone = guest()
        request = send(ground, someone)
        client = browser(someone)
        for where in ("2026/can-i/", "my/"):
            seen = page(client.get(at(ground, where)))
            assert "waiting for a decision" in seen.text
            [link] = [href for href in seen.links if str(request.id) in href]
            assert link == at(ground, f"my/requests/{request.id}/withdraw/")
        assert client.get(link).status_code == 200
        assert client.post(link).status_code == 302
        assert ProofRequest.objects.get().state == "withdrawn"
        send(ground, someone)

    def test_a_double_click_answers_twice_and_asks_once(self, ground: Ground) -> None:
        client, key = browser(guest()), str(uuid.uuid4())
        for _click in range(2):
            assert client.post(at(ground, "my/requests/new/"), form(key=key)).status_code == 302
        assert ProofRequest.objects.count() == 1

    def test_every_fault_is_at_its_field_and_what_was_typed_stays(self, ground: Ground) -> None:
        client = browser(guest())
        answer = client.post(at(ground, "my/requests/new/"), form(document_number="", note="моя примітка"))
        assert answer.status_code == 422
        assert page(answer).wrong == ["document_number", "files"]
        assert "моя примітка" in answer.content.decode()

    @pytest.mark.parametrize(
        ("name", "content"),
        [("довідка.pdf", b"MZ\x90\x00program"), ("a.jpg", b"<svg/>"), ("a.png", b"")],
    )  # fmt: skip
    def test_what_is_no_document_is_refused_in_words(self, ground: Ground, name: str, content: bytes) -> None:
        answer = browser(guest()).post(
            at(ground, "my/requests/new/"), form(files=[SimpleUploadedFile(name, content, "application/pdf")])
        )
        assert (answer.status_code, page(answer).wrong) == (422, ["files"])

    def test_three_files_of_ten_megabytes_pass_and_a_fourth_does_not(self, ground: Ground) -> None:
        large = b"%PDF-1.4" + b"0" * 9_900_000 + b"%%EOF"
        files = [SimpleUploadedFile(f"{place}.pdf", large) for place in range(3)]
        assert send(ground, guest(), files=files).files.count() == 3
        files = [SimpleUploadedFile(f"{place}.pdf", PDF) for place in range(4)]
        answer = browser(resident()).post(at(ground, "my/requests/new/"), form(files=files))
        assert (answer.status_code, page(answer).wrong) == (422, ["files"])

    def test_only_what_the_contest_admits_is_offered(self, ground: Ground) -> None:
        text = (
            browser(guest())
            .get(at(ground, "my/requests/new/?contest=2026&basis=registered"))
            .content.decode()
        )
        assert 'value="registered"' in text
        assert 'value="study"' not in text
        assert 'value="study"' in browser(guest()).get(at(ground, "my/requests/new/")).content.decode()

    def test_nobody_opens_anothers_request(self, ground: Ground) -> None:
        request = send(ground, guest())
        path = at(ground, f"my/requests/{request.id}/withdraw/")
        for stranger in (resident(), holder("Галина", "operator", ground.poltava)):
            assert browser(stranger).get(path).status_code == 404
            assert browser(stranger).post(path).status_code == 404
        assert ProofRequest.objects.get().state == "waiting"


class TestDeciding:
    def test_an_operator_sees_the_queue_the_document_and_grants(self, ground: Ground) -> None:
        someone = guest()
        request = send(ground, someone)
        client = operator(ground)
        assert "1 waits" in page(client.get(at(ground, "office/"))).text
        there = at(ground, f"office/members/requests/{request.id}/")
        assert there in page(client.get(at(ground, "office/members/requests/?basis=work"))).links
        seen = page(client.get(there))
        assert "17-А" in seen.text
        assert client.post(there, {"act": "grant", "grant-ends_on": "2020-01-01"}).status_code == 422
        assert client.post(there, {"act": "grant", "grant-ends_on": "2026-12-31"}).status_code == 302
        assert Membership.objects.get(basis="work").person == someone
        assert "granted" in page(browser(someone).get(at(ground, "my/"))).text
        again = client.post(there, {"act": "refuse", "refuse-reason": "Ні"})
        assert again.status_code == 409
        assert "already decided by Галина" in page(again).text

    def test_a_refusal_needs_its_reason_and_the_person_reads_it(self, ground: Ground) -> None:
        someone = guest()
        request = send(ground, someone)
        client, there = operator(ground), at(ground, f"office/members/requests/{request.id}/")
        answer = client.post(there, {"act": "refuse", "refuse-reason": ""})
        assert (answer.status_code, page(answer).wrong) == (422, ["refuse-reason"])
        assert client.post(there, {"act": "refuse", "refuse-reason": "Немає печатки"}).status_code == 302
        for where in ("my/", "2026/can-i/"):
            assert "Немає печатки" in page(browser(someone).get(at(ground, where))).text

    def test_files_are_saved_never_shown_and_only_by_officials_of_this_body(self, ground: Ground) -> None:
        out = io.BytesIO()
        Image.new("RGB", (50, 40)).save(out, "PNG")
        someone = guest()
        request = send(ground, someone, files=[SimpleUploadedFile("фото.png", out.getvalue())])
        path = f"office/members/requests/{request.id}/files/{request.files.get().id}/"
        answer = operator(ground).get(at(ground, path))
        assert answer["Content-Type"] == "image/webp"
        assert answer["Content-Disposition"].startswith("attachment; ")
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer.content.startswith(b"RIFF")
        for stranger in ("resident", "commission", "outsider"):
            assert browser(ground.visitors[stranger]).get(at(ground, path)).status_code == 403
        foreign = browser(ground.visitors["foreign administrator"])
        assert foreign.get(f"{prefix(ground.lviv)}en/{path}").status_code == 404
        assert browser().get(f"/media/{request.files.get().id}").status_code == 404

    def test_another_body_does_not_see_the_request(self, ground: Ground) -> None:
        request = send(ground, guest())
        foreign = browser(ground.visitors["foreign administrator"])
        path = f"{prefix(ground.lviv)}en/office/members/requests/{request.id}/"
        assert foreign.get(path).status_code == 404
        assert foreign.post(path, {"act": "grant"}).status_code == 404

    def test_a_grant_is_taken_back_with_a_reason(self, ground: Ground) -> None:
        given.grant(guest(), ground.poltava)
        client = operator(ground)
        [link] = [
            href for href in page(client.get(at(ground, "office/members/"))).links if href.endswith("/end/")
        ]
        assert page(client.post(link, {"reason": ""})).wrong == ["reason"]
        assert client.post(link, {"reason": "Звільнився"}).status_code == 302
        assert Membership.objects.get(basis="work").end_reason == "Звільнився"
        assert "taken back" in page(client.get(at(ground, "office/members/"))).text

    def test_an_operator_records_a_citizenship_with_a_document(self, ground: Ground) -> None:
        someone = given.person("Катерина", serial=77)
        sent = {
            "tax_number": make_tax_number(given.date(1985, 5, 5), "female", 154).number,
            "basis": "citizenship:foreigner",
            "territory": given.POLTAVA, "evidence": "residence-permit", "document_reference": "посвідка № 1",
        }  # fmt: skip
        assert operator(ground).post(at(ground, "office/members/"), sent).status_code == 302
        assert someone.citizenships.get().status == "foreigner"


class TestRegister:
    def number(self, name: str) -> str:
        return make_tax_number(given.date(1985, 5, 5), "female", given.serial_of(name) * 2).number

    def upload(self, ground: Ground, text: str) -> Any:
        client = browser(ground.visitors["administrator"])
        file = SimpleUploadedFile("members.csv", text.encode(), "text/csv")
        return client.post(at(ground, "office/members/register/"), {"act": "upload", "file": file})

    def test_it_is_read_looked_at_confirmed_and_people_are_found(self, ground: Ground) -> None:
        client = browser(ground.visitors["administrator"])
        assert self.upload(ground, f"{self.number('Катерина')};Полтава;registered\n").status_code == 302
        seen = page(client.get(at(ground, "office/members/register/")))
        assert "Look and confirm" in seen.text
        [digest] = seen.hidden["digest"]
        answer = client.post(at(ground, "office/members/register/"), {"act": "apply", "digest": digest})
        assert answer.status_code == 302
        assert Register.objects.get().state == "current"
        assert "Vote Yes" in can_i(ground, guest())

    def test_faulty_rows_are_named_and_nothing_is_taken(self, ground: Ground) -> None:
        answer = self.upload(ground, f"РНОКПП;Де\n{self.number('Катерина')};Полтава\n1234567890;Полтава\n")
        assert answer.status_code == 422
        assert "3 this is not a valid tax number" in page(answer).text
        assert "1234567890" not in answer.content.decode()
        assert not Register.objects.exists()

    def test_what_is_no_table_is_said_at_the_field(self, ground: Ground) -> None:
        answer = self.upload(ground, "\x00\x01")
        assert (answer.status_code, page(answer).wrong) == (422, ["file"])

    def test_an_operator_does_not_reach_it(self, ground: Ground) -> None:
        for path in ("office/members/register/", "office/members/register/tool/"):
            assert operator(ground).get(at(ground, path)).status_code == 403
        assert operator(ground).post(at(ground, "office/members/register/key/")).status_code == 403

    def test_key_and_tool_are_handed_out_as_files(self, ground: Ground) -> None:
        client = browser(ground.visitors["administrator"])
        assert client.get(at(ground, "office/members/register/key/")).status_code == 302
        key = client.post(at(ground, "office/members/register/key/"))
        tool = client.get(at(ground, "office/members/register/tool/"))
        for answer in (key, tool):
            assert answer["Content-Disposition"].startswith("attachment")
            assert "no-store" in answer["Cache-Control"]
        assert len(bytes.fromhex(key.content.decode().strip())) == 32
        assert b"def token(" in tool.content


def test_my_page_asks_the_database_as_often_for_one_request_as_for_five(
    ground: Ground, django_assert_max_num_queries: Any
) -> None:
    someone = guest()
    for basis in ("work", "study", "service", "property", "birth"):
        send(ground, someone, basis=basis)
    client = browser(someone)
    client.get(at(ground, "my/"))
    with django_assert_max_num_queries(40):
        client.get(at(ground, "my/"))


def test_a_request_page_says_nothing_of_a_contest_that_is_a_draft(ground: Ground) -> None:
    for person, may_read in ((resident(), False), (ground.visitors["editor"], True)):
        answer = browser(person).get(at(ground, "my/requests/new/?contest=2027"))
        assert answer.status_code == 200
        assert ("/2027/" in answer.content.decode()) is may_read
