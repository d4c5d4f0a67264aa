"""Refused: how an action says no, in words a person can use."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """An action was not done, and nothing was changed.

    code: stable identifier for machines (snake_case). message: translated sentence for the person.
    fields: messages by the name of the field they concern. status: HTTP status a surface answers with.
    """

    def __init__(
        self, code: str, message: Any, *, fields: Mapping[str, Any] | None = None, status: int = 409
    ) -> None:
        super().__init__(code, str(message))
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.status = status
