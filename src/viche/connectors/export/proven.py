"""What checking an archive says, one thing after another."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Proven:
    """One thing that was checked, in words."""

    what: str
    text: str
