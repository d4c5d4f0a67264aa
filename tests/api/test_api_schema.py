"""Whatever is sent within the description or past it: never a fault of ours, always an answer as described."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import openapi
from tests import given as made_given
from tests import programs

from viche.api.v1.openapi import described
from viche.connectors.clients.scopes import SCOPES
from viche.foundation import clock

DOCUMENT = described()
SCHEMA = openapi.from_dict(DOCUMENT)
OPERATIONS = [each.ok() for each in SCHEMA.get_all_operations()]
BUSY = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# every scope alone, all of them, and nobody
CALLERS = [(), *((scope,) for scope in SCOPES), tuple(SCOPES)]


@pytest.fixture
def callers(db, settings):
    """Nobody, and a program of every scope, in a body with a contest that votes."""
    settings.API_READS_MINUTE = 1_000_000
    made, _projects = made_given.voting_contest()
    who = programs.official(made.community)
    found = {
        scopes: programs.program(made.community, scopes=scopes, who=who, title=" ".join(scopes))
        for scopes in CALLERS
        if scopes
    }
    with clock.at(made_given.day(45)):
        yield found


def sent(caller: Any, method: str, path: str, query: Any, body: Any, headers: dict[str, str]) -> Any:
    from urllib.parse import urlencode

    address = f"{path}?{urlencode(query or {}, doseq=True)}" if query else path
    kept = {
        name: value
        for name, value in headers.items()
        if value.isascii() and all(31 < ord(sign) < 127 for sign in value)
    }
    browser = programs.Browser(raise_request_exception=False)
    if caller is not None:
        kept["Authorization"] = f"Bearer {caller.secret}"
    text = body if isinstance(body, (str, bytes)) else json.dumps(body) if body is not None else ""
    return browser.generic(method, address, text, content_type="application/json", headers=kept)


def fair(answer: Any, operation: Any) -> None:
    """An answer as the description has it."""
    assert answer.status_code < 500, answer.content
    responses = {str(code) for code in DOCUMENT["paths"][operation.path][operation.method]["responses"]}
    assert str(answer.status_code) in responses, (answer.status_code, answer.content)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "code"} <= set(answer.json())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_what_is_described_is_answered_to_everybody(callers, operation):
    @BUSY
    @given(case=operation.as_strategy(), scopes=st.sampled_from(CALLERS))
    def one(case: Any, scopes: tuple[str, ...]) -> None:
        path = case.formatted_path.split("?")[0]
        if st_filled(operation.path, path):
            body = case.body if isinstance(case.body, (dict, list, str)) else None
            headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
            fair(
                sent(callers.get(scopes), operation.method.upper(), path, case.query, body, headers),
                operation,
            )

    one()


def st_filled(template: str, path: str) -> bool:
    """Whether the address is one of this operation's: a text with a slash in it is another address."""
    return template.count("/") == path.count("/") and "//" not in path and not path.endswith("/")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
WRITES = [
    ("POST", "contests/2026/projects"), ("PATCH", "contests/2026/projects/1"),
    ("POST", "contests/2026/projects/1/opinions"), ("POST", "contests/2026/projects/1/decisions"),
    ("POST", "register/changes"), ("PUT", "register"), ("POST", "contests/2026/projects/1/work"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_any_json_at_all_is_answered(callers, method, path):
    program = callers[tuple(SCOPES)]

    @BUSY
    @given(body=JSON)
    def one(body: Any) -> None:
        answer = program.ask(method, path, body, **{"If-Match": '"x"'})
        assert 400 <= answer.status_code < 500, answer.content

    one()


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b"[1", b'{"title": NaN}', b'"\\ud800"', b"\x00"])
def test_what_is_no_json_is_refused(callers, body):
    answer = programs.Browser().generic(
        "POST", "/api/v1/communities/poltava/contests/2026/projects", body, content_type="application/json",
        headers={"Authorization": f"Bearer {callers[tuple(SCOPES)].secret}", "Idempotency-Key": "request-0001"},
    )  # fmt: skip
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
