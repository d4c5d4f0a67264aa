"""The budget and treasury system, and the procurement system, for demonstrations and tests on this machine only."""

from viche.connectors.treasury.simulator.procurement import ProcurementSystem
from viche.connectors.treasury.simulator.server import TreasurySystem

__all__ = ["ProcurementSystem", "TreasurySystem"]
