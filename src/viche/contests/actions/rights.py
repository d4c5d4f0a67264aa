"""Who may change a contest."""

from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role


def administrator_only(by: Actor, community: Community) -> None:
    """Refused: not_administrator."""
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )


EDITORS = (Role.ADMINISTRATOR, Role.EDITOR)
SECONDS = (Role.ADMINISTRATOR, Role.COMMISSION, Role.EDITOR)
"""Who may confirm what an administrator has proposed."""


def editor_only(by: Actor, community: Community) -> None:
    """Refused: not_editor."""
    if not by.holds(*EDITORS, community=community.code):
        raise Refused(
            "not_editor",
            _("Only an administrator or an editor of the regulation may change the rules."),
            status=403,
        )
