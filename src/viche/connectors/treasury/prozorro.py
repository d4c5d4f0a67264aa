"""The procurement system as we read it: one contract by its id, public and without a key.

GET {address}/contracts/{id}    {"data": {"id", "contractID", "contractNumber", "tender_id", "status",
                                 "value": {"amount", "currency"}, "suppliers": [{"name", "identifier": {"id"}}], …}}
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.kinds import Field, Finding, Kind
from viche.connectors.systems.models import System
from viche.connectors.systems.wording import OUTCOMES
from viche.connectors.treasury.exact import kopiykas_of
from viche.connectors.treasury.system import SECONDS, address_of, document_of
from viche.foundation.outgoing import Unreachable, ask

NAME = "prozorro"
PUBLIC = "https://public-api.prozorro.gov.ua/api/2.5"
REFERENCE = re.compile(r"[0-9a-f]{32}")
TENDER = re.compile(r"UA-\d{4}-\d{2}-\d{2}-\d{6}-[a-z](?:-[a-z]\d+)?", re.IGNORECASE)
OCID_PREFIX = "ocds-be6bcu"
"""Under this prefix the procurement system publishes its processes."""


@dataclass(frozen=True)
class Procured:
    """A contract as the procurement system has it; amount in kopiykas."""

    reference: str
    tender: str
    number: str
    status: str
    supplier: str
    supplier_code: str
    amount: int
    currency: str
    signed_on: date | None


def contract_page(tender: str) -> str:
    """The public page of a tender."""
    return f"https://prozorro.gov.ua/tender/{quote(tender)}"


def read_contract(system: System, reference: str) -> Procured:
    """The contract with this id. Raises NeighbourDown, Unreachable, NeighbourFault."""
    address = f"{address_of(system)}/contracts/{quote(reference, safe='')}"
    return call(
        system, "contract", lambda: _procured(document_of(ask("GET", address, timeout=SECONDS)), reference)
    )


def try_connection(system: System) -> Finding:
    """Ask for the newest contracts."""
    address = f"{address_of(system)}/contracts?limit=1"
    try:
        call(system, "test", lambda: document_of(ask("GET", address, timeout=SECONDS))["data"])
    except (NeighbourDown, Unreachable, NeighbourFault) as error:
        return Finding(False, str(error))
    except (KeyError, TypeError):
        return Finding(False, str(OUTCOMES["garbage"]))
    return Finding(True, _("It answered."))


def _procured(answer: Any, reference: str) -> Procured:
    try:
        said = answer["data"]
        if said["id"] != reference:
            raise ValueError("another contract")
        supplier = said["suppliers"][0]
        code = str(supplier.get("identifier", {}).get("id", ""))
        number = str(said.get("contractID", ""))[:100]
        found = TENDER.match(number)
        return Procured(
            reference=reference, number=str(said.get("contractNumber", ""))[:100],
            tender=_tender(found[0] if found else ""), status=str(said["status"])[:20],
            supplier=str(supplier["name"])[:300],
            supplier_code=code if len(code) == 8 and code.isdigit() else "",
            amount=kopiykas_of(said["value"]["amount"]), currency=str(said["value"]["currency"])[:3],
            signed_on=date.fromisoformat(str(said["dateSigned"])[:10]) if said.get("dateSigned") else None,
        )  # fmt: skip
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise NeighbourFault("garbage", OUTCOMES["garbage"]) from None


def _tender(number: str) -> str:
    """The number of the tender out of the number of its contract: without the contract's own ending."""
    return re.sub(r"(-[a-z])-[a-z]\d+$", r"\1", number)


KINDS = (
    Kind(
        name=NAME, title=_("Procurement system"), icon="receipt-text", simulator="prozorro", is_single=True,
        use=_("Contracts are read there: amount, supplier, state, with a link for everybody."),
        fields=(Field("address", _("Address of its interface"), "address", first=PUBLIC),),
        test=try_connection,
    ),
)  # fmt: skip
