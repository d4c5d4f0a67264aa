"""Secrets of neighbours by field, as one sealed document."""

import json
from collections.abc import Mapping
from uuid import UUID

from viche.foundation import keys, sealing

ROOM = "neighbours"


def sealed(values: Mapping[str, str], system: UUID) -> bytes | None:
    """The secrets by field as they are stored; None where there are none."""
    if not values:
        return None
    plain = json.dumps(dict(values), ensure_ascii=False).encode()
    return sealing.sealed(plain, key=keys.room_key(ROOM), owner=str(system))


def opened(stored: bytes | None, system: UUID) -> dict[str, str]:
    """The secrets by field. Raises SealBroken."""
    if not stored:
        return {}
    return dict(json.loads(sealing.opened(stored, key=keys.room_key(ROOM), owner=str(system))))
