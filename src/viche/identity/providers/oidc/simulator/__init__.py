"""An issuer of OpenID Connect on this machine, with the cast as its account holders.

python -m viche.identity.providers.oidc.simulator --port 8006 --allow http://localhost:8000/
"""

from viche.identity.providers.oidc.simulator.server import CLIENT_ID, CLIENT_SECRET, FAULTS, OidcSimulator

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "FAULTS", "OidcSimulator"]
