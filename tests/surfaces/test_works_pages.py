"""Pages about what is built: the office's desk, the public tracker, a resident's rating."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import given
from tests.projects.test_delivery import picture
from tests.surfaces.ground import browser, holder, prefix, resident
from viche.foundation import clock
from viche.identity.queries import actor_of
from viche.projects import actions
from viche.projects.models import Project

LATER = given.day(75)
TODAY = LATER.date()


@pytest.fixture
def work(ground):
    """The first winner of the published contest, not begun yet."""
    return (
        Project.objects.select_related("contest__community__territory")
        .filter(state="funded")
        .order_by("number")[0]
    )


def address(work, *, office=False):
    start = f"{prefix(work.contest.community)}{'office/' if office else ''}{work.contest.slug}"
    return f"{start}/works/{work.number}/" if office else f"{start}/projects/{work.number}/"


def sent(client, path, **fields):
    with clock.at(LATER):
        return client.post(path, fields)


def seen(client, path):
    with clock.at(LATER):
        return client.get(path)


@pytest.fixture
def clerk(ground):
    return browser(holder("Віктор", "administrator", ground.poltava), at=LATER)


def begin(client, work):
    return sent(
        client, address(work, office=True), act="start",
        **{
            "start-responsible_unit": "Відділ благоустрою", "start-plan_cost": "290 000", "start-starts_on": TODAY,
            "start-due_on": TODAY + timedelta(days=60),
        },
    )  # fmt: skip


@pytest.mark.django_db
class TestTheDesk:
    def test_a_work_lives_from_its_beginning_to_its_acceptance(self, clerk, work):
        office = address(work, office=True)
        assert begin(clerk, work).status_code == 302
        assert (
            sent(
                clerk, office, act="milestone", **{"milestone-title": "Тендер", "milestone-due_on": TODAY}
            ).status_code
            == 302
        )
        step = work.delivery.milestones.get()
        assert sent(clerk, office, act="done", row=step.pk, done_on=TODAY).status_code == 302
        sent(
            clerk, office, act="photograph",
            **{
                "photograph-picture": SimpleUploadedFile("до.jpg", picture()), "photograph-moment": "before",
                "photograph-alt": "Пустир до робіт", "photograph-taken_on": TODAY,
            },
        )  # fmt: skip
        sent(
            clerk, office, act="contract",
            **{
                "contract-number": "14", "contract-signed_on": TODAY, "contract-contractor": "ТОВ «Сквер»",
                "contract-amount": "285 000", "contract-url": "prozorro.gov.ua/tender/UA-1",
            },
        )  # fmt: skip
        sent(
            clerk,
            office,
            act="delay",
            **{"delay-new_due": TODAY + timedelta(days=90), "delay-reason": "Тендер не відбувся"},
        )
        said = sent(
            clerk, office, act="implement",
            **{
                "implement-accepted_on": TODAY, "implement-acceptance": "№ 14 від 15.05.2026",
                "implement-actual_cost": "284 000",
            },
        )  # fmt: skip
        assert said.status_code == 302
        public = seen(browser(), address(work)).content.decode()
        for text in (
            "Відділ благоустрою",
            "Тендер",
            "Пустир до робіт",
            "ТОВ «Сквер»",
            "Тендер не відбувся",
            "№ 14 від",
        ):
            assert text in public

    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(self, clerk, work):
        begin(clerk, work)
        answer = sent(
            clerk, address(work, office=True), act="delay", **{"delay-new_due": TODAY, "delay-reason": ""}
        )
        assert answer.status_code == 422
        assert answer.context["forms"]["delay"].errors
        page = answer.content.decode()
        assert f'value="{TODAY.isoformat()}"' in page
        assert '<details class="disclosure" open>' in page

    def test_a_renamed_program_is_no_photograph(self, clerk, work):
        begin(clerk, work)
        answer = sent(
            clerk, address(work, office=True), act="photograph",
            **{
                "photograph-picture": SimpleUploadedFile("до.jpg", b"MZ\x90\x00" * 50), "photograph-moment": "before",
                "photograph-alt": "Пустир", "photograph-taken_on": TODAY,
            },
        )  # fmt: skip
        assert answer.status_code == 422
        assert "picture" in answer.context["forms"]["photograph"].errors

    def test_an_auditor_reads_and_a_resident_does_not(self, ground, work):
        office = address(work, office=True)
        auditor = browser(ground.visitors["auditor"], at=LATER)
        assert seen(auditor, office).status_code == 200
        assert 'name="act"' not in seen(auditor, office).content.decode()
        assert sent(auditor, office, act="start").status_code == 403
        assert seen(browser(ground.visitors["resident"], at=LATER), office).status_code == 403

    def test_a_project_that_did_not_win_has_no_work(self, ground, clerk):
        lost = (
            Project.objects.filter(state="not_funded").first() or Project.objects.filter(state="admitted")[0]
        )
        path = f"{prefix(ground.poltava)}office/{lost.contest.slug}/works/{lost.number}/"
        assert seen(clerk, path).status_code == 404

    def test_what_is_late_stands_first(self, ground, clerk, work):
        rest = Project.objects.filter(contest=work.contest, state="funded").exclude(pk=work.pk)
        late = rest.order_by("-number").first()
        by = actor_of(ground.visitors["administrator"], ground.poltava)
        late.contest = work.contest
        with clock.at(LATER - timedelta(days=4)):
            actions.start_work(
                project=late, responsible_unit="Відділ", plan_cost=1, starts_on=TODAY - timedelta(days=4),
                due_on=TODAY - timedelta(days=3), by=by,
            )  # fmt: skip
        answer = seen(clerk, f"{prefix(ground.poltava)}office/{work.contest.slug}/works/")
        assert answer.context["rows"][0]["project"] == late
        assert answer.context["rows"][0]["standing"].late_days == 3


@pytest.mark.django_db
class TestTheTracker:
    def test_everybody_sees_what_won_and_what_became_of_it(
        self, ground, clerk, work, django_assert_max_num_queries
    ):
        begin(clerk, work)
        with django_assert_max_num_queries(25):
            page = seen(browser(), f"{prefix(ground.poltava)}{work.contest.slug}/works/").content.decode()
        assert work.title in page
        for path in ("works/", "works/?year=2026&state=in_progress"):
            assert work.title in seen(browser(), prefix(ground.poltava) + path).content.decode()
        assert (
            work.title
            not in seen(browser(), f"{prefix(ground.poltava)}works/?state=implemented").content.decode()
        )
        assert seen(browser(), f"{prefix(ground.poltava)}works/?year=x&state=y").status_code == 200

    def test_a_resident_rates_what_is_built_once(self, ground, clerk, work):
        path = address(work) + "rate/"
        petro = browser(resident(), at=LATER)
        assert seen(petro, path).status_code == 409
        begin(clerk, work)
        sent(
            clerk,
            address(work, office=True),
            act="implement",
            **{"implement-accepted_on": TODAY, "implement-acceptance": "№ 1", "implement-actual_cost": "1"},
        )
        assert seen(petro, path).status_code == 200
        assert sent(petro, path, stars="").status_code == 422
        assert sent(petro, path, stars="5", promise="kept").status_code == 302
        sent(petro, path, stars="4", promise="partly")
        assert "4,0" in seen(browser(), address(work)).content.decode()
        assert (
            seen(browser(ground.visitors["outsider"], at=LATER), path).content.decode().count('name="stars"')
            == 0
        )
