"""Reads of the communities room."""

from viche.communities.queries.addresses import Match, address_match, territory_of_address
from viche.communities.queries.territories import (
    BODY_LEVELS,
    LEVELS,
    areas_of,
    bodies_by_region,
    bodies_found,
    bodies_inside,
    codes_above,
    codes_from,
    communities_named,
    communities_of,
    community_by_code,
    community_by_host,
    community_by_slug,
    connected_communities,
    free_settlements,
    hromadas_of,
    is_of_level,
    living_inside,
    own_districts,
    parts_of,
    region_at,
    regions,
    territories_coded,
    territories_named,
)

__all__ = [
    "BODY_LEVELS", "LEVELS", "Match", "address_match", "areas_of", "bodies_by_region", "bodies_found",
    "bodies_inside", "codes_above", "codes_from", "communities_named", "communities_of", "community_by_code",
    "community_by_host",
    "community_by_slug", "connected_communities", "free_settlements", "hromadas_of",
    "is_of_level", "living_inside", "own_districts", "parts_of", "region_at", "regions", "territories_coded",
    "territories_named", "territory_of_address",
]  # fmt: skip
