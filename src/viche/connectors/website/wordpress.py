"""The plugin for WordPress, with the address of one body written into it."""

from pathlib import Path

from viche import __version__
from viche.connectors.website.element import NEWEST, element_of

TEMPLATE = Path(__file__).parent / "elements" / "viche-widgets.php"


def plugin_file(*, root: str, slug: str, title: str) -> str:
    """The PHP of the plugin. root: where the element's script lies; slug: of the body below it, or ""."""
    newest = element_of(NEWEST)
    said = {
        "@ROOT@": root, "@SLUG@": slug, "@TITLE@": title, "@VERSION@": __version__,
        "@SCRIPT@": f"{root}widgets/viche-widget-{NEWEST}.js", "@INTEGRITY@": newest.integrity if newest else "",
    }  # fmt: skip
    text = TEMPLATE.read_text(encoding="utf-8")
    for sign, value in said.items():
        text = text.replace(sign, _quoted(value))
    return text


def _quoted(value: str) -> str:
    """Safe within single quotes and within a comment of PHP."""
    plain = " ".join(value.split()).replace("*/", "")
    return plain.replace("\\", "\\\\").replace("'", "\\'")
