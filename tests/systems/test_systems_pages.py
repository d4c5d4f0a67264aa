"""The officials' pages of other systems: what is connected, one system, its settings, its trial."""

import pytest
from tests import given
from tests.surfaces.ground import browser, holder, page, prefix

from viche.connectors.systems import actions
from viche.connectors.systems.calls import call
from viche.connectors.systems.kinds.residents.simulator import RegisterSimulator
from viche.connectors.systems.kinds.residents.simulator.server import CLIENT, SERVICE
from viche.connectors.systems.models import System
from viche.foundation import clock
from viche.foundation.outgoing import Unreachable
from viche.identity.providers.simulation.server import running

VALUES = {
    "title": "Реєстр громади", "client": CLIENT, "service": SERVICE, "purposes": "0041", "is_subject_named": "on",
    "path": "/residence", "question": '{"rnokpp": "{tax_number}"}', "resident": "/data/isResident",
    "territory": "/data/katottg", "basis": "registered", "seconds": "2",
}  # fmt: skip


@pytest.fixture
def desk(db):
    with clock.at(given.day(45)):
        body = given.community()
        yield body, browser(holder("Ірина", "administrator", body))


def address(body, rest=""):
    return f"{prefix(body)}en/office/systems/{rest}"


@pytest.fixture
def system(desk):
    body, _client = desk
    by = given.official("Олег", "administrator", body)
    values = {**VALUES, "server": "https://uxp.example", "is_subject_named": True}
    return actions.connect_system(
        community=body, kind="register-trembita", title="Реєстр громади", values=values, by=by
    )


def test_connect_test_and_look_at_the_log(desk):
    body, client = desk
    with running(RegisterSimulator()) as register:
        assert "Nothing is connected yet" in page(client.get(address(body))).text
        made = client.post(
            address(body, "new/register-trembita/"), {**VALUES, "server": register.url, "certificate": ""}
        )
        system = System.objects.get()
        assert made["Location"] == address(body, f"{system.pk}/")
        client.post(made["Location"], {"act": "check"})
        seen = page(client.get(made["Location"]))
        assert "The connection works" in seen.text
        assert "residence" in seen.text
        assert "The connection works" not in page(client.get(made["Location"])).text, "said once"
        listed = page(client.get(address(body))).text
        assert "in order" in listed
        assert "Calls within a day: 1; failed: 0" in listed


def test_what_does_not_work_is_said_in_a_sentence(desk, system):
    body, client = desk
    with running(RegisterSimulator(client="SIM/GOV/9/OTHER")) as register:
        values = {**system.settings, "server": register.url}
        actions.revise_system(
            system=system,
            title="x",
            values=values,
            version=1,
            by=given.official("Олег", "administrator", body),
        )
        client.post(address(body, f"{system.pk}/"), {"act": "check"})
    seen = page(client.get(address(body, f"{system.pk}/"))).text
    assert "The connection does not work" in seen
    assert "Server.ServerProxy.AccessDenied" in seen


def test_a_wrong_field_is_said_at_the_field_and_the_rest_stays(desk):
    body, client = desk
    answer = client.post(
        address(body, "new/register-trembita/"), {**VALUES, "server": "http:/x", "client": "VICHE"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "An address such as https://" in text
    assert "/data/isResident" in text
    assert not System.objects.exists()


def test_secrets_are_never_on_a_page(desk):
    body, client = desk
    by = given.official("Олег", "administrator", body)
    values = {**VALUES, "server": "https://register.example", "token": "hush-hush"}
    system = actions.connect_system(community=body, kind="register-plain", title="x", values=values, by=by)
    for rest in ("", f"{system.pk}/", f"{system.pk}/settings/"):
        assert "hush-hush" not in client.get(address(body, rest)).content.decode()
    wrong = client.post(
        address(body, f"{system.pk}/settings/"), {"token": "new-secret", "certificate": "pasted key"}
    )
    assert wrong.status_code == 422
    assert "new-secret" not in wrong.content.decode()
    assert "pasted key" not in wrong.content.decode()


def test_a_breaker_that_is_open_is_told_and_can_be_let_try(desk, system):
    body, client = desk

    def failing():
        raise Unreachable("timeout")

    for _ in range(3):
        with pytest.raises(Unreachable):
            call(system, "residence", failing)
    place = address(body, f"{system.pk}/")
    assert "Nobody asks it for now" in page(client.get(place)).text
    assert "does not answer" in page(client.get(address(body))).text
    client.post(place, {"act": "resume"})
    assert call(system, "residence", lambda: 1) == 1
    assert "Nobody asks it for now" not in page(client.get(place)).text


def test_switch_off_on_and_remove(desk, system):
    body, client = desk
    place = address(body, f"{system.pk}/")
    client.post(place, {"act": "stop"})
    assert "switched off" in page(client.get(place)).text
    client.post(place, {"act": "start"})
    assert "in order" in page(client.get(place)).text
    assert client.post(place, {"act": "remove"})["Location"] == address(body)
    assert client.get(place).status_code == 404


def test_a_colleague_was_first(desk, system):
    body, client = desk
    form = client.get(address(body, f"{system.pk}/settings/"))
    assert form.status_code == 200
    actions.stop_system(system=system, by=given.official("Олег", "administrator", body))
    late = client.post(
        address(body, f"{system.pk}/settings/"), {**VALUES, "server": "https://uxp.example", "version": "1"}
    )
    assert "A colleague has changed these settings meanwhile" in late.content.decode()


def test_the_log_has_pages_and_the_list_few_queries(desk, system, django_assert_max_num_queries):
    body, client = desk
    for _ in range(30):
        call(system, "residence", lambda: 1)
    assert client.get(address(body, f"{system.pk}/?page=2")).status_code == 200
    with django_assert_max_num_queries(25):
        client.get(address(body))


def test_another_bodys_system_is_not_there(desk, system):
    other = given.community(given.MACHUKHY)
    stranger = browser(holder("Тарас", "administrator", other))
    assert stranger.get(address(other, f"{system.pk}/")).status_code == 404
    assert stranger.post(address(other, f"{system.pk}/"), {"act": "remove"}).status_code == 404
    assert System.objects.filter(pk=system.pk).exists()
