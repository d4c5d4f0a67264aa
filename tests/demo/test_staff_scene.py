"""The demo's scene of officials: made through the actions, with something to do for everybody."""

import pytest
from tests import given

from viche.demo.scenes.staff import stage
from viche.foundation.actor import SYSTEM
from viche.identity.actions import grant_office, identify_person
from viche.identity.models import Invitation, Office
from viche.identity.providers import VerifiedClaims
from viche.identity.providers.isei.simulator import load_cast
from viche.identity.queries import open_connections, roles_in


@pytest.mark.django_db
def test_a_request_an_editor_an_auditor_an_invitation_and_the_platforms_administrator():
    city = given.community()
    people = {}
    for member in load_cast():
        if member.key in {"nazar", "viktor", "zoriana"}:
            people[member.key] = identify_person(
                claims=VerifiedClaims(
                    provider="isei", method="dig_sign", tax_number=member.tax_number, family_name=member.family_name,
                    given_name=member.given_name, patronymic=member.patronymic, address=None, issuer="test",
                )
            )  # fmt: skip
    grant_office(person=people["viktor"], community=city, role="administrator", by=SYSTEM)
    stage({"poltava": city}, {})
    assert roles_in(people["nazar"], None) == {"platform"}
    assert roles_in(people["zoriana"], None) == frozenset()
    [request] = open_connections()
    assert request.territory.full_name == "Терешківська громада"
    assert Invitation.objects.get().is_open
    given_by = Office.objects.filter(role__in=["editor", "auditor", "reviewer"])
    assert {office.granted_by for office in given_by} == {people["viktor"]}
