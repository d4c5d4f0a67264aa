"""A document system for demonstrations and tests, on this machine only."""

from viche.connectors.documents.simulator.server import DocumentSystem

__all__ = ["DocumentSystem"]
