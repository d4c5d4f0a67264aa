"""A receiver is stopped by the house itself, and the journal says so."""

from viche.connectors.webhooks.events import WebhookStopped
from viche.connectors.webhooks.models import Endpoint
from viche.foundation import clock
from viche.foundation.actor import SYSTEM
from viche.journal import actions as journal


def stop_endpoint(endpoint: Endpoint, reason: Endpoint.State) -> None:
    """Stop a receiver for a reason (STOPPED, GONE, SEALED); inside the transaction that holds its row, which the caller
    saves. Journal: WebhookStopped.
    """
    endpoint.state = reason
    endpoint.stopped_at = clock.now()
    event = WebhookStopped(webhook=str(endpoint.pk), title=endpoint.title, reason=endpoint.state)
    journal.append(event, community=endpoint.community.code, year=clock.year(), by=SYSTEM)
