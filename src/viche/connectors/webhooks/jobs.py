"""Jobs of webhooks."""

from procrastinate.contrib.django import app

from viche.connectors.webhooks.delivering import send_due


# every five seconds; the rounds run in threads of their own, so that a slow receiver does not hold the worker's other
# jobs up. Where a round of a receiver runs still, here or in another worker, nothing is done for it
@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="send_webhooks", lock="send_webhooks")
def send_webhooks(timestamp: int) -> None:
    """Tell receivers what the journal says."""
    send_due(waits=False)
