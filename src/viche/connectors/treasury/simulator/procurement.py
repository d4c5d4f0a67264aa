"""The procurement system: contracts by their ids, in the shape of its public interface."""

from typing import Any

from viche.connectors.treasury.exact import amount_of, written
from viche.identity.providers.simulation import Answer, Simulator


class ProcurementAnswer(Answer):
    server: "ProcurementSystem"
    paths = frozenset({"/contracts"})

    def route(self, path: str, parameters: dict[str, str]) -> None:
        if self.misbehaves(self.server.fault, "any"):
            return
        contracts, reference = self.server.contracts, path.removeprefix("/contracts/")
        if path == "/contracts":
            listed = [{"id": key, "dateModified": "2026-05-01T00:00:00+03:00"} for key in contracts]
            self.json(200, {"data": listed, "next_page": {"offset": ""}})
        elif reference in contracts:
            self.send(200, written({"data": contracts[reference]}), "application/json; charset=utf-8")
        else:
            said = {"status": "error", "errors": [{"description": "Not Found", "location": "url"}]}
            self.json(404, said)


class ProcurementSystem(Simulator):
    """contracts: by their ids."""

    answer = ProcurementAnswer

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.contracts: dict[str, dict[str, Any]] = {}
        self.fault = ""

    def sign(
        self, reference: str, number: str, amount: int, *, tender: str = "UA-2026-05-04-000123-a",
        supplier: str = "ТОВ «Будівник»", code: str = "32101234", status: str = "active",
    ) -> None:  # fmt: skip
        """A contract as it is published; amount in kopiykas."""
        self.contracts[reference] = {
            "id": reference, "contractID": f"{tender}-b1", "contractNumber": number, "status": status,
            "tender_id": "6a9dca3807a14b37bf82fb8ad2eae0c9", "dateSigned": "2026-05-11T12:00:00+03:00",
            "value": {"amount": amount_of(amount), "currency": "UAH", "valueAddedTaxIncluded": True},
            "suppliers": [{"name": supplier, "identifier": {"scheme": "UA-EDR", "id": code}}],
        }  # fmt: skip
