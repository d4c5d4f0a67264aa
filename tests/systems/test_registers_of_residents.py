"""A body's register of residents behind Trembita or X-Road, asked over real HTTP; and a voter who does not wait."""

import socket
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from lxml import etree
from tests import given
from tests.surfaces.ground import VOTING_DAY, browser, page, prefix
from tests.surfaces.test_identity_pages import CALLBACK, TO, begin, simulator, through  # noqa: F401
from tests.systems.certified import certificate

from viche.communities.models import Territory
from viche.connectors.systems import actions, queries
from viche.connectors.systems.kinds.residents.port import registers_of
from viche.connectors.systems.kinds.residents.simulator import RegisterSimulator
from viche.connectors.systems.kinds.residents.simulator.server import CLIENT, SERVICE, TOKEN
from viche.connectors.systems.kinds.residents.soap import NAMESPACES, wsdl_address
from viche.connectors.systems.models import BreakerState, System, SystemCall
from viche.foundation import clock
from viche.identity.actions import identify_person
from viche.identity.models import Person
from viche.identity.providers.simulation.server import running
from viche.identity.queries import live_memberships
from viche.identity.registers import RegisterError, Residence

NUMBER = given.claims("Петро", serial=given.serial_of("Петро")).tax_number
PARTIES = {"client": CLIENT, "service": SERVICE}
JSON = {
    "question": '{"rnokpp": "{tax_number}", "birthDate": "{birth_date}"}', "resident": "/data/isResident",
    "territory": "/data/katottg",
}  # fmt: skip
XML = {
    "question": (
        '<r:GetResidence xmlns:r="http://register.example/residence"><r:rnokpp>{tax_number}</r:rnokpp>'
        "</r:GetResidence>"
    ),
    "resident": "//isResident", "territory": "//katottg",
}  # fmt: skip
KINDS = {
    "register-trembita": {**PARTIES, **JSON, "path": "/residence", "purposes": "0041", "is_subject_named": True},
    "register-xroad": {**PARTIES, **JSON, "path": ""},
    "register-trembita-soap": {**PARTIES, **XML, "namespace": NAMESPACES[0], "user": "viche"},
    "register-plain": {**JSON, "token": TOKEN},
}  # fmt: skip


@pytest.fixture
def voting_day() -> Iterator[None]:
    with clock.at(VOTING_DAY):
        yield


@pytest.fixture
def register() -> Iterator[RegisterSimulator]:
    with running(RegisterSimulator(slow_seconds=30)) as server:
        yield server


def connect(simulated, kind, body=None, **facts):
    body = body or given.community(given.MACHUKHY)
    by = given.official("Ірина", "administrator", body)
    address = f"{simulated.url}/plain" if kind == "register-plain" else simulated.url
    values = {"server": address, "basis": "registered", "seconds": "1", **KINDS[kind], **facts}
    return actions.connect_system(community=body, kind=kind, title="Реєстр", values=values, by=by), by


def village():
    return Territory.objects.get(path__contains=given.MACHUKHY, name="Мачухи", category="C").code


def said(system, number=NUMBER):
    code = system.community.territory_id
    return registers_of([code])[0].memberships_of(number, None, seconds=2)


def failure(system):
    with pytest.raises(RegisterError) as caught:
        said(system)
    assert NUMBER not in repr(caught.value)
    assert NUMBER not in repr(caught.value.__context__)
    return str(caught.value)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
class TestEveryWay:
    def test_who_lives_here_is_found_and_who_does_not_is_not(self, register, kind):
        system, _by = connect(register, kind)
        register.residents[NUMBER] = village()
        assert said(system) == [Residence(given.MACHUKHY, village(), "registered")]
        register.residents.clear()
        assert said(system) == []

    @pytest.mark.parametrize("territory", ["UA99999999999999999", given.POLTAVA, "Мачухи"])
    def test_a_territory_that_is_none_of_the_bodys_is_not_believed(self, register, kind, territory):
        given.community(given.POLTAVA)
        system, _by = connect(register, kind)
        register.residents[NUMBER] = territory
        assert failure(system) == "garbage"

    def test_the_trial_of_the_connection_asks_about_nobody(self, register, kind):
        system, by = connect(register, kind)
        finding = actions.check_system(system=system, by=by)
        assert finding.is_good, finding.sentence
        assert queries.calls_of(system).get().outcome == "ok"
        assert NUMBER.encode() not in register.asked[-1][2]

    @pytest.mark.parametrize(
        ("fault", "outcome"),
        [
            ("500", "out_of_order"), ("garbage", "garbage"), ("refuse", "refused"), ("too_many", "too_many"),
            ("slow", "timeout"),
        ],
    )  # fmt: skip
    def test_each_fault_is_told_apart_and_nothing_is_believed(self, register, kind, fault, outcome):
        system, by = connect(register, kind)
        register.residents[NUMBER] = village()
        register.fault = fault
        assert failure(system) == outcome
        finding = actions.check_system(system=system, by=by)
        assert not finding.is_good
        assert {each.outcome for each in queries.calls_of(system)} == {outcome}

    def test_one_that_is_not_there(self, register, kind):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        system, _by = connect(register, kind, server=f"http://127.0.0.1:{port}")
        assert failure(system) == "connection"

    def test_it_shows_its_certificate_and_trusts_one_authority_only(self, kind, tmp_path):
        theirs, vouches = certificate(tmp_path, "theirs")
        ours, shown = certificate(tmp_path, "ours")
        _path, other = certificate(tmp_path, "other")
        (tmp_path / "shown.pem").write_text(shown)
        server = RegisterSimulator()
        server.speak_tls(theirs, tmp_path / "shown.pem")
        with running(server):
            facts = {"authority": vouches, "certificate": ours.read_text()}
            system, by = connect(server, kind, **facts)
            assert said(system) == []
            assert "PRIVATE" not in str(system.settings)
            values = {**system.settings, "authority": other}
            wrong = actions.revise_system(system=system, title="x", values=values, version=1, by=by)
            assert failure(wrong) == "tls"
            values = {**system.settings, "forget_certificate": True, "token": TOKEN}
            bare = actions.revise_system(system=wrong, title="x", values=values, version=2, by=by)
            assert failure(bare) in {"tls", "connection"}, "it wants a certificate of ours"


@pytest.mark.django_db
class TestOnTheWire:
    def test_trembita_headers(self, register):
        system, _by = connect(register, "register-trembita")
        said(system)
        path, headers, _body = register.asked[-1]
        assert path == "/restapi/residence"
        wanted = {
            "uxp-client": CLIENT,
            "uxp-service": SERVICE,
            "uxp-purpose-ids": "0041",
            "uxp-subject-id": NUMBER,
        }
        assert wanted.items() <= headers.items()
        assert len(queries.calls_of(system).get().reference) == 32, "uxp-transaction-id"

    def test_xroad_address_and_headers(self, register):
        system, _by = connect(register, "register-xroad")
        said(system)
        path, headers, _body = register.asked[-1]
        assert path == f"/r1/{SERVICE}"
        assert headers["x-road-client"] == CLIENT
        assert headers["x-road-id"]

    @pytest.mark.parametrize("namespace", NAMESPACES)
    def test_soap_header_in_either_namespace(self, register, namespace):
        register.namespace = namespace
        system, _by = connect(register, "register-trembita-soap", namespace=namespace)
        assert said(system) == []
        header = etree.fromstring(register.asked[-1][2])[0]
        names = [etree.QName(each) for each in header]
        assert [each.localname for each in names] == ["client", "service", "userId", "id", "protocolVersion"]
        assert {each.namespace for each in names} == {namespace}
        assert header[0][3].text == "VICHE"
        assert wsdl_address(system).endswith(
            "/wsdl?xRoadInstance=SIM&memberClass=GOV&memberCode=00000002&subsystemCode=REGISTER"
            "&serviceCode=residence"
        )

    def test_the_other_namespace_is_a_fault(self, register):
        system, _by = connect(register, "register-trembita-soap", namespace=NAMESPACES[1])
        assert failure(system) == "fault:Client.MissingHeaderField"

    @pytest.mark.parametrize("kind", ["register-trembita", "register-xroad", "register-trembita-soap"])
    def test_faults_of_the_road_itself_by_their_own_codes(self, register, kind):
        system, _by = connect(register, kind)
        register.client = "SIM/GOV/00000009/ANOTHER"
        assert failure(system) == "fault:Server.ServerProxy.AccessDenied"
        assert queries.calls_of(system).get().reference

    def test_a_value_never_becomes_part_of_the_question(self, register):
        """Whatever stands in a number, the register is asked one question about it."""
        odd = '1"}, "rnokpp": "2'
        system, by = connect(register, "register-plain")
        said(system, odd)
        assert b'"1\\"}, \\"rnokpp\\": \\"2"' in register.asked[-1][2]
        actions.stop_system(system=system, by=by)
        system, _by = connect(register, "register-trembita-soap")
        said(system, "<r:rnokpp>2</r:rnokpp>")
        assert b"&lt;r:rnokpp&gt;" in register.asked[-1][2]

    @pytest.mark.parametrize(
        "place", ["/data/nothing", "/data", "/data/katottg", "/data/isResident/0", "/data/list/7"]
    )
    def test_a_register_that_changed_its_form_ends_no_membership(self, register, place):
        register.residents[NUMBER] = village()
        system, _by = connect(register, "register-plain", resident=place)
        assert failure(system) == "garbage"

    def test_entities_and_doctypes_are_not_read(self, register):
        from viche.connectors.systems.pointers import read_xml

        for text in (
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a/>',
        ):
            with pytest.raises(ValueError, match=r"DTD|XML"):
                read_xml(text)


@pytest.mark.django_db
class TestIdentification:
    def comes(self, body):
        claims = given.claims("Петро", serial=given.serial_of("Петро"), method="dig_sign")
        return identify_person(claims=claims, asked_in=body)

    def test_what_a_connected_register_says_becomes_a_membership_and_ends_again(self, register):
        system, _by = connect(register, "register-trembita")
        register.residents[NUMBER] = village()
        someone = self.comes(system.community)
        assert live_memberships(someone).get().territory_id == village()
        register.residents.clear()
        assert not live_memberships(self.comes(system.community)).exists()

    def test_a_fault_ends_nothing(self, register):
        system, _by = connect(register, "register-trembita")
        register.residents[NUMBER] = village()
        someone = self.comes(system.community)
        register.fault = "500"
        self.comes(system.community)
        assert live_memberships(someone).get().territory_id == village()

    def test_a_place_of_another_body_is_not_believed(self, register):
        system, _by = connect(register, "register-trembita")
        register.residents[NUMBER] = given.LVIV
        assert not live_memberships(self.comes(system.community)).exists()

    def test_several_registers_share_one_time(self, register, settings):
        """Of two slow registers, of the community and of the body above it, the second gets what is left."""
        settings.REGISTER_SECONDS = 1
        register.fault = "slow"
        lower, _by = connect(register, "register-plain")
        above = given.community(Territory.objects.get(pk=given.MACHUKHY).parent.code)
        connect(register, "register-plain", body=above)
        self.comes(lower.community)
        assert sum(each.milliseconds for each in SystemCall.objects.all()) < 2000


class TestAVoterDoesNotWait:
    """The way of a voter from the door to the ballot, with a register that is dead, and with one that takes 30 s."""

    @pytest.mark.parametrize("fault", ["slow", "dead"])
    def test_five_voters_come_and_the_register_costs_three_of_them_a_second(
        self, db, voting_day, simulator, register, fault  # noqa: F811 (a fixture)
    ):  # fmt: skip
        made, _projects = given.voting_contest()
        facts = {"server": "http://127.0.0.1:1/"} if fault == "dead" else {}
        system, _by = connect(register, "register-plain", body=made.community, **facts)
        register.fault = "slow"
        for _ in range(5):
            client = browser(SERVER_NAME="localhost")
            answer = client.get(CALLBACK, through(begin(client, f"{prefix(made.community)[1:]}en/"), "petro"))
            assert unquote(answer["Location"]).endswith(TO)
            ballot = client.get(TO.replace("review/", ""))
            assert ballot.status_code == 200
        assert page(ballot).headings
        assert Person.objects.filter(given_name="Петро").exists()
        calls = list(SystemCall.objects.filter(system=system))
        assert len(calls) == 3, "then the breaker is open: nobody asks, nobody waits"
        assert all(each.milliseconds < 2000 for each in calls)
        assert System.objects.get(pk=system.pk).state == BreakerState.OPEN
        assert clock.now() < System.objects.get(pk=system.pk).next_at
