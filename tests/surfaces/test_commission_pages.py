"""The commission's pages: a meeting from its call to its protocol, an appeal, projects that exclude each other."""

from collections.abc import Iterator

import pytest

from tests import given
from tests.surfaces.ground import browser, page
from viche.contests.models import Contest
from viche.foundation import clock
from viche.identity.queries import actor_of
from viche.projects.models import Project, State
from viche.review.actions import decide_review, propose_correction
from viche.review.models import AgendaItem, Appeal, Conflict, IncompatibleGroup, Meeting

pytestmark = pytest.mark.django_db
RULES = given.RULES | {
    "review": [{"id": "c", "name": {"uk": "Розгляд"}, "body": {"uk": "Комісія"}, "outcomes": ["admit", "reject"],
                "quorum": 2}],
    "appeal": {"body": {"uk": "Комісія"}, "days": 3},
}  # fmt: skip
DESK, PUBLIC = "/poltava/office/2026/commission/", "/poltava/2026/meetings/"


@pytest.fixture
def contest() -> Iterator[Contest]:
    made = given.contest(rules=RULES)
    for name in ("Ірина", "Сергій"):
        given.official(name, "commission", made.community)
    given.official("Віктор", "administrator", made.community)
    with clock.at(given.day(25)):
        yield made


def of(name: str):
    return browser(given.person(name), at=given.day(25))


def test_a_meeting_is_held_on_the_pages(contest):
    project = given.submitted_project(contest)
    viktor, iryna, serhii = of("Віктор"), of("Ірина"), of("Сергій")
    form = {"starts_at": "2026-03-27T10:00", "place": "Зал", "chair": str(given.person("Ірина").pk),
            "secretary": str(given.person("Віктор").pk)}  # fmt: skip
    wrong = viktor.post(DESK + "call/", form)
    assert wrong.status_code == 422
    assert "Зал" in wrong.content.decode()
    room = viktor.post(DESK + "call/", form | {"projects": ["1"]})["Location"]
    assert room == DESK + "1/"
    anybody = browser()
    assert project.title in page(anybody.get(PUBLIC + "1/")).text
    with clock.at(given.day(27)):
        viktor = browser(given.person("Віктор"), at=given.day(27))
        iryna = browser(given.person("Ірина"), at=given.day(27))
        serhii = browser(given.person("Сергій"), at=given.day(27))
        viktor.post(
            room, {"act": "attendance", "present": [str(given.person(n).pk) for n in ("Ірина", "Сергій")]}
        )
        viktor.post(room, {"act": "open"})
        wrong = viktor.post(room, {"act": "plan", "item": "1", "plan-1-verdict": "x", "plan-1-reason": "Моє"})
        assert wrong.status_code == 422
        assert "Моє" in wrong.content.decode()
        viktor.post(room, {"act": "open-item", "item": "1"})
        assert not page(iryna.get(room)).inline
        assert project.text in page(iryna.get("/poltava/office/2026/dossier/1/")).text
        for who, name in ((iryna, "Ірина"), (serhii, "Сергій")):
            who.post(
                room, {"act": "vote", "item": "1", "member": str(given.person(name).pk), "choice": "for"}
            )
        iryna.post(room, {"act": "close-item", "item": "1"})
        viktor.post(room, {"act": "notes", "item": "1", "notes-1-notes": "Виступили двоє."})
        viktor.post(room, {"act": "close"})
        digest = Meeting.objects.get().digest
        for who in (viktor, iryna):
            who.post(room, {"act": "approve", "digest": digest})
    assert Project.objects.get().state == State.ADMITTED
    assert Meeting.objects.get().is_approved
    seen = page(anybody.get(PUBLIC + "1/"))
    assert digest in seen.text
    assert "Коваленко Ірина" in seen.text
    assert anybody.get(PUBLIC + "1.json")["Content-Type"] == "application/json"
    assert anybody.get(PUBLIC).status_code == 200
    assert anybody.get(PUBLIC + "9/").status_code == 404


def test_who_is_refused_in_the_room_reads_why_and_nothing_breaks(contest):
    given.submitted_project(contest)
    viktor = of("Віктор")
    viktor.post(DESK + "call/", {
        "starts_at": "2026-03-27T10:00", "place": "Зал", "chair": str(given.person("Ірина").pk),
        "secretary": str(given.person("Віктор").pk), "projects": ["1"],
    })  # fmt: skip
    answer = of("Сергій").post(DESK + "1/", {"act": "open-item", "item": "1"}, follow=True)
    assert answer.status_code == 200
    assert "головуючий і секретар" in answer.content.decode()
    assert AgendaItem.objects.get().state == "waiting"
    for broken in ({"act": "vote", "item": "1", "member": "x"}, {"act": "up", "item": "-1"}, {"act": "plan"}):
        assert viktor.post(DESK + "1/", broken).status_code == 404


def test_a_conflict_is_declared_on_the_desk_and_its_reason_is_not_public(contest):
    project = given.submitted_project(contest)
    iryna = of("Ірина")
    assert iryna.post(DESK, {"project": "1", "reason": ""}).status_code == 422
    assert iryna.post(DESK, {"project": "1", "reason": "Мій брат живе поруч."}).status_code == 302
    assert Conflict.objects.get().project == project
    public = page(browser().get("/poltava/2026/projects/1/")).text
    assert "брат" not in public
    assert "конфлікт інтересів" in public.lower()


def test_an_author_appeals_and_an_official_answers(contest):
    project = given.submitted_project(contest)
    iryna = given.person("Ірина")
    decide_review(
        project=project, verdict="refuse", reason="Земля приватна.", protocol="№ 1",
        by=actor_of(iryna, contest.community),
    )  # fmt: skip
    address = "/poltava/2026/projects/1/appeal/"
    assert of("Петро").get(address).status_code == 403
    olena = of("Олена")
    assert address in page(olena.get("/poltava/2026/projects/1/")).links
    assert olena.post(address, {"reason": ""}).status_code == 422
    assert olena.post(address, {"reason": "Земля громади."}).status_code == 302
    appeal = Appeal.objects.get()
    sent = {"appeal": str(appeal.pk), f"{appeal.pk}-answer": "Так, громади.", "act": "grant"}
    assert of("Ірина").post(DESK + "appeals/", sent).status_code == 422
    assert of("Сергій").post(DESK + "appeals/", sent).status_code == 302
    assert Project.objects.get().state == State.IN_REVIEW
    assert "Так, громади." in page(browser().get("/poltava/2026/projects/1/")).text


def test_projects_that_exclude_each_other_are_marked_and_shown(contest):
    for number in (1, 2):
        given.submitted_project(contest, f"Проєкт {number}")
    iryna = of("Ірина")
    address = DESK + "incompatible/"
    assert iryna.post(address, {"projects": ["1"], "reason": "Місце"}).status_code == 422
    assert iryna.post(address, {"projects": ["1", "2"], "reason": "Те саме місце."}).status_code == 302
    assert "Те саме місце." in page(browser().get("/poltava/2026/projects/2/")).text
    group = str(IncompatibleGroup.objects.get().pk)
    assert iryna.post(address, {"group": group, f"{group}-reason": ""}).status_code == 422
    assert iryna.post(address, {"group": group, f"{group}-reason": "Різні."}).status_code == 302
    assert not IncompatibleGroup.objects.exists()


def test_the_dossier_shows_the_experts_version_beside_the_authors(contest):
    project = given.submitted_project(contest)
    reviewer = given.official("Леся", "reviewer", contest.community)
    propose_correction(project=project, changes={"title": "Сквер з деревами"}, note="Точніше.", by=reviewer)
    seen = page(of("Ірина").get("/poltava/office/2026/dossier/1/")).text
    assert "Точніше." in seen
    assert "з деревами" in seen
    assert of("Петро").get("/poltava/office/2026/dossier/1/").status_code == 403
