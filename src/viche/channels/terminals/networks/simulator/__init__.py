"""A terminal network on this machine: it speaks the real protocols and makes the mistakes that real ones make."""

from viche.channels.terminals.networks.simulator.running import FAULTS, main, walk
from viche.channels.terminals.networks.simulator.terminals import TERMINALS, Told

__all__ = ["FAULTS", "TERMINALS", "Told", "main", "walk"]
