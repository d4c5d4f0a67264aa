"""Every operation of the API by everybody, for everybody's objects: nothing beyond a scope is done, and nothing of
another body, nor of what is not published, is said.

Marker words stand in what is not public in both bodies; they are looked for in every answer.
"""

import json
from typing import Any

import pytest
from django.test import Client as Browser

from tests import given
from tests.programs import EVERY, Program, official, program
from tests.surfaces.ground import VOTING_DAY, Ground
from viche.api.v1.openapi import described
from viche.connectors.clients.models import BroughtProject, WrittenRequest
from viche.contests.actions import create_contest
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.identity.models import Register
from viche.identity.queries import actor_of
from viche.journal.models import Entry
from viche.projects.actions import create_draft, save_project
from viche.projects.models import Contract, Delivery, Project
from viche.review.models import Decision, Opinion

MARKER = "Таємниця"
OPERATIONS = [
    (method, path, operation)
    for path, operations in described()["paths"].items()
    for method, operation in operations.items()
]
NOBODYS = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def planted(ground: Ground, settings: Any) -> Ground:
    """The two bodies with drafts of projects and contests in them, and unpublished projects, that hold the marker."""
    settings.API_READS_MINUTE = 1_000_000
    for body, contest in ((ground.poltava, ground.voting), (ground.lviv, ground.foreign)):
        with clock.at(given.day(-10)):
            create_contest(
                community=body, slug="draft", year=2028, title={"uk": f"{MARKER} конкурсу"}, rules=given.RULES,
                schedule=given.schedule(), by=SYSTEM,
            )  # fmt: skip
        checked = given.contest(
            body, slug="checked", rules={**given.RULES, "submission": {"check": given.CHECKED_IN_FIVE_DAYS}}
        )
        author = given.person("Мар'яна") if body == ground.poltava else given.person(
            "Соломія", region="Львівська", locality="м. Львів"
        )  # fmt: skip
        with clock.at(given.day(5)):
            draft = create_draft(contest=contest, author=author, by=actor_of(author, body))
            save_project(
                project=draft, changes={"title": f"{MARKER} чернетки", "contact": f"{MARKER}@example.org"}, revision=1,
                by=actor_of(author, body),
            )  # fmt: skip
            place = body.territory if body == ground.lviv else None
            facts = {"territory": place} if place else {}
            given.submitted_project(checked, f"{MARKER} до перевірки", author=author, **facts)
    assert Project.objects.filter(title__contains=MARKER).count() == 4
    assert not Project.objects.filter(title__contains=MARKER, published_at__isnull=False).exists()
    return ground


PLACES = (
    *(("poltava", contest, "1") for contest in ("2026", "2025", "2027", "draft", "checked")),
    *(
        ("lviv", contest, number)
        for contest, number in (("lviv", "7"), ("lviv", "1"), ("draft", "1"), ("checked", "1"))
    ),
    (given.LVIV, "lviv", "7"),
)


def addresses(path: str) -> list[str]:
    """An operation's address at everything there is, and at what there is not."""
    found = []
    for community, contest, number in PLACES:
        named = {"community": community, "contest": contest, "number": number, "step": NOBODYS, "log": "2026",
                 "key": "course", "code": "UA53000000000028050"}  # fmt: skip
        filled = path
        for name, value in named.items():
            filled = filled.replace(f"{{{name}}}", value)
        found.append(filled)
    return sorted(set(found))


def bodies_of(operation: Any) -> list[Any]:
    """What is sent: nothing that means anything, and what the description gives as its example."""
    content = operation.get("requestBody", {}).get("content", {})
    if "text/csv" in content:
        return ["3141592659;м. Полтава;registered"]
    if not content:
        return [None]
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = described()["components"]["schemas"][name]
    wanted = {
        field: each for field, each in schema["properties"].items() if field in schema.get("required", [])
    }
    made = {
        field: each["enum"][0] if "enum" in each else (each.get("examples") or ["2026-04-10"])[0]
        for field, each in wanted.items()
    }
    return [{}, made]


def figures() -> list[Any]:
    """What could have been changed: rows by table, and the journal's length."""
    tables = (
        Project,
        Decision,
        Opinion,
        Delivery,
        Contract,
        Register,
        BroughtProject,
        WrittenRequest,
        Contest,
    )
    return [*(table.objects.count() for table in tables), Entry.objects.count()]


def sent(caller: Program | None, method: str, path: str, body: Any) -> Any:
    if caller is None:
        is_text = isinstance(body, str)
        return Browser().generic(
            method.upper(), path, body if is_text else json.dumps(body), content_type="application/json",
            headers={"Idempotency-Key": "crawl-request-1", "If-Match": '"x"'},
        )  # fmt: skip
    return caller.ask(method.upper(), path, body, **{"If-Match": '"x"'})


def check(answer: Any, what: str) -> None:
    """No fault of ours, and nothing of what is not public."""
    assert answer.status_code < 500, what
    text = answer.content.decode()
    assert MARKER not in text, what
    assert "\\u0422\\u0430\\u0454\\u043c" not in text, what


def test_nobody_reads_what_is_not_published_and_whoever_has_no_key_writes_nothing(planted: Ground) -> None:
    before = figures()
    for method, path, operation in OPERATIONS:
        for address in addresses(path):
            for body in bodies_of(operation):
                answer = sent(None, method, address, body)
                check(answer, f"{method} {address}")
                if "x-scope" in operation:
                    assert answer.status_code in {401, 404}, f"{method} {address}: {answer.status_code}"
    assert figures() == before


@pytest.mark.parametrize("scope", EVERY)
@pytest.mark.parametrize("home", ["poltava", "lviv"])
def test_a_program_does_nothing_beyond_its_scope_and_nothing_in_another_body(
    planted: Ground, scope: str, home: str
) -> None:
    """Each operation with each scope alone, in the own body and in the other."""
    body = getattr(planted, home)
    facts = {"region": "Львівська", "locality": "м. Львів"} if home == "lviv" else {}
    caller = program(body, scopes=[scope], who=official(body, "Програмна", **facts))
    others = {"poltava": {"lviv", given.LVIV}, "lviv": {"poltava"}}[home]
    for method, path, operation in OPERATIONS:
        needed = operation.get("x-scope", "")
        for address in addresses(path):
            is_foreign = any(f"/communities/{name}" in address for name in others)
            may = needed in ("", scope) and not (needed and is_foreign)
            for said in bodies_of(operation):
                before = figures()
                answer = sent(caller, method, address, said)
                check(answer, f"{method} {address}")
                if not may:
                    assert answer.status_code == 403, f"{method} {address}: {answer.status_code}"
                    assert answer.json()["code"] in {"insufficient_scope", "wrong_community"}
                    assert figures() == before


def test_every_role_in_a_browser_is_nobody_to_the_api(planted: Ground) -> None:
    """A session of a person opens nothing here: only a key does."""
    from tests.surfaces.ground import browser

    before = figures()
    for visitor in ("administrator", "commission", "operator", "author", "foreign administrator", "platform"):
        client = browser(planted.visitors[visitor], at=VOTING_DAY)
        for method, path, operation in OPERATIONS:
            address = addresses(path)[0]
            answer = client.generic(
                method.upper(),
                address,
                "{}",
                content_type="application/json",
                headers={"Idempotency-Key": "crawl-0001"},
            )
            check(answer, f"{method} {address}")
            if "x-scope" in operation:
                assert answer.status_code == 401, f"{method} {address}"
    assert figures() == before
