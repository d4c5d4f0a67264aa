"""viche simulator sms, viche simulator smtp"""

import sys

from viche.connectors.systems.kinds.gateways.simulator.sms import SmsSimulator
from viche.connectors.systems.kinds.gateways.simulator.smtp import SmtpSimulator
from viche.connectors.systems.simulation import FAULTS
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str]) -> int:
    """Serve one of the two, which the first argument names, until interrupted."""
    name, *rest = arguments
    made, port = (SmsSimulator, 8111) if name == "sms" else (SmtpSimulator, 8112)
    parser = parser_of(f"viche simulator {name}", __doc__ or "", port=port)
    parser.add_argument("--fault", choices=FAULTS, default="")
    given = parser.parse_args(rest)
    return serve(
        lambda: made(host=given.host, port=given.port, environment=given.environment, fault=given.fault)  # type: ignore[arg-type,return-value]
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
