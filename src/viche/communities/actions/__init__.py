"""Writes of the communities room."""

from viche.communities.actions.bodies import (
    RESERVED_SLUGS,
    admit_staff_from_above,
    archive_community,
    brand_community,
    connect_community,
    is_readdressable,
    readdress_community,
    restore_community,
)
from viche.communities.actions.codifier import apply_codifier, codifier_changes
from viche.communities.actions.districts import close_district, draw_district, redraw_district

__all__ = [
    "RESERVED_SLUGS", "admit_staff_from_above", "apply_codifier", "archive_community", "brand_community",
    "close_district", "codifier_changes", "connect_community", "draw_district", "is_readdressable",
    "readdress_community", "redraw_district", "restore_community",
]  # fmt: skip
