"""Administrators connect, stop and watch the terminals of banks on their pages."""

from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.urls import set_script_prefix
from tests import bank, given
from tests.surfaces.ground import browser

from viche.channels.terminals.models import Partner
from viche.foundation import clock
from viche.identity.models import Person

KEY = Ed25519PrivateKey.generate()
OFFICE = "/poltava/office/terminals/"


def pem() -> str:
    return KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def client_of(actor):
    return browser(Person.objects.get(pk=actor.person_id))


def form(**other):
    return {
        "name": "Банк", "slug": "bank", "way": "terminal", "contract_number": "17", "contract_date": "2026-03-02",
        "contract_person": "Марченко О. І.", "key": pem(), **other,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _prefix():
    yield
    set_script_prefix("/")


@pytest.mark.django_db
class TestPages:
    def test_two_administrators_connect_a_bank(self):
        body = given.community()
        one, other = map(client_of, bank.administrators(body))
        assert OFFICE + "new/" in one.get(OFFICE).content.decode()
        sent = one.post(f"{OFFICE}new/", form())
        assert sent.status_code == 302, sent.content.decode()[-3000:]
        page = sent["Location"]
        own = one.get(page)
        assert own.status_code == 200
        assert 'value="confirm"' not in own.content.decode()
        assert 'value="confirm"' in other.get(page).content.decode()
        assert one.post(page, {"act": "confirm"}).status_code == 403
        assert other.post(page, {"act": "confirm"}).status_code == 302
        made = Partner.objects.get()
        assert (made.state, made.contract_date) == ("active", date(2026, 3, 2))
        assert made.keys.get().is_live

    def test_a_wrong_key_is_said_at_its_field(self):
        body = given.community()
        one, _other = map(client_of, bank.administrators(body))
        answer = one.post(f"{OFFICE}new/", form(key="nonsense", slug="X"))
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"key"}
        assert Partner.objects.count() == 0

    def test_stop_and_resume_take_one_press_each(self):
        body = given.community()
        partner = bank.partner(body, KEY)
        one, _other = map(client_of, bank.administrators(body))
        page = f"{OFFICE}{partner.pk}/"
        assert one.post(page, {"act": "stop", "stop-reason": ""}).status_code == 422
        assert one.post(page, {"act": "stop", "stop-reason": "Витік ключа"}).status_code == 302
        assert Partner.objects.get().state == "stopped"
        assert "Витік ключа" in one.get(page).content.decode()
        assert one.post(page, {"act": "resume"}).status_code == 302
        assert Partner.objects.get().state == "active"

    def test_limits_and_keys_are_changed_here(self):
        body = given.community()
        partner = bank.partner(body, KEY)
        one, other = map(client_of, bank.administrators(body))
        page = f"{OFFICE}{partner.pk}/"
        limits = {
            "act": "limits", "quota_minute": "30", "quota_day": "900", "from_at": "2026-04-12T08:00", "to_at": "",
            "addresses": "203.0.113.0/24\n198.51.100.7", "certificate": "AB:" * 31 + "AB",
        }  # fmt: skip
        assert one.post(page, limits).status_code == 302
        kept = Partner.objects.get()
        assert (kept.quota_minute, kept.quota_day) == (30, 900)
        assert kept.from_at.isoformat() == "2026-04-12T05:00:00+00:00"
        assert kept.addresses == ["203.0.113.0/24", "198.51.100.7"]
        assert kept.certificate == "ab" * 32
        wrong = one.post(page, {**limits, "addresses": "здалеку"})
        assert wrong.status_code == 422
        new = Ed25519PrivateKey.generate()
        assert one.post(page, {"act": "key", "key-key": bank.raw(new).hex()}).status_code == 302
        added = partner.keys.order_by("-added_at").first()
        assert one.post(page, {"act": "confirm-key", "key": str(added.pk)}).status_code == 403
        assert other.post(page, {"act": "confirm-key", "key": str(added.pk)}).status_code == 302
        assert other.post(page, {"act": "revoke-key", "key": str(added.pk)}).status_code == 302
        added.refresh_from_db()
        assert added.revoked_at is not None
        assert other.post(page, {"act": "revoke-key", "key": "nobody"}).status_code == 404
        assert other.post(page, {"act": "something"}).status_code == 422

    def test_figures_and_differences_are_shown(self):
        made, (park, *_) = bank.contest()
        given.person("Петро")
        partner = bank.partner(made.community, KEY)
        with clock.at(bank.VOTING):
            machine = bank.terminal(partner, KEY)
            slip = machine.cast("2026", bank.number_of("Петро"), [park.code]).document
            machine.cast("2026", bank.number_of("Петро"), [park.code])
            machine.reconcile("2026-04-15", {}, {})
            said = (
                client_of(bank.administrators(made.community)[0])
                .get(f"{OFFICE}{partner.pk}/")
                .content.decode()
            )
        assert slip["reference"] in said
        assert "2026" in said

    def test_another_communitys_partner_is_not_found(self):
        body = given.community()
        foreign = bank.partner(given.community(given.LVIV), KEY)
        one, _other = map(client_of, bank.administrators(body))
        assert one.get(f"{OFFICE}{foreign.pk}/").status_code == 404
