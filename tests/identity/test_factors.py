"""The second factor of officials: codes by time, passkeys of a real kind, recovery codes, and who may change them."""

import base64
import hashlib
import json
import os
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from fido2 import cbor
from tests import given

from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.foundation.sealing import SealBroken
from viche.identity.actions import (
    check_code,
    make_recovery_codes,
    record_passkey,
    remove_factor,
    reset_factors,
    set_codes,
    use_passkey,
)
from viche.identity.factors import passkeys, recovery, totp
from viche.identity.models import Passkey, RecoveryCode, SecondFactor
from viche.identity.queries import factors_of, has_factor, without_factor
from viche.journal.models import Entry

HOST, SITE, ORIGIN = "poltava.example", "Viche", "https://poltava.example"
# RFC 6238, appendix B: the secret of SHA-1, and the last six of its eight digits
RFC = b"12345678901234567890"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]


def refused(act, **wanted) -> str:
    with pytest.raises(Refused) as answer:
        act(**wanted)
    assert str(answer.value.message)
    return answer.value.code


class TestCodes:
    @pytest.mark.parametrize(("seconds", "code"), VECTORS)
    def test_the_vectors_of_the_standard(self, seconds, code):
        assert totp.code_of(RFC, seconds) == code

    def test_a_clock_half_a_minute_off_is_forgiven_a_whole_one_not(self):
        code = totp.code_of(RFC, 3000)
        for off in (-30, 0, 30):
            assert totp.used_step(code, RFC, 3000 + off, 0) == 100
        for off in (-61, 61):
            assert totp.used_step(code, RFC, 3000 + off, 0) is None

    def test_a_code_serves_once(self):
        step = totp.used_step(totp.code_of(RFC, 3000), RFC, 3000, 0)
        assert totp.used_step(totp.code_of(RFC, 3000), RFC, 3010, step) is None
        assert totp.used_step(totp.code_of(RFC, 2970), RFC, 3010, step) is None
        assert totp.used_step(totp.code_of(RFC, 3030), RFC, 3010, step) == step + 1

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٢٨٧٠٨٢", "-28708"])
    def test_what_is_no_code(self, typed):
        assert totp.used_step(typed, RFC, 59, 0) is None

    def test_the_secret_is_stored_sealed_for_one_person(self, settings):
        stored = totp.sealed(RFC, "olena")
        assert RFC not in stored
        assert totp.opened(stored, "olena") == RFC
        with pytest.raises(SealBroken):
            totp.opened(stored, "petro")
        settings.PERSON_KEY = "the key of another installation"
        with pytest.raises(SealBroken):
            totp.opened(stored, "olena")


def test_recovery_codes_are_ten_different_and_read_however_typed():
    codes = recovery.new_codes()
    assert len(set(codes)) == 10
    code = codes[0]
    assert recovery.digest_of(code) == recovery.digest_of(f" {code.upper().replace('-', ' ')} ")
    assert recovery.digest_of(code) != recovery.digest_of(codes[1])


class Device:
    """A real authenticator in memory: a key of its own, real signatures, real flags."""

    def __init__(self, host: str = HOST, origin: str = ORIGIN) -> None:
        self.key, self.identifier = ec.generate_private_key(ec.SECP256R1()), os.urandom(32)
        self.host, self.origin, self.count, self.is_verified = host, origin, 0, True

    def _data(self, *, attested: bool = False) -> bytes:
        self.count += 1
        flags = 0x01 | (0x04 if self.is_verified else 0) | (0x40 if attested else 0)
        data = hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")
        if attested:
            public = self.key.public_key().public_numbers()
            cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
            data += bytes(16) + len(self.identifier).to_bytes(2, "big") + self.identifier + cbor.encode(cose)
        return data

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": text(self.identifier), "rawId": text(self.identifier), "type": "public-key",
                "response": {name: text(value) for name, value in response.items()}, "clientExtensionResults": {},
            }
        )  # fmt: skip

    def make(self, options: str) -> str:
        asked = json.loads(options)["publicKey"]
        statement = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(attested=True)})
        return self._answer(
            clientDataJSON=self._client("webauthn.create", asked["challenge"]), attestationObject=statement
        )

    def use(self, options: str, *, key: ec.EllipticCurvePrivateKey | None = None) -> str:
        asked = json.loads(options)["publicKey"]
        client, data = self._client("webauthn.get", asked["challenge"]), self._data()
        signed = (key or self.key).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def made_by(device: Device) -> passkeys.Made:
    options, state = passkeys.registration(host=HOST, site=SITE, person=b"1" * 16, name="Олена", known=[])
    return passkeys.registered(host=HOST, site=SITE, state=state, response=device.make(options))


class TestPasskeys:
    def test_made_and_used(self):
        device = Device()
        made = made_by(device)
        assert made.identifier == device.identifier
        options, state = passkeys.authentication(host=HOST, site=SITE, known=[made.data])
        found, count = passkeys.authenticated(
            host=HOST, site=SITE, state=state, response=device.use(options), known=[made.data]
        )
        assert (found, count) == (device.identifier, 2)

    @pytest.mark.parametrize(
        "device",
        [
            Device(origin="https://poltava.example.evil.org"), Device(origin="http://poltava.example"),
            Device(host="lviv.example"),
        ],
        ids=["another origin", "not https", "another host"],
    )  # fmt: skip
    def test_not_for_another_site(self, device):
        with pytest.raises(passkeys.PasskeyRefused):
            made_by(device)

    def test_the_device_has_to_verify_the_person(self):
        device = Device()
        device.is_verified = False
        with pytest.raises(passkeys.PasskeyRefused):
            made_by(device)

    def test_another_key_an_old_challenge_and_nonsense_are_refused(self):
        device = Device()
        made = made_by(device)
        options, state = passkeys.authentication(host=HOST, site=SITE, known=[made.data])
        _other, later = passkeys.authentication(host=HOST, site=SITE, known=[made.data])
        stranger = ec.generate_private_key(ec.SECP256R1())
        attempts = [
            (state, device.use(options, key=stranger)), (later, device.use(options)), ({}, device.use(options)),
            (state, "{}"), (state, "nonsense"), (state, "[]"), (state, "x" * 20_000),
        ]  # fmt: skip
        for kept, response in attempts:
            with pytest.raises(passkeys.PasskeyRefused):
                passkeys.authenticated(host=HOST, site=SITE, state=kept, response=response, known=[made.data])

    @pytest.mark.parametrize("name", ["clientDataJSON", "attestationObject", "rawId", "id"])
    def test_a_number_in_the_place_of_a_text_takes_no_memory(self, name):
        device = Device()
        options, state = passkeys.registration(host=HOST, site=SITE, person=b"1" * 16, name="Олена", known=[])
        answer = json.loads(device.make(options))
        where = answer["response"] if name in answer["response"] else answer
        where[name] = 4_000_000_000
        with pytest.raises(passkeys.PasskeyRefused):
            passkeys.registered(host=HOST, site=SITE, state=state, response=json.dumps(answer))

    def test_nor_does_one_inside_the_devices_own_data(self):
        device = Device()
        options, state = passkeys.registration(host=HOST, site=SITE, person=b"1" * 16, name="Олена", known=[])
        answer = json.loads(device.make(options))
        hostile = cbor.encode({"fmt": "none", "attStmt": {}, "authData": 4_000_000_000})
        answer["response"]["attestationObject"] = text(hostile)
        with pytest.raises(passkeys.PasskeyRefused):
            passkeys.registered(host=HOST, site=SITE, state=state, response=json.dumps(answer))

    def test_a_count_that_went_back_is_a_copy(self):
        assert passkeys.is_cloned(7, 7)
        assert passkeys.is_cloned(7, 3)
        assert not passkeys.is_cloned(7, 8)
        assert not passkeys.is_cloned(0, 0)


@pytest.fixture
def iryna(db):
    body = given.community()
    given.official("Ірина", "commission", body)
    return given.person("Ірина")


def set_up(person) -> list[str]:
    return set_codes(person=person, secret=RFC, code=totp.code_of(RFC, clock.now().timestamp()))


@pytest.mark.django_db
class TestSettingUp:
    def test_codes_are_set_up_by_a_first_code_and_recovery_codes_come_with_them(self, iryna):
        assert refused(set_codes, person=iryna, secret=RFC, code="000000") == "wrong_code"
        assert not has_factor(iryna)
        codes = set_up(iryna)
        assert len(codes) == 10
        assert has_factor(iryna)
        assert factors_of(iryna).left == 10
        assert without_factor(given.community()) == set()

    def test_neither_secret_nor_code_is_in_the_database(self, iryna):
        codes = set_up(iryna)
        hidden = [
            RFC.hex(),
            base64.b32encode(RFC).decode(),
            *codes,
            *(code.replace("-", "") for code in codes),
        ]
        with connection.cursor() as cursor:
            for table in ("identity_secondfactor", "identity_recoverycode", "journal_entry"):
                cursor.execute(f"SELECT line::text FROM {table} AS line")
                rows = str(cursor.fetchall())
                assert [each for each in hidden if each in rows] == []

    def test_the_journal_says_that_and_not_whose(self, iryna):
        set_up(iryna)
        entry = Entry.objects.get(kind="FactorAdded")
        assert str(iryna.pk) not in entry.leaf

    def test_a_passkey_stands_once(self, iryna):
        made = made_by(Device())
        record_passkey(person=iryna, made=made, name="")
        assert refused(record_passkey, person=iryna, made=made, name="") == "known_passkey"
        assert Passkey.objects.get().name

    def test_the_last_factor_stays_while_one_holds_an_office(self, iryna):
        set_up(iryna)
        assert refused(remove_factor, person=iryna, which="codes") == "last_factor"
        record_passkey(person=iryna, made=made_by(Device()), name="ключ")
        remove_factor(person=iryna, which="codes")
        assert refused(remove_factor, person=iryna, which=str(Passkey.objects.get().pk)) == "last_factor"
        assert refused(remove_factor, person=iryna, which="nothing") == "unknown_factor"

    def test_new_recovery_codes_end_the_old_ones(self, iryna):
        old = set_up(iryna)
        new = make_recovery_codes(person=iryna)
        assert refused(check_code, person=iryna, code=old[0]) == "wrong_code"
        assert check_code(person=iryna, code=new[0]) == "recovery"


@pytest.mark.django_db
class TestChecking:
    def test_a_code_a_recovery_code_each_once(self, iryna):
        codes = set_up(iryna)
        with clock.at(clock.now() + timedelta(seconds=60)):
            code = totp.code_of(RFC, clock.now().timestamp())
            assert check_code(person=iryna, code=code) == "codes"
            assert refused(check_code, person=iryna, code=code) == "wrong_code"
            assert check_code(person=iryna, code=codes[3].upper()) == "recovery"
            assert refused(check_code, person=iryna, code=codes[3]) == "wrong_code"
        assert RecoveryCode.objects.filter(used_at=None).count() == 9

    def test_guessing_has_to_wait_longer_and_longer(self, iryna):
        codes = set_up(iryna)
        start = clock.now() + timedelta(seconds=60)
        with clock.at(start):
            for _number in range(5):
                assert refused(check_code, person=iryna, code="000000") == "wrong_code"
            assert refused(check_code, person=iryna, code=codes[0]) == "wait"
        with clock.at(start + timedelta(seconds=31)):
            assert refused(check_code, person=iryna, code="000000") == "wrong_code"
            assert SecondFactor.objects.get().blocked_until == clock.now() + timedelta(seconds=60)
        with clock.at(start + timedelta(seconds=95)):
            assert check_code(person=iryna, code=codes[0]) == "recovery"
        assert SecondFactor.objects.get().failures == 0

    def test_a_copied_passkey_opens_nothing(self, iryna):
        made = made_by(Device())
        record_passkey(person=iryna, made=made, name="")
        use_passkey(person=iryna, identifier=made.identifier, count=5)
        assert refused(use_passkey, person=iryna, identifier=made.identifier, count=5) == "cloned_passkey"
        assert refused(use_passkey, person=iryna, identifier=b"other", count=9) == "unknown_passkey"

    def test_anothers_code_opens_nothing(self, iryna):
        codes = set_up(iryna)
        assert refused(check_code, person=given.person("Петро"), code=codes[0]) == "wrong_code"


@pytest.mark.django_db
class TestResetting:
    def test_another_administrator_resets_and_nobody_their_own(self, iryna):
        body = given.community()
        viktor = given.official("Віктор", "administrator", body)
        set_up(iryna)
        wanted = {"person": iryna, "community": body, "reason": "прийшла з паспортом"}
        assert (
            refused(reset_factors, **wanted, by=given.official("Оксана", "operator", body))
            == "not_administrator"
        )
        assert refused(reset_factors, **wanted | {"reason": " "}, by=viktor) == "no_reason"
        own = wanted | {"person": given.person("Віктор")}
        assert refused(reset_factors, **own, by=viktor) == "your_own"
        assert refused(reset_factors, **wanted | {"person": given.person("Петро")}, by=viktor) == "not_staff"
        reset_factors(**wanted, by=viktor)
        assert not has_factor(iryna)
        assert not RecoveryCode.objects.exists()
        assert "паспорт" not in Entry.objects.get(kind="FactorsReset").leaf
