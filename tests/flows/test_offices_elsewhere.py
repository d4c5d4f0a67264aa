"""An office in one community is none in another: Taras holds every office of Lviv and may do nothing in Poltava."""

import pytest
from tests import given

from viche.ballots.actions import make_box, open_box
from viche.communities.actions import brand_community
from viche.contests.actions import create_contest, extend_phase, freeze_rules
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused
from viche.identity.actions import end_office, grant_membership, grant_office
from viche.identity.models import COMMUNITY_ROLES, Office
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import withdraw_project
from viche.projects.models import Project
from viche.results.actions import certify_result, publish_result, run_count
from viche.review.actions import decide_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def taras() -> Actor:
    lviv = given.community(given.LVIV)
    someone = given.person("Тарас", region="Львівська", locality="м. Львів")
    for role in COMMUNITY_ROLES:
        grant_office(person=someone, community=lviv, role=role, by=SYSTEM)
    return actor_of(someone, lviv)


@pytest.fixture
def contest() -> Contest:
    return given.contest()


def refused(by: Actor, act, **wanted) -> str:
    before = Entry.objects.count()
    with pytest.raises(Refused) as answer:
        act(**wanted, by=by)
    assert Entry.objects.count() == before
    return answer.value.code


def test_he_may_do_all_of_it_at_home(taras):
    assert taras.roles == {str(role) for role in COMMUNITY_ROLES}
    assert create_contest(
        community=given.community(given.LVIV), slug="2026", year=2026, title={"uk": "Б"}, rules=given.RULES,
        schedule=given.schedule(), by=taras,
    )  # fmt: skip


def test_he_neither_announces_nor_changes_a_contest(taras, contest):
    city = contest.community
    assert (
        refused(taras, brand_community, community=city, website="https://lviv.example") == "not_administrator"
    )
    assert refused(taras, freeze_rules, contest=contest, decision="№ 1") == "not_administrator"
    assert refused(taras, make_box, contest=contest) == "not_administrator"
    with clock.at(given.day(45)):
        assert (
            refused(
                taras, extend_phase, contest=contest, phase="voting", ends_at=given.day(61), decision="№ 1"
            )
            == "not_administrator"
        )
    assert (
        refused(
            taras,
            create_contest,
            community=city,
            slug="his",
            year=2026,
            title={"uk": "Б"},
            rules=given.RULES,
            schedule=given.schedule(),
        )
        == "not_administrator"
    )


def test_he_neither_gives_nor_ends_offices_nor_confirms_members(taras, contest):
    city = contest.community
    given.official("Віктор", "administrator", city)
    given.official("Марія", "administrator", city)
    someone = given.person("Петро")
    assert refused(taras, grant_office, person=someone, community=city, role="auditor") == "not_administrator"
    assert (
        refused(taras, end_office, office=Office.objects.filter(community=city).first())
        == "not_administrator"
    )
    assert (
        refused(
            taras,
            grant_membership,
            person=someone,
            territory=city.territory,
            basis="work",
            document_reference="№ 1",
            community=city,
        )
        == "not_operator"
    )


def test_he_decides_about_no_project(taras, contest):
    project = given.submitted_project(contest)
    with clock.at(given.day(25)):
        assert refused(taras, decide_review, project=project, verdict="admit") == "wrong_role"
        assert refused(taras, withdraw_project, project=project) == "wrong_role"
    assert Project.objects.get().state == "in_review"


def test_he_opens_counts_certifies_and_publishes_nothing(taras, contest):
    given.admitted_project(contest)
    with clock.at(given.day(61)):
        assert refused(taras, open_box, contest=contest) == "not_commission"
        open_box(contest=contest, by=SYSTEM)
        assert refused(taras, run_count, contest=contest) == "not_commission"
        count = run_count(contest=contest, by=SYSTEM)
        assert refused(taras, certify_result, count=count) == "not_commission"
        assert refused(taras, publish_result, count=count) == "not_commission"
