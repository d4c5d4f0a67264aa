"""Command line of the simulator."""

import sys

from viche.connectors.documents.simulator import DocumentSystem
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str] | None = None) -> int:
    """See simulation.running.serve."""
    about = "A document system for demonstrations and tests, on this machine only."
    options = parser_of("viche.connectors.documents.simulator", about, port=8031).parse_args(arguments)
    return serve(
        lambda: DocumentSystem(host=options.host, port=options.port, environment=options.environment)
    )


if __name__ == "__main__":
    sys.exit(main())
