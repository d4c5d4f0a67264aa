"""A geocoder: where an address lies. Nominatim and Photon, hosted by anybody."""

from viche.connectors.systems.kinds.geocoder.searching import KINDS

__all__ = ["KINDS"]
