"""Two of three: the private key wrapped for each pair of holders, by age (age-encryption.org/v1, library pyrage).

Each holder has an age identity of their own, kept in their share file under their passphrase (age's scrypt). For each
pair the key is encrypted to one of the two and the result to the other, and laid into the files of both. So one file
with its passphrase opens nothing, and neither do three files without passphrases.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pyrage

from boxkey.faults import KeyFault
from boxkey.files import SHARE, read, written
from boxkey.pairs import public_of

HOLDERS = (1, 2, 3)
LEAST_LETTERS = 12
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Share:
    """What one holder keeps. number: 1 to 3; made: names the set of three that belong together (hex).

    identity: the holder's age identity under their passphrase. capsules: by the other holder's number.
    """

    contest: str
    public_key: str
    number: int
    made: str
    identity: bytes
    capsules: Mapping[int, bytes]

    def text(self) -> str:
        """The share file."""
        return written(SHARE, {
            "contest": self.contest, "public_key": self.public_key, "holder": self.number, "made": self.made,
            "identity": base64.b64encode(self.identity).decode(),
            "capsules": {str(other): base64.b64encode(each).decode() for other, each in self.capsules.items()},
        })  # fmt: skip


def share_from(text: bytes, *, contest: str = "") -> Share:
    """A share file read. Raises KeyFault as files.read."""
    facts = read(text, SHARE, contest=contest)
    try:
        return Share(
            str(facts["contest"]), facts["public_key"], _number(facts["holder"]), str(facts["made"]),
            base64.b64decode(facts["identity"], validate=True),
            {_number(other): base64.b64decode(each, validate=True) for other, each in facts["capsules"].items()},
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, AttributeError):
        raise KeyFault("damaged") from None


def _number(value: Any) -> int:
    number = int(value)
    if number not in HOLDERS:
        raise ValueError(value)
    return number


def new_passphrase() -> str:
    """Five groups of four letters and digits that are not mistaken for each other: 99 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(5))


def split(contest: str, private: bytes, passphrases: Sequence[str]) -> list[Share]:
    """Three shares of the key, the first under the first passphrase and so on.

    Raises KeyFault: short_passphrase (holder, least), same_passphrase.
    """
    for number, passphrase in zip(HOLDERS, passphrases, strict=True):
        if len(passphrase) < LEAST_LETTERS:
            raise KeyFault("short_passphrase", holder=number, least=LEAST_LETTERS)
    if len(set(passphrases)) != len(HOLDERS):
        raise KeyFault("same_passphrase")
    made = secrets.token_hex(8)
    identities = {number: pyrage.x25519.Identity.generate() for number in HOLDERS}
    capsules: dict[int, dict[int, bytes]] = {number: {} for number in HOLDERS}
    for one, other in combinations(HOLDERS, 2):
        inner = pyrage.encrypt(private, [identities[other].to_public()])
        capsule = pyrage.encrypt(inner, [identities[one].to_public()])
        capsules[one][other] = capsules[other][one] = capsule
    public = public_of(private).hex()
    return [
        Share(
            contest, public, number, made, pyrage.passphrase.encrypt(str(identities[number]).encode(), passphrase),
            capsules[number],
        )
        for number, passphrase in zip(HOLDERS, passphrases, strict=True)
    ]  # fmt: skip


def check_pair(shares: Sequence[Share]) -> None:
    """Whether these shares belong together and to different holders, before anybody is asked for a passphrase.

    Raises KeyFault: one_share, same_holder (holder), shares_of_two_contests, shares_of_two_keys, old_share.
    """
    if len(shares) < 2:
        raise KeyFault("one_share")
    numbers = [share.number for share in shares]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if len({share.contest for share in shares}) > 1:
        raise KeyFault("shares_of_two_contests")
    if len({share.public_key for share in shares}) > 1:
        raise KeyFault("shares_of_two_keys")
    if twice is not None:
        raise KeyFault("same_holder", holder=twice)
    if len({share.made for share in shares}) > 1:
        raise KeyFault("old_share")


def identity_of(share: Share, passphrase: str) -> pyrage.x25519.Identity:
    """The holder's own identity. Raises KeyFault: wrong_passphrase (holder), damaged."""
    try:
        text = pyrage.passphrase.decrypt(share.identity, passphrase)
    except pyrage.DecryptError:
        raise KeyFault("wrong_passphrase", holder=share.number) from None
    try:
        return pyrage.x25519.Identity.from_str(text.decode())
    except (pyrage.IdentityError, ValueError):
        raise KeyFault("damaged") from None


def join(one: Share, other: Share, identities: Mapping[int, pyrage.x25519.Identity]) -> bytes:
    """The private key out of two shares. identities: by the holder's number.

    Raises KeyFault: as check_pair, damaged (the capsule is broken or holds another key).
    """
    check_pair([one, other])
    first, second = sorted((one, other), key=lambda share: share.number)
    try:
        inner = pyrage.decrypt(first.capsules[second.number], [identities[first.number]])
        private = pyrage.decrypt(inner, [identities[second.number]])
    except (pyrage.DecryptError, KeyError):
        raise KeyFault("damaged") from None
    if len(private) != 32 or public_of(private).hex() != first.public_key:
        raise KeyFault("damaged")
    return bytes(private)
