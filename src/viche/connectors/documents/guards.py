"""Who may do what about documents."""

from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role

REGISTRARS = (Role.ADMINISTRATOR, Role.EDITOR)
"""Who makes documents and records their numbers."""


def registrar_only(community: Community, by: Actor) -> None:
    """Refused: not_registrar, archived."""
    _only(community, by, REGISTRARS)


def administrator_only(community: Community, by: Actor) -> None:
    """Refused: not_registrar, archived."""
    _only(community, by, (Role.ADMINISTRATOR,))


def _only(community: Community, by: Actor, roles: tuple[str, ...]) -> None:
    if not by.holds(*roles, community=community.code):
        raise Refused(
            "not_registrar", _("Only officials who run the contest deal with its documents."), status=403
        )
    if community.archived_at is not None:
        raise Refused("archived", _("This body has left the platform."))
