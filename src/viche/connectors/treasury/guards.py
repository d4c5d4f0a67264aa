"""Who may do what about money."""

from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role

TREASURERS = (Role.ADMINISTRATOR, Role.EDITOR)


def treasurer_only(community: Community, by: Actor) -> None:
    """Refused: not_treasurer, archived."""
    if not by.holds(*TREASURERS, community=community.code):
        raise Refused(
            "not_treasurer", _("Only officials who run the contest deal with its money."), status=403
        )
    if community.archived_at is not None:
        raise Refused("archived", _("This body has left the platform."))
