"""What the baskets of terminal networks have to do with the ballot box: who may vote, casting, taking back."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from viche.channels.terminals.actions import cancel_at_terminal, cast_at_terminal, identify_voter
from viche.channels.terminals.networks import baskets
from viche.channels.terminals.networks.models import Basket, NetworkWay, Payment
from viche.channels.terminals.queries import eligibility_at_terminal
from viche.contests.models import Contest
from viche.foundation.refused import Refused
from viche.identity.actions import person_by_number
from viche.identity.models import Person


@sensitive_variables("number")
def obstacle_of(way: NetworkWay, contest: Contest, number: str) -> Refused | None:
    """Why the voter may not vote on this way; None where they may.

    Somebody whom only a register of members knows is put on record. Refused: as identify_voter.
    """
    identify_voter(partner=way.partner, number=number)
    found = eligibility_at_terminal(way.partner, contest, number)
    if found.may:
        return None
    return Refused(found.code, " ".join(filter(None, (found.message, found.remedy))), status=403)


@sensitive_variables("number")
def voter_of(number: str) -> Person | None:
    """The person of a checked tax number."""
    return person_by_number(tax_number=number)


@sensitive_variables("number", "contents")
def cast_basket(
    way: NetworkWay, basket: Basket, contents: baskets.Contents, number: str, payment: Payment, terminal: str
) -> str:
    """The basket becomes a ballot and is emptied; the sentence for the voter's slip.

    Runs in the transaction of the payment, the basket's row locked. Refused: as cast_at_terminal.
    """
    contest = basket.contest
    receipt = cast_at_terminal(
        partner=way.partner, contest=contest, number=number, paper=baskets.paper_of(contest, contents.choices),
        request=contents.secret.hex(), terminal=terminal, payment=f"{way.pk.hex[:8]}/{payment.reference}",
    )  # fmt: skip
    basket.reference = str(receipt.reference)
    # the secret leads to the voter's own receipt: it stays only where a ballot can be taken back by it
    kept = baskets.Contents(contents.secret) if contest.rules.ballot.cancel else None
    baskets.end_basket(
        basket, Basket.State.CAST, baskets.seal_contents(contest, kept) if kept is not None else b""
    )
    return _("Your ballot is accepted. Its code in the public log: %(code)s") % {"code": receipt.commitment}


def withdraw_basket(way: NetworkWay, basket: Basket) -> None:
    """The ballot that the basket became is taken back; its voter is free to vote again.

    Runs in the transaction of the cancelling, the basket's row locked. Refused: not_withdrawable, and as
    cancel_at_terminal.
    """
    if not basket.sealed:
        raise Refused(
            "not_withdrawable",
            _("Your ballot is cast: by the rules of this contest it cannot be taken back."),
            status=409,
        )
    contents = baskets.open_basket(basket)
    cancel_at_terminal(partner=way.partner, reference=UUID(basket.reference), request=contents.secret.hex())
    baskets.end_basket(basket, Basket.State.WITHDRAWN)
