"""The scene of members is staged through the actions, with the operators of the demo."""

import pytest
from tests import given

from viche.demo.scenes.members import ASKS, VILLAGERS, stage
from viche.identity.models import ProofRequest
from viche.identity.queries import current_register, waiting_requests


@pytest.mark.django_db
def test_requests_wait_and_are_decided_and_the_hromada_has_a_register():
    bodies = {"poltava": given.community(), "machukhy": given.community(given.MACHUKHY)}
    officials = {
        "poltava": [given.official("Ірина", "commission", bodies["poltava"]),
                    given.official("Галина", "operator", bodies["poltava"])],
        "machukhy": [given.official("Віктор", "administrator", bodies["machukhy"])],
    }  # fmt: skip
    stage(bodies, officials)
    waiting = list(waiting_requests(bodies["poltava"]))
    assert [each.person.family_name for each in waiting] == ["Ткаченко", "Мороз", "Лисенко", "Поліщук"]
    assert sorted(ProofRequest.objects.exclude(state="waiting").values_list("state", flat=True)) == [
        "granted",
        "refused",
    ]
    assert ProofRequest.objects.count() == len(ASKS)
    assert current_register(bodies["machukhy"]).rows == VILLAGERS
