"""The UAPKI port: signatures by DSTU 4145 read by ourselves, and the plumbing around the library.

The library itself is not here. A shim with its two functions (uapki_shim.c) stands in for it: what these tests say is
that every answer it can give, and every way it can fail, ends in the right word. With VICHE_TEST_UAPKI naming a real
libuapki.so the last tests verify a real signature (tests/data/dstu) by it.
"""

import base64
import logging
import os
import shutil
import subprocess
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from viche.identity.providers.claims import VerifiedClaims
from viche.identity.providers.errors import MESSAGES, ProviderError
from viche.identity.providers.settings import SettingsError
from viche.identity.providers.uapki import UapkiBackend, UapkiDecryptor, UapkiProcess, UapkiSettings
from viche.identity.providers.uapki.reading import read_signature, signer_of, validity_of

DSTU = Path(__file__).parents[1] / "data" / "dstu"
TEXT = (DSTU / "text.txt").read_bytes()
SIGNATURE = (DSTU / "text.txt.p7s").read_bytes()
SIGNER = (DSTU / "signer.cer").read_bytes()
AUTHORITY = (DSTU / "authority.cer").read_bytes()
NUMBER = "3184704183"
NOW = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
PASSWORD = "open-sesame"
PATIENCE = 20

COMPILER = shutil.which("gcc") or shutil.which("cc")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler for the shim")
REAL = os.environ.get("VICHE_TEST_UAPKI", "")


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def altered(**parts) -> bytes:
    """The signature with other parts of its SignedData; the rest byte by byte as it was."""
    signed = cms.ContentInfo.load(SIGNATURE)["content"]
    names = ("version", "digest_algorithms", "encap_content_info", "certificates", "signer_infos")
    whole = cms.SignedData({name: signed[name] for name in names} | parts)
    return cms.ContentInfo({"content_type": "signed_data", "content": whole}).dump()


def enclosing(text: bytes) -> bytes:
    """The same signature with a text inside. Its digest holds only where the text is the signed one."""
    return altered(encap_content_info={"content_type": "data", "content": text})


def ecdsa_signature(text: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somebody")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(text)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    )


class Shim:
    """The compiled shim in a folder of its own. mode: what it will answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = folder / "libuapki.so"
        self.authorities = folder / "authorities"
        self.authorities.mkdir()
        shutil.copy(DSTU / "authority.cer", self.authorities)
        (folder / "site.cer").write_bytes(SIGNER)
        (folder / "keys.p12").write_bytes(b"keys")
        source = Path(__file__).with_name("uapki_shim.c")
        command = [COMPILER, "-shared", "-fPIC", f'-DFOLDER="{folder}"', "-o", str(self.library), str(source)]
        subprocess.run(command, check=True)

    def answers(self, mode: str, *, plain: bytes = b"") -> None:
        facts = {
            "mode": mode,
            "content": encoded(TEXT),
            "certificate": encoded(SIGNER),
            "plain": encoded(plain),
        }
        for name, text in facts.items():
            (self.folder / name).write_text(text)
        (self.folder / "calls").write_text("")

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().split()

    def settings(self, **changes) -> UapkiSettings:
        facts = {"library": self.library, "authorities": self.authorities, "timeout": PATIENCE}
        return UapkiSettings(**(facts | changes))

    def settings_with_keys(self, **changes) -> UapkiSettings:
        keys = {
            "keys": self.folder / "keys.p12",
            "certificate": self.folder / "site.cer",
            "password": PASSWORD,
        }
        return self.settings(**(keys | changes))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    if COMPILER is None:
        pytest.skip("no C compiler for the shim")
    return Shim(tmp_path_factory.mktemp("uapki"))


@pytest.fixture
def shim(compiled):
    compiled.answers("good")
    return compiled


@pytest.fixture
def start(shim):
    """A worker over the shim; all are ended after the test."""
    begun = []

    def begin(settings: UapkiSettings | None = None) -> UapkiProcess:
        begun.append(UapkiProcess(settings or shim.settings()))
        return begun[-1]

    yield begin
    for process in begun:
        process.close()


@pytest.fixture
def backend(start):
    return UapkiBackend(start())


def refusal(
    backend: UapkiBackend, signature: bytes = SIGNATURE, text: bytes = TEXT, now: datetime = NOW
) -> str:
    with pytest.raises(ProviderError) as caught:
        backend.verify(signature, text, now=now)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value.code


# --- a real signature by DSTU 4145, read without the library ---


def test_a_real_signature_is_recognised_as_dstu_4145_and_other_kinds_are_not():
    backend = UapkiBackend(process=None)
    assert backend.can_verify(SIGNATURE)
    assert not backend.can_verify(ecdsa_signature(TEXT))
    assert not backend.can_verify(b"")
    assert not backend.can_verify(b"\x30\x80nonsense")
    assert not backend.can_verify(SIGNER)


@pytest.mark.parametrize("form", ["der", "base64", "lines", "pem"])
def test_a_signature_is_read_in_every_form_signing_tools_write(form):
    lines = base64.encodebytes(SIGNATURE)
    forms = {
        "der": SIGNATURE,
        "base64": base64.b64encode(SIGNATURE),
        "lines": lines.replace(b"\n", b"\r\n"),
        "pem": b"-----BEGIN PKCS7-----\n" + lines + b"-----END PKCS7-----\n",
    }
    message = read_signature(forms[form])
    assert message.der == SIGNATURE
    assert message.content is None
    assert message.is_dstu


def test_the_certificate_tells_the_person_their_number_and_the_authority():
    signer = signer_of(SIGNER, signed_at=None)
    assert (signer.family_name, signer.given_name, signer.patronymic) == ("Коваленко", "Олена", "Іванівна")
    assert signer.tax_number == NUMBER
    assert signer.issuer == "Випробувальний центр сертифікації"
    assert (signer.serial, signer.organisation_code) == ("2A7F01", "")
    assert signer.is_qualified
    assert not signer.is_seal
    assert signer.algorithm == "DSTU 4145"
    assert validity_of(SIGNER) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC))


def test_a_certificate_without_a_persons_name_is_a_seal_and_not_qualified_by_itself():
    signer = signer_of(AUTHORITY, signed_at=None)
    assert signer.is_seal
    assert not signer.is_qualified
    assert signer.tax_number == ""


def test_two_different_numbers_in_a_certificate_are_refused():
    assert SIGNER.count(NUMBER.encode()) == 2
    certificate = SIGNER.replace(b"TINUA-" + NUMBER.encode(), b"TINUA-3184704184")
    with pytest.raises(ProviderError) as caught:
        signer_of(certificate, signed_at=None)
    assert caught.value.code == "number_wrong"


def test_several_signers_and_no_signed_attributes_are_no_readable_signature():
    backend = UapkiBackend(process=None)
    signer = cms.ContentInfo.load(SIGNATURE)["content"]["signer_infos"][0]
    names = ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")
    twice = altered(signer_infos=[signer, signer])
    bare = altered(signer_infos=[{name: signer[name] for name in names}])
    for signature in (twice, bare, b"not a signature", SIGNATURE[:-3]):
        assert refusal(backend, signature) == "signature_unreadable"


def test_a_signature_that_encloses_another_text_is_refused_before_the_library_sees_it():
    # the library would verify the enclosed text and pay no attention to the one on the page
    backend = UapkiBackend(process=None)
    assert refusal(backend, enclosing(b"I give up my vote.\n")) == "signature_of_other_text"


def test_a_signature_of_another_algorithm_is_not_this_backends():
    assert refusal(UapkiBackend(process=None), ecdsa_signature(TEXT)) == "algorithm_unsupported"


# --- what the library says ---


def test_a_valid_signature_tells_who_signed(backend, shim):
    signer = backend.verify(SIGNATURE, TEXT, now=NOW)
    assert (signer.family_name, signer.tax_number, signer.signed_at) == ("Коваленко", NUMBER, None)
    assert shim.calls == ["INIT", "CHAIN", "FULL"]
    claims = VerifiedClaims("kep", "dig_sign", signer.tax_number, "", "", "", None, signer.issuer)
    assert claims.sex == "female"


def test_a_signature_that_encloses_exactly_the_text_is_good(backend):
    assert backend.verify(enclosing(TEXT), TEXT, now=NOW).tax_number == NUMBER


def test_a_signature_over_another_text_is_refused(backend):
    assert refusal(backend, text=TEXT + b" ") == "signature_of_other_text"


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("wrong", "signature_wrong"),
        ("without_name", "signature_wrong"),
        ("untrusted", "certificate_untrusted"),
        ("no_authority", "certificate_untrusted"),
        ("forged_authority", "certificate_untrusted"),
        ("expired", "certificate_expired"),
        ("revoked", "certificate_revoked"),
        ("revoked_list", "certificate_revoked"),
        ("silent", "revocation_unknown"),
        ("unsigned_answer", "revocation_unknown"),
        ("indeterminate", "revocation_unknown"),
        ("algorithm", "algorithm_unsupported"),
        ("structure", "signature_unreadable"),
        ("garbage", "bad_answer"),
        ("shapeless", "bad_answer"),
    ],
)
def test_every_other_answer_has_its_word_and_the_next_signature_is_verified(backend, shim, mode, code):
    shim.answers(mode)
    assert refusal(backend) == code
    assert code in MESSAGES
    shim.answers("good")
    assert backend.verify(SIGNATURE, TEXT, now=NOW).tax_number == NUMBER


@pytest.mark.parametrize("mode", ["untrusted", "no_authority", "forged_authority", "wrong", "expired"])
def test_no_address_in_an_untrusted_certificate_is_ever_asked(backend, shim, mode):
    shim.answers(mode)
    refusal(backend)
    assert "FULL" not in shim.calls


@pytest.mark.parametrize("now", [datetime(2025, 12, 31, tzinfo=UTC), datetime(2046, 1, 2, tzinfo=UTC)])
def test_a_certificate_must_be_valid_by_the_sites_clock_whatever_the_signature_says_of_its_time(backend, now):
    assert refusal(backend, now=now) == "certificate_expired"


def test_the_time_of_signing_is_that_of_a_trusted_time_stamp_only(backend, shim):
    shim.answers("stamped")
    assert backend.verify(SIGNATURE, TEXT, now=NOW).signed_at == datetime(2026, 11, 28, 12, 0, 7, tzinfo=UTC)
    shim.answers("stamped_untrusted")
    assert backend.verify(SIGNATURE, TEXT, now=NOW).signed_at is None


# --- the process ---


def test_a_library_that_takes_too_long_is_killed_and_the_next_request_finds_a_fresh_one(start, shim):
    process = start(shim.settings(timeout=3))
    process.ask("ping", {})
    first = process.pid
    shim.answers("slow")
    begun = time.monotonic()
    assert refusal(UapkiBackend(process)) == "provider_slow"
    assert time.monotonic() - begun < 10
    assert process.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    shim.answers("good")
    assert UapkiBackend(process).verify(SIGNATURE, TEXT, now=NOW)
    assert process.pid not in {None, first}


def test_a_crash_takes_only_the_worker_along(backend, shim):
    shim.answers("crash")
    assert refusal(backend) == "provider_down"
    shim.answers("good")
    assert backend.verify(SIGNATURE, TEXT, now=NOW)
    assert shim.calls == ["INIT", "CHAIN", "FULL"]


def test_what_the_library_prints_is_not_taken_for_an_answer(backend, shim, capfd):
    shim.answers("noise")
    assert backend.verify(SIGNATURE, TEXT, now=NOW)
    assert capfd.readouterr() == ("", "")


def test_one_worker_serves_many_requests_from_several_threads(start, shim):
    process = start()
    process.ask("ping", {})
    pid, found = process.pid, []

    def sign() -> None:
        found.append(UapkiBackend(process).verify(SIGNATURE, TEXT, now=NOW).tax_number)

    threads = [threading.Thread(target=sign) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [NUMBER] * 8
    assert process.pid == pid


def test_a_worker_is_changed_for_a_fresh_one_now_and_then(start, monkeypatch):
    monkeypatch.setattr("viche.identity.providers.uapki.client.REQUESTS_A_PROCESS", 2)
    process = start()
    pids = []
    for _ in range(4):
        process.ask("ping", {})
        pids.append(process.pid)
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_the_worker_ends_when_the_site_is_gone(start):
    process = start()
    process.ask("ping", {})
    process._child.stdin.close()
    assert process._child.wait(timeout=PATIENCE) == 0


def test_a_large_text_passes_the_pipe(start, shim):
    text = os.urandom(600_000)
    assert refusal(UapkiBackend(start()), text=text) == "signature_of_other_text"


@needs_compiler
def test_what_is_no_library_is_the_sites_mistake(start, shim, tmp_path):
    library = tmp_path / "libuapki.so"
    library.write_bytes(b"\x7fELF no library")
    process = start(shim.settings(library=library))
    assert refusal(UapkiBackend(process)) == "misconfigured"
    assert process.pid is None


# --- envelopes ---


def test_an_envelope_to_the_site_is_opened_and_its_signature_verified(start, shim):
    shim.answers("good", plain=enclosing(b'{"inn": "1"}'))
    settings = shim.settings_with_keys()
    decryptor = UapkiDecryptor(start(settings), settings, clock=lambda: NOW)
    assert decryptor.open(b"envelope") == b'{"inn": "1"}'
    assert decryptor.certificate == SIGNER
    assert shim.calls == ["INIT", "CHAIN", "FULL"]


@pytest.mark.parametrize(
    ("mode", "word"), [("other_recipient", "0x103a"), ("untrusted", "certificate_untrusted")]
)
def test_an_envelope_not_meant_for_the_site_or_badly_signed_is_refused(start, shim, mode, word):
    shim.answers(mode, plain=enclosing(b"{}"))
    settings = shim.settings_with_keys()
    with pytest.raises(ValueError, match=word):
        UapkiDecryptor(start(settings), settings, clock=lambda: NOW).open(b"envelope")


def test_an_envelope_without_a_signature_is_opened_only_where_that_was_agreed(start, shim):
    shim.answers("good", plain=b'{"drfocode": "1"}')
    settings = shim.settings_with_keys()
    process = start(settings)
    with pytest.raises(ValueError, match="not signed"):
        UapkiDecryptor(process, settings).open(b"envelope")
    assert UapkiDecryptor(process, settings, must_be_signed=False).open(b"envelope") == b'{"drfocode": "1"}'


def test_a_wrong_password_of_the_keys_is_the_sites_mistake(start, shim):
    settings = shim.settings_with_keys(password="guess")
    with pytest.raises(ProviderError) as caught:
        UapkiDecryptor(start(settings), settings).open(b"envelope")
    assert caught.value.code == "misconfigured"
    assert caught.value.detail == "start fails at keys, error 0x411"


def test_the_worker_knows_neither_password_nor_environment_of_the_site_by_its_command(
    start, shim, monkeypatch
):
    monkeypatch.setenv("VICHE_SECRET_FOR_TESTS", "nobody-may-read")
    process = start(shim.settings_with_keys())
    process.ask("ping", {})
    facts = Path(f"/proc/{process.pid}")
    if not facts.exists():
        pytest.skip("no /proc on this system")
    said = (facts / "cmdline").read_bytes() + (facts / "environ").read_bytes()
    assert PASSWORD.encode() not in said
    assert b"nobody-may-read" not in said


# --- silence ---


def test_no_text_name_number_or_password_is_in_any_log_or_error(start, shim, caplog):
    caplog.set_level(logging.DEBUG)
    settings = shim.settings_with_keys()
    process = start(settings)
    backend = UapkiBackend(process)
    said = [
        repr(settings),
        repr(process),
        repr(backend.verify(SIGNATURE, TEXT, now=NOW)),
        repr(read_signature(SIGNATURE)),
    ]
    for mode in ("garbage", "crash", "wrong", "revoked", "untrusted", "shapeless"):
        shim.answers(mode)
        try:
            backend.verify(SIGNATURE, TEXT, now=NOW)
        except ProviderError as error:
            said += [str(error), error.detail, *traceback.format_exception(error)]
    said.append(caplog.text)
    assert "uapki: a worker is started" in caplog.text
    everything = "\n".join(said)
    for secret in (NUMBER, "Коваленко", "Олена", "проєкт", PASSWORD, encoded(TEXT), encoded(SIGNATURE)[:40]):
        assert secret not in everything


# --- settings ---


def test_without_a_library_there_is_no_port():
    assert UapkiSettings.from_environment({"KEP_UAPKI_AUTHORITIES": "/somewhere"}) is None


def test_settings_are_read_from_the_environment(shim):
    settings = UapkiSettings.from_environment(
        {
            "KEP_UAPKI_LIBRARY": str(shim.library),
            "KEP_UAPKI_AUTHORITIES": str(shim.authorities),
            "KEP_UAPKI_CRLS": str(shim.folder),
            "KEP_UAPKI_PROXY": "http://proxy.example:3128",
            "KEP_UAPKI_TIMEOUT": "9",
            "KEP_UAPKI_KEYS": str(shim.folder / "keys.p12"),
            "KEP_UAPKI_KEYS_PASSWORD": PASSWORD,
            "KEP_UAPKI_CERTIFICATE": str(shim.folder / "site.cer"),
        }
    )
    line = settings.first_line(memory=1, seconds=2)
    assert settings.timeout == 9
    assert line["init"]["certCache"]["trustedCerts"] == [encoded(AUTHORITY)]
    assert line["init"]["proxy"] == {"url": "http://proxy.example:3128"}
    assert line["init"]["crlCache"]["path"].endswith("/")
    assert line["open"]["password"] == PASSWORD
    assert line["certificate"] == encoded(SIGNER)


def test_every_problem_of_the_settings_is_said_at_once_and_no_password(tmp_path):
    with pytest.raises(SettingsError) as caught:
        UapkiSettings.from_environment(
            {
                "KEP_UAPKI_LIBRARY": str(tmp_path / "none.so"),
                "KEP_UAPKI_CRLS": str(tmp_path / "none"),
                "KEP_UAPKI_TIMEOUT": "soon",
                "KEP_UAPKI_KEYS": str(tmp_path / "none.p12"),
                "KEP_UAPKI_KEYS_PASSWORD": PASSWORD,
            }
        )
    said = str(caught.value)
    names = ("LIBRARY", "AUTHORITIES", "CRLS", "TIMEOUT", "KEYS", "CERTIFICATE")
    assert all(f"KEP_UAPKI_{name}" in said for name in names)
    assert PASSWORD not in said


def test_certificates_of_authorities_are_read_from_both_forms_and_several_from_one_file(tmp_path, shim):
    armoured = (
        b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(AUTHORITY) + b"-----END CERTIFICATE-----\n"
    )
    (tmp_path / "a.pem").write_bytes(armoured * 2)
    (tmp_path / "b.cer").write_bytes(AUTHORITY)
    (tmp_path / "c.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")
    (tmp_path / "notes.txt").write_bytes(armoured)
    assert shim.settings(authorities=tmp_path).authority_certificates() == [AUTHORITY] * 3


# --- the real library, where there is one ---


@pytest.mark.skipif(not REAL, reason="VICHE_TEST_UAPKI names no library")
def test_the_real_library_holds_the_signature_good_and_misses_only_the_authoritys_word(tmp_path):
    # the authority of the example has neither CRL nor OCSP: the last question stays open, and the site refuses
    shutil.copy(DSTU / "authority.cer", tmp_path)
    process = UapkiProcess(UapkiSettings(library=Path(REAL), authorities=tmp_path))
    backend = UapkiBackend(process)
    assert refusal(backend) == "revocation_unknown"
    assert refusal(backend, text=TEXT + b" ") == "signature_of_other_text"
    process.close()


@pytest.mark.skipif(not REAL, reason="VICHE_TEST_UAPKI names no library")
def test_the_real_library_trusts_no_authority_that_is_not_listed(tmp_path):
    (tmp_path / "other.cer").write_bytes(SIGNER)
    process = UapkiProcess(UapkiSettings(library=Path(REAL), authorities=tmp_path))
    assert refusal(UapkiBackend(process)) == "certificate_untrusted"
    process.close()
