"""A body's SMS gateway: one HTTP POST a message, its JSON as the gateway wants it."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from viche.connectors.systems.calls import NeighbourDown, NeighbourFault, call
from viche.connectors.systems.kinds.gateways.ports import Outgoing
from viche.connectors.systems.kinds.kind import Field, Finding, Kind
from viche.connectors.systems.models import System
from viche.connectors.systems.outlet import request, succeeded
from viche.connectors.systems.pointers import filled
from viche.connectors.systems.queries import secrets_of
from viche.connectors.systems.wording import fault_of_status, outcome_text
from viche.foundation.outgoing import Answer, Unreachable

SECONDS = 15
REFUSES_NUMBER = {400, 404, 422}


def send(system: System, letter: Outgoing) -> None:
    """One message; the key lets a gateway drop a repetition. Raises NeighbourFault, Unreachable, SealBroken."""
    values = {
        "to": letter.to, "digits": letter.to.lstrip("+"), "text": letter.text, "key": letter.key,
        "sender": system.settings["sender"],
    }  # fmt: skip
    content = json.dumps(filled(json.loads(system.settings["message"]), values), ensure_ascii=False).encode()
    headers = {**_authorization(system), "Content-Type": "application/json", "Idempotency-Key": letter.key}
    answer = request(
        system, "POST", system.settings["server"], headers=headers, content=content, seconds=SECONDS
    )
    if answer.status in REFUSES_NUMBER:
        code = f"fault:{answer.status}"
        raise NeighbourFault(code, outcome_text(code), counts=False)
    succeeded(answer)


def try_gateway(system: System) -> Finding:
    """Ask the gateway how it is; no message is sent."""
    address = system.settings["check"]
    try:
        call(system, "check", lambda: _looked(system, address))
    except (NeighbourDown, NeighbourFault, Unreachable) as fault:
        return Finding(False, str(fault))
    if address:
        return Finding(True, _("The gateway answers and takes the token. No message was sent."))
    return Finding(
        True, _("A server answers at this address. Whether it takes the token shows with the first message.")
    )


def _looked(system: System, address: str) -> Answer:
    if address:
        return succeeded(request(system, "GET", address, headers=_authorization(system)))
    answer = request(system, "HEAD", system.settings["server"], headers=_authorization(system))
    if fault_of_status(answer.status) in {"refused", "out_of_order"}:
        succeeded(answer)
    return answer


def _authorization(system: System) -> dict[str, str]:
    token = secrets_of(system).get("token", "")
    return {"Authorization": f"Bearer {token}"} if token else {}


def _problems(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    try:
        pattern = json.loads(settings["message"])
    except (ValueError, RecursionError):
        pattern = None
    if not isinstance(pattern, dict):
        return {"message": _("This is no JSON object.")}
    if "{text}" not in settings["message"] or not (
        "{to}" in settings["message"] or "{digits}" in settings["message"]
    ):
        return {"message": _("The number ({to} or {digits}) or the text ({text}) is missing.")}
    return {}


KIND = Kind(
    "sms", gettext_lazy("SMS gateway of the body"),
    gettext_lazy(
        "Notices about your contests go out in your body’s name; if it fails, the platform’s gateway sends them."
    ),
    (
        Field("server", gettext_lazy("Address for sending"), "address"),
        Field("token", gettext_lazy("Token (Authorization: Bearer)"), "secret", is_required=False),
        Field(
            "message", gettext_lazy("The message, JSON"), "long",
            first='{"to": "{to}", "from": "{sender}", "text": "{text}", "key": "{key}"}',
            help=gettext_lazy(
                "{to} is +380…, {digits} is 380…, {text}, {sender}, {key} (the same for a message sent again)."
            ),
        ),
        Field("sender", gettext_lazy("Name of the sender"), is_required=False, longest=11),
        Field(
            "check", gettext_lazy("Address that tells the balance or the state"), "address", is_required=False,
            help=gettext_lazy(
                "Asked by GET when you test the connection. Without it only the server’s answer is looked at."
            ),
        ),
    ),
    try_gateway, icon="phone", simulator="sms", problems=_problems, is_single=True,
)  # fmt: skip
