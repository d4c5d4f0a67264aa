"""Analytics without cookies: public pages that were looked at, told by the server and of nobody."""

from viche.connectors.systems.kinds.analytics.kinds import KINDS

__all__ = ["KINDS"]
