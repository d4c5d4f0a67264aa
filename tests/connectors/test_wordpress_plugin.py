"""The plugin for WordPress: the address of one body is written into it, and nothing of a name becomes code."""

import re

from viche.connectors.website.element import NEWEST, element_of
from viche.connectors.website.wordpress import plugin_file

HOSTILE = "Громада '); system('x'); /* */ \\ // \n *"


def strings(text: str) -> list[str]:
    """The single-quoted strings of PHP outside of comments; fails where quotes are not closed."""
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    found = re.findall(r"'((?:\\.|[^'\\])*)'", code)
    rest = re.sub(r"'((?:\\.|[^'\\])*)'", "", code)
    assert "'" not in rest
    return found


def test_the_plugin_knows_its_body_and_the_newest_element() -> None:
    text = plugin_file(root="https://viche.example/", slug="poltava", title="Полтава")
    newest = element_of(NEWEST)
    assert newest is not None
    assert not re.search(r"@[A-Z]+@", text)
    said = strings(text)
    assert f"https://viche.example/widgets/viche-widget-{NEWEST}.js" in said
    assert newest.integrity in said
    assert "poltava" in said
    assert "[viche" in text


def test_no_name_of_a_body_becomes_code() -> None:
    plain = plugin_file(root="https://viche.example/", slug="poltava", title="Полтава")
    hostile = plugin_file(root="https://viche.example/", slug="poltava", title=HOSTILE)
    assert strings(hostile) == strings(plain)
    assert "system" not in re.sub(r"/\*.*?\*/", "", hostile, flags=re.S)
    assert hostile.count("\n") == plain.count("\n")


def test_brackets_of_the_plugin_are_closed() -> None:
    text = plugin_file(root="https://viche.example/", slug="", title="Полтава")
    code = re.sub(r"'((?:\\.|[^'\\])*)'", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    for opened, closed in ("()", "{}", "[]"):
        assert code.count(opened) == code.count(closed)
    # what comes from a page is escaped before it is written into one
    assert set(re.findall(r"esc_\w+", code)) == {"esc_attr", "esc_html", "esc_url"}
