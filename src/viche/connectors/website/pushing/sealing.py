"""Secrets of the body's sites, each for one site only."""

from uuid import UUID

from viche.foundation import keys, sealing

ROOM = "website"


def sealed(secret: str, target: UUID) -> bytes:
    return sealing.sealed(secret.encode(), key=keys.room_key(ROOM), owner=str(target))


def opened(stored: bytes, target: UUID) -> str:
    """Raises SealBroken."""
    return sealing.opened(stored, key=keys.room_key(ROOM), owner=str(target)).decode()
