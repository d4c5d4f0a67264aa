"""A simulator of id.gov.ua: a separate process that speaks its protocol, with a cast of invented people.

It has no part in the site: the client reaches it by HTTP as it would the real system. It listens on this
machine only, sends browsers back to this machine only, and refuses to start with production settings.

    python -m viche.identity.providers.isei.simulator --port 8001 --allow http://localhost:8000/
"""

import contextlib
import time
from collections.abc import Callable, Sequence

from viche.identity.providers.isei.simulator.faults import FAULTS, Fault
from viche.identity.providers.isei.simulator.protocol import Protocol
from viche.identity.providers.isei.simulator.server import SimulatorServer
from viche.identity.providers.simulation import (
    DEFAULT_CAST,
    CastError,
    CastMember,
    SimulatorRefused,
    load_cast,
    running,
)

DEMO_CLIENT_ID = "viche-demo"
DEMO_CLIENT_SECRET = "demo-only-known-to-everybody"  # noqa: S105 - worthless outside the simulator

__all__ = [
    "DEFAULT_CAST",
    "DEMO_CLIENT_ID",
    "DEMO_CLIENT_SECRET",
    "FAULTS",
    "CastError",
    "CastMember",
    "Fault",
    "SimulatorRefused",
    "SimulatorServer",
    "load_cast",
    "make_server",
    "run",
    "running",
]


def make_server(
    host: str = "127.0.0.1",
    port: int = 0,
    cast: Sequence[CastMember] | None = None,
    *,
    allow: Sequence[str] = (),
    environment: str = "",
    client_id: str = DEMO_CLIENT_ID,
    client_secret: str = DEMO_CLIENT_SECRET,
    slow_seconds: float = 15,
    seal: Callable[[bytes, bytes], bytes] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> SimulatorServer:
    """A bound server, not yet serving. Raises SimulatorRefused, CastError, OSError (the port is taken)."""
    protocol = Protocol(client_id=client_id, client_secret=client_secret, allow=allow, seal=seal, clock=clock)
    return SimulatorServer(
        host=host,
        port=port,
        cast=load_cast() if cast is None else cast,
        protocol=protocol,
        allow=allow,
        environment=environment,
        slow_seconds=slow_seconds,
    )


def run(
    host: str = "127.0.0.1",
    port: int = 8001,
    cast: Sequence[CastMember] | None = None,
    *,
    allow: Sequence[str] = (),
    environment: str = "",
    client_id: str = DEMO_CLIENT_ID,
    client_secret: str = DEMO_CLIENT_SECRET,
    slow_seconds: float = 15,
) -> None:
    """Serve until interrupted. Raises SimulatorRefused, CastError, OSError."""
    server = make_server(
        host,
        port,
        cast,
        allow=allow,
        environment=environment,
        client_id=client_id,
        client_secret=client_secret,
        slow_seconds=slow_seconds,
    )
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
