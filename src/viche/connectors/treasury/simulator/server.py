"""The treasury: payments as spending.gov.ua tells them, and plans taken over once each."""

from datetime import date, timedelta
from typing import Any

from viche.connectors.treasury.exact import amount_of, parsed, written
from viche.identity.providers.simulation import Answer, Simulator

KEY = "demo-treasury-key"


class TreasuryAnswer(Answer):
    server: "TreasurySystem"
    paths = frozenset({"/transactions/", "/plans"})

    def route(self, path: str, parameters: dict[str, str]) -> None:
        system = self.server
        if self.misbehaves(system.fault, "any"):
            return
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            self.json(401, {"error": "unauthorised"})
        elif path == "/transactions/":
            self._payments(parameters)
        elif path == "/plans" and self.command == "POST":
            self._plan()
        else:
            self.json(404, {"error": "not found"})

    def _payments(self, parameters: dict[str, str]) -> None:
        try:
            since, until = (date.fromisoformat(parameters[name]) for name in ("startdate", "enddate"))
        except (KeyError, ValueError):
            self.json(400, {"error": "dates"})
            return
        if until - since > timedelta(days=92):
            self.json(400, {"error": "at most 92 days"})
            return
        found = [
            each for each in self.server.payments
            if since.isoformat() <= each["trans_date"] <= until.isoformat()
            and each["payer_edrpou"] == parameters.get("payers_edrpous", each["payer_edrpou"])
        ]  # fmt: skip
        self.send(200, written(found), "application/json; charset=utf-8")

    def _plan(self) -> None:
        key = self.headers.get("Idempotency-Key", "")
        is_new = key not in self.server.plans
        self.server.plans.setdefault(key, parsed(self.sent))
        if not self.misbehaves(self.server.fault, "answer"):
            self.json(201 if is_new else 200, {"id": f"plan-{list(self.server.plans).index(key) + 1}"})


class TreasurySystem(Simulator):
    """fault: "any_500", "answer_cut" and so on. plans: by their keys."""

    answer = TreasuryAnswer

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.payments: list[dict[str, Any]] = []
        self.plans: dict[str, Any] = {}
        self.fault = ""

    def pay(
        self, reference: int, day: date, amount: int, purpose: str, *, payer: str = "21044301",
        recipient: str = "ТОВ «Будівник»", code: str = "32101234", contract: str = "",
    ) -> None:  # fmt: skip
        """A payment; amount in kopiykas, negative where it is taken back."""
        self.payments.append(
            {
                "id": reference, "doc_number": str(reference), "trans_date": day.isoformat(),
                "amount": amount_of(amount), "currency": "UAH", "payer_edrpou": payer, "payer_name": "Міська рада",
                "recipt_edrpou": code, "recipt_name": recipient, "payment_details": purpose,
                "doc_add_attr": contract or None,
            }
        )  # fmt: skip
