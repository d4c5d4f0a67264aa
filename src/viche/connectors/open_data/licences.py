"""Licences under which a body may give its data away."""

from dataclasses import dataclass

from viche.connectors.open_data.columns import Words, words


@dataclass(frozen=True)
class Licence:
    """title: its own name; says: what it asks of whoever uses the data. authority: its term of the European list."""

    code: str
    title: str
    url: str
    authority: str
    says: Words


_LIST = "http://publications.europa.eu/resource/authority/licence"

LICENCES = {
    "cc-by-4.0": Licence(
        "cc-by-4.0", "Creative Commons Attribution 4.0 International (CC BY 4.0)",
        "https://creativecommons.org/licenses/by/4.0/", f"{_LIST}/CC_BY_4_0",
        words("Використовуйте як завгодно, зазначаючи джерело.", "Use it in any way; name the source."),
    ),
    "cc0-1.0": Licence(
        "cc0-1.0", "Creative Commons Zero 1.0 (CC0)",
        "https://creativecommons.org/publicdomain/zero/1.0/", f"{_LIST}/CC0",
        words("Використовуйте як завгодно, без жодних умов.", "Use it in any way, without any condition."),
    ),
}  # fmt: skip

USUAL = "cc-by-4.0"
"""Resolution 835, paragraph 15: whoever publishes open data names the source; CC BY says the same."""
