"""A partner's machine beside a public screen knows its client by card and PIN, and hands them over to the screen."""

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from rulebook.rules.vocabulary import KIOSK
from viche.ballots.channels import why_closed, why_method_refused
from viche.ballots.queries import mark_of
from viche.channels.terminals.actions.casting import identify_voter
from viche.channels.terminals.clients import not_on_register
from viche.channels.terminals.models import Partner
from viche.contests.models import Contest
from viche.foundation import clock
from viche.foundation.refused import Refused
from viche.identity.eligibility import obstacles
from viche.points.visits import hand_over_visit


@sensitive_variables("number")
def hand_over_client(*, partner: Partner, contest: Contest, number: str, terminal: str = "") -> str:
    """The name under which a screen of the community opens once, within two minutes, for this client.

    The client chooses and casts at the screen (channel kiosk), identified by the partner's method. terminal: what the
    partner calls its machine. No lock, no journal entry: it is no act of voting. Refused: bad_number, not_on_register,
    channel_not_offered, voting_closed, channel_closed, method_not_accepted, already_voted, not_eligible, and as
    why_partner_refused.
    """
    voter = identify_voter(partner=partner, number=number)
    for refused in (why_closed(contest, KIOSK), why_method_refused(contest.rules, KIOSK, partner.method)):
        if refused is not None:
            raise refused
    if voter is None:
        raise not_on_register(contest.community)
    if mark_of(contest, voter) is not None and not contest.rules.ballot.revote:
        said = _("You have already voted in this contest. One person votes once.")
        raise Refused("already_voted", said, status=409)
    found = obstacles(
        person=voter, territory=contest.community.territory, rule=contest.rules.voter, moment=clock.now(),
        channel=KIOSK,
    )  # fmt: skip
    if found:
        raise Refused("not_eligible", " ".join(each.message for each in found), status=403)
    _visit, name = hand_over_visit(
        contest=contest, person=voter, method=partner.method, issuer=partner.slug, terminal=terminal
    )
    return name
