"""The one door of all dialects: what a terminal asked becomes a choice in a basket, and a basket a ballot.

Every answer is an Answered; nothing is raised for what a terminal or a voter does wrong. Nothing but a payment, its
confirmation or its cancelling writes, each in one transaction with all it does: a terminal that dies after our commit
asks again and is answered alike.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from viche.ballots.channels import why_closed
from viche.channels.terminals.networks import baskets
from viche.channels.terminals.networks.accounts import CAST, BadAccount, read_account, write_account
from viche.channels.terminals.networks.models import Basket, NetworkWay, Payment
from viche.channels.terminals.networks.speech import Answered, Asked, Line, Offer, Outcome, Verb
from viche.channels.terminals.networks.voting import cast_basket, obstacle_of, voter_of, withdraw_basket
from viche.contests.models import Contest
from viche.contests.queries import opened_contests_of
from viche.foundation import clock, keys
from viche.foundation.refused import Refused
from viche.projects.models import Project
from viche.projects.queries import admitted_projects

TERMINAL = "terminal"
# of each, another request can only have won a race; after the third there is something wrong
TRIES = 3
# the longest list of things to choose that a terminal is given, and the longest list of payments
MOST_OFFERS = 500
MOST_LINES = 10_000


class _Stop(Exception):
    """The request ends here with this answer, and the transaction with it."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.message = message


@dataclass(frozen=True)
class _Choice:
    """Whose ballot, in which contest, and what of it: project is None for "Cast my ballot"."""

    contest: Contest
    number: str
    service: str
    project: Project | None


def answer_terminal(*, way: NetworkWay, asked: Asked) -> Answered:
    """What the terminal is told; see the verbs below. Locks the payment, then the basket, then as cast_ballot."""
    try:
        return _VERBS[asked.verb](way, asked)
    except _Stop as stopped:
        return _said(stopped.outcome, stopped.message, asked)
    except Refused as refused:
        return _said(outcome_of(refused), str(refused.message), asked)
    except keys.KeyMissing:
        return _said(
            Outcome.CRITICAL, _("The keys of this contest are not in reach. Try again later."), asked
        )


def outcome_of(refused: Refused) -> Outcome:
    """How a refusal of the house is told to a network."""
    if refused.code in ("try_again", "in_flight", "no_key"):
        return Outcome.CRITICAL if refused.code == "no_key" else Outcome.LATER
    if refused.code in ("not_on_register", "bad_number"):
        return Outcome.NOT_FOUND
    return Outcome.LATER if refused.status in (429, 503) else Outcome.FORBIDDEN


def _said(outcome: Outcome, message: str, asked: Asked) -> Answered:
    return Answered(outcome, message, payment=asked.payment, account=asked.account)


# --- what is read -----------------------------------------------------------------------------------------------


def contest_of(way: NetworkWay) -> Contest:
    """The contest of the way; where it is bound to none, the one that votes at terminals now. Raises _Stop."""
    if way.contest is not None:
        if refusal := why_closed(way.contest, TERMINAL):
            raise refusal
        return way.contest
    refusals = [(each, why_closed(each, TERMINAL)) for each in opened_contests_of(way.community)]
    voting = [contest for contest, refusal in refusals if refusal is None]
    if len(voting) > 1:
        raise _Stop(Outcome.SEVERAL, _("Several votes are open here: choose the service of one of them."))
    if not voting:
        raise next(
            (refusal for _contest, refusal in refusals if refusal),
            Refused("voting_closed", _("Nothing is voted on at terminals now.")),
        )
    return voting[0]


def _choice(way: NetworkWay, asked: Asked, contest: Contest | None = None) -> _Choice:
    """What the account line says. Raises _Stop, Refused."""
    try:
        number, service = read_account(asked.account, asked.service if way.service_apart else "")
    except BadAccount:
        said = _("Type the ten digits of your tax number, a dash and the number of the project.")
        raise _Stop(Outcome.BAD_ACCOUNT, said) from None
    if asked.amount is not None and asked.amount != way.amount:
        said = _("The sum must be exactly %(sum)s.") % {"sum": _sum(way.amount)}
        raise _Stop(Outcome.BAD_SUM, said)
    contest = contest or contest_of(way)
    if contest.rules.ballot.kind not in baskets.KINDS:
        said = _("The ballot of this contest cannot be filled at this terminal: vote online.")
        raise _Stop(Outcome.FORBIDDEN, said)
    if not service or service == CAST:
        return _Choice(contest, number, service, None)
    project = admitted_projects(contest).filter(number=int(service)).first()
    if project is None:
        raise _Stop(
            Outcome.NOT_FOUND, _("There is no project No. %(number)s on the ballot.") % {"number": service}
        )
    return _Choice(contest, number, service, project)


def _sum(amount: int) -> str:
    whole, minor = divmod(amount, 100)
    return _("%(whole)d.%(minor)02d hryvnias") % {"whole": whole, "minor": minor}


def _may_vote(way: NetworkWay, choice: _Choice) -> None:
    """Raises Refused with why not: not on the register, voted before, a method that does not suffice …"""
    if refusal := obstacle_of(way, choice.contest, choice.number):
        raise refusal


def _offers(choice: _Choice, *, is_begun: bool) -> tuple[Offer, ...]:
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


def _find(way: NetworkWay, asked: Asked) -> Answered:
    """Presearch, Search: what this person may choose. Writes nothing."""
    choice = _choice(way, asked)
    _may_vote(way, choice)
    held = baskets.live_basket(way, choice.contest, choice.number)
    chosen = baskets.open_basket(held).choices if held else ()
    account = write_account(choice.number, choice.service) if choice.service else choice.number
    return Answered(
        Outcome.OK, _standing(choice.contest, held, chosen), account=account, amount=way.amount,
        company=choice.contest.community.name, offers=_offers(choice, is_begun=bool(chosen)),
    )  # fmt: skip


def _check(way: NetworkWay, asked: Asked) -> Answered:
    """Whether this choice could be paid. In "Debt" it has a reference, which the payment repeats: that is written."""
    found = _find(way, asked)
    choice = _choice(way, asked)
    if choice.service:
        _fitting(way, choice)
    if not asked.echo:
        return found
    made = Payment.objects.create(
        community_id=way.community_id, way=way, contest=choice.contest, reference=_new_reference(),
        state=Payment.State.CHECKED, amount=way.amount, at=clock.now(), digest=_digest(way, choice),
    )  # fmt: skip
    return Answered(Outcome.OK, found.message, reference=made.reference, account=asked.account)


def _fitting(way: NetworkWay, choice: _Choice) -> None:
    """Whether the choice fits what is in the basket already. Raises _Stop."""
    held = baskets.live_basket(way, choice.contest, choice.number)
    chosen = baskets.open_basket(held).choices if held else ()
    if choice.project is None:
        _not_empty(chosen)
    else:
        _with_project(way, choice, chosen)


def _standing(contest: Contest, held: Basket | None, chosen: tuple[str, ...]) -> str:
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


# --- what is paid -----------------------------------------------------------------------------------------------


def _pay(way: NetworkWay, asked: Asked) -> Answered:
    """A payment that counts at once: its project goes into the basket, or the basket becomes a ballot."""
    for _try in range(TRIES):
        prior = _earlier(way, asked.payment)
        if prior is not None:
            return _again(way, prior, asked)
        try:
            with transaction.atomic():
                return _paid(way, asked)
        except IntegrityError:  # the same payment, or another of this voter, was a moment faster
            continue
    return _said(Outcome.LATER, _("The terminal asked twice at once. Try again."), asked)


def _earlier(way: NetworkWay, external: str) -> Payment | None:
    return Payment.objects.filter(way=way, external=external).select_related("contest", "basket").first()


def _again(way: NetworkWay, prior: Payment, asked: Asked) -> Answered:
    """The network's id came before: with the same content it is answered as the first time, and nothing is done."""
    if prior.state == Payment.State.CANCELLED:
        return _said(Outcome.CLASH, _("This payment was cancelled."), asked)
    try:
        number, service = read_account(asked.account, asked.service if way.service_apart else "")
    except BadAccount:
        number = service = ""
    # a payment of "Debt" may leave the account to the check whose reference it repeats
    is_same = bool(asked.echo and not asked.account and asked.reference == prior.reference) or (
        prior.contest is not None
        and secrets.compare_digest(
            bytes(prior.digest), baskets.digest_of(way, prior.contest, number, service, str(asked.amount))
        )
    )
    if not is_same:
        return _said(Outcome.CLASH, _("This number of a payment was used before, for something else."), asked)
    return Answered(
        Outcome.REPEATED, _said_before(prior), payment=asked.payment, reference=prior.reference,
        account=asked.account, amount=prior.amount, at=prior.at,
    )  # fmt: skip


def _said_before(prior: Payment) -> str:
    """The sentence of the first time; after a day only that it was done."""
    if prior.said and prior.contest is not None:
        return baskets.open_line(prior.contest, bytes(prior.said))[0]
    return _("This was done before, under reference %(reference)s.") % {"reference": prior.reference}


def _paid(way: NetworkWay, asked: Asked) -> Answered:
    """One transaction: the payment, its basket, and the ballot where it is complete. Raises IntegrityError."""
    choice = _choice(way, asked)
    if not choice.service:
        raise _Stop(Outcome.NOT_FOUND, _("Choose a project by its number."))
    payment = _written(way, asked, choice)
    message = _put(way, payment, choice, asked.terminal)
    return _answered(payment, message)


def _answered(payment: Payment, message: str) -> Answered:
    assert payment.contest is not None
    payment.said = baskets.seal_line(payment.contest, message)
    payment.save(update_fields=["state", "basket", "sealed", "said"])
    return Answered(
        Outcome.OK, message, payment=payment.external, reference=payment.reference, amount=payment.amount,
        at=payment.at,
    )  # fmt: skip


def _written(way: NetworkWay, asked: Asked, choice: _Choice, state: str = Payment.State.DONE) -> Payment:
    """The row of the payment, from now on the only one of its id; that of its check, where it repeats one."""
    digest = _digest(way, choice)
    if asked.reference:
        checked = Payment.objects.select_for_update().filter(way=way, reference=asked.reference).first()
        if checked is None:
            raise _Stop(Outcome.NO_PAYMENT, _("There was no check with this reference."))
        if checked.external:
            raise _Stop(Outcome.CLASH, _("This check was paid before."))
        if not secrets.compare_digest(bytes(checked.digest), digest):
            raise _Stop(Outcome.CLASH, _("Something else was checked under this reference."))
        checked.external, checked.state, checked.at = asked.payment, state, clock.now()
        checked.save(update_fields=["external", "state", "at"])
        checked.contest = choice.contest
        return checked
    return Payment.objects.create(
        community_id=way.community_id, way=way, contest=choice.contest, external=asked.payment,
        reference=_new_reference(), state=state, amount=way.amount, at=clock.now(), digest=digest,
    )  # fmt: skip


def _digest(way: NetworkWay, choice: _Choice) -> bytes:
    return baskets.digest_of(way, choice.contest, choice.number, choice.service, str(way.amount))


def _new_reference() -> str:
    """Fifteen digits, for networks that know only numbers; drawn, so that no order of votes shows in it."""
    return str(secrets.randbelow(9 * 10**14) + 10**14)


def _put(way: NetworkWay, payment: Payment, choice: _Choice, terminal: str) -> str:
    """The choice goes into the voter's basket; the basket is cast where it is complete. What the voter is told."""
    basket = payment.basket = baskets.held_basket(way, choice.contest, choice.number)
    # read under the lock: another payment of the same voter may just have been cast
    _may_vote(way, choice)
    contents = baskets.open_basket(basket)
    if choice.project is None:
        _not_empty(contents.choices)
        return cast_basket(way, basket, contents, choice.number, payment, terminal)
    codes = _with_project(way, choice, contents.choices)
    contents = baskets.Contents(contents.secret, codes)
    payment.sealed = baskets.seal_line(choice.contest, choice.project.code)
    is_full = way.basket == NetworkWay.Basket.FULL and baskets.is_full(choice.contest, codes)
    if way.basket == NetworkWay.Basket.SINGLE or is_full:
        payment.sealed = b""
        return cast_basket(way, basket, contents, choice.number, payment, terminal)
    basket.sealed = baskets.seal_contents(choice.contest, contents)
    basket.save(update_fields=["sealed"])
    return " ".join(
        (
            _("Project No. %(number)s is in your basket.") % {"number": choice.service},
            _standing(choice.contest, basket, codes),
        )
    )


def _not_empty(chosen: tuple[str, ...]) -> None:
    if not chosen:
        raise _Stop(
            Outcome.FORBIDDEN, _("Your basket is empty: choose projects before you cast your ballot.")
        )


def _with_project(way: NetworkWay, choice: _Choice, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """What is chosen with the project added. Raises _Stop with every fault."""
    assert choice.project is not None
    code = choice.project.code
    if code in chosen:
        said = _("Project No. %(number)s is in your basket already.") % {"number": choice.service}
        raise _Stop(Outcome.FORBIDDEN, said)
    codes = (*chosen, code)
    if faults := baskets.faults_of(choice.contest, codes, voter_of(choice.number)):
        raise _Stop(Outcome.FORBIDDEN, " ".join(faults))
    return codes


# --- two phases -------------------------------------------------------------------------------------------------


def _hold(way: NetworkWay, asked: Asked) -> Answered:
    """The first phase: everything is checked and the payment waits for its confirmation; the basket does not know."""
    for _try in range(TRIES):
        prior = _earlier(way, asked.payment)
        if prior is not None:
            return _again(way, prior, asked)
        try:
            with transaction.atomic():
                choice = _choice(way, asked)
                if not choice.service:
                    raise _Stop(Outcome.NOT_FOUND, _("Choose a project by its number."))
                _may_vote(way, choice)
                _fitting(way, choice)
                payment = _written(way, asked, choice, Payment.State.HELD)
                payment.sealed = baskets.seal_line(
                    choice.contest, choice.number, choice.service, asked.terminal
                )
                return _answered(payment, _("Confirm the payment: nothing is chosen before."))
        except IntegrityError:
            continue
    return _said(Outcome.LATER, _("The terminal asked twice at once. Try again."), asked)


def _confirm(way: NetworkWay, asked: Asked) -> Answered:
    """The second phase: only now the choice goes into the basket, or the basket becomes a ballot."""
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _confirmed(way, asked)
        except IntegrityError:
            continue
    return _said(Outcome.LATER, _("The terminal asked twice at once. Try again."), asked)


def _confirmed(way: NetworkWay, asked: Asked) -> Answered:
    held = _held_payment(way, reference=asked.reference)
    if held is None or held.contest is None or held.state == Payment.State.CHECKED:
        raise _Stop(Outcome.NO_PAYMENT, _("There is no such payment."))
    if held.state == Payment.State.CANCELLED:
        raise _Stop(Outcome.CLASH, _("This payment was cancelled."))
    if held.state == Payment.State.DONE:
        return Answered(Outcome.REPEATED, _said_before(held), reference=held.reference, at=held.at)
    if not held.sealed or held.at + baskets.LIFETIME < clock.now():
        raise _Stop(Outcome.NO_PAYMENT, _("The payment was not confirmed in time; nothing was chosen."))
    number, service, terminal = baskets.open_line(held.contest, bytes(held.sealed))
    if refusal := why_closed(held.contest, TERMINAL):
        raise refusal
    project = admitted_projects(held.contest).filter(number=int(service)).first()
    if project is None and service != CAST:
        raise _Stop(
            Outcome.NOT_FOUND, _("There is no project No. %(number)s on the ballot.") % {"number": service}
        )
    held.state, held.sealed = Payment.State.DONE, b""
    return _answered(held, _put(way, held, _Choice(held.contest, number, service, project), terminal))


def _held_payment(way: NetworkWay, **known: str) -> Payment | None:
    """The payment, its row locked."""
    return (
        Payment.objects.select_for_update(of=("self",))
        .filter(way=way, **known)
        .select_related("contest")
        .first()
    )


# --- what is cancelled ------------------------------------------------------------------------------------------


def _cancel(way: NetworkWay, asked: Asked) -> Answered:
    """A payment is taken back: its project leaves the basket; after the cast the whole ballot is taken back, where the
    rules let a voter do so. A cancelling that came before its payment is remembered, and the payment then refused.
    """
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return _cancelled(way, asked)
        except IntegrityError:
            continue
    return _said(Outcome.LATER, _("The terminal asked twice at once. Try again."), asked)


def _cancelled(way: NetworkWay, asked: Asked) -> Answered:
    known = {"external": asked.payment} if asked.payment else {"reference": asked.reference}
    payment = _held_payment(way, **known)
    if payment is None and asked.payment:
        _remember_cancelling(way, asked.payment)
    if payment is None or payment.state == Payment.State.CHECKED:
        return _said(Outcome.NO_PAYMENT, _("There is no such payment."), asked)
    if payment.state == Payment.State.CANCELLED:
        if not payment.digest:
            return _said(Outcome.NO_PAYMENT, _("There is no such payment."), asked)
        return _gone(payment, Outcome.REPEATED)
    if payment.state == Payment.State.DONE:
        _take_out(way, payment)
    payment.state, payment.sealed, payment.said = Payment.State.CANCELLED, b"", b""
    payment.cancelled_at = clock.now()
    payment.save(update_fields=["state", "sealed", "said", "cancelled_at"])
    return _gone(payment, Outcome.OK)


def _gone(payment: Payment, outcome: Outcome) -> Answered:
    return Answered(
        outcome, _("The payment is cancelled."), payment=payment.external, reference=payment.reference,
        amount=payment.amount, at=payment.cancelled_at,
    )  # fmt: skip


def _remember_cancelling(way: NetworkWay, external: str) -> None:
    now = clock.now()
    Payment.objects.create(
        community_id=way.community_id, way=way, external=external, reference=_new_reference(),
        state=Payment.State.CANCELLED, at=now, cancelled_at=now,
    )  # fmt: skip


def _take_out(way: NetworkWay, payment: Payment) -> None:
    """The project of a payment leaves its basket, or the ballot of the basket is taken back. Raises _Stop, Refused."""
    basket = Basket.objects.select_for_update().filter(pk=payment.basket_id).first()
    if basket is None or basket.state == Basket.State.EXPIRED:
        return
    if basket.state == Basket.State.WITHDRAWN:
        return
    if basket.state == Basket.State.CAST:
        withdraw_basket(way, basket)
        return
    contents = baskets.open_basket(basket)
    assert payment.contest is not None
    (code,) = baskets.open_line(payment.contest, bytes(payment.sealed)) if payment.sealed else ("",)
    left = tuple(each for each in contents.choices if each != code)
    basket.sealed = baskets.seal_contents(payment.contest, baskets.Contents(contents.secret, left))
    basket.save(update_fields=["sealed"])


# --- the list for comparison ------------------------------------------------------------------------------------


def _list(way: NetworkWay, asked: Asked) -> Answered:
    """Our payments of a period, for the network's own comparison. Writes nothing."""
    if asked.since is None or asked.until is None or asked.since > asked.until:
        return _said(Outcome.BAD_DATE, _("The period is not understood."), asked)
    done = Payment.objects.filter(
        way=way,
        at__gte=asked.since,
        at__lt=asked.until,
        state__in=[Payment.State.DONE, Payment.State.CANCELLED],
    ).exclude(digest=b"")
    lines = tuple(
        Line(each.external, each.reference, each.amount, each.at, each.state == Payment.State.CANCELLED)
        for each in done[:MOST_LINES]
    )
    return Answered(Outcome.OK, lines=lines)


_VERBS = {
    Verb.PRESEARCH: _find,
    Verb.SEARCH: _find,
    Verb.CHECK: _check,
    Verb.PAY: _pay,
    Verb.HOLD: _hold,
    Verb.CONFIRM: _confirm,
    Verb.CANCEL: _cancel,
    Verb.LIST: _list,
}
