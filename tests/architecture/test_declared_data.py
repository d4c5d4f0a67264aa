"""Every table says how long it is kept, every page of the officials says whose data it shows."""

import ast
from collections import Counter
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.translation import override
from tests.architecture.house import SRC, sources
from tests.architecture.test_surfaces import addresses

from viche.foundation.retention import Kept, Rule, impersonal_tables, kept_things, retention_rules
from viche.identity.models import NOTHING, DataKind
from viche.office.page_names import PAGE_NAMES
from viche.portal.guards import official, platform


def places() -> Counter[str]:
    """How many times each table is named by the rooms."""
    named = [*retention_rules(), *kept_things()]
    return Counter(label for each in named for label in each.tables) + Counter(impersonal_tables())


def test_every_table_has_a_rule_or_is_kept_for_a_reason_or_holds_no_personal_data():
    every = {model._meta.label for model in apps.get_models()}
    assert set(places()) == every


def test_no_table_stands_in_two_places():
    assert [label for label, number in places().items() if number > 1] == []


def test_tables_that_lead_to_a_person_are_not_called_impersonal():
    """A foreign key to a person, or a field with an address of theirs, is personal data."""
    telling = {"email", "phone", "target", "family_name", "birth_date", "contact"}
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.label in set(impersonal_tables()) - {"communities.Community"}
        for field in model._meta.concrete_fields
        if field.name in telling or getattr(field.related_model, "__name__", "") == "Person"
    ]
    assert wrong == []


def test_every_module_of_retention_is_in_the_list_of_settings():
    """A room that writes its rules and is not named there would keep everything for ever."""
    found = {
        ".".join(path.relative_to(SRC).with_suffix("").parts)
        for path in SRC.rglob("retention.py")
        if path.parent.name not in {"foundation", "queries", "views", "commands"}
    }
    assert set(settings.RETENTION) == found
    assert all(import_module(name) for name in found)


def test_codes_of_rules_are_each_ones_own():
    codes = [rule.code for rule in retention_rules()]
    assert len(codes) == len(set(codes)) > 15


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize(
    "each", [*retention_rules(), *kept_things()], ids=lambda each: each.tables[:1] or each.code
)
def test_what_is_kept_is_said_in_words(each: Rule | Kept, language: str):
    with override(language):
        said = [str(each.what), each.term() if isinstance(each, Rule) else str(each.term), str(each.why)]
    assert all(text.strip() and "%(" not in text for text in said)
    if language == "uk":
        assert all(any("а" <= sign.lower() <= "я" for sign in text) for text in said)


# --- who looks at whose data --------------------------------------------------------------------------------


def officials_pages() -> list[tuple[str, str, tuple[str, ...]]]:
    """(address, guard, what it shows) of every page of officials and of the platform."""
    found = [
        (here, view.guard, getattr(view, "shows", ()))
        for table in ("viche.config.urls", "viche.config.community_urls")
        for here, view in addresses(import_module(table).urlpatterns)
    ]
    return [each for each in found if each[1] == "platform" or each[1].startswith("official:")]


def undeclared(shows: tuple[str, ...]) -> bool:
    return not shows or not (shows == (NOTHING,) or set(shows) <= set(DataKind.values))


def test_every_page_of_the_officials_declares_whose_data_it_shows():
    pages = officials_pages()
    assert len(pages) > 50
    assert [here for here, _guard, shows in pages if undeclared(shows)] == []


@pytest.mark.parametrize("guard", [official(), official("operator"), platform(), official(shows="whatever")])
def test_a_page_that_declares_nothing_is_noticed(guard):
    assert undeclared(guard(lambda request: None).shows)


def test_every_kind_of_data_is_shown_by_some_page():
    shown = {kind for _here, _guard, shows in officials_pages() for kind in shows}
    # a document that is not public is shown at an address that others open too
    assert shown - {NOTHING} == set(DataKind.values) - {DataKind.FILES}


def test_every_page_that_shows_personal_data_has_a_name_in_words():
    from django.urls import URLPattern, URLResolver

    def named(patterns):
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from named(each.url_patterns)
            elif isinstance(each, URLPattern) and set(getattr(each.callback, "shows", ())) - {NOTHING, ""}:
                yield each.name

    tables = ("viche.config.urls", "viche.config.community_urls")
    found = {name for table in tables for name in named(import_module(table).urlpatterns)}
    assert set(PAGE_NAMES) == found | {"project-file"}


# --- nothing is deleted past the table ----------------------------------------------------------------------

DELETING = ("delete_old_", "delete_left_", "delete_unused_", "end_exports")


def deleting() -> set[str]:
    """Names of the functions that delete what is over its term."""
    return {
        node.name
        for path in sources("viche")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith(DELETING)
    }


def test_what_deletes_after_a_term_stands_in_the_table_and_in_no_job():
    rules = "".join(
        path.read_text(encoding="utf-8") for path in sources("viche") if path.name == "retention.py"
    )
    jobs = "".join(path.read_text(encoding="utf-8") for path in sources("viche") if path.name == "jobs.py")
    assert len(deleting()) > 15
    assert {name for name in deleting() if name not in rules} == set()
    assert {name for name in deleting() if name in jobs} == set()
