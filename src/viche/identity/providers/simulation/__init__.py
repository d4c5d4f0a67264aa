"""What the simulators of providers share: people, a server on this machine only, the ways to misbehave.

A simulator has no part in the site: the client reaches it by HTTP as it would the real system. It listens on this
machine only, sends browsers back to this machine only, and refuses to start with production settings.
"""

from viche.identity.providers.simulation.cast import DEFAULT_CAST, CastError, CastMember, load_cast
from viche.identity.providers.simulation.server import Answer, Simulator, SimulatorRefused, running

__all__ = [
    "DEFAULT_CAST", "Answer", "CastError", "CastMember", "Simulator", "SimulatorRefused", "load_cast", "running",
]  # fmt: skip
