"""What is handed out about registers and requests: the community's key, the tool that uses it, a person's file."""

from importlib.resources import files

from django.utils.translation import gettext as _

from viche.communities.models import Community
from viche.foundation import keys, private_files
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import PROOFS, RequestFile, Role


def register_key_text(community: Community, *, by: Actor) -> str:
    """The community's key for hashing its register, hexadecimal. Refused: not_administrator."""
    if not by.holds(Role.ADMINISTRATOR, community=community.code):
        raise Refused(
            "not_administrator", _("Only an administrator of the community may do this."), status=403
        )
    return keys.register_key(community.code).hex() + "\n"


def register_tool_text() -> str:
    """The source of rulebook.register: it needs Python and nothing else."""
    return files("rulebook").joinpath("register.py").read_text(encoding="utf-8")


def shown_file(file: RequestFile) -> bytes | None:
    """The bytes of a request's file; None where they are gone."""
    return private_files.content_of(file.id, shelf=PROOFS)
