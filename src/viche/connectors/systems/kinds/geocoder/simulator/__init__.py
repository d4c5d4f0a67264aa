"""A geocoder on this machine."""

from viche.connectors.systems.kinds.geocoder.simulator.server import GeocoderSimulator

__all__ = ["GeocoderSimulator"]
