"""Whatever a program sends within the description or past it: never a fault of ours, always an answer as described."""

import json
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import openapi
from tests import bank
from tests import given as made_given

from viche.api.terminals.views import REFUSALS, api
from viche.channels.terminals.actions import Limits, set_limits
from viche.foundation import clock

KEY = Ed25519PrivateKey.generate()
DOCUMENT = api.get_openapi_schema(path_prefix="/poltava/api/terminals/v1/")
SCHEMA = openapi.from_dict(DOCUMENT)
OPERATIONS = [each.ok() for each in SCHEMA.get_all_operations()]
BUSY = settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def machine(db):
    made, _projects = bank.contest(cancel=True)
    made_given.person("Петро")
    partner = bank.partner(made.community, KEY)
    set_limits(partner=partner, limits=Limits(minute=100_000), by=bank.administrators(made.community)[0])
    with clock.at(bank.VOTING):
        yield bank.terminal(partner, KEY)


def sent(machine: Any, method: str, path: str, body: Any, request: str) -> Any:
    what = path.removeprefix("/poltava/api/terminals/v1/")
    if what.startswith("contests/") and not re.fullmatch(r"contests/[a-z0-9][a-z0-9-]*/paper", what):
        # no address of a contest: the site itself says that there is no such page
        assert Client().get(path).status_code == 404
        return None
    return machine.call(method, what, body, request=request)


def fair(heard: Any, operation: Any) -> None:
    """An answer as the description has it."""
    if heard is None:
        return
    assert heard.status < 500, heard
    described = {str(code) for code in DOCUMENT["paths"][operation.path][operation.method]["responses"]}
    assert str(heard.status) in described, heard
    if heard.status >= 400 and heard.headers["Content-Type"].startswith("application/problem+json"):
        assert {"type", "title", "status", "code"} <= set(heard.document)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_what_is_described_is_answered(machine, operation):
    @BUSY
    @given(case=operation.as_strategy())
    def one(case: Any) -> None:
        key = str((case.headers or {}).get("Idempotency-Key", ""))
        if not key.isascii() or any(ord(sign) < 33 for sign in key):
            key = ""
        path = case.formatted_path.split("?")[0]
        body = case.body if isinstance(case.body, (dict, list)) else None
        fair(sent(machine, operation.method.upper(), path, body, key), operation)

    one()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("what", ["contests", "eligibility", "ballots", "reconciliations"])
def test_any_json_at_all_is_answered(machine, what):
    @BUSY
    @given(body=JSON)
    def one(body: Any) -> None:
        heard = machine.call("POST", what, body, request="request-0001")
        assert 400 <= heard.status < 500, heard

    one()


def test_the_description_names_every_refusal(db):
    said = Client().get(f"/{made_given.community().slug}/api/terminals/v1/openapi.json").json()
    for path, operations in said["paths"].items():
        for operation in operations.values():
            assert {str(code) for code in REFUSALS} <= set(operation["responses"]), path
    assert "Idempotency-Key" in json.dumps(said["paths"]["/poltava/api/terminals/v1/ballots"])
