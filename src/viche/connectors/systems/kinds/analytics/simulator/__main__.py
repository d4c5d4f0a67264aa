"""viche simulator analytics"""

from viche.connectors.systems.kinds.analytics.simulator.server import AnalyticsSimulator
from viche.connectors.systems.simulation import FAULTS
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = parser_of("viche simulator analytics", __doc__ or "", port=8113)
    parser.add_argument("--fault", choices=FAULTS, default="")
    given = parser.parse_args(arguments)
    return serve(
        lambda: AnalyticsSimulator(
            host=given.host, port=given.port, environment=given.environment, fault=given.fault
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
