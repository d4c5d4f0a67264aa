"""Surfaces parse, call one action and answer. Every address of theirs says who may open it."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.urls import URLPattern, URLResolver
from tests.architecture.house import SRC, name_of, sources

GUARD = re.compile(r"public|identified|platform|signed|client|official:[a-z,]*")


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, object]]:
    """(address, view) of every URL below."""
    for each in patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, here)
        else:
            yield here, each.callback


@pytest.mark.parametrize("table", ["viche.config.urls", "viche.config.community_urls"])
def test_every_address_declares_its_guard(table: str):
    found = list(addresses(import_module(table).urlpatterns))
    assert len(found) > 8
    unguarded = [here for here, view in found if not GUARD.fullmatch(getattr(view, "guard", ""))]
    assert not unguarded


def test_an_address_without_a_guard_is_noticed():
    def bare(request: object) -> None: ...

    from django.urls import path

    assert [here for here, view in addresses([path("x/", bare)]) if not hasattr(view, "guard")] == ["x/"]


def queries_in(source: str) -> list[str]:
    """Uses of a model's manager: ``X.objects``, ``X._default_manager``, and writing ``.save()`` of a row."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]


@pytest.mark.parametrize("path", sources("viche/portal", "viche/office"), ids=name_of)
def test_surfaces_neither_query_nor_write_by_themselves(path):
    assert not queries_in(path.read_text(encoding="utf-8"))


def test_a_planted_query_in_a_view_is_noticed():
    assert queries_in("def view(request):\n    return Project.objects.filter(pk=1)\n") == ["Project.objects"]


INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script without an address": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "unescaped text": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|\|\s*safeseq\b"),
}

TEMPLATES = sorted(SRC.rglob("*.html"))


def inline_parts(text: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_carries_style_script_or_unescaped_text(path):
    assert not inline_parts(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    ['<p style="color:red">', "<style>p{}</style>", "<script>alert(1)</script>", '<a onclick="go()">',
     '<a href="javascript:go()">', "{{ text|safe }}", "{% autoescape off %}"],
)  # fmt: skip
def test_planted_inline_code_is_noticed(text):
    assert inline_parts(text)


def test_no_python_code_declares_text_safe_by_itself():
    marked = [
        name_of(path)
        for path in sources("viche")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "mark_safe"
    ]
    # a part drawn from its template, and QR codes drawn by segno
    assert set(marked) == {
        "viche/foundation/templatetags/ui.py", "viche/foundation/gallery_samples.py", "viche/portal/qr.py",
        "viche/identity/consents/wording.py",
        # a block of data that no browser runs; what could end it is written in another way
        "viche/portal/social.py",
    }  # fmt: skip
