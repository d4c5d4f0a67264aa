"""What every act on paper asks first."""

from django.utils.translation import gettext as _

from rulebook.rules.vocabulary import PAPER
from viche.ballots.channels import channel_of
from viche.ballots.models import Box
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.actor import Actor
from viche.foundation.refused import Refused
from viche.identity.models import Role

ENTERING = (Role.OPERATOR, Role.COMMISSION, Role.ADMINISTRATOR)
MAX_TEXT = 1000


def entering_only(contest: Contest, by: Actor) -> None:
    """Refused: not_entering (who holds no office that handles paper), channel_not_offered."""
    if not by.holds(*ENTERING, community=contest.community.code):
        raise Refused(
            "not_entering",
            _(
                "Only an operator of a service centre, the commission or an administrator handles paper ballots."
            ),
            status=403,
        )
    channel_of(contest.rules, PAPER)


def held_closed_box(contest: Contest) -> Box:
    """The box, held so that it is not opened meanwhile. Refused: no_box, key_awaited, voting_not_begun, box_opened."""
    box = Box.objects.select_for_update(no_key=True).filter(contest=contest).first()
    if box is None:
        raise Refused("no_box", _("This contest has no ballot box."))
    if box.opened_at is not None:
        raise Refused(
            "box_opened",
            _("The box is opened: what was counted stays as it was counted, and no paper comes in any more."),
            status=409,
        )
    if box.public_key is None:
        raise Refused(
            "key_awaited",
            _("Voting cannot begin yet: the commission has not tried out the key of the ballot box."),
        )
    window = contest.window("voting")
    if window is None or clock.now() < window.starts_at:
        raise Refused("voting_not_begun", _("Paper ballots come in only after the voting has begun."))
    return box


def said(text: str, field: str = "reason") -> str:
    """Words that are published. Refused: bad_value at the field."""
    found = " ".join(text.split())
    if not found:
        message = _("Give the reason in a few words: it is published.")
    elif len(found) > MAX_TEXT:
        message = _("No more than %(limit)d letters, please.") % {"limit": MAX_TEXT}
    else:
        return found
    raise Refused("bad_value", message, fields={field: message}, status=422)
