"""A fault found in a document, addressed so that a form can show it beside the right field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One fault of a document.

    ``path`` is a JSON Pointer (RFC 6901) into the document ("/pots/2/amount"; "" is the whole of it),
    ``code`` a stable word that the interface translates, ``params`` the values its sentence needs.
    """

    path: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.path or '/'}: {self.code}" + (f" ({details})" if details else "")
