"""Pages of programs: connected by an administrator, agreed to by the official, the key shown once; the API’s page."""

import re
from typing import Any

from tests.programs import Program
from tests.surfaces.ground import Ground, browser, holder, prefix
from viche.connectors.clients.models import Client


def described(ground: Ground, official: str, **facts: object) -> dict[str, object]:
    person = ground.visitors[official]
    assert person is not None
    return {
        "title": "Документообіг", "purpose": "", "scopes": ["works:write"], "official": str(person.pk), "networks": "",
        "quota_minute": "60", "quota_day": "1000", **facts,
    }  # fmt: skip


def test_an_administrator_connects_a_program_in_their_own_name_and_sees_its_key_once(ground: Ground) -> None:
    client, base = browser(ground.visitors["administrator"]), f"{prefix(ground.poltava)}office/programs/"
    made = client.post(f"{base}new/", described(ground, "administrator"))
    assert made.status_code == 302
    page = client.post(made["Location"], {"act": "key", "overlap": "0"})
    secret = re.search(rb"viche_[a-z0-9]{10}_[A-Za-z0-9_-]{43}", page.content)
    assert secret is not None
    row = Client.objects.get()
    answer = Program(row, secret.group().decode()).get("register")
    assert answer.json()["code"] == "insufficient_scope"
    again = client.get(made["Location"])
    assert secret.group() not in again.content
    assert secret.group()[:16] in again.content
    assert "Документообіг".encode() in client.get(base).content
    client.post(made["Location"], {"act": "revoke"})
    assert Program(row, secret.group().decode()).get("register").status_code == 401


def test_programmers_are_told_the_platforms_address_wherever_the_page_is_opened(
    ground: Ground, settings: Any
) -> None:
    settings.PUBLIC_ADDRESS = "https://viche.example"
    client, base = browser(ground.visitors["administrator"]), f"{prefix(ground.poltava)}office/programs/"
    made = client.post(f"{base}new/", described(ground, "administrator"))
    page = client.get(made["Location"]).content.decode()
    assert "<code>https://viche.example/api/v1/oauth/token</code>" in page
    for each in (page, client.get(base).content.decode()):
        assert 'href="https://viche.example/api/"' in each


def test_another_official_has_to_agree_first(ground: Ground) -> None:
    client, base = browser(ground.visitors["administrator"]), f"{prefix(ground.poltava)}office/programs/"
    made = client.post(f"{base}new/", described(ground, "editor"))
    page = client.post(made["Location"], {"act": "key", "overlap": "0"})
    secret = re.search(rb"viche_[a-z0-9]{10}_[A-Za-z0-9_-]{43}", page.content).group().decode()  # type: ignore[union-attr]
    program = Program(Client.objects.get(), secret)
    assert program.get("register").status_code == 401
    assert client.post(made["Location"], {"act": "confirm"}).status_code == 403
    editor = browser(ground.visitors["editor"])
    assert editor.post(made["Location"], {"act": "confirm"}).status_code == 302
    assert program.get("register").json()["code"] == "insufficient_scope"
    # whoever agreed may take it back
    assert editor.post(made["Location"], {"act": "revoke"}).status_code == 302
    assert program.get("register").status_code == 401


def test_a_program_gets_no_right_that_its_official_has_not(ground: Ground) -> None:
    client, base = browser(ground.visitors["administrator"]), f"{prefix(ground.poltava)}office/programs/"
    refused = client.post(f"{base}new/", described(ground, "operator", scopes=["members:write"]))
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.content.decode()
    assert not Client.objects.exists()


def test_officials_see_programs_in_their_own_name_only(ground: Ground) -> None:
    client, base = browser(ground.visitors["administrator"]), f"{prefix(ground.poltava)}office/programs/"
    made = client.post(f"{base}new/", described(ground, "editor"))
    assert browser(ground.visitors["operator"]).get(made["Location"]).status_code == 404
    assert "Документообіг".encode() not in browser(ground.visitors["operator"]).get(base).content
    assert browser(ground.visitors["editor"]).get(made["Location"]).status_code == 200
    foreign = holder("Зеновія", "administrator", ground.lviv, region="Львівська", locality="м. Львів")
    there = made["Location"].replace(prefix(ground.poltava), prefix(ground.lviv))
    assert browser(foreign).get(there).status_code == 404


def test_the_documentation_names_every_operation_in_both_languages(ground: Ground) -> None:
    from viche.api.v1.openapi import described as document

    wanted = {
        each["operationId"] for operations in document()["paths"].values() for each in operations.values()
    }
    for address in ("/api/", "/en/api/"):
        page = browser().get(address)
        assert page.status_code == 200
        assert wanted <= set(re.findall(r'<article class="[^"]*" id="(\w+)"', page.content.decode()))
    assert "Submit a project that a resident brought on paper" in page.content.decode()
