"""Contracts and where they were procured."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from viche.connectors.systems.models import System
from viche.connectors.treasury.guards import treasurer_only
from viche.connectors.treasury.models import Procurement
from viche.connectors.treasury.prozorro import OCID_PREFIX, REFERENCE, Procured, contract_page, read_contract
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.clock import KYIV
from viche.foundation.refused import Refused
from viche.projects import actions as projects
from viche.projects.models import Contract, Project


def report_contract(*, system: System, reference: str, by: Actor) -> Procured:
    """What the procurement system says of a contract; nothing is kept. Outside of a transaction.

    Refused: not_treasurer, archived, bad_reference (fields), other_currency; raises NeighbourDown, Unreachable,
    NeighbourFault.
    """
    treasurer_only(system.community, by)
    if not REFERENCE.fullmatch(reference):
        message = _("The id of a contract has 32 signs: digits and letters from a to f.")
        raise Refused("bad_reference", message, fields={"reference": message}, status=422)
    found = read_contract(system, reference)
    if found.currency != "UAH":
        message = _("The contract is not in hryvnias: record it by hand.")
        raise Refused("other_currency", message, fields={"reference": message}, status=422)
    return found


def connect_procurement(*, project: Project, procured: Procured, by: Actor) -> Procurement:
    """Take a contract over from the procurement system, or read one anew; journal: ContractRecorded for a new one.

    A contract of its number that is recorded already gets the link. Refused: not_treasurer, archived, not_in_work,
    bad_contract, elsewhere (it belongs to another project).
    """
    community = project.contest.community
    treasurer_only(community, by)
    number = procured.number or procured.tender
    try:
        with transaction.atomic():
            known = Procurement.objects.filter(community=community, reference=procured.reference).first()
            if known is not None and known.contract.delivery_id != project.pk:
                raise Refused("elsewhere", _("This contract is recorded of another project."))
            contract = known.contract if known is not None else _contract(project, number, procured, by)
            found, _is_new = Procurement.objects.update_or_create(
                contract=contract,
                defaults={
                    "community": community, "reference": procured.reference, "tender": procured.tender,
                    "ocid": f"{OCID_PREFIX}-{procured.tender}" if procured.tender else "",
                    "status": procured.status, "supplier": procured.supplier,
                    "supplier_code": procured.supplier_code, "amount": procured.amount, "read_at": clock.now(),
                },
            )  # fmt: skip
    except IntegrityError:
        raise Refused("elsewhere", _("This contract is recorded of another project.")) from None
    return found


def end_procurement(*, procurement: Procurement, by: Actor) -> None:
    """Take the link away; the contract stays. Refused: not_treasurer, archived."""
    treasurer_only(procurement.community, by)
    Procurement.objects.filter(pk=procurement.pk).delete()


def _contract(project: Project, number: str, procured: Procured, by: Actor) -> Contract:
    known = Contract.objects.filter(delivery_id=project.pk, number=number).first()
    if known is not None:
        return known
    today: date = clock.now().astimezone(KYIV).date()
    return projects.record_contract(
        project=project, number=number, signed_on=procured.signed_on or today, contractor=procured.supplier[:200],
        amount=procured.amount, url=contract_page(procured.tender) if procured.tender else "", by=by,
    )  # fmt: skip
