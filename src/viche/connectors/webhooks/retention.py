"""How long the webhooks room keeps what it holds: addresses of systems and places in the journal, nobody's data."""

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT: tuple[Kept, ...] = ()

IMPERSONAL: tuple[str, ...] = (
    "webhooks.Endpoint", "webhooks.Cursor", "webhooks.Lane", "webhooks.Undelivered",
)  # fmt: skip
