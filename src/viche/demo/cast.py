"""The demo's people: the cast of the identity simulator, and the offices they hold."""

from typing import Any

from viche.identity.providers.isei.simulator import load_cast


def people() -> list[dict[str, Any]]:
    """Key, name, hint and place of everybody one can be."""
    return [
        {
            "key": member.key,
            "name": f"{member.given_name} {member.family_name}",
            "hint": dict(member.hint),
            "locality": member.locality,
            "role": member.role,
        }
        for member in load_cast()
    ]
