"""The winners of a contest as an OCDS 1.1 release package: plans, contracts, payments, links to the procurement."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from viche.connectors.treasury.codes import compared, plan_code
from viche.connectors.treasury.exact import amount_of, written
from viche.connectors.treasury.models import Payment, Procurement
from viche.connectors.treasury.plans import Planned, planned_of
from viche.contests.models import Contest
from viche.foundation import clock
from viche.projects.models import Contract

VERSION = "1.1"
STATES = {"active": "active", "terminated": "terminated", "cancelled": "cancelled", "pending": "pending"}


def release_package(contest: Contest, *, address: str) -> bytes:
    """The package. address: where it stands itself."""
    planned = planned_of(contest)
    keys = [each.project.pk for each in planned]
    contracts, payments = _contracts(keys), _payments(keys)
    moment = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return written(
        {
            "uri": address, "version": VERSION, "publishedDate": moment,
            "publisher": {"name": str(contest.community), "uid": contest.community.code},
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "releases": [
                _release(contest, each, contracts[each.project.pk], payments[each.project.pk], moment)
                for each in planned
            ],
        }
    )  # fmt: skip


def _contracts(keys: list[UUID]) -> dict[UUID, list[Contract]]:
    found: dict[UUID, list[Contract]] = defaultdict(list)
    for each in Contract.objects.filter(delivery_id__in=keys).select_related("procurement"):
        found[each.delivery_id].append(each)
    return found


def _payments(keys: list[UUID]) -> dict[UUID, list[Payment]]:
    found: dict[UUID, list[Payment]] = defaultdict(list)
    for each in Payment.objects.filter(project__in=keys, state=Payment.State.RECORDED):
        found[each.project_id].append(each)  # type: ignore[index]
    return found


def _release(
    contest: Contest, each: Planned, contracts: list[Contract], payments: list[Payment], moment: str
) -> dict[str, Any]:
    code = f"{contest.community.code}-{plan_code(contest.slug, each.project.number)}"
    buyer = {"id": contest.community.code, "name": str(contest.community)}
    links = [link for contract in contracts if (link := getattr(contract, "procurement", None)) is not None]
    return {
        "ocid": f"viche-{code}", "id": f"{code}-{moment}", "date": moment, "language": "uk",
        "tag": ["planning", *(["contract"] if contracts else []), *(["implementation"] if payments else [])],
        "initiationType": "tender", "parties": [{**buyer, "roles": ["buyer", "payer"]}], "buyer": buyer,
        "planning": {
            "rationale": each.project.summary,
            "budget": {
                "id": each.line.programme if each.line else code, "description": each.project.title,
                "amount": _value(each.plan, contest), "project": each.project.title, "projectID": each.code,
            },
        },
        "contracts": [
            _contract(contract, contest, paid) for contract, paid in _parted(contracts, payments)
        ],
        **({"relatedProcesses": [_related(link) for link in links if link.ocid]} if links else {}),
    }  # fmt: skip


def _parted(contracts: list[Contract], payments: list[Payment]) -> list[tuple[Contract, list[Payment]]]:
    """Each contract with its payments; what names none of them stands with the first."""
    found: dict[UUID, list[Payment]] = defaultdict(list)
    by_number = {compared(contract.number): contract.pk for contract in contracts}
    for payment in payments if contracts else []:
        found[by_number.get(compared(payment.contract_number), contracts[0].pk)].append(payment)
    return [(contract, found[contract.pk]) for contract in contracts]


def _contract(contract: Contract, contest: Contest, payments: list[Payment]) -> dict[str, Any]:
    link: Procurement | None = getattr(contract, "procurement", None)
    return {
        "id": str(contract.pk), "awardID": link.reference if link else str(contract.pk), "title": contract.number,
        "status": STATES.get(link.status if link else "active", "active"),
        "value": _value(contract.amount, contest), "dateSigned": f"{contract.signed_on.isoformat()}T00:00:00Z",
        **(
            {"implementation": {"transactions": [_payment(each, contest) for each in payments]}}
            if payments else {}
        ),
    }  # fmt: skip


def _payment(payment: Payment, contest: Contest) -> dict[str, Any]:
    return {
        "id": payment.reference, "date": f"{payment.paid_on.isoformat()}T00:00:00Z",
        "value": _value(payment.amount, contest),
    }  # fmt: skip


def _related(link: Procurement) -> dict[str, Any]:
    return {
        "id": link.reference, "relationship": ["planning"], "title": link.tender, "scheme": "ocid",
        "identifier": link.ocid,
    }  # fmt: skip


def _value(amount: int, contest: Contest) -> dict[str, Any]:
    return {"amount": amount_of(amount), "currency": contest.currency}
