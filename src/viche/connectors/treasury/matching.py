"""To which project a payment belongs: by the project's code or by the number of its contract. One answer or none."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from viche.communities.models import Community
from viche.connectors.treasury.codes import codes_in, compared, contracts_in
from viche.connectors.treasury.models import Payment, Procurement
from viche.connectors.treasury.reading import Read
from viche.projects.delivery import WON
from viche.projects.models import Contract, Project

CODE, CONTRACT, HAND = "code", "contract", "hand"
"""By what a payment was matched."""


@dataclass(frozen=True)
class Works:
    """What is being built, as payments name it."""

    by_code: Mapping[tuple[str, int], UUID]
    by_contract: Mapping[str, frozenset[UUID]]
    suppliers: Mapping[UUID, frozenset[str]] = field(default_factory=dict)

    def match(self, payment: Read) -> tuple[UUID | None, str]:
        """(project, by what). Two projects are as good as none: an official looks."""
        named = {self.by_code[each] for each in codes_in(payment.purpose) if each in self.by_code}
        if len(named) == 1:
            return named.pop(), CODE
        if named:
            return None, ""
        numbers = [compared(payment.contract_number)] if payment.contract_number else []
        numbers += contracts_in(payment.purpose) + contracts_in(payment.contract_number)
        found: set[UUID] = set()
        for number in numbers:
            found |= self.by_contract.get(number, frozenset())
        if len(found) > 1 and payment.recipient_code:
            paid = {each for each in found if payment.recipient_code in self.suppliers.get(each, ())}
            found = paid or found
        return (found.pop(), CONTRACT) if len(found) == 1 else (None, "")


def works_of(community: Community) -> Works:
    """The winners of the body with their codes and contracts: three queries, however many there are."""
    winners = Project.objects.filter(contest__community=community, state__in=WON)
    codes = {
        (slug.lower(), number): key
        for key, slug, number in winners.values_list("pk", "contest__slug", "number")
    }
    contracts: dict[str, set[UUID]] = defaultdict(set)
    for number, project in Contract.objects.filter(delivery__project__in=winners).values_list(
        "number", "delivery__project_id"
    ):
        contracts[compared(number)].add(project)
    suppliers: dict[UUID, set[str]] = defaultdict(set)
    for code, project in (
        Procurement.objects.filter(community=community)
        .exclude(supplier_code="")
        .values_list("supplier_code", "contract__delivery__project_id")
    ):
        suppliers[project].add(code)
    return Works(
        codes, {number: frozenset(each) for number, each in contracts.items() if number},
        {project: frozenset(each) for project, each in suppliers.items()},
    )  # fmt: skip


def matched(works: Works, payment: Read) -> dict[str, object]:
    """The columns of Payment that the match fills."""
    project, how = works.match(payment)
    return {"project_id": project, "how": how, "state": Payment.State.PROPOSED}
