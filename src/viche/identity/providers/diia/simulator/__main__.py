"""Command line of the simulator."""

import sys
from pathlib import Path

from viche.identity.providers.diia.simulator import DiiaSimulator
from viche.identity.providers.kep.simulator import KepSimulator
from viche.identity.providers.simulation import running
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str] | None = None) -> int:
    """See simulation.running.serve. The authority that issued the certificates answers at a port of its own."""
    about = "Simulator of Diia.Signature for demonstrations and tests, on this machine only."
    parser = parser_of("viche.identity.providers.diia.simulator", about, port=8005)
    parser.add_argument("--folder", type=Path, help="where the root certificate of the authority is kept")
    parser.add_argument("--deliver", default="http://localhost:8000/identity/delivery/diia/")
    options = parser.parse_args(arguments)
    with running(KepSimulator(folder=options.folder, environment=options.environment)) as kep:
        return serve(
            lambda: DiiaSimulator(
                authority=kep.authority, deliver=options.deliver, host=options.host, port=options.port,
                environment=options.environment, slow_seconds=options.slow_seconds,
            )
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
