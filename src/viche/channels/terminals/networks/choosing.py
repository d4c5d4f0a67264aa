"""What the account line of a terminal means: whose ballot, in which vote, which project, and whether that may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.ballots.channels import why_closed
from viche.channels.terminals.networks import baskets
from viche.channels.terminals.networks.accounts import CAST, BadAccount, read_account, write_account
from viche.channels.terminals.networks.models import Basket, NetworkWay
from viche.channels.terminals.networks.speech import Asked, Offer, Outcome
from viche.channels.terminals.networks.voting import obstacle_of, voter_of
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation import clock
from viche.foundation.money import money_text
from viche.foundation.refused import Refused
from viche.projects.models import Project
from viche.projects.queries import admitted_projects

TERMINAL = "terminal"
# the longest list of things to choose that a terminal is given
MOST_OFFERS = 500


class Stop(Exception):
    """The request ends here with this answer, and the transaction with it."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.message = message


@dataclass(frozen=True)
class Choice:
    """Whose ballot, in which contest, and what of it: project is None for "Cast my ballot"."""

    contest: Contest
    number: str
    service: str
    project: Project | None


def contest_of(way: NetworkWay) -> Contest:
    """The contest of the way; where it is bound to none, the one that votes at terminals now. Raises Stop."""
    if way.contest is not None:
        if refusal := why_closed(way.contest, TERMINAL):
            raise refusal
        return way.contest
    refusals = [(each, why_closed(each, TERMINAL)) for each in opened_contests_of(way.community)]
    voting = [contest for contest, refusal in refusals if refusal is None]
    if len(voting) > 1:
        raise Stop(Outcome.SEVERAL, _("Several votes are open here: choose the service of one of them."))
    if not voting:
        raise next(
            (refusal for _contest, refusal in refusals if refusal),
            Refused("voting_closed", _("Nothing is voted on at terminals now.")),
        )
    return voting[0]


def choice_of(way: NetworkWay, asked: Asked, contest: Contest | None = None) -> Choice:
    """What the account line says. Raises Stop, Refused."""
    try:
        number, service = read_account(asked.account, asked.service if way.service_apart else "")
    except BadAccount:
        said = _("Type the ten digits of your tax number, a dash and the number of the project.")
        raise Stop(Outcome.BAD_ACCOUNT, said) from None
    if asked.amount is not None and asked.amount != way.amount:
        said = _("The sum must be exactly %(sum)s.") % {"sum": money_text(way.amount)}
        raise Stop(Outcome.BAD_SUM, said)
    contest = contest or contest_of(way)
    if contest.rules.ballot.kind not in baskets.KINDS:
        said = _("The ballot of this contest cannot be filled at this terminal: vote online.")
        raise Stop(Outcome.FORBIDDEN, said)
    if not service or service == CAST:
        return Choice(contest, number, service, None)
    project = admitted_projects(contest).filter(number=int(service)).first()
    if project is None:
        raise Stop(
            Outcome.NOT_FOUND, _("There is no project No. %(number)s on the ballot.") % {"number": service}
        )
    return Choice(contest, number, service, project)


def admit_voter(way: NetworkWay, choice: Choice) -> None:
    """Raises Refused with why not: not on the register, voted before, a method that does not suffice …"""
    if refusal := obstacle_of(way, choice.contest, choice.number):
        raise refusal


def offers_of(choice: Choice, *, is_begun: bool) -> tuple[Offer, ...]:
    """What may be chosen: the projects of the ballot, and to cast it once there is something in the basket."""
    projects: Sequence[Project]
    projects = [choice.project] if choice.project else admitted_projects(choice.contest)[:MOST_OFFERS]
    offers = [
        Offer(
            write_account(choice.number, str(each.number)), str(each.number), f"№ {each.number}. {each.title}"
        )
        for each in projects
        if choice.service != CAST
    ]
    if is_begun:
        offers.append(Offer(write_account(choice.number, CAST), CAST, _("Cast my ballot")))
    return tuple(offers)


def fit_choice(way: NetworkWay, choice: Choice) -> None:
    """Whether the choice fits what is in the basket already. Raises Stop."""
    held = baskets.live_basket(way, choice.contest, choice.number)
    chosen = baskets.open_basket(held).choices if held else ()
    if choice.project is None:
        require_choices(chosen)
    else:
        with_project(way, choice, chosen)


def standing_of(contest: Contest, held: Basket | None, chosen: tuple[str, ...]) -> str:
    """What the basket holds, in a sentence for the screen."""
    if held is None or not chosen:
        return _("Your basket is empty. Choose a project by its number.")
    said = ngettext(
        "Your basket holds %(count)d project, not cast yet. To cast your ballot, pay for service 0 before %(time)s.",
        "Your basket holds %(count)d projects, not cast yet. To cast your ballot, pay for service 0 before %(time)s.",
        len(chosen),
    )
    return said % {"count": len(chosen), "time": _time(held)}


def _time(basket: Basket) -> str:
    return basket.expires_at.astimezone(clock.KYIV).strftime("%H:%M")


def require_choices(chosen: tuple[str, ...]) -> None:
    if not chosen:
        raise Stop(Outcome.FORBIDDEN, _("Your basket is empty: choose projects before you cast your ballot."))


def with_project(way: NetworkWay, choice: Choice, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """What is chosen with the project added. Raises Stop with every fault."""
    assert choice.project is not None
    code = choice.project.code
    if code in chosen:
        said = _("Project No. %(number)s is in your basket already.") % {"number": choice.service}
        raise Stop(Outcome.FORBIDDEN, said)
    codes = (*chosen, code)
    if faults := baskets.faults_of(choice.contest, codes, voter_of(choice.number)):
        raise Stop(Outcome.FORBIDDEN, " ".join(faults))
    return codes
