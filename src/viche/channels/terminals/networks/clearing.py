"""What the ways of terminal networks let go of: choices that were not cast, sentences that were said, old payments."""

from datetime import timedelta

from django.db import transaction

from viche.channels.terminals.networks.baskets import LIFETIME, end_basket
from viche.channels.terminals.networks.models import Basket, Payment
from viche.foundation import clock

SENTENCES_KEPT = timedelta(days=1)
PAYMENTS_KEPT = timedelta(days=400)
BATCH = 1_000


def expire_baskets() -> int:
    """End the baskets whose time is over and wipe what waits for a second phase too long; how many baskets.

    Locks each basket that it ends, and leaves out what a payment holds at this moment. No journal: a basket is no
    ballot.
    """
    now = clock.now()
    with transaction.atomic():
        over = Basket.objects.select_for_update(skip_locked=True).filter(
            state=Basket.State.OPEN, expires_at__lte=now
        )[:BATCH]
        ended = 0
        for basket in over:
            end_basket(basket, Basket.State.EXPIRED)
            ended += 1
        Payment.objects.filter(state=Payment.State.HELD, at__lt=now - LIFETIME).exclude(sealed=b"").update(
            sealed=b""
        )
    return ended


def wipe_answers() -> int:
    """Wipe the sentences terminals were answered with a day ago: a code of a ballot may stand in them; how many."""
    old = Payment.objects.filter(at__lt=clock.now() - SENTENCES_KEPT).exclude(said=b"")
    return old.update(said=b"")


def delete_old_payments() -> int:
    """Delete payments that nobody compares any more, and their baskets; how many payments."""
    number, _models = Payment.objects.filter(at__lt=clock.now() - PAYMENTS_KEPT).delete()
    Basket.objects.filter(made_at__lt=clock.now() - PAYMENTS_KEPT).exclude(state=Basket.State.OPEN).delete()
    return number
