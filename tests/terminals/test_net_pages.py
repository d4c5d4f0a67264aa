"""Administrators open, set and stop ways of terminal networks, and compare what the network says with what came."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import given
from tests.surfaces.ground import browser, holder
from tests.terminals import nets
from tests.terminals.nets import VOTING_DAY

from viche.channels.terminals.networks.actions import open_way, set_way
from viche.channels.terminals.networks.comparing import read_register
from viche.channels.terminals.networks.door import answer_terminal
from viche.channels.terminals.networks.models import NetworkWay
from viche.channels.terminals.networks.speech import Asked, Verb
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.foundation.refused import Refused
from viche.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground():
    with clock.at(VOTING_DAY):
        contest = nets.vote()
        partner = nets.partner(contest.community)
        yield contest, partner, browser(holder("Марко", "administrator", contest.community))


def form(contest, **other):
    return {
        "dialect": "osmp", "contest": str(contest.pk), "addresses": "203.0.113.0/24\n198.51.100.7", "amount": "1.50",
        "basket": "full", **other,
    }  # fmt: skip


def test_a_way_is_opened_set_anew_and_stopped(ground):
    contest, partner, client = ground
    listed = f"/poltava/office/terminals/{partner.pk}/networks/"
    assert client.get(listed).status_code == 200
    opened = client.post(listed, form(contest))
    assert opened.status_code == 302, opened.content.decode()[-2000:]
    way = NetworkWay.objects.get()
    assert (way.amount, way.basket, way.addresses) == (150, "full", ["198.51.100.7/32", "203.0.113.0/24"])
    shown = client.get(opened["Location"]).content.decode()
    assert nets.address_of(way) in shown
    sent = {"act": "settings", "addresses": "203.0.113.0/24", "amount": "0", "basket": "single"}
    assert client.post(opened["Location"], sent).status_code == 302
    way.refresh_from_db()
    assert (way.amount, way.basket) == (0, "single")
    for act, state in (("stop", "stopped"), ("stop", "stopped"), ("resume", "open")):
        assert client.post(opened["Location"], {"act": act}).status_code == 302
        way.refresh_from_db()
        assert way.state == state
    kinds = Entry.objects.filter(kind__startswith="Way").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["WayOpened", "WayChanged", "WayStopped", "WayResumed"]
    assert not Entry.objects.filter(leaf__contains=way.path.encode()).exists(), "the address stays a secret"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("addresses", ""), ("addresses", "somewhere"), ("addresses", "0.0.0.0/0"), ("amount", "1.555"),
        ("amount", "1500"), ("amount", "-1"), ("basket", "never"), ("dialect", "morse"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(ground, field, value):
    contest, partner, client = ground
    listed = f"/poltava/office/terminals/{partner.pk}/networks/"
    answer = client.post(listed, form(contest, **{field: value}))
    assert answer.status_code == 422
    assert f'id="id_{field}' in answer.content.decode()
    assert "error" in answer.content.decode()
    assert not NetworkWay.objects.exists()


def test_an_auditor_reads_and_does_not_see_the_secret_address(ground):
    contest, partner, _client = ground
    way = open_way(partner=partner, dialect="debt", addresses=["203.0.113.7"], by=SYSTEM, contest=contest)
    auditor = browser(holder("Ганна", "auditor", contest.community))
    address = f"/poltava/office/terminals/networks/{way.pk}/"
    shown = auditor.get(address)
    assert shown.status_code == 200
    assert way.path not in shown.content.decode()
    assert auditor.post(address, {"act": "stop"}).status_code == 403


def test_a_register_of_the_network_is_compared_with_ours(ground):
    contest, partner, client = ground
    way = open_way(partner=partner, dialect="debt", addresses=["203.0.113.7"], by=SYSTEM, contest=contest)
    number = nets.voter()
    for payment, service in (("101", 1), ("102", 2), ("103", 4), ("104", 0)):
        said = Asked(Verb.PAY, payment=payment, account=f"{number}-{service}", amount=0)
        if payment == "104":
            answer_terminal(way=way, asked=Asked(Verb.CANCEL, payment="103"))
        answer_terminal(way=way, asked=said)
    address = f"/poltava/office/terminals/networks/{way.pk}/"

    def compare(text: str, encoding: str = "utf-8") -> str:
        sent = SimpleUploadedFile("register.csv", text.encode(encoding))
        day = VOTING_DAY.strftime("%Y-%m-%d")
        answer = client.post(address, {"act": "compare", "day": day, "register": sent})
        assert answer.status_code == 200, answer.content.decode()[-2000:]
        return answer.content.decode()

    page = compare("Платіж;Сума\n101;0,00\n102;1,00\n103;0\n999;0\n", "cp1251")
    for payment in ("102", "103", "104", "999"):
        assert f"<code>{payment}</code>" in page
    assert "<code>101</code>" not in page
    page = compare("101,0\n102,0\n104,0.00\n")
    assert "<code>" not in page.split('id="compare"')[1].split("</section>")[0]


def test_a_register_that_cannot_be_read_says_where():
    with pytest.raises(Refused, match="2"):
        read_register("101;0\nщось інше\n".encode())
    with pytest.raises(Refused, match="3"):
        read_register(b"101;0\n102;0\n101;0\n")


def test_a_ballot_of_points_is_not_filled_by_payments(ground):
    contest, partner, _client = ground
    rules = {**nets.RULES, "ballot": {"kind": "points", "min_choices": 1, "max_points": 5}}
    points, _projects = given.voting_contest(slug="points", rules=rules)
    with pytest.raises(Refused) as refused:
        open_way(partner=partner, dialect="osmp", addresses=["203.0.113.7"], by=SYSTEM, contest=points)
    assert "contest" in refused.value.fields
    way = open_way(partner=partner, dialect="osmp", addresses=["203.0.113.7"], by=SYSTEM, contest=contest)
    by = given.official("Олег", "operator", contest.community)
    with pytest.raises(Refused) as refused:
        set_way(way=way, addresses=["203.0.113.7"], amount=0, basket="full", by=by)
    assert refused.value.code == "not_administrator"


def test_what_was_not_cast_is_wiped_and_old_payments_go(ground):
    from viche.channels.terminals.networks import clearing
    from viche.channels.terminals.networks.models import Basket, Payment

    contest, partner, _client = ground
    way = open_way(partner=partner, dialect="osmp", addresses=["203.0.113.7"], by=SYSTEM, contest=contest)
    said = Asked(Verb.PAY, payment="101", account=f"{nets.voter()}-1", amount=0)
    answer_terminal(way=way, asked=said)
    assert clearing.expire_baskets() == 0
    with clock.at(VOTING_DAY + timedelta(hours=1)):
        assert clearing.expire_baskets() == 1
        assert bytes(Basket.objects.get().sealed) == bytes(Payment.objects.get().sealed) == b""
        assert clearing.wipe_answers() == 0
    with clock.at(VOTING_DAY + timedelta(days=2)):
        assert clearing.wipe_answers() == 1
    with clock.at(VOTING_DAY + timedelta(days=401)):
        assert clearing.delete_old_payments() == 1
        assert not Basket.objects.exists()
