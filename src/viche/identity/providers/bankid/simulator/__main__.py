"""Command line of the simulator."""

import os
import sys
from pathlib import Path

from viche.identity.providers.bankid.simulator import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, BankIdSimulator
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str] | None = None) -> int:
    """See simulation.running.serve."""
    about = "Simulator of BankID NBU for demonstrations and tests, on this machine only."
    parser = parser_of("viche.identity.providers.bankid.simulator", about, port=8002)
    parser.add_argument("--folder", type=Path, help="where certificates for the site are left")
    parser.add_argument("--client-id", default=os.environ.get("BANKID_CLIENT_ID") or DEMO_CLIENT_ID)
    options = parser.parse_args(arguments)
    return serve(
        lambda: BankIdSimulator(
            folder=options.folder, host=options.host, port=options.port, allow=options.allow,
            environment=options.environment, slow_seconds=options.slow_seconds, client_id=options.client_id,
            # from the environment only: a command line can be read by every user of the machine
            client_secret=os.environ.get("BANKID_CLIENT_SECRET") or DEMO_CLIENT_SECRET,
        )
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
