"""Actor: who does an action. Rooms below identity know people only by this reference."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """kind: "person", "official" or "system". reference: the person's id, or the name of the system part.

    roles: the roles held for the action at hand (rulebook.lifecycle names), decided by identity.
    """

    kind: str
    reference: str
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def person_id(self) -> UUID | None:
        return None if self.kind == "system" else UUID(self.reference)

    def as_document(self) -> dict[str, str]:
        """What the journal keeps: a reference, never a name."""
        return {"kind": self.kind, "reference": self.reference}


SYSTEM = Actor(kind="system", reference="viche", roles=frozenset({"system"}))
