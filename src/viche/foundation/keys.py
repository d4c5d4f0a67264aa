"""Keys that live outside the database and outside its backups.

Person keys are derived by HKDF-SHA256 (RFC 5869) from one installation secret. Contest keys are random, one
file a contest, so that they can be destroyed when the appeal period is over.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class KeyMissing(Exception):
    """The key was never made here, or has been destroyed."""


@lru_cache(maxsize=2048)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"viche/{purpose}/v1".encode()).derive(
        secret.encode()
    )


def person_token(kind: str, number: str) -> bytes:
    """Keyed token of a personal number (kind "tax", "passport", "unzr"): HMAC-SHA256, 32 bytes.

    The number itself is never stored: ten digits are tried out in minutes from a plain hash.
    """
    key = _derived(settings.PERSON_KEY, "person")
    return hmac.digest(key, f"v1|{kind}|{number}".encode(), hashlib.sha256)


def support_token(contest: str, token: bytes) -> bytes:
    """What stands for a person under the projects of one contest: an HMAC of the token of their number, 32 bytes.

    It links no two contests, and nothing but this installation's key leads from it to a person.
    """
    key = _derived(settings.PERSON_KEY, f"support/{contest}")
    return hmac.digest(key, b"v1|" + token, hashlib.sha256)


def factor_key() -> bytes:
    """The key under which secrets of second factors are kept: 32 bytes."""
    return _derived(settings.PERSON_KEY, "factors")


def register_key(community: str) -> bytes:
    """The key with which a community (by its code) hashes its own register of members: 32 bytes.

    Its administrator may have it: it opens nothing else, and the key of persons does not follow from it.
    """
    return _derived(settings.PERSON_KEY, f"register/{community}")


def register_mark(community: str, token: bytes) -> bytes:
    """What is stored of a register's token (rulebook.register): an HMAC of it under a key nobody is given.

    So the community's own key and a copy of the database together still name nobody.
    """
    key = _derived(settings.PERSON_KEY, "register-row")
    return hmac.digest(key, f"v1|{community}|".encode() + token, hashlib.sha256)


def partner_key(partner: str) -> bytes:
    """The key under which requests of a terminal partner (by its id) are remembered: 32 bytes."""
    return _derived(settings.PERSON_KEY, f"terminals/{partner}")


def room_key(room: str) -> bytes:
    """The key of what one room keeps for itself, by the room's name: 32 bytes. "webhooks": secrets of receivers;
    "neighbours": of a body's connected systems; "website": of its own sites; "programs": whatever is kept of programs
    that use the API, and the tokens they get.
    """
    return _derived(settings.PERSON_KEY, room)


def _path(contest_id: str) -> Path:
    return Path(settings.KEYS_DIR) / f"{contest_id}.json"


def make_contest_keys(contest_id: str, keys: dict[str, str]) -> None:
    """Store the contest's keys (hex by name), whole or not at all.

    A file left by a transaction that was rolled back is replaced: the caller holds the contest's row and knows
    that no box was made with it.
    """
    path = _path(contest_id)
    _fresh(path, keys).replace(path)
    _settle(path.parent)


def _fresh(path: Path, document: dict[str, Any]) -> Path:
    """A new file beside the path with the document in it, safe on the disk, readable by the server only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(document, handle)
        handle.flush()
        os.fsync(handle.fileno())
    return fresh


def _settle(folder: Path) -> None:
    """The folder's names are safe on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _contest_keys(contest_id: str) -> dict[str, str]:
    try:
        return dict(json.loads(_path(contest_id).read_text()))
    except FileNotFoundError:
        raise KeyMissing(contest_id) from None


def contest_key(contest_id: str, name: str) -> bytes:
    """One key of the contest by name. Raises KeyMissing."""
    try:
        return bytes.fromhex(_contest_keys(contest_id)[name])
    except KeyError:
        raise KeyMissing(f"{contest_id}: {name}") from None


def has_contest_keys(contest_id: str) -> bool:
    """Whether the contest's keys are here."""
    return _path(contest_id).exists()


def destroy_contest_keys(contest_id: str) -> None:
    """Overwrite and remove the contest's keys: afterwards nobody can tie a mark to a person or open a ballot."""
    path = _path(contest_id)
    with contextlib.suppress(FileNotFoundError):
        size = path.stat().st_size
        with path.open("r+b") as handle:
            handle.write(secrets.token_bytes(size))
            handle.flush()
            os.fsync(handle.fileno())
        path.unlink()


def log_key(community: str) -> bytes:
    """The secret that signs the logs of a community (by its code): Ed25519, 32 bytes. Raises KeyMissing."""
    return contest_key(f"log-{community}", "sign")


def make_log_key(community: str) -> bytes:
    """The secret that signs the logs of a community, made now; where there is one already, that one."""
    return _signing_key(f"log-{community}")


def answers_key(community: str) -> bytes:
    """The secret that signs what a community answers to terminals: Ed25519, 32 bytes; made at the first answer."""
    with contextlib.suppress(KeyMissing):
        return contest_key(f"answers-{community}", "sign")
    return _signing_key(f"answers-{community}")


def _signing_key(name: str) -> bytes:
    path = _path(name)
    fresh = _fresh(path, {"sign": secrets.token_hex(32)})
    with contextlib.suppress(FileExistsError):  # another process was first: its key counts
        path.hardlink_to(fresh)
    fresh.unlink()
    _settle(path.parent)
    return contest_key(name, "sign")


def log_mark(name: str) -> tuple[int, str] | None:
    """(size, root in hex) of the last checkpoint signed for a log; None where none was signed."""
    try:
        size, root = json.loads((Path(settings.KEYS_DIR) / f"signed-{name}.json").read_text())["signed"]
    except FileNotFoundError:
        return None
    return int(size), str(root)


def keep_log_mark(name: str, size: int, root: str) -> None:
    """Remember a checkpoint before it is signed, beside the key: whatever else is restored, it is not signed anew."""
    path = Path(settings.KEYS_DIR) / f"signed-{name}.json"
    _fresh(path, {"signed": [size, root]}).replace(path)
    _settle(path.parent)
