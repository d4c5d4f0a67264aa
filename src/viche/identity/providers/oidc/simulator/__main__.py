"""Command line of the simulator."""

import sys

from viche.identity.providers.oidc.simulator import OidcSimulator
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str] | None = None) -> int:
    """See simulation.running.serve."""
    about = "An issuer of OpenID Connect for demonstrations and tests, on this machine only."
    options = parser_of("viche.identity.providers.oidc.simulator", about, port=8006).parse_args(arguments)
    return serve(
        lambda: OidcSimulator(
            host=options.host, port=options.port, allow=options.allow, environment=options.environment,
            slow_seconds=options.slow_seconds,
        )
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
