"""The voting is prepared: the rules are frozen by two officials, and the ballot box is made with them."""

from django.db import transaction

from viche.ballots.actions import issues_before_voting, make_box
from viche.contests.actions import confirm_proposal
from viche.contests.models import Proposal
from viche.foundation.actor import SYSTEM, Actor
from viche.foundation.refused import Refused


def confirm_act(*, proposal: Proposal, by: Actor) -> Proposal:
    """A second official confirms what was proposed; with the first freezing the ballot box is made: both or neither.

    Refused: rules_have_problems (what the platform cannot carry out yet), and as confirm_proposal and make_box.
    """
    contest = proposal.contest
    with transaction.atomic():
        if proposal.act in {Proposal.Act.FREEZE, Proposal.Act.CORRECT}:
            contest.forget_cached()
        done = confirm_proposal(proposal=proposal, by=by)
        contest.forget_cached()
        if proposal.act != Proposal.Act.EXTEND and (issues := issues_before_voting(contest)):
            raise Refused("rules_have_problems", " ".join(issues), fields={"rules": issues}, status=422)
        if proposal.act == Proposal.Act.FREEZE:
            make_box(contest=contest, by=SYSTEM)
    return done
