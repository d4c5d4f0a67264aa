"""What a gateway is given to send."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outgoing:
    """One message. key: the same for the same message, also when it is sent again. headers: of a letter."""

    key: str
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
