"""A receiver is stopped by the house itself, and the journal says so."""

from viche.connectors.webhooks.events import WebhookStopped
from viche.connectors.webhooks.models import Endpoint
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.journal import actions as journal

State = Endpoint.State


def stop_endpoint(endpoint: Endpoint, outcome: str) -> None:
    """Stop a receiver that answers 410 (outcome), or none for days; inside the transaction that holds its row, which
    the caller saves. Journal: WebhookStopped.
    """
    endpoint.state = State.GONE if outcome else State.STOPPED
    endpoint.stopped_at = clock.now()
    event = WebhookStopped(webhook=str(endpoint.pk), title=endpoint.title, reason=endpoint.state)
    journal.append(event, community=endpoint.community.code, year=clock.year(), by=SYSTEM)
