"""A simulator of the partners' service of Diia, and of the application that signs.

    python -m viche.identity.providers.diia.simulator --port 8005 --folder var/kep --deliver http://localhost:8000/identity/delivery/diia/

The deep link leads to its own page, where one signs as somebody of the cast. Signatures are those of the authority of
kep's simulator in the same folder. It delivers to this machine only.
"""

from viche.identity.providers.diia.simulator.server import FAULTS, DiiaSimulator

__all__ = ["FAULTS", "DiiaSimulator"]
