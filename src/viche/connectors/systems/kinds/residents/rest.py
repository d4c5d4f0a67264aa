"""Registers that speak JSON: Trembita/UXP REST, X-Road REST, a plain service of the body.

Trembita: POST {security server}/restapi{path} with Uxp-Client, Uxp-Service, Uxp-Purpose-Ids and Uxp-Subject-Id; the
answer carries uxp-transaction-id. X-Road (PR-REST 1.0): POST {security server}/r1/{service}{path} with X-Road-Client
and X-Road-Id; a fault of the road itself carries X-Road-Error.
"""

import json
from collections.abc import Mapping
from urllib.parse import quote
from uuid import uuid4

from viche.connectors.systems.calls import NeighbourFault
from viche.connectors.systems.kinds.residents.asking import Question, Said, read_said
from viche.connectors.systems.models import System
from viche.connectors.systems.outlet import garbage, request, succeeded
from viche.connectors.systems.pointers import at_pointer, filled, read_json
from viche.connectors.systems.queries import secrets_of
from viche.connectors.systems.wording import outcome_text
from viche.foundation.outgoing import Answer


def ask_trembita(system: System, question: Question) -> Said:
    """Over the security server of Trembita (UXP)."""
    settings = system.settings
    headers = {"Uxp-Client": settings["client"], "Uxp-Service": settings["service"], "Uxp-Id": str(uuid4())}
    if settings["purposes"]:
        headers["Uxp-Purpose-Ids"] = settings["purposes"]
    if settings["is_subject_named"]:
        headers["Uxp-Subject-Id"] = question.number
    url = f"{settings['server'].rstrip('/')}/restapi{settings['path']}"
    answer = _asked(system, url, question, headers)
    return _read(answer, system, answer.headers.get("uxp-transaction-id", ""))


def ask_xroad(system: System, question: Question) -> Said:
    """Over a security server of X-Road."""
    settings, number = system.settings, str(uuid4())
    headers = {"X-Road-Client": settings["client"], "X-Road-Id": number}
    url = f"{settings['server'].rstrip('/')}/r1/{quote(settings['service'], safe='/')}{settings['path']}"
    answer = _asked(system, url, question, headers)
    reference = answer.headers.get("x-road-request-id", "")
    if (answer.headers.get("x-road-id") or number) != number:
        raise garbage(reference)
    return _read(answer, system, reference)


def ask_plain(system: System, question: Question) -> Said:
    """A service of the body itself, with a token."""
    token = secrets_of(system).get("token", "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return _read(_asked(system, system.settings["server"], question, headers), system, "")


def _asked(system: System, url: str, question: Question, headers: Mapping[str, str]) -> Answer:
    pattern = json.loads(system.settings["question"])
    content = json.dumps(filled(pattern, question.values), ensure_ascii=False).encode()
    wanted = {"Content-Type": "application/json", "Accept": "application/json", **headers}
    return request(system, "POST", url, headers=wanted, content=content, seconds=question.seconds)


def _read(answer: Answer, system: System, reference: str) -> Said:
    if road := answer.headers.get("x-road-error") or answer.headers.get("uxp-error"):
        code = f"fault:{road[:50]}"
        raise NeighbourFault(code, outcome_text(code), reference=reference)
    succeeded(answer, reference)
    try:
        document = read_json(answer.body)
    except ValueError:
        raise garbage(reference) from None
    if isinstance(document, dict) and str(document.get("type", "")).startswith(("Server.", "Client.")):
        code = f"fault:{str(document['type'])[:50]}"
        raise NeighbourFault(code, outcome_text(code), reference=reference)
    return read_said(lambda pointer: at_pointer(document, pointer), system, reference)
