"""Kinds of neighbours. A module with KINDS, named in settings.NEIGHBOUR_KINDS, puts its own in when Viche starts."""

from viche.connectors.systems.kinds.kind import Field, Finding, Kind, Thresholds

__all__ = ["KINDS", "Field", "Finding", "Kind", "Thresholds", "kind_named", "register"]

KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known. Two of one name are a mistake of ours."""
    for kind in kinds:
        if KINDS.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds of neighbours are called {kind.name}")


def kind_named(name: str) -> Kind | None:
    """The kind of this name; None for one that this version does not know."""
    return KINDS.get(name)
