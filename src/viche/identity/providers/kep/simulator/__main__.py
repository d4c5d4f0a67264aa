"""Command line of the simulator."""

import sys
from pathlib import Path

from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str] | None = None) -> int:
    """See simulation.running.serve."""
    about = "A certification authority for demonstrations and tests, on this machine only."
    parser = parser_of("viche.identity.providers.kep.simulator", about, port=8003)
    parser.add_argument("--folder", type=Path, help="where the root certificate is kept")
    options = parser.parse_args(arguments)
    return serve(
        lambda: KepSimulator(
            folder=options.folder, host=options.host, port=options.port, environment=options.environment,
            slow_seconds=options.slow_seconds,
        )
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
