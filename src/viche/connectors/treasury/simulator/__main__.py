"""Command line of the two simulators."""

import sys

from viche.connectors.treasury.simulator import ProcurementSystem, TreasurySystem
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.identity.providers.simulation.running import parser_of, serve
from viche.identity.providers.simulation.server import Simulator


def main(arguments: list[str] | None = None) -> int:
    """See simulation.running.serve."""
    about = "A treasury, or a procurement system, for demonstrations and tests, on this machine only."
    parser = parser_of("viche.connectors.treasury.simulator", about, port=8032)
    parser.add_argument("--procurement", action="store_true", help="the procurement system")
    options = parser.parse_args(arguments)
    where = {"host": options.host, "port": options.port, "environment": options.environment}
    return serve(lambda: _procurement(where) if options.procurement else _treasury(where))


def _treasury(where: dict[str, object]) -> Simulator:
    system, today = TreasurySystem(**where), clock.now().astimezone(KYIV).date()
    system.pay(1, today, 12_345_678, "За роботи, проєкт ГБ-2026-1")
    system.pay(2, today, -45_678, "Повернення, проєкт ГБ-2026-1")
    return system


def _procurement(where: dict[str, object]) -> Simulator:
    system = ProcurementSystem(**where)
    system.sign("0123456789abcdef0123456789abcdef", "44/2026", 25_000_000)
    return system


if __name__ == "__main__":
    sys.exit(main())
