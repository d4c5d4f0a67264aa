"""“This was not me”: said once while it is looked into, decided by somebody else, answered; named nowhere in public."""

import pytest
from tests import given
from tests.crowd import at_once, refusals

from viche.foundation.refused import Refused
from viche.identity.actions import decide_objection, object_to_act
from viche.identity.models import Objection, Person
from viche.identity.queries import actor_of, open_objections
from viche.journal.models import Entry

ACT = {
    "kind": "vote",
    "reference": "01890000-0000-7000-8000-000000000000",
    "act": "A vote",
    "text": "Я була вдома.",
}


@pytest.fixture
def body(db):
    return given.community()


def test_the_case_is_filed_decided_and_answered_and_the_journal_names_nobody(body):
    olena, iryna = given.person("Олена"), given.official("Ірина", "commission", body)
    case = object_to_act(person=olena, community=body, **ACT)
    assert open_objections(body) == 1
    decide_objection(objection=case, is_upheld=True, answer="Підтверджено: голос подав інший.", by=iryna)
    case.refresh_from_db()
    assert (case.state, case.decided_by_id) == ("upheld", iryna.person_id)
    leaves = " ".join(Entry.objects.filter(subject=f"objection:{case.pk}").values_list("leaf", flat=True))
    assert "ObjectionFiled" in leaves
    assert "ObjectionUpheld" in leaves
    assert str(olena.pk) not in leaves
    assert "вдома" not in leaves


def test_a_double_click_is_one_case(body, transactional_db):
    olena = given.person("Олена")
    results = at_once(4, lambda _place: object_to_act(person=olena, community=body, **ACT))
    assert refusals(results) == ["already_objected"] * 3
    assert Objection.objects.count() == 1


def test_two_officials_at_once_decide_once(body, transactional_db):
    case = object_to_act(person=given.person("Олена"), community=body, **ACT)
    officials = [given.official(name, "commission", body) for name in ("Ірина", "Віктор")]
    results = at_once(
        2,
        lambda place: decide_objection(
            objection=case, is_upheld=bool(place), answer="Так.", by=officials[place]
        ),
    )
    assert refusals(results) == ["already_done"]


@pytest.mark.parametrize("role", ["operator", "editor", "auditor"])
def test_whoever_does_not_decide_is_refused(body, role):
    case = object_to_act(person=given.person("Олена"), community=body, **ACT)
    with pytest.raises(Refused) as refused:
        decide_objection(
            objection=case, is_upheld=True, answer="Так.", by=given.official("Галина", role, body)
        )
    assert refused.value.code == "not_deciding"


def test_nobody_decides_their_own_case_nor_that_of_another_body(body):
    iryna = given.official("Ірина", "commission", body)
    own = object_to_act(person=Person.objects.get(pk=iryna.person_id), community=body, **ACT)
    with pytest.raises(Refused) as refused:
        decide_objection(objection=own, is_upheld=True, answer="Так.", by=iryna)
    assert refused.value.code == "own_objection"
    platform = object_to_act(
        person=given.person("Олена"), community=None, **{**ACT, "kind": "identification"}
    )
    with pytest.raises(Refused) as refused:
        decide_objection(objection=platform, is_upheld=True, answer="Так.", by=iryna)
    assert refused.value.code == "not_deciding"


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 2001])
def test_a_text_that_says_nothing_or_too_much_is_refused_at_its_field(body, text):
    with pytest.raises(Refused) as refused:
        object_to_act(person=given.person("Олена"), community=body, **{**ACT, "text": text})
    assert "text" in (refused.value.fields or {})
    case = object_to_act(person=given.person("Олена"), community=body, **ACT)
    with pytest.raises(Refused) as refused:
        decide_objection(
            objection=case, is_upheld=False, answer=text, by=given.official("Ірина", "commission", body)
        )
    assert "answer" in (refused.value.fields or {})


def test_after_a_decision_the_act_may_be_denied_anew(body):
    olena, iryna = given.person("Олена"), given.official("Ірина", "commission", body)
    case = object_to_act(person=olena, community=body, **ACT)
    decide_objection(objection=case, is_upheld=False, answer="Немає ознак.", by=iryna)
    assert object_to_act(person=olena, community=body, **ACT).pk != case.pk
    assert actor_of(olena, body).person_id == olena.pk
