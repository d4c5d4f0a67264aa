"""A certification authority on this machine, for demonstrations and tests: people's certificates, OCSP, CRL, a page to
sign with. It makes real signatures that are worth nothing outside.

    python -m viche.identity.providers.kep.simulator --port 8003 --folder var/kep

Then KEP_TRUSTED=var/kep/root.pem. The page offers the people of the cast and the ways to spoil a signature.
"""

from viche.identity.providers.kep.simulator.authority import FAULTS, Authority
from viche.identity.providers.kep.simulator.server import KepSimulator

__all__ = ["FAULTS", "Authority", "KepSimulator"]
