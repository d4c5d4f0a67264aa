"""Command line of the simulator."""

import argparse
import os
import signal
import sys
from pathlib import Path

from viche.identity.providers.isei.simulator import (
    DEFAULT_CAST,
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    CastError,
    SimulatorRefused,
    load_cast,
    run,
)


def main(arguments: list[str] | None = None) -> int:
    """0 after an interruption, 2 where it cannot start; the reason goes to standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m viche.identity.providers.isei.simulator",
        description="Simulator of id.gov.ua for demonstrations and tests, on this machine only.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--cast", type=Path, default=DEFAULT_CAST, help="JSON file of people")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="URL", help="where browsers may return"
    )
    parser.add_argument("--client-id", default=os.environ.get("ISEI_CLIENT_ID") or DEMO_CLIENT_ID)
    parser.add_argument("--slow-seconds", type=int, default=15, help="length of a slow answer")
    parser.add_argument("--environment", default=os.environ.get("VICHE_ENVIRONMENT", ""))
    options = parser.parse_args(arguments)
    # a supervisor ends it with SIGTERM; leave as for Ctrl-C
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(
            options.host,
            options.port,
            load_cast(options.cast),
            allow=options.allow,
            environment=options.environment,
            client_id=options.client_id,
            # from the environment only: a command line can be read by every user of the machine
            client_secret=os.environ.get("ISEI_CLIENT_SECRET") or DEMO_CLIENT_SECRET,
            slow_seconds=options.slow_seconds,
        )
    except (SimulatorRefused, CastError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
