"""The seeder sets its scenes: everybody whom the guide names is there and has something to do."""

import pytest

from viche.contests.models import Proposal
from viche.demo.seed import Seeder
from viche.identity.actions import person_by_number
from viche.identity.models import Invitation
from viche.identity.providers.isei.simulator import load_cast
from viche.identity.queries import current_register, open_connections, roles_in, waiting_requests

OFFICES = {
    "viktor": {"administrator"}, "iryna": {"commission"}, "halyna": {"operator"}, "alina": {"auditor"},
}  # fmt: skip


@pytest.mark.django_db
def test_the_people_of_the_guide_hold_their_offices_and_find_what_waits_for_them():
    seeder = Seeder(lambda _line: None)
    seeder._connect()
    seeder._people()
    seeder._scenes()
    city = seeder.bodies["poltava"]
    people = {
        member.key: person_by_number(tax_number=member.tax_number)
        for member in load_cast()
        if member.tax_number
    }
    assert {key: roles_in(people[key], city) & roles for key, roles in OFFICES.items()} == OFFICES
    assert roles_in(people["nazar"], None) == {"platform"}
    # Zoriana asks and Andrii proves by themselves: nothing is done for them beforehand
    assert [each.territory.full_name for each in open_connections()] == ["Терешківська громада"]
    assert people["andrii"].requests.count() == 0
    [proposal] = Proposal.objects.all()
    assert (proposal.state, proposal.proposed_by) == (Proposal.State.OPEN, people["viktor"])
    assert len(list(waiting_requests(city))) == 4
    assert Invitation.objects.get().is_open
    assert current_register(seeder.bodies["machukhy"]) is not None
