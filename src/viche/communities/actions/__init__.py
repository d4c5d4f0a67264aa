"""Writes of the communities room."""

from viche.communities.actions.bodies import RESERVED_SLUGS, brand_community, connect_community
from viche.communities.actions.codifier import apply_codifier, codifier_changes
from viche.communities.actions.districts import close_district, draw_district, redraw_district

__all__ = [
    "RESERVED_SLUGS", "apply_codifier", "brand_community", "close_district", "codifier_changes", "connect_community",
    "draw_district", "redraw_district",
]  # fmt: skip
