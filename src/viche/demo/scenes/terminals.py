"""Scene: a bank is connected to the city, with a key its simulator signs with and a way for its terminal network."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from viche.channels.terminals.actions import Contract, confirm_partner, propose_partner
from viche.channels.terminals.models import Partner
from viche.channels.terminals.networks.actions import open_way
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor

KEY_FILE = "demo-bank-key.pem"
LOOPBACK = ("127.0.0.0/8", "::1/128")


def key_path() -> Path:
    """Where the private key of the demo's bank lies: `viche simulator terminal --protocol api --key …`."""
    return Path(settings.VAR_DIR) / KEY_FILE


def stage(contest: Contest, first: Actor, second: Actor) -> Partner:
    """One administrator proposes the bank, another connects it; its network speaks OSMP from this machine."""
    # anybody may know it: it opens the invented bank of a demonstration
    private = Ed25519PrivateKey.from_private_bytes(sha256(b"viche demo bank").digest())
    path = key_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    signed = clock.now().date() - timedelta(days=40)
    partner = propose_partner(
        community=contest.community, name="Демобанк", slug="demobank", way="terminal",
        contract=Contract("42-Т", signed, "Бондар Ірина, відділ терміналів, 0 44 000 00 00"),
        key=private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), by=first,
    )  # fmt: skip
    partner = confirm_partner(partner=partner, by=second)
    open_way(partner=partner, dialect="osmp", addresses=LOOPBACK, contest=contest, by=first)
    return partner
