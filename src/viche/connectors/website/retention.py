"""How long the website room keeps what it holds."""

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT: tuple[Kept, ...] = ()

IMPERSONAL: tuple[str, ...] = ()
