"""Systems of budget and treasury as we speak with them.

GET  {address}/transactions/?payers_edrpous=…&startdate=2026-01-01&enddate=2026-03-31
     the public interface of spending.gov.ua: a list of payments, or {"transactions": […]}; at most 92 days at once
POST {address}/plans            the winners (plans.plan_document); Idempotency-Key: the plan's id; answers {"id"}
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.kinds import Field, Finding, Kind
from viche.connectors.systems.models import System
from viche.connectors.systems.queries import secrets_of
from viche.connectors.systems.wording import OUTCOMES, fault_of_status, outcome_text
from viche.connectors.treasury.exact import amount_of, parsed, written
from viche.connectors.treasury.models import PlanHandover
from viche.foundation import clock
from viche.foundation.clock import KYIV
from viche.foundation.outgoing import Answer, Unreachable, ask
from viche.foundation.sealing import SealBroken

NAME = "treasury"
WINDOW = timedelta(days=91)
SECONDS, MOST_BYTES = 30, 30_000_000
# the field of the interface that holds what
_NAMES = {
    "reference": "id", "paid_on": "trans_date", "amount": "amount", "payer_code": "payer_edrpou",
    "recipient_code": "recipt_edrpou", "recipient": "recipt_name", "purpose": "payment_details",
    "contract_number": "doc_add_attr",
}  # fmt: skip


def payments_between(system: System, since: date, until: date) -> list[dict[str, str]]:
    """The payments of these days, texts by reading.FIELDS. Raises NeighbourDown, Unreachable, NeighbourFault."""
    found: list[dict[str, str]] = []
    while since <= until:
        end = min(since + WINDOW, until)
        found += _asked(system, since, end, "payments")
        since = end + timedelta(days=1)
    return found


def hand_over_plan(system: System, plan: PlanHandover) -> str:
    """Give the plan to the budget system; its name there. Raises as payments_between."""
    rows = [
        {**row, "plan": amount_of(row["plan"]), "paid": amount_of(row["paid"])}
        for row in plan.content["winners"]
    ]
    headers = {
        **headers_of(system), "Content-Type": "application/json; charset=utf-8", "Idempotency-Key": str(plan.pk),
    }  # fmt: skip
    content = written({**plan.content, "winners": rows})

    def work() -> str:
        answer = document_of(
            ask("POST", f"{address_of(system)}/plans", headers=headers, content=content, timeout=SECONDS)
        )
        if not isinstance(answer, dict) or not answer.get("id"):
            raise NeighbourFault("garbage", OUTCOMES["garbage"])
        return str(answer["id"])[:200]

    return call(system, "plan", work)


def try_connection(system: System) -> Finding:
    """Ask for the payments of today."""
    today = clock.now().astimezone(KYIV).date()
    try:
        found = _asked(system, today, today, "test")
    except (NeighbourDown, Unreachable, NeighbourFault) as error:
        return Finding(False, str(error))
    return Finding(True, _("It answered."), [(_("Payments of today"), len(found))])


def address_of(system: System) -> str:
    return str(system.settings["address"]).rstrip("/")


def headers_of(system: System) -> dict[str, str]:
    """Raises NeighbourFault where the key cannot be opened: nothing is sent without it."""
    try:
        key = secrets_of(system).get("key", "")
    except SealBroken:
        raise NeighbourFault("refused", OUTCOMES["refused"]) from None
    return {"Accept": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}


def document_of(answer: Answer) -> Any:
    """The JSON of a good answer, numbers with every digit. Raises NeighbourFault."""
    if answer.status not in {200, 201, 202}:
        code = fault_of_status(answer.status)
        is_passing = answer.status >= 500 or answer.status in {401, 403, 404, 408, 429}
        raise NeighbourFault(code, outcome_text(code), counts=is_passing)
    try:
        return parsed(answer.body)
    except (ValueError, RecursionError):
        raise NeighbourFault("garbage", OUTCOMES["garbage"]) from None


def _asked(system: System, since: date, until: date, operation: str) -> list[dict[str, str]]:
    asked = urlencode(
        {
            "payers_edrpous": system.settings["payer"], "startdate": since.isoformat(),
            "enddate": until.isoformat(),
        }
    )  # fmt: skip
    address, headers = f"{address_of(system)}/transactions/?{asked}", headers_of(system)

    def work() -> list[dict[str, str]]:
        found = document_of(ask("GET", address, headers=headers, timeout=SECONDS, most_bytes=MOST_BYTES))
        rows = found.get("transactions") if isinstance(found, dict) else found
        if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
            raise NeighbourFault("garbage", OUTCOMES["garbage"])
        # the interface leaves out what it does not understand: what is not ours is not taken
        payer = str(system.settings["payer"])
        return [_texts(each) for each in rows if str(each.get("payer_edrpou", "")).zfill(8) == payer]

    return call(system, operation, work)


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    found = {field: "" if row.get(name) is None else str(row[name]) for field, name in _NAMES.items()}
    return {**found, "paid_on": found["paid_on"][:10]}


def _problems(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    payer = str(settings.get("payer", ""))
    is_code = len(payer) == 8 and payer.isascii() and payer.isdigit()
    return {} if is_code else {"payer": _("The ЄДРПОУ of a body has eight digits.")}


KINDS = (
    Kind(
        name=NAME, title=_("Budget and treasury"), icon="banknote", simulator="treasury", is_single=True,
        use=_("Winners go out with their plan figures, payments come in and are matched to projects."),
        fields=(
            Field("address", _("Address of its interface"), "address",
                  _("Payments are asked for as from spending.gov.ua: at this address with /transactions/ behind it.")),
            Field("payer", _("ЄДРПОУ of the payer"), help=_("Whose payments are asked for."), longest=8),
            Field("key", _("Key"), "secret", _("Sent as a bearer token."), is_required=False),
        ),
        test=try_connection, problems=_problems,
    ),
)  # fmt: skip
