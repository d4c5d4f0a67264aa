"""A simulator of BankID NBU: a separate process that speaks its protocol, with a cast of invented people.

    python -m viche.identity.providers.bankid.simulator --port 8002 --folder var/bankid --allow http://localhost:8000/

It leaves the bank's certificate and a certificate and key for the site in the folder: BANKID_CERTIFICATE is site.pem,
BANKID_KEY site.key, BANKID_TRUSTED bank.pem.
"""

from viche.identity.providers.bankid.simulator.server import (
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    FAULTS,
    BankIdSimulator,
)

__all__ = ["DEMO_CLIENT_ID", "DEMO_CLIENT_SECRET", "FAULTS", "BankIdSimulator"]
