"""Actor: who does an action. Rooms below identity know people only by this reference."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """kind: "person", "official" or "system". reference: the person's id, or the name of the system part.

    roles: the offices held in the one community whose code is given, decided by identity.
    """

    kind: str
    reference: str
    roles: frozenset[str] = field(default_factory=frozenset)
    community: str = ""

    def roles_in(self, community: str) -> frozenset[str]:
        """The roles held in the community of this code: an office in one body is none in another."""
        return self.roles if self.kind == "system" or self.community == community else frozenset()

    def holds(self, *roles: str, community: str) -> bool:
        """Whether the actor is the system, or holds one of the roles in the community."""
        return self.kind == "system" or bool(self.roles_in(community) & set(roles))

    @property
    def person_id(self) -> UUID | None:
        return None if self.kind == "system" else UUID(self.reference)

    def as_document(self) -> dict[str, str]:
        """What the journal keeps: a reference, never a name."""
        return {"kind": self.kind, "reference": self.reference}


SYSTEM = Actor(kind="system", reference="viche", roles=frozenset({"system"}))
