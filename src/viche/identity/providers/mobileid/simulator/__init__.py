"""A simulator of an operator's signature service, and the phones it asks.

    python -m viche.identity.providers.mobileid.simulator --port 8004 --folder var/kep

Its page shows each phone with the question on it. The signatures are those of the authority of kep's simulator in the
same folder.
"""

from viche.identity.providers.mobileid.simulator.server import FAULTS, MobileIdSimulator, phone_of

__all__ = ["FAULTS", "MobileIdSimulator", "phone_of"]
