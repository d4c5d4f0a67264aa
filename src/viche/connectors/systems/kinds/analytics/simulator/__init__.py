"""Servers of analytics on this machine."""

from viche.connectors.systems.kinds.analytics.simulator.server import AnalyticsSimulator

__all__ = ["AnalyticsSimulator"]
