"""Pabulib's own checker, which decides what a file of theirs may look like."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from typing import Any

from pabulib.checker import Checker


def errors_of(text: str) -> Mapping[str, Any]:
    """The checker's errors about a file's text, by their kind; none means that it is accepted."""
    with contextlib.redirect_stdout(io.StringIO()):
        results = Checker().process_files([text])
    verdict = results[1]["results"]
    return verdict["errors"] if isinstance(verdict, Mapping) else {}
