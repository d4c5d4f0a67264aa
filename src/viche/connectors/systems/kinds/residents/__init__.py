"""Registers of residents asked over a network: Trembita (REST, SOAP), X-Road, and a plain service of the body."""

from viche.connectors.systems.kinds.residents.kinds import KINDS

__all__ = ["KINDS"]
