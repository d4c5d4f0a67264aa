"""viche simulator register"""

from viche.connectors.systems.kinds.residents.simulator.server import RegisterSimulator
from viche.connectors.systems.simulation import FAULTS
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = parser_of("viche.connectors.systems.kinds.residents.simulator", __doc__ or "", port=8110)
    parser.add_argument("--fault", choices=FAULTS, default="")
    parser.add_argument(
        "--resident", action="append", default=[], metavar="NUMBER=CODE",
        help="a tax number that lives at a КАТОТТГ code",
    )  # fmt: skip
    given = parser.parse_args(arguments)
    residents = dict(each.partition("=")[::2] for each in given.resident)
    return serve(
        lambda: RegisterSimulator(
            residents=residents, host=given.host, port=given.port, environment=given.environment, fault=given.fault,
            slow_seconds=given.slow_seconds,
        )
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
