"""The command line that the simulators share."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable

from viche.identity.providers.simulation.cast import CastError
from viche.identity.providers.simulation.server import Simulator, SimulatorRefused


def parser_of(name: str, about: str, *, port: int) -> argparse.ArgumentParser:
    """The options of every simulator."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=about)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument(
        "--allow", action="append", default=[], metavar="URL", help="where browsers may return"
    )
    parser.add_argument("--slow-seconds", type=int, default=15, help="length of a slow answer")
    parser.add_argument("--environment", default=os.environ.get("VICHE_ENVIRONMENT", ""))
    return parser


def serve(make: Callable[[], Simulator]) -> int:
    """Serve until interrupted: 0, or 2 where it cannot start; the reason goes to standard error."""
    # a supervisor ends it with SIGTERM; leave as for Ctrl-C
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with make() as server, contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    except (SimulatorRefused, CastError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0
