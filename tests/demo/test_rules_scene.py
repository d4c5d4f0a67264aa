"""The demo's draft of rules: written by two officials, complete, and one confirmation away from being frozen."""

import pytest
from tests import given

from viche.ballots.preparing import confirm_act
from viche.contests.actions import findings
from viche.contests.models import Contest
from viche.contests.queries import open_proposals
from viche.demo.scenes.rules import LARGEST, TOTAL, stage


@pytest.mark.django_db
def test_a_draft_of_two_officials_waits_for_a_third_who_can_confirm_it():
    city = given.community()
    viktor, yuliia = given.official("Віктор", "administrator", city), given.official("Юлія", "editor", city)
    stage({"poltava": city}, {"poltava": [viktor, yuliia]})
    [contest] = Contest.objects.all()
    notes = contest.rules_versions.order_by("number").values_list("note", "made_by")
    assert list(notes) == [
        ("preset:vinnytsia-2021", viktor.person_id),
        ("projects", viktor.person_id),
        ("money", viktor.person_id),
        ("people", yuliia.person_id),
        ("review", yuliia.person_id),
    ]
    rules = contest.rules_versions.get(number=5).rules
    assert (rules.total, rules.size_classes[1].max_cost, rules.voter.min_age) == (TOTAL, LARGEST, 16)
    assert [each.text for each in findings(contest, rules) if not each.is_warning] == []
    [proposal] = open_proposals(contest)
    confirm_act(proposal=proposal, by=given.official("Ірина", "commission", city))
    assert Contest.objects.get(pk=contest.pk).is_frozen
