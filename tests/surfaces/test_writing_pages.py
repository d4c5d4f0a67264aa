"""The pages on which a project is written: half-finished text is kept, all that is missing is said at once."""

import io
import re
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests import given
from tests.surfaces.ground import browser, holder, outsider, page, prefix, resident
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.queries import actor_of
from viche.projects.actions import attach_document, submit_draft
from viche.projects.models import Project, State, Version

SUBMISSION = given.day(10)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
IDEA = {
    "title": "Сквер на розі",
    "summary": "Зелений куточок.",
    "text": "Посадимо дерева.",
    "category": "parks",
}
PLACE = {"territory": given.DISTRICT, "place_name": "вул. Соборності, 1", "coordinates": "49.5894, 34.5510"}
COST = {"item-0-name": "Дерева", "item-0-unit": "шт.", "item-0-quantity": "12,5", "item-0-price": "10 000,10"}
PEOPLE = {"author_name": "Петро Шевчук", "contact": "067 000 00 00", "agreed-publication": "on"}
STEPS = {"idea": IDEA, "place": PLACE, "cost": COST, "people": PEOPLE}


@pytest.fixture
def contest(db: None) -> Contest:
    return given.contest()


class Writer:
    """Somebody at the pages of one draft."""

    def __init__(self, contest: Contest, person: Any = None, *, begins: bool = True) -> None:
        self.contest, self.at = contest, SUBMISSION
        self.client: Client = browser(person or resident(), at=SUBMISSION)
        self.start = f"{prefix(contest.community)}{contest.slug}/write/"
        if begins:
            self.reference = UUID(self.post_to(self.start)["Location"].split("/")[-3])

    def post_to(self, address: str, data: Any = None, **headers: Any) -> Any:
        with clock.at(self.at):
            return self.client.post(address, data or {}, **headers)

    def get(self, step: str, **query: str) -> Any:
        with clock.at(self.at):
            return self.client.get(f"{self.start}{self.reference}/{step}/", query)

    def send(self, step: str, data: dict[str, Any], *, revision: int | None = None, **headers: Any) -> Any:
        known = self.project.revision if revision is None else revision
        return self.post_to(
            f"{self.start}{self.reference}/{step}/", {"revision": known, "act": "save", **data}, **headers
        )

    def saves_itself(self, step: str, data: dict[str, Any], **facts: Any) -> Any:
        return self.send(step, data, HTTP_HX_REQUEST="true", **facts)

    def writes_everything(self) -> None:
        for step, data in STEPS.items():
            assert self.send(step, data).status_code == 302, step

    @property
    def project(self) -> Project:
        return Project.objects.get(pk=self.reference)


def photo(name: str = "двір.jpg", size: tuple[int, int] = (60, 40), **options: Any) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "#7aa06a").save(out, "JPEG", **options)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


class TestTheWay:
    def test_from_an_idea_to_a_submitted_project(self, contest: Contest) -> None:
        writer = Writer(contest)
        order = ["idea", "place", "cost", "files", "people", "check"]
        for here, there in pairwise(order):
            answer = writer.send(here, {**STEPS.get(here, {}), "act": "next"})
            assert answer["Location"].endswith(f"/{there}/"), here
        answer = writer.send("check", {})
        assert answer["Location"] == f"{prefix(contest.community)}2026/projects/1/"
        project = writer.project
        assert (project.state, project.cost, project.place_name) == (
            State.IN_REVIEW,
            12_500_125,
            PLACE["place_name"],
        )
        shown = page(writer.client.get(answer["Location"])).text
        assert "12,5 шт." in shown
        assert "Сквер на розі" in shown

    def test_the_old_address_leads_here(self, contest: Contest) -> None:
        writer = Writer(contest)
        assert writer.client.get(f"{prefix(contest.community)}2026/submit/")["Location"] == writer.start

    def test_drafts_are_listed_and_one_goes_on_with_them(self, contest: Contest) -> None:
        writer = Writer(contest)
        writer.send("idea", {**IDEA, "text": ""})
        with clock.at(SUBMISSION):
            seen = page(writer.client.get(writer.start))
        assert "Сквер на розі" in seen.text
        assert f"{writer.start}{writer.reference}/idea/" in seen.own_links
        mine = page(writer.client.get(f"{prefix(contest.community)}my/"))
        assert f"{writer.start}{writer.reference}/" in mine.own_links

    def test_a_draft_is_deleted_after_being_asked_once_more(self, contest: Contest) -> None:
        writer = Writer(contest)
        there = f"{writer.start}{writer.reference}/discard/"
        assert writer.client.get(there).status_code == 200
        assert Project.objects.exists()
        assert writer.post_to(there)["Location"] == writer.start
        assert not Project.objects.exists()

    def test_nobody_else_opens_a_draft_not_even_officials(self, contest: Contest) -> None:
        writer = Writer(contest)
        for other in (given.person("Марта"), holder("Віктор", "administrator", contest.community)):
            for step in ("idea", "check", "files", "discard"):
                there = f"{writer.start}{writer.reference}/{step}/"
                assert browser(other, at=SUBMISSION).get(there).status_code == 404

    def test_who_may_not_propose_reads_why_instead_of_a_button(self, contest: Contest) -> None:
        writer = Writer(contest, outsider(), begins=False)
        with clock.at(SUBMISSION):
            answer = writer.client.get(writer.start)
        assert "tone-warning" in answer.content.decode()
        assert f'<form method="post" action="{writer.start}"' not in answer.content.decode()

    def test_a_session_that_has_ended_keeps_what_was_typed(self, contest: Contest) -> None:
        writer = Writer(contest)
        writer.client.cookies.clear()
        answer = writer.send("idea", IDEA)
        assert answer.status_code == 401
        assert "Посадимо дерева." in answer.content.decode()
        assert f"{writer.reference}/idea/" in answer.content.decode()


class TestSaving:
    def test_half_finished_steps_are_kept(self, contest: Contest) -> None:
        writer = Writer(contest)
        assert writer.send("idea", {"title": "С"}).status_code == 302
        assert writer.project.title == "С"

    def test_a_fault_of_one_field_does_not_cost_the_others(self, contest: Contest) -> None:
        writer = Writer(contest)
        answer = writer.send("cost", {**COST, "item-1-quantity": "1,23456", "cost": "багато"})
        assert answer.status_code == 422
        assert set(page(answer).wrong) == {"item-1-quantity", "cost"}
        assert "1,23456" in answer.content.decode()
        assert "багато" in answer.content.decode()
        answer = writer.send("place", {**PLACE, "coordinates": "48.8566, 2.3522"})
        assert page(answer).wrong == ["coordinates"]
        assert writer.project.place_name == PLACE["place_name"]
        assert writer.project.latitude is None

    def test_it_saves_itself_and_says_when_and_what_is_missing(self, contest: Contest) -> None:
        writer = Writer(contest)
        answer = writer.saves_itself("idea", {"title": "Сквер на розі"})
        text = answer.content.decode()
        assert answer["X-Saved"] == "yes"
        assert 'name="revision" id="revision" value="2"' in text
        assert "Опишіть проєкт" in text
        assert writer.project.title == "Сквер на розі"

    def test_while_typing_sums_reserve_and_class_are_worked_out(self, contest: Contest) -> None:
        contest = given.contest(
            slug="reserve", rules={**given.RULES, "submission": {"reserve_share": 2000, "least_amount": True}}
        )
        writer = Writer(contest)
        rows = {"item-1-name": "Лави", "item-1-quantity": "2", "item-1-price": "40 000"}
        answer = writer.saves_itself("cost", {**rows, "item-0-name": "", "least_amount": "50 000"})
        text = answer.content.decode()
        assert re.search(r'id="sum-1"[^>]*>.*?80\s000', text, re.S), "the row as it stands on the page"
        shown = page(answer).text.replace("\u00a0", " ")
        assert "20 000 ₴" in shown
        assert "100 000 ₴" in shown
        assert 'class="is-own"' in text
        project = writer.project
        assert (project.cost, project.size_class, project.least_amount) == (10_000_000, "small", 5_000_000)

    def test_rows_are_added_and_taken_out_without_scripts(self, contest: Contest) -> None:
        writer = Writer(contest)
        more = {"item-1-name": "Лави", "item-1-quantity": "2", "item-1-price": "400", "item-2-name": ""}
        answer = writer.send("cost", {**COST, **more, "act": "add-row"})
        assert "rows=4" in answer["Location"]
        shown = writer.get("cost", rows="4").content.decode()
        assert len(re.findall(r'name="item-[0-9]-price"', shown)) == 4
        writer.send("cost", {**COST, **more, "act": "remove-row-0"})
        assert [item["name"] for item in writer.project.items] == ["Лави"]

    def test_two_windows_lose_nothing(self, contest: Contest) -> None:
        writer = Writer(contest)
        writer.send("idea", {**IDEA, "title": "Перше вікно"}, revision=1)
        answer = writer.send("idea", {**IDEA, "title": "Друге вікно"}, revision=1)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert 'value="Друге вікно"' in text
        assert "Перше вікно" in page(answer).text
        assert page(answer).hidden["revision"] == ["2"]
        assert writer.project.title == "Перше вікно"
        writer.send("idea", {**IDEA, "title": "Друге вікно"}, revision=2)
        assert writer.project.title == "Друге вікно"

    def test_a_window_whose_answer_was_lost_is_no_stranger_to_itself(self, contest: Contest) -> None:
        writer = Writer(contest)
        for number, title in enumerate(("Сквер", "Сквер на", "Сквер на розі")):
            answer = writer.saves_itself("idea", {"title": title, "window": "a1"}, revision=1)
            assert answer["X-Saved"] == "yes", number
        assert writer.project.title == "Сквер на розі"
        answer = writer.saves_itself("idea", {"title": "Інше вікно", "window": "b2"}, revision=1)
        assert answer["X-Saved"] == "no"
        assert 'id="revision"' not in answer.content.decode(), "it stays stale until it is looked at"

    def test_what_an_author_writes_is_text_and_never_code(self, contest: Contest) -> None:
        writer = Writer(contest)
        bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
        writer.writes_everything()
        writer.send("idea", {**IDEA, "title": f"Сквер {bad}", "summary": bad, "text": bad})
        shown = writer.client.get(writer.send("check", {})["Location"])
        assert page(shown).inline == []
        assert b"<script>alert" not in shown.content
        assert "<script>alert(1)</script>" in page(shown).text

    def test_an_area_is_pasted(self, contest: Contest) -> None:
        writer = Writer(contest)
        ring = "[[34.55,49.58],[34.56,49.58],[34.56,49.59],[34.55,49.58]]"
        feature = (
            f'{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":[{ring}]}},"properties":{{}}}}'
        )
        assert writer.send("place", {**PLACE, "area": feature}).status_code == 302
        assert writer.project.area["coordinates"][0][0] == [34.55, 49.58]
        for wrong in (
            "десь тут",
            "{}",
            '{"type":"Point","coordinates":[34,49]}',
            "[" * 5000,
            '{"type":"Polygon","coordinates":[[[NaN,1]]]}',
        ):
            assert page(writer.send("place", {**PLACE, "area": wrong})).wrong == ["area"], wrong

    def test_a_point_far_from_everything_is_warned_of_and_kept(self, contest: Contest) -> None:
        given.submitted_project(contest, latitude=Decimal("49.59"), longitude=Decimal("34.55"))
        writer = Writer(contest)
        writer.send("place", {**PLACE, "coordinates": "48.45, 35.05"})
        assert "км від найближчого проєкту" in page(writer.get("place")).text
        writer.send("place", PLACE)
        assert "км від найближчого" not in page(writer.get("place")).text


class TestFiles:
    def test_pictures_with_words_and_order(self, contest: Contest) -> None:
        writer = Writer(contest)
        writer.send("files", {"pictures": [photo("1.jpg"), photo("2.jpg")], "new-alt": ""})
        first, second = writer.project.pictures.all()
        answer = writer.send("files", {f"alt-{first.pk}": "Двір зараз", "act": f"up:{second.pk}"})
        assert answer.status_code == 302
        assert [each.pk for each in writer.project.pictures.all()] == [second.pk, first.pk]
        assert writer.project.pictures.get(pk=first.pk).alt == "Двір зараз"
        writer.send("files", {"act": f"remove-picture:{second.pk}"})
        assert [each.pk for each in writer.project.pictures.all()] == [first.pk]

    @pytest.mark.parametrize(
        "content",
        [
            b"not a picture",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"\x89PNG\r\n\x1a\n",
            b"MZ\x90\x00" * 50,
        ],
        ids=["text", "svg", "cut", "exe"],
    )
    def test_a_file_that_is_no_picture_is_said_with_its_name(self, contest: Contest, content: bytes) -> None:
        writer = Writer(contest)
        bad = SimpleUploadedFile("план.png", content, "image/png")
        answer = writer.send("files", {"pictures": [bad, photo()]})
        assert answer.status_code == 422
        assert page(answer).wrong == ["pictures"]
        assert "план.png" in page(answer).text
        assert writer.project.pictures.count() == 1, "the good one of the two is kept"

    def test_sixty_megapixels_are_refused_in_words(self, contest: Contest) -> None:
        answer = Writer(contest).send("files", {"pictures": photo(size=(10_000, 6_000), quality=10)})
        assert answer.status_code == 422
        assert "50 мегапікселів" in page(answer).text

    def test_documents_are_told_by_their_content(self, contest: Contest) -> None:
        writer = Writer(contest)
        facts = {"kind": "estimate", "is_public": "yes"}
        answer = writer.send("files", {"document": SimpleUploadedFile("вірус.pdf", b"MZ" * 99), **facts})
        assert page(answer).wrong == ["document"]
        writer.send("files", {"document": SimpleUploadedFile("кошторис.pdf.exe", PDF), **facts})
        kept = writer.project.attachments.get()
        assert (kept.name, kept.kind, kept.is_public) == ("кошторис.pdf.pdf", "estimate", True)
        writer.send("files", {"act": f"remove-document:{kept.pk}"})
        assert not writer.project.attachments.exists()

    def test_who_may_fetch_which_document_when(self, contest: Contest) -> None:
        writer = Writer(contest)
        writer.writes_everything()
        by = actor_of(resident(), contest.community)
        with clock.at(SUBMISSION):
            files = [
                attach_document(
                    project=writer.project, name=f"{name}.pdf", content=PDF + name.encode() + b"%%EOF", kind="document",
                    is_public=name == "open", by=by,
                )
                for name in ("open", "private")
            ]  # fmt: skip
        people = {
            "anonymous": browser(), "stranger": browser(given.person("Марта"), at=SUBMISSION),
            "author": writer.client,
            "commission": browser(holder("Ірина", "commission", contest.community), at=SUBMISSION),
        }  # fmt: skip

        def answers(row: Any) -> dict[str, int]:
            address = f"{prefix(contest.community)}2026/files/{row.pk}/"
            return {who: client.get(address).status_code for who, client in people.items()}

        nobody_else = {"anonymous": 404, "stranger": 404, "author": 200, "commission": 404}
        assert [answers(row) for row in files] == [nobody_else, nobody_else]
        with clock.at(SUBMISSION):
            submit_draft(project=writer.project, by=by)
        assert answers(files[0]) == dict.fromkeys(people, 200)
        assert answers(files[1]) == {**nobody_else, "commission": 200}
        answer = browser().get(f"{prefix(contest.community)}2026/files/{files[0].pk}/")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        shown = page(browser().get(f"{prefix(contest.community)}2026/projects/1/")).text
        assert "open.pdf" in shown
        assert "private.pdf" not in shown


class TestTheCheck:
    def test_everything_missing_is_said_at_once_with_the_way_to_its_field(self, contest: Contest) -> None:
        writer = Writer(contest)
        seen = page(writer.get("check"))
        base = f"{writer.start}{writer.reference}"
        wanted = {
            "idea/#id_title",
            "idea/#id_text",
            "cost/#id_cost",
            "people/#id_contact",
            "people/#id_agreed-publication",
        }
        assert {f"{base}/{each}" for each in wanted} <= set(seen.links)
        answer = writer.send("check", {})
        assert answer.status_code == 422
        assert writer.project.state == State.DRAFT
        for link in (link for link in seen.links if "#id_" in link):
            step, _mark, field = link.removeprefix(base).strip("/").partition("/#")
            assert f'id="{field}"' in writer.get(step).content.decode(), link

    def test_pressed_twice_it_is_submitted_once(self, contest: Contest) -> None:
        writer = Writer(contest)
        writer.writes_everything()
        first, second = writer.send("check", {}), writer.send("check", {})
        assert first["Location"] == second["Location"]
        assert Version.objects.count() == 1

    def test_the_deadline_passes_between_the_check_and_the_button(self, contest: Contest) -> None:
        writer = Writer(contest)
        writer.writes_everything()
        assert "Усе на місці" in page(writer.get("check")).text
        writer.at = given.day(20, hour=0)
        writer.client = browser(resident(), at=writer.at)
        answer = writer.send("check", {})
        assert answer.status_code == 409
        assert "Чернетка лишається" in page(answer).text
        assert writer.project.state == State.DRAFT

    def test_before_the_submission_one_may_write_and_waits(self, contest: Contest) -> None:
        writer = Writer(contest, begins=False)
        writer.at = given.day(-1)
        writer.client = browser(resident(), at=writer.at)
        writer.reference = UUID(writer.post_to(writer.start)["Location"].split("/")[-3])
        writer.writes_everything()
        assert "send" not in re.findall(
            r'icons.svg#([a-z-]+)"/></svg>Подати', writer.get("check").content.decode()
        )
        assert writer.send("check", {}).status_code == 409


class TestQuestions:
    def test_the_communitys_questions_are_a_step_of_their_own(self, db: None) -> None:
        questions = [
            {"id": "owner", "name": {"uk": "Чия земля?"}, "kind": "choice", "required": True,
             "options": [{"id": "own", "name": {"uk": "Громади"}}]},
            {"id": "pupils", "name": {"uk": "Скільки учнів?"}, "kind": "number"},
            {"id": "fence", "name": {"uk": "Паркан?"}, "kind": "yes-no"},
            {"id": "phone", "name": {"uk": "Телефон завідувача"}, "is_public": False, "help": {"uk": "Міський."}},
            {"id": "story", "name": {"uk": "Розкажіть"}, "kind": "text"},
        ]  # fmt: skip
        contest = given.contest(rules={**given.RULES, "submission": {"questions": questions}})
        writer = Writer(contest)
        writer.writes_everything()
        assert writer.send("check", {}).status_code == 422
        answer = writer.send("questions", {"q-owner": "own", "q-pupils": "сто", "q-phone": "0532 000"})
        assert page(answer).wrong == ["q-pupils"]
        assert writer.project.answers == {"owner": "own", "phone": "0532 000"}
        writer.send(
            "questions",
            {
                "q-owner": "own",
                "q-pupils": "120",
                "q-phone": "0532 000",
                "q-fence": "no",
                "q-story": "Так\nбуло",
            },
        )
        address = writer.send("check", {})["Location"]
        public = page(browser().get(address)).text
        assert "Чия земля? Громади" in public
        assert "Паркан? Ні" in public
        assert "0532 000" not in public
        commission = browser(holder("Ірина", "commission", contest.community), at=SUBMISSION)
        office = page(commission.get(f"{prefix(contest.community)}office/2026/review/1/")).text
        assert "0532 000" in office
        assert PEOPLE["contact"] in office


class TestAfterSubmission:
    def test_where_the_rules_let_them_authors_change_it_step_by_step(self, db: None) -> None:
        contest = given.contest(rules={**given.RULES, "submission": {"edits": "until-decided"}})
        writer = Writer(contest)
        writer.writes_everything()
        public = writer.send("check", {})["Location"]
        assert f"{writer.start}{writer.reference}/" in page(writer.client.get(public)).own_links
        assert "hx-post" not in writer.get("idea").content.decode(), "each save is a version: it is asked for"
        assert writer.send("idea", {**IDEA, "title": ""}).status_code == 422
        assert writer.send("idea", {**IDEA, "title": "Сквер на двох розах"}).status_code == 302
        assert [each.note for each in Version.objects.all()] == ["submitted", "edited"]
        assert "Сквер на двох розах" in page(browser().get(public)).text

    def test_otherwise_it_can_be_read_there(self, contest: Contest) -> None:
        writer = Writer(contest)
        writer.writes_everything()
        writer.send("check", {})
        assert writer.get("idea")["Location"].endswith("/check/")
        assert "не передбачають" in page(writer.get("check")).text
