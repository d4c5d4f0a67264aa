"""Each official report says why it cannot be made yet, and is told to everybody when its numbers are."""

import pytest
from django.test import Client
from tests import given
from tests.reports.official import (
    AFTER,
    built,
    check_documents,
    check_sums,
    fresh,
    refusal,
    told,
)
from tests.reports.test_figures import published, refreshed
from tests.results.counted import (
    certify,
    commission,
    counted,
    opened,
    publish,
)
from tests.surfaces.ground import prefix

from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.reports.official.actions import ask_report, make_report, publish_report
from viche.reports.official.kinds import KINDS
from viche.reports.official.queries import public_reports

pytestmark = pytest.mark.django_db


def test_nothing_is_made_of_a_contest_in_which_nothing_has_happened():
    contest = given.contest()
    with clock.at(given.day(3)):
        refreshed()
        said = {key: refusal(contest, key) for key in KINDS}
    assert said == {
        "count-protocol": "No count is certified yet.", "results-statement": "The result is not published yet.",
        "review-summary": "No project is submitted yet.", "implementation": "The result is not published yet.",
        "participation": "Nothing is counted yet.", "reconciliation": "The ballots are not counted yet.",
        "data-annex": "Nothing is counted yet.",
    }  # fmt: skip


def test_the_protocol_is_made_once_a_member_has_certified_and_the_statement_once_it_is_published():
    count = counted(opened())
    contest, (first, second) = count.contest, commission(count.contest)
    assert refusal(contest, "count-protocol")
    certify(count, first)
    assert refusal(contest, "count-protocol") == ""
    assert refusal(contest, "results-statement")
    document = built(contest, "count-protocol")
    assert "1 member of the commission has certified the count." in told(document)
    assert "Result published: not yet" in told(document)
    certify(count, second)
    publish(count)
    assert refusal(contest, "results-statement") == ""
    assert refusal(contest, "implementation") == ""


def test_where_nothing_won_there_is_nothing_to_implement_and_the_statement_says_so():
    options = {**given.RULES["counting"]["options"], "threshold": {"*": 100}}
    contest = opened({**given.RULES, "counting": {**given.RULES["counting"], "options": options}})
    published(contest)
    assert refusal(contest, "implementation") == "No project has won."
    assert "No project won" in told(built(contest, "results-statement"))
    check_sums(contest)
    assert "implementation" not in check_documents(contest)


def test_what_a_count_found_is_not_told_to_everybody_before_its_publication():
    """A member has certified, another has not: the protocol is for them to sign, not for everybody to read."""
    contest = opened()
    count = counted(contest)
    first, second = commission(contest)[:2]
    certify(count, first)
    with clock.at(given.day(63)):
        refreshed()
        (asked,) = ask_report(contest=contest, kind="count-protocol", languages=["uk"], by=first)
        made = make_report(report=asked)
        assert made.number is not None
        assert public_reports(contest) == []
        with pytest.raises(Refused) as refused:
            publish_report(report=made, by=first)
        assert refused.value.code == "not_published"
        file = made.files.first()
        start = f"{prefix(contest.community)}{contest.slug}/reports/"
        assert Client().get(f"{start}{file.pk}/").status_code == 404
        assert made.our_number not in Client().get(start).content.decode()
    certify(count, second)
    publish(count)
    with clock.at(AFTER):
        publish_report(report=made, by=first)
        assert [each.pk for each in public_reports(fresh(contest))] == [made.pk]
        assert Client().get(f"{start}{file.pk}/").status_code == 200
