"""How long the open_data room keeps what it holds."""

from viche.foundation.retention import Kept, Rule

RULES: tuple[Rule, ...] = ()

KEPT: tuple[Kept, ...] = ()

# a licence, the body's code, an address of an office
IMPERSONAL: tuple[str, ...] = ("open_data.Terms",)
