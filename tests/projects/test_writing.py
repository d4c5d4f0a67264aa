"""Writing a project: a draft is saved half-finished, checked whole, submitted once; afterwards it is changed as the
procedure says, each time as a version.
"""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from PIL import Image
from tests import given
from tests.crowd import at_once, refusals

from viche.communities.models import Territory
from viche.foundation import clock, private_files
from viche.foundation.refused import Refused
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import (
    attach_document,
    attach_picture,
    create_draft,
    delete_document,
    delete_left_files,
    delete_old_drafts,
    delete_picture,
    describe_pictures,
    discard_draft,
    save_project,
    submit_draft,
)
from viche.projects.completeness import faults_of
from viche.projects.models import Attachment, Picture, Project, State, Version
from viche.projects.models.files import SHELF
from viche.projects.queries import Filters, found_projects
from viche.projects.versions import content_digest

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
GOOD = {
    "title": "Сквер на розі", "summary": "Зелений куточок.", "text": "Посадимо дерева.", "category": "parks",
    "cost": 30_000_000, "contact": "067 000 00 00", "agreed": {"publication": True},
}  # fmt: skip
EDITS = {**given.RULES, "submission": {"edits": "until-decided"}}


def olena():
    return given.person("Олена")


def begun(contest=None, *, author=None, on: int = 5) -> Project:
    contest, author = contest or given.contest(), author or olena()
    with clock.at(given.day(on)):
        return create_draft(contest=contest, author=author, by=actor_of(author, contest.community))


def save(project: Project, *, by=None, revision: int | None = None, on: int = 5, **changes) -> Project:
    by = actor_of(by or olena(), project.contest.community)
    if revision is None:
        revision = Project.objects.get(pk=project.pk).revision
    with clock.at(given.day(on)):
        return save_project(project=project, changes=changes, revision=revision, by=by)


def submit(project: Project, *, by=None, on: int = 5) -> Project:
    with clock.at(given.day(on)):
        return submit_draft(project=project, by=actor_of(by or olena(), project.contest.community))


def whole(contest=None, **changes) -> Project:
    return save(begun(contest), **{**GOOD, **changes})


def refused(act, *args, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(*args, **wanted)
    assert str(answer.value.message)
    return answer.value


def photo(colour: str = "#7aa06a") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


def picture(project, *, on: int = 5, **facts) -> Picture:
    with clock.at(given.day(on)):
        by = actor_of(olena(), project.contest.community)
        return attach_picture(project=project, content=photo(**facts), alt="Двір зараз", by=by)


def document(project, *, content: bytes = PDF, on: int = 5, **facts) -> Attachment:
    facts = {"name": "кошторис.pdf", "kind": "estimate", "is_public": True, **facts}
    with clock.at(given.day(on)):
        by = actor_of(olena(), project.contest.community)
        return attach_document(project=project, content=content, by=by, **facts)


@pytest.mark.django_db
class TestADraft:
    def test_it_has_no_number_and_nobody_else_sees_it(self):
        draft = begun()
        assert (draft.state, draft.number, draft.code, draft.published_at) == (State.DRAFT, 0, "", None)
        assert not Entry.objects.filter(kind__startswith="Project").exists()

    def test_one_is_begun_once_until_something_is_written(self):
        contest = given.contest()
        first = begun(contest)
        assert begun(contest) == first
        save(first, title="Сквер")
        assert begun(contest) != first

    def test_it_may_be_written_before_the_submission_and_not_after_it(self):
        contest = given.contest()
        assert begun(contest, on=-1).state == State.DRAFT
        assert refused(begun, contest, on=21).code == "wrong_phase"

    def test_half_finished_content_is_kept(self):
        items = [{"name": "Лава", "unit": "", "quantity": "", "price": None}]
        draft = save(begun(), title="С", summary="", items=items, cost=None, category="")
        assert (draft.title, draft.cost, draft.revision) == ("С", 0, 2)
        assert draft.items == items

    def test_only_what_cannot_be_kept_is_refused_and_then_nothing_is_written(self):
        draft = begun()
        elsewhere = Territory.objects.get(pk=given.LVIV)
        answer = refused(
            save, draft, title="С" * 501, text="Текст", territory=elsewhere, cost=-5, category="space",
            items=[{"name": "Лава", "quantity": "1,2345", "price": 5}], latitude=Decimal("48.85"),
            longitude=Decimal("2.35"),
        )  # fmt: skip
        assert set(answer.fields) == {"title", "territory", "cost", "category", "items", "coordinates"}
        assert Project.objects.get().text == ""

    def test_what_is_pasted_becomes_plain_text(self):
        draft = save(
            begun(), title="Сквер\u202e \u200bна  розі\n", text='<p class="MsoNormal">Ліс<o:p></o:p></p>'
        )
        assert (draft.title, draft.text) == ("Сквер на розі", "Ліс")

    def test_items_are_the_cost_together_with_the_reserve(self):
        contest = given.contest(rules={**given.RULES, "submission": {"reserve_share": 2000}})
        items = [{"name": "Плитка", "unit": "м²", "quantity": "12,5", "price": 100_000}]
        draft = save(begun(contest), items=items, cost=99)
        assert draft.items[0]["quantity"] == "12.5"
        assert draft.cost == 1_562_500
        assert draft.size_class == "small"
        assert "items" not in faults_of(draft)

    def test_an_area_is_kept_as_geojson(self):
        ring = [[34.55, 49.58], [34.56, 49.58], [34.56, 49.59], [34.55, 49.58]]
        draft = save(begun(), area={"type": "Polygon", "coordinates": [ring]})
        assert draft.area == {"type": "Polygon", "coordinates": [ring]}
        for wrong in (
            {"coordinates": [[[2.3, 48.8], [2.4, 48.8], [2.4, 48.9]]]},
            {"coordinates": []},
            {"type": "Point"},
        ):
            assert set(refused(save, draft, area=wrong).fields) == {"area"}

    def test_a_consent_keeps_the_moment_it_was_given(self):
        draft = save(begun(), agreed={"publication": True})
        given_at = draft.agreed["publication"]
        assert given_at == given.day(5).isoformat(timespec="seconds")
        assert save(draft, agreed={"publication": True}, on=6).agreed == {"publication": given_at}
        assert save(draft, agreed={"publication": False}).agreed == {}

    def test_nobody_else_writes_or_deletes_it(self):
        draft = begun()
        petro = given.person("Петро")
        assert refused(save, draft, by=petro, title="Чуже").status == 403
        with clock.at(given.day(5)):
            assert refused(discard_draft, project=draft, by=actor_of(petro, draft.community)).status == 403

    def test_it_is_deleted_with_its_files_and_twice_is_once(self):
        draft = begun()
        image = picture(draft).image
        attachment = document(draft)
        by = actor_of(olena(), draft.community)
        with clock.at(given.day(5)):
            from django.test import TestCase

            with TestCase.captureOnCommitCallbacks(execute=True):
                discard_draft(project=draft, by=by)
            discard_draft(project=draft, by=by)
        assert not Project.objects.exists()
        assert not image.storage.exists(image.name)
        assert private_files.content_of(attachment.pk, shelf=SHELF) is None

    def test_a_submitted_project_is_not_deleted(self):
        project = submit(whole())
        with clock.at(given.day(5)):
            answer = refused(discard_draft, project=project, by=actor_of(olena(), project.community))
        assert answer.code == "not_a_draft"

    def test_drafts_untouched_for_a_year_go_and_others_stay(self):
        contest = given.contest()
        old = whole(contest)
        young = save(begun(contest), title="Молодий", on=19)
        with clock.at(given.day(5) + timedelta(days=366)):
            assert delete_old_drafts() == 1
        assert list(Project.objects.all()) == [young]
        assert not Project.objects.filter(pk=old.pk).exists()


@pytest.mark.django_db
class TestTwoWindows:
    def test_a_stale_save_writes_nothing_and_says_so(self):
        draft = begun()
        save(draft, title="Перше вікно", revision=1)
        answer = refused(save, draft, title="Друге вікно", text="Текст", revision=1)
        assert (answer.code, answer.status) == ("stale", 409)
        assert set(answer.fields) == {"title", "text"}
        assert Project.objects.get().title == "Перше вікно"

    def test_the_same_text_again_is_no_quarrel(self):
        draft = begun()
        save(draft, title="Те саме", revision=1)
        assert save(draft, title="Те саме", revision=1).revision == 2


def test_of_many_saves_at_once_one_is_written_and_the_others_are_told(committed_db):
    draft = begun()
    found = at_once(8, lambda place: save(draft, title=f"Вікно {place}", revision=1).title)
    assert refusals(found) == ["stale"] * 7
    [won] = [each for each in found if isinstance(each, str)]
    assert (Project.objects.get().title, Project.objects.get().revision) == (won, 2)


def test_pressed_twice_at_once_a_draft_is_submitted_once(committed_db):
    draft = whole()
    found = at_once(6, lambda place: submit(draft).number)
    assert refusals(found) == ["wrong_state"] * 5
    assert Project.objects.get().number == 1
    assert Version.objects.count() == 1


@pytest.mark.django_db
class TestSubmittingADraft:
    def test_it_gets_number_state_version_and_entry(self):
        project = submit(whole())
        assert (project.number, project.code, project.state) == (1, "1", State.IN_REVIEW)
        assert (project.size_class, project.pot) == ("small", "small")
        assert project.submitted_at == project.published_at == given.day(5)
        version = Version.objects.get()
        assert (version.number, version.note, version.made_by) == (1, "submitted", olena())
        assert version.digest == content_digest(project)
        assert version.digest in Entry.objects.get(kind="ProjectSubmitted").leaf
        assert [each.number for each in found_projects(project.contest, Filters(text="скверу"))] == [1]

    def test_everything_that_is_missing_is_said_at_once(self):
        assert set(refused(submit, begun()).fields) == {
            "title", "summary", "text", "category", "cost", "contact", "agreed-publication",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "wrong"),
        [
            ({"title": "СКВЕР НА РОЗІ ВУЛИЦЬ"}, {"title"}), ({"cost": 0}, {"cost"}), ({"cost": 10**12}, {"cost"}),
            ({"items": [{"name": "Лава", "quantity": "2", "price": None}]}, {"items"}),
            ({"items": [{"name": "", "quantity": "2", "price": 15_000_000}]}, {"items"}),
            ({"least_amount": 30_000_001}, {"least_amount"}),
        ],
    )  # fmt: skip
    def test_bad_input_is_said_at_its_field(self, changes, wrong):
        draft = whole(**changes)
        assert set(refused(submit, draft).fields) == wrong
        assert Project.objects.get().state == State.DRAFT

    def test_pictures_ask_for_a_consent_of_their_own(self):
        draft = whole()
        picture(draft)
        assert set(refused(submit, draft).fields) == {"agreed-pictures"}
        save(draft, agreed={"pictures": True})
        assert submit(draft).number == 1

    def test_the_communitys_own_questions_are_asked(self):
        questions = [
            {"id": "owner", "name": {"uk": "Чия земля?"}, "kind": "choice", "required": True,
             "options": [{"id": "own", "name": {"uk": "Громади"}}]},
            {"id": "pupils", "name": {"uk": "Скільки учнів?"}, "kind": "number"},
            {"id": "fence", "name": {"uk": "Паркан?"}, "kind": "yes-no", "required": True},
            {"id": "phone", "name": {"uk": "Телефон завідувача"}, "is_public": False},
        ]  # fmt: skip
        draft = whole(given.contest(rules={**given.RULES, "submission": {"questions": questions}}))
        assert set(refused(submit, draft).fields) == {"q-owner", "q-fence"}
        answer = refused(save, draft, answers={"owner": "mars", "pupils": "сто", "none": "x", "fence": False})
        assert set(answer.fields) == {"q-owner", "q-pupils", "q-none"}
        save(draft, answers={"owner": "own", "fence": False, "phone": "0532 000"})
        project = submit(draft)
        assert project.answers == {"owner": "own", "fence": False, "phone": "0532 000"}
        assert Version.objects.get().document["answers"] == {"owner": "own", "fence": False}

    def test_the_deadline_may_pass_while_the_page_is_open(self):
        draft = whole()
        answer = refused(submit, draft, on=20)
        assert (answer.code, Project.objects.get().state) == ("wrong_phase", State.DRAFT)
        assert Project.objects.get().text == GOOD["text"]

    def test_who_may_not_propose_is_refused_and_the_draft_stays(self):
        contest = given.contest()
        taras = given.person("Тарас", region="Львівська", locality="м. Львів")
        draft = save(begun(contest, author=taras), by=taras, **GOOD)
        assert refused(submit, draft, by=taras).code == "not_eligible"

    def test_drafts_count_towards_no_limit(self):
        contest = given.contest(rules={**given.RULES, "author_max_projects": 1})
        first, second = whole(contest), whole(contest, title="Ще один сквер")
        submit(first)
        assert refused(submit, second).code == "too_many_projects"

    def test_with_a_formal_check_it_is_not_public_yet(self):
        rules = {**given.RULES, "submission": {"check": {"body": {"uk": "Відділ"}, "days": 5}}}
        project = submit(whole(given.contest(rules=rules)))
        assert (project.state, project.published_at) == (State.CHECKING, None)
        assert project.check_until is not None


@pytest.mark.django_db
class TestChangingASubmittedProject:
    def test_each_save_is_a_version_with_its_entry_and_is_found(self):
        project = submit(whole(given.contest(rules=EDITS)))
        changed = save(project, title="Дендропарк на розі", on=6)
        assert [each.note for each in Version.objects.all()] == ["submitted", "edited"]
        assert Version.objects.get(number=2).document["title"] == "Дендропарк на розі"
        assert Version.objects.get(number=1).document["title"] == GOOD["title"]
        assert content_digest(changed) in Entry.objects.get(kind="ProjectEdited").leaf
        assert [each.number for each in found_projects(project.contest, Filters(text="дендропарку"))] == [1]
        save(changed, title="Дендропарк на розі", on=6)
        assert Version.objects.count() == 2, "nothing changed, no version"

    def test_it_stays_valid(self):
        project = submit(whole(given.contest(rules=EDITS)))
        answer = refused(save, project, text="", agreed={"publication": False})
        assert set(answer.fields) == {"text", "agreed-publication"}
        assert Version.objects.count() == 1

    def test_a_fault_of_before_does_not_stand_in_the_way_of_mending_another_field(self):
        project = given.submitted_project(given.contest(rules=EDITS))
        assert "contact" in faults_of(project)
        assert save(project, title="Сквер біля річки").title == "Сквер біля річки"

    def test_class_and_pot_follow_the_cost(self):
        project = submit(whole(given.contest(rules=EDITS)))
        changed = save(project, cost=60_000_000)
        assert (changed.size_class, changed.pot) == ("large", "large")

    def test_without_a_word_of_the_rules_it_is_not_changed(self):
        project = submit(whole())
        assert refused(save, project, title="Інший сквер").code == "wrong_procedure"

    def test_what_is_returned_or_sent_back_may_be_changed_whatever_the_rules_say(self):
        project = submit(whole())
        for state in (State.SENT_BACK, State.RETURNED, State.CONDITIONAL):
            Project.objects.update(state=state)
            assert save(project, title=f"Сквер ({state})", on=25).state == state

    def test_private_answers_and_contact_are_in_no_version(self):
        project = submit(whole(given.contest(rules=EDITS)))
        save(project, contact="050 111 22 33")
        assert not any("050 111" in str(each.document) for each in Version.objects.all())
        assert Project.objects.get().contact == "050 111 22 33"


@pytest.mark.django_db
class TestFiles:
    def test_pictures_stand_in_the_order_their_author_gives(self):
        draft = begun()
        first, second = picture(draft), picture(draft, colour="#112233")
        assert [each.order for each in draft.pictures.all()] == [0, 1]
        by = actor_of(olena(), draft.community)
        with clock.at(given.day(5)):
            describe_pictures(project=draft, alts={first.pk: "Двір\u202e"}, order=[second.pk], by=by)
        assert [each.pk for each in draft.pictures.all()] == [second.pk, first.pk]
        assert draft.pictures.get(pk=first.pk).alt == "Двір"
        with clock.at(given.day(5)):
            delete_picture(project=draft, reference=second.pk, by=by)
            delete_picture(project=draft, reference=second.pk, by=by)
        assert [each.pk for each in draft.pictures.all()] == [first.pk]

    def test_no_more_than_ten_of_each(self):
        draft = begun()
        for number in range(10):
            picture(draft)
            document(draft, content=PDF + b"%d" % number + b"\n%%EOF\n")
        assert refused(picture, draft).code == "too_many_pictures"
        assert refused(document, draft).code == "too_many_documents"
        assert len(list(private_files.kept_files(shelf=SHELF))) == 10

    def test_a_document_is_kept_once_and_deleted_with_its_bytes(self):
        draft = begun()
        kept = document(draft)
        assert document(draft) == kept
        assert private_files.content_of(kept.pk, shelf=SHELF) == PDF
        assert len(list(private_files.kept_files(shelf=SHELF))) == 1

    def test_a_renamed_executable_is_refused_and_leaves_nothing(self):
        draft = begun()
        answer = refused(document, draft, content=b"MZ\x90\x00" * 100, name="план.pdf")
        assert answer.code == "not_a_document"
        assert list(private_files.kept_files(shelf=SHELF)) == []

    def test_files_of_a_submitted_project_are_part_of_its_version(self):
        project = submit(whole(given.contest(rules=EDITS)))
        assert set(refused(picture, project).fields) == {"agreed-pictures"}
        save(project, agreed={"pictures": True})
        picture(project)
        kept = document(project, is_public=False, name="Петренко.pdf")
        last = Version.objects.last().document
        assert last["attachments"] == [
            {"digest": kept.digest, "kind": "estimate", "name": "", "is_public": False}
        ]
        assert len(last["pictures"][0]["digest"]) == 64
        with clock.at(given.day(5)):
            delete_document(project=project, reference=kept.pk, by=actor_of(olena(), project.community))
        assert Version.objects.last().document["attachments"] == []

    def test_a_file_left_without_a_row_goes_after_a_day_and_others_stay(self):
        kept = document(begun())
        left = kept.pk.__class__(int=7)
        private_files.keep(left, b"left", shelf=SHELF)
        assert delete_left_files() == 0
        with clock.at(clock.now() + timedelta(days=2)):
            assert delete_left_files() == 1
        assert private_files.content_of(kept.pk, shelf=SHELF) == PDF
