"""Encrypted answers: sealed to the site's certificate, signed inside by somebody the site trusts."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from viche.identity.providers.envelopes import decryptor_of
from viche.identity.providers.settings import SettingsError
from viche.identity.providers.simulation.sealing import FAULTS, PEM, Sealer, own_certificate

CONTENT = '{"lastName":"Коваленко","inn":"3184799025"}'.encode()


def key_of(kind: str):
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def sealer():
    return Sealer()


@pytest.fixture(params=["rsa", "ec"])
def decryptor(request, sealer, tmp_path):
    key = key_of(request.param)
    (tmp_path / "site.pem").write_bytes(own_certificate("сайт", key).public_bytes(PEM))
    (tmp_path / "site.key").write_bytes(
        key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / "bank.pem").write_bytes(sealer.certificate.public_bytes(PEM))
    names = {"certificate": "site.pem", "key": "site.key", "trusted": "bank.pem"}
    return decryptor_of("BANKID", **{name: str(tmp_path / file) for name, file in names.items()})


def test_what_was_sealed_to_us_is_read(decryptor, sealer):
    assert decryptor.open(sealer.seal(decryptor.certificate, CONTENT)) == CONTENT


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "not_json"])
def test_anything_else_is_refused_and_told_nothing_of(decryptor, sealer, fault):
    with pytest.raises(ValueError, match="cannot be opened") as caught:
        decryptor.open(sealer.seal(decryptor.certificate, CONTENT, fault))
    assert caught.value.__context__ is None


def test_every_cut_and_flip_is_refused(decryptor, sealer):
    whole = sealer.seal(decryptor.certificate, CONTENT)
    for place in range(0, len(whole), 41):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0x41
        for wrong in (whole[:place], bytes(spoilt)):
            try:
                assert decryptor.open(wrong) == CONTENT, "a byte that means nothing"
            except ValueError:
                continue


@pytest.mark.parametrize("wrong", ["certificate", "key", "trusted"])
def test_a_file_that_is_none(tmp_path, wrong):
    for name in ("certificate", "key", "trusted"):
        (tmp_path / name).write_text("nonsense")
    with pytest.raises(SettingsError):
        decryptor_of("BANKID", certificate=str(tmp_path / "nowhere"), key=str(tmp_path / "key"), trusted="")
    with pytest.raises(SettingsError):
        decryptor_of(
            "BANKID",
            certificate=str(tmp_path / "certificate"),
            key=str(tmp_path / "key"),
            trusted=str(tmp_path),
        )
