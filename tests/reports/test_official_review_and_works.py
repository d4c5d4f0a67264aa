"""The summary of the review and the report on the implementation: grounds, appeals and days; plan and fact."""

from datetime import timedelta
from typing import Any

import pytest
from tests import given
from tests.reports.lines import columns
from tests.reports.official import built, check_documents, tables_of, told
from tests.reports.test_figures import published
from tests.results.counted import (
    opened,
)

from viche.foundation import clock
from viche.identity.queries import actor_of
from viche.projects import actions as projects
from viche.projects.models import Project, State
from viche.reports.queries import figure_of
from viche.results.queries import publication_of
from viche.review.actions import appeal_refusal, decide_appeal, decide_review

pytestmark = pytest.mark.django_db


def test_the_summary_of_the_review_tells_grounds_appeals_and_how_long_they_took():
    appeal_rule = {"body": {"uk": "Комісія"}, "days": 3, "decision_days": 5}
    contest = given.contest(rules={**given.RULES, "appeal": appeal_rule})
    good, bad = (given.submitted_project(contest, title) for title in ("Лавки", "Фонтан"))
    iryna = given.official("Ірина", "commission", contest.community)
    with clock.at(given.day(22)):
        decide_review(project=good, verdict="admit", by=iryna)
    with clock.at(given.day(25)):
        decide_review(project=bad, verdict="refuse", reason="Земля приватна.", protocol="№ 1", by=iryna)
    with clock.at(given.day(26)):
        filed = appeal_refusal(
            project=Project.objects.get(pk=bad.pk), by=actor_of(given.person("Олена"), contest.community),
            reason="Земля громади.",
        )  # fmt: skip
    with clock.at(given.day(29)):
        decide_appeal(
            appeal=filed, is_granted=False, answer="Витяг не той.",
            by=given.official("Сергій", "commission", contest.community),
        )  # fmt: skip
    assert "review-summary" in check_documents(contest, at=given.day(30))
    found = tables_of(built(contest, "review-summary", at=given.day(30)))
    assert {row.key: row.values[0] for row in found["submitted-by-state"].rows} == {
        "admitted": 1,
        "refused": 1,
    }
    assert columns(found["submitted-by-state"])["projects"] == 2
    assert {row.key: row.values[0] for row in found["decisions"].rows} == {
        "review/admit": 1,
        "review/reject": 1,
    }
    (refused,) = found["refusals"].rows
    assert (refused.key, refused.values[1:]) == (bad.code, ("№ 1", "Земля приватна."))
    (appeal,) = found["appeals"].rows
    assert appeal.values[3:] == ("dismissed", "Витяг не той.")
    times = {row.key: row.values for row in found["review-times"].rows}
    # the review begins on the 20th day; one was decided on the 22nd, one on the 25th
    assert times["first"] == (2, 2, 5)
    assert times["appeal"] == (1, 3, 3)
    said = told(built(contest, "review-summary", at=given.day(30)))
    assert "The regulation asks for no signatures of support." in said
    assert "No department was asked for an opinion." in said


def test_plan_and_fact_of_each_work_stand_side_by_side():
    contest = opened({**given.RULES, "implementation": {"year_offset": 1, "stall_days": 30}})
    published(contest)
    by = given.official("Віктор", "administrator", contest.community)
    work, *others = Project.objects.filter(contest=contest, state=State.FUNDED).order_by("number")
    began = given.day(75)
    today = began.date()

    def act(verb: Any, **facts: Any) -> Any:
        verb(project=Project.objects.get(pk=work.pk), by=by, **facts)

    with clock.at(began):
        act(
            projects.start_work, responsible_unit="Відділ благоустрою", plan_cost=14_000_000, starts_on=today,
            due_on=today + timedelta(days=60),
        )  # fmt: skip
        act(
            projects.record_contract, number="15/26", signed_on=today, contractor="ТОВ «Сквер»", amount=13_000_000,
            url="https://prozorro.gov.ua/tender/UA-1",
        )  # fmt: skip
    with clock.at(given.day(80)):
        act(projects.delay_work, new_due=today + timedelta(days=90), reason="Дощі.")
    with clock.at(given.day(150)):
        act(
            projects.implement_project, accepted_on=today + timedelta(days=70), acceptance="акт № 3",
            actual_cost=13_500_000,
        )  # fmt: skip
    late = given.day(151)
    check_documents(contest, at=late)
    found = tables_of(built(contest, "implementation", at=late))
    money = columns(found["works-money"], row=work.code)
    assert money == {
        "state": "implemented", "won": 15_000_000, "plan": 14_000_000, "contracts": 13_000_000, "paid": 13_500_000,
        "deviation": -500_000,
    }  # fmt: skip
    assert columns(found["works-money"])["won"] == sum(
        publication_of(contest).count.outcome["amounts"].values()
    )
    assert len(found["works-money"].rows) == 1 + len(others)
    terms = columns(found["works-terms"], row=work.code)
    assert (terms["moved"], terms["deviation"]) == (1, 10)
    assert terms["first_due"] == (today + timedelta(days=60)).isoformat()
    assert terms["due"] == (today + timedelta(days=90)).isoformat()
    assert (
        columns(found["contracts"], row=f"{work.code}/15/26")["url"] == "https://prozorro.gov.ua/tender/UA-1"
    )
    # the page of the figures says the same of plan and fact
    works = columns(figure_of(contest, "works"), row=work.code)
    assert (works["plan"], works["fact"]) == (money["plan"], money["paid"])
