"""A register of residents behind a security server: Trembita REST and SOAP, X-Road REST, and a plain service."""

from viche.connectors.systems.kinds.residents.simulator.server import RegisterSimulator

__all__ = ["RegisterSimulator"]
