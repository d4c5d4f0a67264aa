"""Qualified signatures against an authority on this machine: real CAdES, real OCSP and CRL over HTTP, every fault.

A signature is accepted only over exactly the text shown, by a person's qualified certificate that a trusted authority
has issued and not revoked.
"""

import base64
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization

from viche.identity.providers import MESSAGES, ProviderError
from viche.identity.providers.kep import KepClient, KepSettings, configured
from viche.identity.providers.kep.certificates import DRFO
from viche.identity.providers.kep.checking import _number_of
from viche.identity.providers.kep.simulator import FAULTS, Authority, KepSimulator
from viche.identity.providers.settings import SettingsError
from viche.identity.providers.simulation import load_cast, running

TEXT = "Віче: підтверджую, хто я\nЧас: 28.11.2026 15:40:12\n".encode()
CAST = {person.key: person for person in load_cast()}
OLENA, ANDRII = CAST["olena"], CAST["andrii"]

SAID = {
    "other_text": "signature_of_other_text",
    "attached_other": "signature_of_other_text",
    "revoked": "certificate_revoked",
    "expired": "certificate_expired",
    "not_yet": "certificate_not_yet_valid",
    "untrusted": "certificate_untrusted",
    "seal": "seal_not_person",
    "not_qualified": "not_qualified",
    "wrong_number": "number_wrong",
    "sha1": "algorithm_unsupported",
    "short_key": "algorithm_unsupported",
    "broken": "signature_wrong",
    "other_certificate": "signature_wrong",
    "two_signers": "signature_unreadable",
    "no_certificate": "signature_unreadable",
    "not_for_signing": "algorithm_unsupported",
    "ocsp_unknown": "revocation_unknown",
    "authority_silent": "revocation_unknown",
}


@pytest.fixture(scope="module")
def server():
    with running(KepSimulator(slow_seconds=4)) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def root(server, tmp_path_factory):
    path = tmp_path_factory.mktemp("kep") / "root.pem"
    path.write_bytes(server.authority.root.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def client(server, root):
    server.fault = ""
    yield KepClient(KepSettings(str(root), timeout=5))
    server.fault = ""


def as_pem(der: bytes) -> bytes:
    return b"-----BEGIN CMS-----\n" + base64.encodebytes(der) + b"-----END CMS-----\n"


def refusal(client, signature, text=TEXT) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        client.claims(signature, text=text)
    assert caught.value.code in MESSAGES
    return caught.value


class TestAccepted:
    @pytest.mark.parametrize("algorithm", ["ecdsa", "rsa"])
    def test_the_person_of_the_certificate(self, client, server, algorithm):
        claims = client.claims(server.authority.sign(OLENA, TEXT, algorithm=algorithm), text=TEXT)
        assert (claims.provider, claims.method) == ("kep", "dig_sign")
        assert claims.full_name == "Коваленко Олена Іванівна"
        assert claims.tax_number == OLENA.tax_number
        assert claims.birth_date == OLENA.birth_date
        assert claims.proves == {"person", "number"}
        assert claims.address is None
        assert claims.issuer == "Демонстраційний КНЕДП"

    def test_the_algorithm_is_told(self, client, server):
        assert client.verify(server.authority.sign(OLENA, TEXT), TEXT).algorithm == "ECDSA"
        assert client.verify(server.authority.sign(OLENA, TEXT, algorithm="rsa"), TEXT).algorithm == "RSA"

    @pytest.mark.parametrize(
        "written",
        [base64.b64encode, base64.encodebytes, as_pem],
        ids=["base64", "lines", "pem"],
    )  # fmt: skip
    def test_as_tools_write_it(self, client, server, written):
        assert client.claims(written(server.authority.sign(OLENA, TEXT)), text=TEXT).given_name == "Олена"

    def test_a_person_without_a_number_has_none(self, client, server):
        claims = client.claims(server.authority.sign(OLENA, TEXT, fault="no_number"), text=TEXT)
        assert claims.tax_number is None
        assert claims.proves == {"person"}

    def test_the_same_text_enclosed_is_a_signature_over_it(self, client, server):
        made = cms.ContentInfo.load(server.authority.sign(OLENA, TEXT))
        made["content"]["encap_content_info"]["content"] = TEXT
        assert client.claims(made.dump(force=True), text=TEXT).given_name == "Олена"

    def test_by_a_trusted_list(self, server, tmp_path):
        path = tmp_path / "tl.xml"
        path.write_bytes(server.authority.trusted_list())
        client = KepClient(KepSettings(str(path), timeout=5))
        assert client.claims(server.authority.sign(OLENA, TEXT), text=TEXT).given_name == "Олена"

    @pytest.mark.parametrize(
        "fault", ["ocsp_500", "ocsp_html", "ocsp_slow", "ocsp_cut", "ocsp_huge", "ocsp_redirect"]
    )
    def test_where_ocsp_fails_the_list_is_read(self, client, server, fault):
        server.fault = fault
        quick = KepClient(replace(client.settings, timeout=0.5 if fault == "ocsp_slow" else 5))
        assert quick.claims(server.authority.sign(OLENA, TEXT), text=TEXT).given_name == "Олена"


class TestRefused:
    @pytest.mark.parametrize("fault", sorted(SAID))
    def test_each_fault_has_its_own_words(self, client, server, fault):
        assert refusal(client, server.authority.sign(OLENA, TEXT, fault=fault)).code == SAID[fault]

    def test_every_fault_of_the_simulator_is_tried(self):
        assert set(FAULTS) == {*SAID, "no_number"}

    @pytest.mark.parametrize(
        "nonsense",
        [
            b"", b"hello", b"\x30\x80", b"\x30\x82\xff\xff" + b"x" * 90, b"A" * 200, base64.b64encode(b"nothing"),
            b"<html></html>",
        ],
    )  # fmt: skip
    def test_what_is_no_signature(self, client, nonsense):
        assert refusal(client, nonsense).code == "signature_unreadable"

    def test_every_cut_of_a_signature_is_refused_and_breaks_nothing(self, client, server):
        whole = server.authority.sign(OLENA, TEXT)
        for length in range(0, len(whole) - 1, 37):
            assert refusal(client, whole[:length]).code == "signature_unreadable"

    def test_every_flipped_byte_is_refused(self, client, server):
        whole = server.authority.sign(OLENA, TEXT)
        accepted = []
        for place in range(0, len(whole), 29):
            spoilt = bytearray(whole)
            spoilt[place] ^= 0x55
            try:
                client.claims(bytes(spoilt), text=TEXT)
            except ProviderError:
                continue
            accepted.append(place)
        # a byte of a certificate beside the signer's own changes nothing that is signed over the text
        others = cms.ContentInfo.load(whole)["content"]["certificates"]
        assert len(accepted) <= sum(len(each.dump()) for each in others) // 29

    def test_a_certificate_that_has_expired_since(self, client, server):
        signature = server.authority.sign(OLENA, TEXT)
        with pytest.raises(ProviderError) as caught:
            client.verify(signature, TEXT, now=datetime.now(UTC) + timedelta(days=400))
        assert caught.value.code == "certificate_expired"

    def test_a_clock_some_minutes_slow_is_forgiven(self, client, server):
        signature = server.authority.sign(OLENA, TEXT)
        assert (
            client.verify(signature, TEXT, now=server.authority.now - timedelta(minutes=3)).given_name
            == "Олена"
        )

    @pytest.mark.parametrize("fault", ["crl_500", "crl_html", "crl_stale", "crl_huge"])
    def test_without_word_of_the_authority(self, client, server, fault):
        server.fault = fault
        silent = server.authority.sign(OLENA, TEXT, fault="authority_silent")
        found = refusal(client, silent)
        assert found.code == "revocation_unknown"
        assert found.is_temporary

    def test_an_authority_nobody_trusts_sends_this_site_nowhere(self, client, server, monkeypatch):
        asked = []
        monkeypatch.setattr("viche.identity.providers.kep.revocation.send", lambda *a, **k: asked.append(a))
        refusal(client, server.authority.sign(OLENA, TEXT, fault="untrusted"))
        assert asked == []

    def test_in_production_a_certificate_does_not_make_the_site_ask_its_neighbours(
        self, root, server, monkeypatch
    ):
        asked = []
        monkeypatch.setattr("viche.identity.providers.kep.revocation.send", lambda *a, **k: asked.append(a))
        inside = KepClient(KepSettings(str(root), is_production=True))
        assert refusal(inside, server.authority.sign(OLENA, TEXT)).code == "revocation_unknown"
        assert asked == []

    def test_only_named_hosts_are_asked(self, root, server, monkeypatch):
        asked = []
        monkeypatch.setattr("viche.identity.providers.kep.revocation.send", lambda *a, **k: asked.append(a))
        elsewhere = KepClient(KepSettings(str(root), hosts=("ca.example.ua",)))
        refusal(elsewhere, server.authority.sign(OLENA, TEXT))
        assert asked == []

    def test_preferred_revocation_lets_a_silent_authority_pass_and_a_revoked_certificate_not(
        self, root, server
    ):
        lenient = KepClient(KepSettings(str(root), revocation="prefer", hosts=("nobody.example",)))
        assert lenient.claims(server.authority.sign(OLENA, TEXT), text=TEXT).given_name == "Олена"
        asking = KepClient(KepSettings(str(root), revocation="prefer", timeout=5))
        assert (
            refusal(asking, server.authority.sign(OLENA, TEXT, fault="revoked")).code == "certificate_revoked"
        )


class TestHostile:
    """Files made to be slow, to break the parser, or to pass for somebody else's signature."""

    def test_many_authorities_of_one_name_take_no_time(self, client, server):
        made = cms.ContentInfo.load(server.authority.sign(OLENA, TEXT))
        for _number in range(9):
            other = asn1_x509.Certificate.load(Authority().root.public_bytes(serialization.Encoding.DER))
            made["content"]["certificates"].append(cms.CertificateChoices({"certificate": other}))
        found = refusal(client, made.dump(force=True))
        assert found.code == "signature_unreadable"

    @pytest.mark.parametrize("attribute", ["message_digest", "signing_certificate_v2"])
    def test_an_empty_attribute_breaks_nothing(self, client, server, attribute):
        made = cms.ContentInfo.load(server.authority.sign(OLENA, TEXT))
        for each in made["content"]["signer_infos"][0]["signed_attrs"]:
            if each["type"].native == attribute:
                each["values"] = []
        assert refusal(client, made.dump(force=True)).code == "signature_unreadable"

    def test_a_certificate_not_meant_for_signing(self, client, server):
        signature = server.authority.sign(OLENA, TEXT, fault="not_for_signing")
        assert refusal(client, signature).code == "algorithm_unsupported"

    def test_a_bare_serial_number_is_no_tax_number(self):
        assert _number_of({"serial_number": OLENA.tax_number}, {}) == ""
        assert _number_of({"serial_number": f"TINUA-{OLENA.tax_number}"}, {}).endswith(OLENA.tax_number)
        with pytest.raises(ProviderError):
            _number_of({"serial_number": "TINUA-1234567890"}, {DRFO: OLENA.tax_number})


class TestSettings:
    def test_without_a_list_it_is_not_set_up(self):
        assert configured({}) is None

    def test_every_problem_at_once(self):
        with pytest.raises(SettingsError) as caught:
            configured({"KEP_TRUSTED": "/nowhere", "KEP_TIMEOUT": "soon", "KEP_REVOCATION": "perhaps"})
        assert len(caught.value.problems) == 3

    @pytest.mark.parametrize(
        "content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"]
    )
    def test_a_file_that_holds_no_authority(self, tmp_path, content):
        (tmp_path / "ca.pem").write_bytes(content)
        with pytest.raises(SettingsError):
            configured({"KEP_TRUSTED": str(tmp_path)})

    def test_a_list_that_bites(self, tmp_path):
        (tmp_path / "tl.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
        with pytest.raises(SettingsError):
            configured({"KEP_TRUSTED": str(tmp_path / "tl.xml")})

    def test_a_service_that_was_withdrawn_is_not_trusted(self, tmp_path):
        (tmp_path / "tl.xml").write_bytes(Authority().trusted_list(status="withdrawn"))
        with pytest.raises(SettingsError):
            configured({"KEP_TRUSTED": str(tmp_path / "tl.xml")})


def test_nothing_of_the_person_is_in_any_log(client, server, caplog):
    for name in ("", "pyhanko", "pyhanko_certvalidator", "asyncio", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    client.claims(server.authority.sign(OLENA, TEXT), text=TEXT)
    for fault in SAID:
        found = refusal(client, server.authority.sign(OLENA, TEXT, fault=fault))
        for secret in (OLENA.tax_number, "Коваленко", "Олена"):
            assert secret not in str(found) + repr(found)
            assert found.__context__ is None or secret not in repr(found.__context__)
    for secret in (OLENA.tax_number, "Коваленко", "Олена"):
        assert secret not in caplog.text
