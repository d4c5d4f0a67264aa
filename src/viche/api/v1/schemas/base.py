"""What every schema is made of. Money is in kopiykas, time in UTC (ISO 8601)."""

import re
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StrictInt

REQUEST_KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")

Money = Annotated[int, Field(description="In kopiykas.", examples=[30_000_000])]
Sum = Annotated[StrictInt, Field(gt=0, lt=10**13, description="In kopiykas.", examples=[29_850_000])]
Words = Annotated[
    dict[str, str], Field(description="By language.", examples=[{"uk": "Парки", "en": "Parks"}])
]


def letters(most: int, *, least: int = 1, example: str = "", note: str = "") -> Any:
    """A text of so many letters without a zero byte."""
    return Annotated[
        str,
        Field(
            min_length=least, max_length=most, pattern=r"^[^\x00]*$", examples=[example] if example else None,
            description=note or None,
        ),
    ]  # fmt: skip


class Strict(Schema):
    """A body with a field that nobody knows is refused: a typing error must not go unnoticed."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """A refusal (RFC 9457). code: stable, for programs; title: in the language asked for; errors: by field."""

    type: str
    title: str
    status: int
    code: str
    errors: dict[str, Any] | None = None
