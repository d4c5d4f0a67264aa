"""viche simulator sms, viche simulator smtp"""

from viche.connectors.systems.kinds.gateways.simulator.sms import SmsSimulator
from viche.connectors.systems.kinds.gateways.simulator.smtp import SmtpSimulator
from viche.connectors.systems.simulation import FAULTS
from viche.identity.providers.simulation.running import parser_of, serve


def main(arguments: list[str] | None = None, *, name: str = "sms") -> int:
    """Serve one of the two until interrupted."""
    parser = parser_of(f"viche simulator {name}", __doc__ or "", port=8111 if name == "sms" else 8112)
    parser.add_argument("--fault", choices=FAULTS, default="")
    given = parser.parse_args(arguments)
    made = SmsSimulator if name == "sms" else SmtpSimulator
    return serve(
        lambda: made(host=given.host, port=given.port, environment=given.environment, fault=given.fault)  # type: ignore[arg-type,return-value]
    )


if __name__ == "__main__":
    raise SystemExit(main())
