"""Two administrators connect a bank and compare its keys, one of them stops it; every step is in the journal."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.db import IntegrityError, transaction
from tests import bank, given

from viche.channels.terminals.actions import (
    Limits,
    add_key,
    confirm_key,
    confirm_partner,
    decline_partner,
    resume_partner,
    revoke_key,
    set_limits,
    stop_partner,
)
from viche.channels.terminals.models import Partner, PartnerKey, PartnerState
from viche.channels.terminals.public_keys import read_public_key
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.actions import import_register, person_by_number, prepare_register
from viche.journal.models import Entry

KEY = Ed25519PrivateKey.generate()


def refused(act, **wanted) -> Refused:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert "%(" not in str(answer.value.message)
    return answer.value


def told() -> list[str]:
    kinds = Entry.objects.filter(kind__startswith="Partner").order_by("pk").values_list("kind", flat=True)
    return list(kinds)


@pytest.mark.django_db
class TestConnecting:
    def test_one_proposes_and_another_connects(self):
        body = given.community()
        one, other = bank.administrators(body)
        made = bank.proposed(body, KEY, by=one)
        assert (made.state, made.keys.get().is_live) == (PartnerState.PROPOSED, False)
        assert refused(confirm_partner, partner=made, by=one).code == "same_person"
        connected = confirm_partner(partner=made, by=other)
        assert (connected.state, connected.keys.get().is_live) == (PartnerState.ACTIVE, True)
        assert told() == ["PartnerProposed", "PartnerKeyProposed", "PartnerConnected", "PartnerKeyConfirmed"]
        assert refused(confirm_partner, partner=made, by=other).code == "already_done"

    def test_the_database_itself_wants_two(self):
        body = given.community()
        one, _other = bank.administrators(body)
        made = bank.proposed(body, KEY, by=one)
        with pytest.raises(IntegrityError), transaction.atomic():
            Partner.objects.filter(pk=made.pk).update(decided_by=one.person_id)
        with pytest.raises(IntegrityError), transaction.atomic():
            PartnerKey.objects.filter(partner=made).update(confirmed_by=one.person_id)

    def test_a_declined_partner_leaves_its_short_name_free(self):
        body = given.community()
        one, other = bank.administrators(body)
        made = bank.proposed(body, KEY, by=one)
        assert refused(decline_partner, partner=made, reason=" ", by=other).fields
        decline_partner(partner=made, reason="Договір не підписано", by=other)
        assert bank.proposed(body, Ed25519PrivateKey.generate(), by=one).slug == made.slug
        assert refused(add_key, partner=Partner.objects.get(pk=made.pk), public_key=bank.raw(KEY), by=one)

    def test_two_partners_do_not_share_a_short_name_or_a_key(self):
        body = given.community()
        one, _other = bank.administrators(body)
        bank.proposed(body, KEY, by=one)
        taken = refused(bank.proposed, body=body, key=Ed25519PrivateKey.generate(), by=one)
        assert (taken.code, list(taken.fields)) == ("slug_taken", ["slug"])
        used = refused(bank.proposed, body=body, key=KEY, by=one, slug="other")
        assert (used.code, list(used.fields)) == ("key_used", ["key"])
        assert Partner.objects.count() == 1

    @pytest.mark.parametrize(("facts", "field"), [
        ({"slug": "Банк"}, "slug"), ({"slug": "b"}, "slug"), ({"way": "face"}, "way"),
        ({"limits": Limits(minute=0)}, "quota_minute"), ({"limits": Limits(addresses=("10.0.0.300",))}, "addresses"),
        ({"limits": Limits(certificate="zz")}, "certificate"),
        ({"limits": Limits(from_at=given.day(5), to_at=given.day(4))}, "to_at"),
    ])  # fmt: skip
    def test_what_is_wrong_is_said_at_its_field(self, facts, field):
        body = given.community()
        found = refused(bank.proposed, body=body, key=KEY, by=bank.administrators(body)[0], **facts)
        assert (found.status, list(found.fields)) == (422, [field])

    def test_only_administrators_connect(self):
        body = given.community()
        operator = given.official("Оксана", "operator", body)
        assert refused(bank.proposed, body=body, key=KEY, by=operator).code == "not_administrator"
        foreign = given.official("Тарас", "administrator", given.community(given.LVIV))
        assert refused(bank.proposed, body=body, key=KEY, by=foreign).code == "not_administrator"


@pytest.mark.django_db
class TestStopping:
    def test_one_press_stops_and_one_resumes(self):
        body = given.community()
        partner = bank.partner(body, KEY)
        by = bank.administrators(body)[0]
        stopped = stop_partner(partner=partner, reason="Підозра на витік", by=by)
        assert (stopped.state, stopped.stop_reason) == (PartnerState.STOPPED, "Підозра на витік")
        assert stop_partner(partner=partner, reason="Удруге", by=by).stop_reason == "Підозра на витік"
        assert resume_partner(partner=partner, by=by).state == PartnerState.ACTIVE
        assert told()[-2:] == ["PartnerStopped", "PartnerResumed"]

    def test_what_was_never_connected_is_not_stopped(self):
        body = given.community()
        by = bank.administrators(body)[0]
        made = bank.proposed(body, KEY, by=by)
        assert refused(stop_partner, partner=made, reason="Ні", by=by).code == "bad_value"
        assert refused(stop_partner, partner=made, reason="Немає", by=by).code == "not_connected"
        assert refused(resume_partner, partner=made, by=by).code == "not_connected"

    def test_limits_are_told_in_the_journal(self):
        body = given.community()
        partner = bank.partner(body, KEY)
        set_limits(partner=partner, limits=Limits(minute=30, day=500), by=bank.administrators(body)[0])
        entry = Entry.objects.get(kind="PartnerLimited")
        assert '"minute":30' in entry.leaf.replace(" ", "")


@pytest.mark.django_db
class TestKeys:
    def test_a_new_key_counts_once_a_second_administrator_compared_it(self):
        body = given.community()
        partner = bank.partner(body, KEY)
        one, other = bank.administrators(body)
        added = add_key(partner=partner, public_key=bank.raw(Ed25519PrivateKey.generate()), by=one)
        assert not added.is_live
        assert refused(confirm_key, key=added, by=one).code == "same_person"
        assert confirm_key(key=added, by=other).is_live
        assert refused(confirm_key, key=added, by=other).code == "already_done"
        assert not revoke_key(key=added, by=one).is_live
        assert refused(confirm_key, key=added, by=other).code == "already_done"
        assert told()[-3:] == ["PartnerKeyProposed", "PartnerKeyConfirmed", "PartnerKeyRevoked"]

    def test_a_revoked_key_never_comes_back(self):
        body = given.community()
        partner = bank.partner(body, KEY)
        one, _other = bank.administrators(body)
        revoke_key(key=partner.keys.get(), by=one)
        assert refused(add_key, partner=partner, public_key=bank.raw(KEY), by=one).code == "key_used"


class TestReadingAKey:
    public = KEY.public_key()

    def test_pem_base64_and_hex_are_the_same_key(self):
        raw = bank.raw(KEY)
        pem = self.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        said = [
            pem,
            base64.b64encode(raw),
            base64.urlsafe_b64encode(raw).rstrip(b"="),
            raw.hex().encode(),
            b" " + pem,
        ]
        assert {read_public_key(each) for each in said} == {raw}

    def test_a_private_key_is_not_taken(self):
        pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        assert refused(read_public_key, text=pem).code == "private_key"

    def test_another_kind_of_key_is_none(self):
        rsa = generate_private_key(65537, 2048).public_key()
        pem = rsa.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for text in (pem, b"", b"AAAA", b"\x00" * 32, "ключ", base64.b64encode(bytes(32)), b"-----BEGIN"):
            assert refused(read_public_key, text=text).status == 422


@pytest.mark.django_db
def test_somebody_whom_only_the_register_knows_votes_at_a_terminal():
    """Registers exist so that people who never opened the site vote: the number and the register are enough."""
    made, (park, *_) = bank.contest()
    body, number = made.community, bank.number_of("Галина")
    by = bank.administrators(body)[0]
    rows = f"РНОКПП;Населений пункт;Підстава\n{number};{body.code};registered\n".encode()
    preview = prepare_register(community=body, content=rows, by=by)
    assert preview.faults == []
    import_register(community=body, digest=preview.draft.digest, by=by)
    partner = bank.partner(body, KEY)
    assert person_by_number(tax_number=number) is None
    with clock.at(bank.VOTING):
        machine = bank.terminal(partner, KEY)
        assert machine.eligibility("2026", number).document["may"] is True
        assert machine.cast("2026", number, [park.code]).status == 201
    assert person_by_number(tax_number=number) is not None
